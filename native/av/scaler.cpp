#include "av/scaler.h"

namespace framemill {

namespace {

// The yuvj formats are the plain ones with full range; saying so avoids swscale's deprecated aliases.
AVPixelFormat without_j(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUVJ420P: return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P: return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P: return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P: return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ411P: return AV_PIX_FMT_YUV411P;
    default: return format;
  }
}

int matrix_of(const AVFrame& frame) {
  switch (matrix_known(frame)) {
    case AVCOL_SPC_BT709: return SWS_CS_ITU709;
    case AVCOL_SPC_FCC: return SWS_CS_FCC;
    case AVCOL_SPC_SMPTE240M: return SWS_CS_SMPTE240M;
    case AVCOL_SPC_BT2020_NCL: return SWS_CS_BT2020;
    default: return SWS_CS_ITU601;
  }
}

bool is_rgb_or_gray(AVPixelFormat format) {
  const auto* facts = av_pix_fmt_desc_get(format);
  return (facts->flags & AV_PIX_FMT_FLAG_RGB) != 0 || facts->nb_components < 3;
}

}  // namespace

AVColorSpace matrix_known(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709:
    case AVCOL_SPC_FCC:
    case AVCOL_SPC_SMPTE240M: return frame.colorspace;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL: return AVCOL_SPC_BT2020_NCL;
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M: return AVCOL_SPC_SMPTE170M;
    default: return frame.width >= 1280 || frame.height > 576 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
  }
}

void Scaler::scale(const AVFrame& frame, const CropRect& crop, const Surface& target, int filter_flags) {
  const auto given = static_cast<AVPixelFormat>(frame.format);
  const auto source_format = without_j(given);
  const auto target_format = without_j(target.format);
  const bool full = frame.color_range == AVCOL_RANGE_JPEG || given != source_format;
  const Setting setting{crop.width,    crop.height,   source_format, matrix_of(frame), full ? 1 : 0,
                        target.width, target.height, target_format, filter_flags};
  if (!(setting == setting_) || !context_) {
    context_.reset(sws_getContext(crop.width, crop.height, source_format, target.width, target.height, target_format,
                                  filter_flags, nullptr, nullptr, nullptr));
    if (!context_) {
      throw AvError("ERR_UNSUPPORTED",
                    std::string("no conversion from ") + av_get_pix_fmt_name(source_format) + " to " +
                        av_get_pix_fmt_name(target_format),
                    "sws_getContext");
    }
    const int* coefficients = sws_getCoefficients(setting.source_matrix);
    const int target_full = is_rgb_or_gray(target_format) ? 1 : setting.source_full;
    // Answers a negative number where neither side is YUV; there is nothing to set then.
    sws_setColorspaceDetails(context_.get(), coefficients, setting.source_full, coefficients, target_full, 0, 1 << 16, 1 << 16);
    setting_ = setting;
  }

  const auto* facts = av_pix_fmt_desc_get(source_format);
  const std::uint8_t* planes[4] = {};
  int steps[4] = {};
  av_image_fill_max_pixsteps(steps, nullptr, facts);
  // Packed 4:2:2 counts its step per pair of pixels.
  if (av_pix_fmt_count_planes(source_format) == 1) steps[0] >>= facts->log2_chroma_w;
  const bool palette = (facts->flags & AV_PIX_FMT_FLAG_PAL) != 0;
  for (int i = 0; i < 4 && frame.data[i] != nullptr; ++i) {
    const bool chroma = i == 1 || i == 2;
    const int x = chroma ? crop.x >> facts->log2_chroma_w : crop.x;
    const int y = chroma ? crop.y >> facts->log2_chroma_h : crop.y;
    planes[i] = palette && i == 1 ? frame.data[i]
                                  : frame.data[i] + static_cast<std::ptrdiff_t>(y) * frame.linesize[i] +
                                        static_cast<std::ptrdiff_t>(x) * steps[i];
  }
  check(sws_scale(context_.get(), planes, frame.linesize, 0, crop.height, target.data, target.stride), "sws_scale");
}

}  // namespace framemill
