// Owns the comparison of two streams, frame by frame.
#include <cmath>
#include <cstdlib>
#include <limits>

#include "av/doors.h"
#include "av/sampler.h"

namespace framemill {

namespace {

constexpr double kIncomparable = std::numeric_limits<double>::quiet_NaN();

template <typename Sample>
double squared_error(const AVFrame& one, const AVFrame& other, int plane, int width, int height) {
  double sum = 0;
  for (int y = 0; y < height; ++y) {
    const auto* a =
        reinterpret_cast<const Sample*>(one.data[plane] + static_cast<std::ptrdiff_t>(y) * one.linesize[plane]);
    const auto* b =
        reinterpret_cast<const Sample*>(other.data[plane] + static_cast<std::ptrdiff_t>(y) * other.linesize[plane]);
    std::uint64_t row = 0;
    for (int x = 0; x < width; ++x) {
      const auto difference = static_cast<std::int64_t>(a[x]) - b[x];
      row += static_cast<std::uint64_t>(difference * difference);
    }
    sum += static_cast<double>(row);
  }
  return sum;
}

/// Full-range formats of old have names of their own; their pixels lie like those of the plain ones.
bool alike(const AVFrame& one, const AVFrame& other) {
  const auto* a = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(one.format));
  const auto* b = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(other.format));
  return one.width == other.width && one.height == other.height && a != nullptr && b != nullptr &&
         a->nb_components == b->nb_components && a->log2_chroma_w == b->log2_chroma_w &&
         a->log2_chroma_h == b->log2_chroma_h && a->comp[0].depth == b->comp[0].depth &&
         a->comp[0].step == b->comp[0].step &&
         av_pix_fmt_count_planes(static_cast<AVPixelFormat>(one.format)) ==
             av_pix_fmt_count_planes(static_cast<AVPixelFormat>(other.format)) &&
         (a->flags & AV_PIX_FMT_FLAG_PLANAR) == (b->flags & AV_PIX_FMT_FLAG_PLANAR);
}

// PSNR over all planes together: 10 log10(peak^2 / mean squared error).
double likeness(const AVFrame& one, const AVFrame& other) {
  if (!alike(one, other)) return kIncomparable;
  const auto format = static_cast<AVPixelFormat>(one.format);
  const auto* description = av_pix_fmt_desc_get(format);
  const bool is_deep = description->comp[0].depth > 8;
  double error = 0;
  double samples = 0;
  for (int plane = 0; plane < av_pix_fmt_count_planes(format); ++plane) {
    const int bytes = av_image_get_linesize(format, one.width, plane);
    const int width = is_deep ? bytes / 2 : bytes;
    const bool is_chroma = plane == 1 || plane == 2;
    const int height = is_chroma ? AV_CEIL_RSHIFT(one.height, description->log2_chroma_h) : one.height;
    error += is_deep ? squared_error<std::uint16_t>(one, other, plane, width, height)
                     : squared_error<std::uint8_t>(one, other, plane, width, height);
    samples += static_cast<double>(width) * height;
  }
  if (error == 0) return std::numeric_limits<double>::infinity();
  const double peak = std::pow(2.0, description->comp[0].depth) - 1;
  return 10 * std::log10(peak * peak * samples / error);
}

}  // namespace

std::vector<double> compare_frames(ComparisonSpec spec, std::shared_ptr<Control> control) {
  Sampler one(std::move(spec.one), control);
  Sampler other(std::move(spec.other), control);
  std::vector<double> result(spec.one_segment.targets.size(), kIncomparable);
  one.begin(std::move(spec.one_segment));
  other.begin(std::move(spec.other_segment));
  for (auto& value : result) {
    FrameFacts facts;
    const auto first = one.next({}, facts);
    const auto second = other.next({}, facts);
    if (first == Outcome::kTrouble || second == Outcome::kTrouble) break;
    if (first == Outcome::kFrame && second == Outcome::kFrame) value = likeness(one.frame(), other.frame());
  }
  return result;
}

}  // namespace framemill
