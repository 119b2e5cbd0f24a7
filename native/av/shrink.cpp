#include "av/shrink.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "av/scaler.h"

namespace framemill {

namespace {

/// Of what is left, so that planes of halved chroma have pairs of samples to add.
constexpr int kLeastSide = 4;

bool is_usual(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUV420P:
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUV422P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUV444P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_GRAY8:
      return true;
    default:
      return false;
  }
}

struct PlaneView {
  const std::uint8_t* data;
  std::ptrdiff_t stride;
  int width, height;
};

/// Sums of `rows` rows, two samples side by side together; 8 x 8 samples of 8 bits fit 16 bits.
void add_rows(const PlaneView& plane, int first, int rows, int pairs, std::uint16_t* __restrict sums) {
  const auto* row = plane.data + first * plane.stride;
  for (int x = 0; x < pairs; ++x) sums[x] = static_cast<std::uint16_t>(row[2 * x] + row[2 * x + 1]);
  for (int y = 1; y < rows; ++y) {
    row += plane.stride;
    for (int x = 0; x < pairs; ++x) sums[x] = static_cast<std::uint16_t>(sums[x] + row[2 * x] + row[2 * x + 1]);
  }
}

/// Sums of neighbours: `count` of them.
void add_pairs(const std::uint16_t* __restrict sums, std::uint16_t* __restrict out, int count) {
  for (int x = 0; x < count; ++x) out[x] = static_cast<std::uint16_t>(sums[2 * x] + sums[2 * x + 1]);
}

/// A division for every sample takes as long as all sums: by a power of two it is a shift.
void divide(const std::uint16_t* sums, unsigned samples, std::uint8_t* out, int width) {
  if (std::has_single_bit(samples)) {
    const int shift = std::countr_zero(samples);
    for (int x = 0; x < width; ++x) out[x] = static_cast<std::uint8_t>((sums[x] + samples / 2) >> shift);
  } else {
    for (int x = 0; x < width; ++x) out[x] = static_cast<std::uint8_t>((sums[x] + samples / 2) / samples);
  }
}

void average_plane(const PlaneView& plane, int factor, std::uint8_t* out, std::ptrdiff_t stride, int width,
                   int height) {
  const auto wanted = static_cast<std::size_t>(width) * static_cast<std::size_t>(factor) / 2;
  std::vector<std::uint16_t> sums(wanted), fewer(wanted);
  const int pairs = std::min(plane.width, width * factor) / 2;
  for (int y = 0; y < height; ++y, out += stride) {
    // Chroma may end within the last block: what is there counts for all of it.
    const int first = std::min(y * factor, plane.height - 1);
    const int rows = std::min(factor, plane.height - first);
    add_rows(plane, first, rows, pairs, sums.data());
    std::fill(sums.begin() + pairs, sums.end(), sums[static_cast<std::size_t>(std::max(0, pairs - 1))]);
    for (int side = factor; side > 2; side /= 2) {
      add_pairs(sums.data(), fewer.data(), width * side / 4);
      std::swap(sums, fewer);
    }
    divide(sums.data(), static_cast<unsigned>(factor * rows), out, width);
  }
}

}  // namespace

int shrink_factor(const AVFrame& frame, int shown_width, int shown_height, int width, int height) {
  if (!is_usual(static_cast<AVPixelFormat>(frame.format))) return 1;
  int factor = 1;
  const auto leaves = [](int length, int left) { return length >= std::max(left, kLeastSide); };
  while (factor < 8 && leaves(shown_width / (2 * factor), width) && leaves(shown_height / (2 * factor), height))
    factor *= 2;
  return factor;
}

void shrink(const AVFrame& frame, int factor, Frame& out) {
  const int width = frame.width / factor;
  const int height = frame.height / factor;
  if (!out || out->format != frame.format || out->width != width || out->height != height) {
    out = make_frame();
    out->format = frame.format;
    out->width = width;
    out->height = height;
    check(av_frame_get_buffer(out.get(), 0), "av_frame_get_buffer");
  }
  out->color_range = frame.color_range;
  out->colorspace = matrix_known(frame);
  out->color_primaries = frame.color_primaries;
  out->color_trc = frame.color_trc;
  out->chroma_location = frame.chroma_location;
  const auto* facts = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  for (int i = 0; i < facts->nb_components; ++i) {
    const int across = i > 0 ? facts->log2_chroma_w : 0;
    const int down = i > 0 ? facts->log2_chroma_h : 0;
    const PlaneView plane{frame.data[i], frame.linesize[i], AV_CEIL_RSHIFT(frame.width, across),
                          AV_CEIL_RSHIFT(frame.height, down)};
    average_plane(plane, factor, out->data[i], out->linesize[i], AV_CEIL_RSHIFT(width, across),
                  AV_CEIL_RSHIFT(height, down));
  }
}

}  // namespace framemill
