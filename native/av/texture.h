// Owns repeatable textures and wandering from a seed. Integers alone, so that every machine makes the same bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace framemill {

/// Bits that look random and depend on all three.
std::uint32_t scramble(std::uint32_t seed, std::uint32_t a, std::uint32_t b = 0);

/// Where something stands at `step` that wanders smoothly and turns every `period` steps or so: -range..range.
int wander(std::uint32_t seed, int step, int period, int range);

/// One plane of 8-bit samples without padding.
struct Plane {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> samples;

  Plane(int width, int height)
      : width(width), height(height), samples(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {}
  std::uint8_t* row(int y) { return samples.data() + static_cast<std::ptrdiff_t>(y) * width; }
  const std::uint8_t* row(int y) const { return samples.data() + static_cast<std::ptrdiff_t>(y) * width; }
};

/// A picture in YUV 4:2:0 whose samples keep 20 away from both ends of the range.
using Texture = std::array<Plane, 3>;

/// Smooth ground and flat patches with sharp edges, some plain and some rough, as photographs have them. `coarsest` is
/// the size of its largest shapes in pixels. Width and height are even.
Texture make_texture(std::uint32_t seed, int width, int height, int coarsest);

}  // namespace framemill
