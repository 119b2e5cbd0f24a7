#include "av/texture.h"

#include <algorithm>

namespace framemill {

namespace {

// Heights of value noise carry four fractional bits.
using Heights = std::vector<std::int16_t>;
constexpr int kUnit = 16;

/// 3t^2 - 2t^3 of t = at / length, in 0..256.
int smooth(std::int64_t at, std::int64_t length) {
  return static_cast<int>((256 * at * at * (3 * length - 2 * at)) / (length * length * length));
}

int between(int from, int to, int part) { return from + ((to - from) * part) / 256; }

/// -range..range
int pick(std::uint32_t bits, int range) {
  return static_cast<int>(bits % static_cast<std::uint32_t>(2 * range + 1)) - range;
}

/// Adds one octave of value noise: random heights every `cell` samples, interpolated smoothly.
void add_octave(Heights& heights, int width, int height, std::uint32_t seed, int cell, int range) {
  std::vector<int> weights(static_cast<std::size_t>(cell));
  for (int i = 0; i < cell; ++i) weights[static_cast<std::size_t>(i)] = smooth(i, cell);
  const int columns = width / cell + 2;
  std::vector<int> line(static_cast<std::size_t>(columns));
  auto* out = heights.data();
  for (int y = 0; y < height; ++y) {
    const auto above = static_cast<std::uint32_t>(y / cell);
    for (int i = 0; i < columns; ++i) {
      const auto column = static_cast<std::uint32_t>(i);
      const int top = pick(scramble(seed, column, above), range);
      const int bottom = pick(scramble(seed, column, above + 1), range);
      line[static_cast<std::size_t>(i)] = between(top, bottom, weights[static_cast<std::size_t>(y % cell)]);
    }
    for (int x = 0; x < width; x += cell) {
      const int left = line[static_cast<std::size_t>(x / cell)];
      const int step = line[static_cast<std::size_t>(x / cell + 1)] - left;
      const int count = std::min(cell, width - x);
      for (int i = 0; i < count; ++i) {
        *out++ += static_cast<std::int16_t>(left + ((step * weights[static_cast<std::size_t>(i)]) >> 8));
      }
    }
  }
}

/// Octaves from `coarsest` down to `finest`; each is `fade` / 256 of the one before.
Heights make_noise(std::uint32_t seed, int width, int height, int coarsest, int finest, int range, int fade) {
  Heights heights(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int cell = coarsest; cell >= finest; cell /= 2, range = range * fade / 256) {
    add_octave(heights, width, height, scramble(seed, static_cast<std::uint32_t>(cell)), cell, range);
  }
  return heights;
}

/// What all places of one patch have in common.
struct Patch {
  int luma, u, v, roughness;
};

constexpr int kPatches = 7;

std::array<Patch, kPatches> make_patches(std::uint32_t seed) {
  std::array<Patch, kPatches> patches{};
  for (std::uint32_t i = 0; i < kPatches; ++i) {
    patches[i] = {128 + pick(scramble(seed, i, 1), 60), 128 + pick(scramble(seed, i, 2), 16),
                  128 + pick(scramble(seed, i, 3), 16),
                  i % 2 == 0 ? 12 + static_cast<int>(scramble(seed, i, 4) % 36) : 4};
  }
  return patches;
}

std::uint8_t sample(int value) { return static_cast<std::uint8_t>(std::clamp(value, 20, 235)); }

}  // namespace

std::uint32_t scramble(std::uint32_t seed, std::uint32_t a, std::uint32_t b) {
  std::uint32_t bits = seed * 0x9E3779B1U ^ a * 0x85EBCA77U ^ b * 0xC2B2AE3DU;
  bits = (bits ^ bits >> 16) * 0x7FEB352DU;
  bits = (bits ^ bits >> 15) * 0x846CA68BU;
  return bits ^ bits >> 16;
}

int wander(std::uint32_t seed, int step, int period, int range) {
  const auto turn = static_cast<std::uint32_t>(step / period);
  return between(pick(scramble(seed, turn), range), pick(scramble(seed, turn + 1), range),
                 smooth(step % period, period));
}

Texture make_texture(std::uint32_t seed, int width, int height, int coarsest) {
  const auto ground =
      make_noise(scramble(seed, 1), width, height, coarsest, std::max(2, coarsest / 16), 64 * kUnit, 100);
  const auto detail = make_noise(scramble(seed, 2), width, height, std::max(2, coarsest / 8), 2, 20 * kUnit, 280);
  const auto patches = make_patches(scramble(seed, 3));
  const auto patch_at = [&](std::size_t place) -> const Patch& {
    const int level = (ground[place] + 96 * kUnit) * kPatches / (192 * kUnit);
    return patches[static_cast<std::size_t>(std::clamp(level, 0, kPatches - 1))];
  };

  Texture texture{Plane(width, height), Plane(width / 2, height / 2), Plane(width / 2, height / 2)};
  auto& [luma, u, v] = texture;
  for (std::size_t i = 0; i < luma.samples.size(); ++i) {
    const auto& patch = patch_at(i);
    luma.samples[i] = sample(patch.luma + (ground[i] / 4 + detail[i] * patch.roughness / 32) / kUnit);
  }
  for (int y = 0; y < height / 2; ++y) {
    for (int x = 0; x < width / 2; ++x) {
      const auto place =
          static_cast<std::size_t>(2 * y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(2 * x);
      const auto& patch = patch_at(place);
      u.row(y)[x] = sample(patch.u + ground[place] / (8 * kUnit));
      v.row(y)[x] = sample(patch.v - ground[place] / (8 * kUnit));
    }
  }
  return texture;
}

}  // namespace framemill
