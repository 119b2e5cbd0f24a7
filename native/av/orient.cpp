#include "av/orient.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace framemill {

namespace {

struct Plane {
  const std::uint8_t* source;
  int source_stride;
  std::uint8_t* target;
  int target_stride;
  int width;   // of the target, in elements
  int height;  // of the target
};

// Square blocks keep both the rows read and the columns written within the first-level cache.
constexpr int kBlock = 32;

template <std::size_t Bytes>
void turn(const Plane& plane, const Orientation& way) {
  for (int block_y = 0; block_y < plane.height; block_y += kBlock) {
    for (int block_x = 0; block_x < plane.width; block_x += kBlock) {
      const int end_y = std::min(block_y + kBlock, plane.height);
      const int end_x = std::min(block_x + kBlock, plane.width);
      for (int y = block_y; y < end_y; ++y) {
        std::uint8_t* out = plane.target + static_cast<std::ptrdiff_t>(y) * plane.target_stride;
        const int from_y = way.mirror_y ? plane.height - 1 - y : y;
        for (int x = block_x; x < end_x; ++x) {
          const int from_x = way.mirror_x ? plane.width - 1 - x : x;
          const std::ptrdiff_t row = way.transpose ? from_x : from_y;
          const std::ptrdiff_t column = way.transpose ? from_y : from_x;
          const auto* in = plane.source + row * plane.source_stride + column * static_cast<std::ptrdiff_t>(Bytes);
          std::memcpy(out + static_cast<std::ptrdiff_t>(x) * static_cast<std::ptrdiff_t>(Bytes), in, Bytes);
        }
      }
    }
  }
}

void turn(const Plane& plane, const Orientation& way, int bytes) {
  switch (bytes) {
    case 1: return turn<1>(plane, way);
    case 2: return turn<2>(plane, way);
    case 3: return turn<3>(plane, way);
    case 4: return turn<4>(plane, way);
    case 6: return turn<6>(plane, way);
    case 8: return turn<8>(plane, way);
    default: throw AvError("ERR_UNSUPPORTED", "pixels of " + std::to_string(bytes) + " bytes cannot be turned");
  }
}

int element_bytes(const AVPixFmtDescriptor& format, int plane) {
  int step = 0;
  for (int i = 0; i < format.nb_components; ++i) {
    if (format.comp[i].plane == plane) step = std::max(step, format.comp[i].step);
  }
  return step;
}

}  // namespace

bool can_orient(AVPixelFormat format, const Orientation& orientation) {
  const auto* facts = av_pix_fmt_desc_get(format);
  if (facts == nullptr || (facts->flags & (AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL)) != 0) {
    return false;
  }
  const bool subsampled = facts->log2_chroma_w != 0 || facts->log2_chroma_h != 0;
  if (subsampled && av_pix_fmt_count_planes(format) == 1) return false;
  return !orientation.transpose || facts->log2_chroma_w == facts->log2_chroma_h;
}

void orient(const Surface& source, const Surface& target, const Orientation& orientation) {
  const auto* facts = av_pix_fmt_desc_get(source.format);
  const int planes = av_pix_fmt_count_planes(source.format);
  for (int i = 0; i < planes; ++i) {
    const bool chroma = (i == 1 || i == 2) && facts->nb_components >= 3;
    const int shift_x = chroma ? facts->log2_chroma_w : 0;
    const int shift_y = chroma ? facts->log2_chroma_h : 0;
    const Plane plane{source.data[i],
                      source.stride[i],
                      target.data[i],
                      target.stride[i],
                      AV_CEIL_RSHIFT(target.width, shift_x),
                      AV_CEIL_RSHIFT(target.height, shift_y)};
    turn(plane, orientation, element_bytes(*facts, i));
  }
}

}  // namespace framemill
