#include "av/hardware.h"

#include <new>

namespace framemill {

namespace {

/// How the codec's decoder works with a device, one way after the other.
const AVCodecHWConfig* device_config(const AVCodec& codec, int& next) {
  while (const auto* config = avcodec_get_hw_config(&codec, next++)) {
    if ((config->methods & AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX) != 0) return config;
  }
  return nullptr;
}

/// Of the formats that the decoder offers for this stream, the device's; it may offer none (a profile the device does not know), and then
/// software decodes.
AVPixelFormat choose_format(AVCodecContext* context, const AVPixelFormat* offered) {
  const auto* device = reinterpret_cast<const AVHWDeviceContext*>(context->hw_device_ctx->data);
  int next = 0;
  while (const auto* config = device_config(*context->codec, next)) {
    if (config->device_type != device->type) continue;
    for (const auto* format = offered; *format != AV_PIX_FMT_NONE; ++format) {
      if (*format == config->pix_fmt) return *format;
    }
  }
  return avcodec_default_get_format(context, offered);
}

}  // namespace

Hardware find_hardware(const AVCodec& codec, const std::string& wanted) {
  int next = 0;
  while (const auto* config = device_config(codec, next)) {
    const auto* kind = av_hwdevice_get_type_name(config->device_type);
    if (kind == nullptr || (wanted != "auto" && wanted != kind)) continue;
    AVBufferRef* device = nullptr;
    if (av_hwdevice_ctx_create(&device, config->device_type, nullptr, nullptr, 0) >= 0) return {BufferReference(device), kind};
  }
  return {};
}

void use_hardware(AVCodecContext& context, const Hardware& hardware) {
  context.hw_device_ctx = av_buffer_ref(hardware.device.get());
  if (context.hw_device_ctx == nullptr) throw std::bad_alloc();
  context.get_format = choose_format;
}

bool fetch_from_hardware(AVFrame& frame, AVFrame& spare) {
  if (frame.hw_frames_ctx == nullptr) return false;
  av_frame_unref(&spare);
  check(av_hwframe_transfer_data(&spare, &frame, 0), "av_hwframe_transfer_data");
  check(av_frame_copy_props(&spare, &frame), "av_frame_copy_props");
  av_frame_unref(&frame);
  av_frame_move_ref(&frame, &spare);
  return true;
}

}  // namespace framemill
