#include "av/picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "av/shrink.h"

namespace framemill {

namespace {

constexpr int kRowAlignment = 64;

Surface surface_over(std::span<std::byte> out, AVPixelFormat format, int width, int height) {
  Surface surface{.width = width, .height = height, .format = format};
  check(av_image_fill_arrays(surface.data, surface.stride, reinterpret_cast<const std::uint8_t*>(out.data()), format,
                             width, height, 1),
        "av_image_fill_arrays");
  return surface;
}

/// The part of a canvas where the image lies; offsets are multiples of the chroma subsampling.
Surface part(const Surface& canvas, int x, int y, int width, int height) {
  Surface image = canvas;
  image.width = width;
  image.height = height;
  const auto* facts = av_pix_fmt_desc_get(canvas.format);
  int steps[4] = {};
  av_image_fill_max_pixsteps(steps, nullptr, facts);
  for (int i = 0; i < 4 && canvas.data[i] != nullptr; ++i) {
    const bool chroma = (i == 1 || i == 2) && facts->nb_components >= 3;
    const int plane_x = chroma ? x >> facts->log2_chroma_w : x;
    const int plane_y = chroma ? y >> facts->log2_chroma_h : y;
    image.data[i] += static_cast<std::ptrdiff_t>(plane_y) * canvas.stride[i] + static_cast<std::ptrdiff_t>(plane_x) * steps[i];
  }
  return image;
}

void fill_black(const Surface& canvas, AVColorRange range) {
  if (canvas.format == AV_PIX_FMT_RGBA) {
    constexpr std::uint8_t opaque[4] = {0, 0, 0, 255};
    for (int y = 0; y < canvas.height; ++y) {
      auto* row = canvas.data[0] + static_cast<std::ptrdiff_t>(y) * canvas.stride[0];
      for (int x = 0; x < canvas.width; ++x) std::memcpy(row + 4 * static_cast<std::ptrdiff_t>(x), opaque, 4);
    }
    return;
  }
  std::ptrdiff_t strides[4];
  std::copy(std::begin(canvas.stride), std::end(canvas.stride), strides);
  std::uint8_t* planes[4];
  std::copy(std::begin(canvas.data), std::end(canvas.data), planes);
  check(av_image_fill_black(planes, strides, canvas.format, range, canvas.width, canvas.height), "av_image_fill_black",
        "ERR_UNSUPPORTED");
}

void copy(const Surface& source, const Surface& target) {
  const std::uint8_t* planes[4] = {source.data[0], source.data[1], source.data[2], source.data[3]};
  std::uint8_t* out[4] = {target.data[0], target.data[1], target.data[2], target.data[3]};
  av_image_copy(out, const_cast<int*>(target.stride), planes, source.stride, target.format, source.width, source.height);
}

Surface surface_of(const AVFrame& frame) {
  Surface surface{.width = frame.width, .height = frame.height, .format = static_cast<AVPixelFormat>(frame.format)};
  std::copy_n(frame.data, 4, surface.data);
  std::copy_n(frame.linesize, 4, surface.stride);
  return surface;
}

int channels_of(AVPixelFormat format) { return av_pix_fmt_desc_get(format)->nb_components; }

AVPixelFormat format_named(const std::string& name) {
  if (name.empty()) return AV_PIX_FMT_NONE;
  const auto format = av_get_pix_fmt(name.c_str());
  if (format == AV_PIX_FMT_NONE) throw AvError("ERR_UNSUPPORTED", "FFmpeg knows no pixel format " + name, "av_get_pix_fmt");
  return format;
}

int filter_named(const std::string& name) {
  constexpr std::array<std::pair<const char*, int>, 8> filters = {{{"bicubic", SWS_BICUBIC},
                                                                   {"bilinear", SWS_BILINEAR},
                                                                   {"fast-bilinear", SWS_FAST_BILINEAR},
                                                                   {"area", SWS_AREA},
                                                                   {"blocks", SWS_AREA},
                                                                   {"lanczos", SWS_LANCZOS},
                                                                   {"spline", SWS_SPLINE},
                                                                   {"nearest", SWS_POINT}}};
  for (const auto& [known, flags] : filters) {
    if (name == known) return flags;
  }
  throw AvError("ERR_UNSUPPORTED", "there is no scale filter " + name);
}

}  // namespace

Picture::Picture(OutputSpec spec)
    : spec_(std::move(spec)), format_(format_named(spec_.pixel_format)), filter_flags_(filter_named(spec_.scale_filter)) {}

Surface Picture::Scratch::fit(AVPixelFormat format, int width, int height) {
  if (!frame_ || frame_->format != format || frame_->width != width || frame_->height != height) {
    frame_ = make_frame();
    frame_->format = format;
    frame_->width = width;
    frame_->height = height;
    check(av_frame_get_buffer(frame_.get(), kRowAlignment), "av_frame_get_buffer");
  }
  return surface_of(*frame_);
}

PictureFacts Picture::facts(const AVFrame& frame) const {
  const auto format = format_ == AV_PIX_FMT_NONE ? static_cast<AVPixelFormat>(frame.format) : format_;
  PictureFacts facts{spec_.width, spec_.height, format, 0};
  if (facts.width == 0) {
    facts.width = spec_.orientation.transpose ? frame.height : frame.width;
    facts.height = spec_.orientation.transpose ? frame.width : frame.height;
  }
  facts.bytes = spec_.tensor.wanted
                    ? tensor_bytes(spec_.tensor, facts.width, facts.height, channels_of(format))
                    : static_cast<std::size_t>(check(
                          av_image_get_buffer_size(format, facts.width, facts.height, 1), "av_image_get_buffer_size"));
  return facts;
}

void Picture::write(const AVFrame& frame, std::span<std::byte> out) {
  const auto wanted = facts(frame);
  const auto format = static_cast<AVPixelFormat>(wanted.format);
  if (out.size() < wanted.bytes) throw AvError("ERR_MEMORY", "the slot is smaller than the picture");
  if (spec_.width == 0) return write_as_decoded(frame, wanted, out);

  const bool whole = spec_.image_width == spec_.width && spec_.image_height == spec_.height;
  const bool has_overrun = out.size() >= wanted.bytes + Scaler::kOverrun;
  const auto canvas = spec_.tensor.wanted ? canvas_.fit(format, wanted.width, wanted.height)
                                          : surface_over(out, format, wanted.width, wanted.height);
  const bool keeps_range = format != AV_PIX_FMT_GRAY8;  // gray comes out in full range, whatever the source's
  if (!whole) fill_black(canvas, keeps_range ? frame.color_range : AVCOL_RANGE_JPEG);
  const auto image = part(canvas, spec_.image_x, spec_.image_y, spec_.image_width, spec_.image_height);
  render(frame, image, spec_.tensor.wanted || (whole && has_overrun));
  if (spec_.tensor.wanted) write_tensor(spec_.tensor, canvas, channels_of(format), out);
}

void Picture::write_as_decoded(const AVFrame& frame, const PictureFacts& wanted, std::span<std::byte> out) const {
  const auto format = static_cast<AVPixelFormat>(wanted.format);
  if (spec_.orientation.upright()) {
    check(av_image_copy_to_buffer(reinterpret_cast<std::uint8_t*>(out.data()), static_cast<int>(wanted.bytes), frame.data,
                                  frame.linesize, format, frame.width, frame.height, 1),
          "av_image_copy_to_buffer");
    return;
  }
  if (!can_orient(format, spec_.orientation)) {
    throw AvError("ERR_UNSUPPORTED", std::string("pictures in ") + av_get_pix_fmt_name(format) +
                                         " cannot be turned without changing their pixel format (ask for rgb24, or for autorotate: false)");
  }
  orient(surface_of(frame), surface_over(out, format, wanted.width, wanted.height), spec_.orientation);
}

/// Fills `image` with the cropped, scaled, toned and turned frame.
void Picture::render(const AVFrame& frame, const Surface& image, bool has_overrun) {
  const auto& way = spec_.orientation;
  if (way.upright() && has_overrun) return scale(frame, image);
  const int width = way.transpose ? image.height : image.width;
  const int height = way.transpose ? image.width : image.height;
  const auto scaled = scaled_.fit(image.format, width, height);
  scale(frame, scaled);
  if (way.upright()) return copy(scaled, image);
  if (!can_orient(image.format, way)) {
    throw AvError("ERR_UNSUPPORTED", std::string("pictures in ") + av_get_pix_fmt_name(image.format) + " cannot be turned");
  }
  orient(scaled, image, way);
}

void Picture::scale(const AVFrame& given, const Surface& image) {
  // What is shrunk is the whole frame; what has to be left of it is the picture's size for the part that is shown.
  const auto shown = crop(given);
  const int factor =
      spec_.scale_filter == "blocks" ? shrink_factor(given, shown.width, shown.height, image.width, image.height) : 1;
  if (factor > 1) shrink(given, factor, shrunk_);
  const auto& frame = factor > 1 ? *shrunk_ : given;
  if (!spec_.tone_map || !is_hdr(frame.color_trc)) return scaler_.scale(frame, crop(frame), image, filter_flags_);
  const auto light = light_of(given);
  if (!tone_map_ || !(tone_map_->light() == light)) tone_map_.emplace(light);
  const auto wide = wide_.fit(image.format == AV_PIX_FMT_RGBA ? AV_PIX_FMT_RGBA64 : AV_PIX_FMT_RGB48, image.width, image.height);
  scaler_.scale(frame, crop(frame), wide, filter_flags_);
  tone_map_->apply(wide, image);
}

CropRect Picture::crop(const AVFrame& frame) const {
  const auto* facts = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const auto offset = [](double fraction, int length, int shift) {
    return static_cast<int>(std::lround(fraction * length)) >> shift << shift;
  };
  CropRect rect{offset(spec_.crop_x, frame.width, facts->log2_chroma_w), offset(spec_.crop_y, frame.height, facts->log2_chroma_h),
                static_cast<int>(std::lround(spec_.crop_width * frame.width)),
                static_cast<int>(std::lround(spec_.crop_height * frame.height))};
  rect.width = std::clamp(rect.width, 1, frame.width - rect.x);
  rect.height = std::clamp(rect.height, 1, frame.height - rect.y);
  return rect;
}

}  // namespace framemill
