// Owns a small picture and the planes that all its measurements are made from. Free of libav.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace framemill {

/// One byte for each pixel, rows without padding.
using Plane = std::vector<std::uint8_t>;

/// rgb24 without padding, and what is derived from it. Reused from picture to picture: nothing is allocated once the
/// size is known.
class SmallPicture {
 public:
  SmallPicture() = default;
  SmallPicture(int width, int height);

  /// Derives every plane from rgb24 pixels; `with_edges`: the edges too.
  void take(std::span<const std::byte> rgb24, bool with_edges);

  int width = 0;
  int height = 0;
  Plane rgb;         // as given
  Plane luma;        // 0.299 R + 0.587 G + 0.114 B
  Plane hue;         // 0..179: degrees / 2
  Plane saturation;  // 0..255
  Plane value;       // max(R, G, B)
  Plane edges;       // 0 or 255; empty unless asked for
  // Luma of 2 x 2 pixels each, an odd last column or row left out: what motion is sought in.
  Plane half;
  int half_width = 0;
  int half_height = 0;
  std::array<std::uint32_t, 256> histogram{};  // of luma
  std::array<std::uint64_t, 4> fine_hash{};    // 16 x 16 bits
  std::uint64_t hash = 0;                      // 8 x 8 bits
};

/// Means of the cells of a `columns` x `rows` grid laid over a plane; cells that share a pixel share it by area.
std::vector<float> cell_means(const Plane& plane, int width, int height, int columns, int rows);

}  // namespace framemill
