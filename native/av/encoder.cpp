#include "av/encoder.h"

#include <new>

namespace framemill {

Encoder::Encoder(const EncoderSpec& spec) {
  const AVCodec* codec = avcodec_find_encoder_by_name(spec.name.c_str());
  if (codec == nullptr || codec->type != AVMEDIA_TYPE_VIDEO) {
    throw AvError("ERR_UNSUPPORTED", "this FFmpeg has no video encoder " + spec.name, "avcodec_find_encoder_by_name",
                  AVERROR_ENCODER_NOT_FOUND);
  }
  context_.reset(avcodec_alloc_context3(codec));
  if (!context_) throw std::bad_alloc();
  context_->opaque = &log_;
  context_->width = spec.width;
  context_->height = spec.height;
  context_->pix_fmt = spec.format;
  context_->time_base = spec.time_base;
  context_->framerate = spec.frame_rate;
  context_->color_range = spec.range;
  context_->color_primaries = spec.primaries;
  context_->color_trc = spec.transfer;
  context_->colorspace = spec.matrix;
  context_->thread_count = spec.threads;
  if (spec.global_header) context_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  set_options(context_.get(), spec.options, spec.name);
  checked(avcodec_open2(context_.get(), codec, nullptr), "avcodec_open2");
}

int Encoder::checked(int result, const char* call) const { return check(result, call, "ERR_UNSUPPORTED", log_.last()); }

void Encoder::send(const AVFrame& frame) { checked(avcodec_send_frame(context_.get(), &frame), "avcodec_send_frame"); }

void Encoder::drain() {
  const int result = avcodec_send_frame(context_.get(), nullptr);
  if (result != AVERROR_EOF) checked(result, "avcodec_send_frame");
}

bool Encoder::receive(AVPacket& packet) {
  const int result = avcodec_receive_packet(context_.get(), &packet);
  if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return false;
  checked(result, "avcodec_receive_packet");
  return true;
}

}  // namespace framemill
