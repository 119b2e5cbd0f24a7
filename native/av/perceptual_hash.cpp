#include "av/perceptual_hash.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace framemill {

namespace {

constexpr std::size_t kSide = 32;
constexpr std::size_t kFine = 16;
constexpr std::size_t kCoarse = 8;
constexpr float kStep = 1.0F / 64;

using Basis = std::array<std::array<float, kSide>, kFine>;

/// The orthonormal DCT-II's first rows.
Basis cosines() {
  Basis basis{};
  for (std::size_t k = 0; k < kFine; ++k) {
    const double scale = std::sqrt((k == 0 ? 1.0 : 2.0) / kSide);
    for (std::size_t n = 0; n < kSide; ++n) {
      const double angle =
          std::numbers::pi * static_cast<double>(k) * (2.0 * static_cast<double>(n) + 1) / (2.0 * kSide);
      basis[k][n] = static_cast<float>(scale * std::cos(angle));
    }
  }
  return basis;
}

using Frequencies = std::array<float, kFine * kFine>;

Frequencies low_frequencies(const std::vector<float>& cells) {
  static const Basis basis = cosines();
  std::array<float, kSide * kFine> across{};
  for (std::size_t y = 0; y < kSide; ++y) {
    for (std::size_t k = 0; k < kFine; ++k) {
      float sum = 0;
      for (std::size_t x = 0; x < kSide; ++x) sum += basis[k][x] * cells[y * kSide + x];
      across[y * kFine + k] = sum;
    }
  }
  Frequencies result{};
  for (std::size_t k = 0; k < kFine; ++k) {
    for (std::size_t y = 0; y < kSide; ++y) {
      for (std::size_t x = 0; x < kFine; ++x) result[k * kFine + x] += basis[k][y] * across[y * kFine + x];
    }
  }
  // What rounding errors leave of a flat picture is no structure.
  for (auto& value : result) value = std::round(value / kStep) * kStep;
  return result;
}

/// One bit for each of the lowest side x side frequencies, by rows.
template <std::size_t Words>
std::array<std::uint64_t, Words> signs(const Frequencies& frequencies, std::size_t side) {
  std::vector<float> chosen;
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) chosen.push_back(frequencies[y * kFine + x]);
  }
  auto sorted = chosen;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const float median = (*middle + *std::max_element(sorted.begin(), middle)) / 2;
  std::array<std::uint64_t, Words> bits{};
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i] > median) bits[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  return bits;
}

}  // namespace

void derive_hashes(SmallPicture& picture) {
  auto cells = cell_means(picture.luma, picture.width, picture.height, kSide, kSide);
  for (auto& cell : cells) cell = std::round(cell);
  const auto frequencies = low_frequencies(cells);
  picture.fine_hash = signs<4>(frequencies, kFine);
  picture.hash = signs<1>(frequencies, kCoarse)[0];
}

int fine_distance(const SmallPicture& one, const SmallPicture& other) {
  int bits = 0;
  for (std::size_t i = 0; i < one.fine_hash.size(); ++i) bits += std::popcount(one.fine_hash[i] ^ other.fine_hash[i]);
  return bits;
}

}  // namespace framemill
