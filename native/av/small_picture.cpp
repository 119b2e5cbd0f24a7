#include "av/small_picture.h"

#include <algorithm>
#include <cmath>

#include "av/edges.h"
#include "av/perceptual_hash.h"

namespace framemill {

namespace {

// Quotients as multiplications: 255 / value for saturation, 180 / 6 / chroma for hue, both times 2^12.
constexpr int kShift = 12;

std::array<int, 256> reciprocals(int numerator) {
  std::array<int, 256> table{};
  for (int i = 1; i < 256; ++i) table[static_cast<std::size_t>(i)] = ((numerator << kShift) + i / 2) / i;
  return table;
}

int rounded(int product) { return (product + (1 << (kShift - 1))) >> kShift; }

/// Hue, saturation and value as 8 bits, hue in half degrees.
/// Source: A. R. Smith, "Color gamut transform pairs", SIGGRAPH 1978; scaled as OpenCV scales it.
void derive_hsv(SmallPicture& picture) {
  static const auto by_value = reciprocals(255);
  static const auto by_chroma = reciprocals(30);
  const auto pixels = picture.luma.size();
  for (std::size_t i = 0; i < pixels; ++i) {
    const int r = picture.rgb[3 * i];
    const int g = picture.rgb[3 * i + 1];
    const int b = picture.rgb[3 * i + 2];
    const int most = std::max(r, std::max(g, b));
    const int chroma = most - std::min(r, std::min(g, b));
    const int sextant = most == r ? g - b : most == g ? b - r + 2 * chroma : r - g + 4 * chroma;
    const int hue = rounded(sextant * by_chroma[static_cast<std::size_t>(chroma)]);
    picture.value[i] = static_cast<std::uint8_t>(most);
    picture.saturation[i] = static_cast<std::uint8_t>(rounded(chroma * by_value[static_cast<std::size_t>(most)]));
    picture.hue[i] = static_cast<std::uint8_t>(hue < 0 ? hue + 180 : hue);
  }
}

void derive_luma(SmallPicture& picture) {
  const auto pixels = picture.luma.size();
  for (std::size_t i = 0; i < pixels; ++i) {
    const unsigned sum = 4899u * picture.rgb[3 * i] + 9617u * picture.rgb[3 * i + 1] + 1868u * picture.rgb[3 * i + 2];
    picture.luma[i] = static_cast<std::uint8_t>((sum + 8192u) >> 14);
  }
  picture.histogram.fill(0);
  for (const auto value : picture.luma) ++picture.histogram[value];
}

void derive_half(SmallPicture& picture) {
  for (int y = 0; y < picture.half_height; ++y) {
    const auto* upper = picture.luma.data() + static_cast<std::ptrdiff_t>(2 * y) * picture.width;
    const auto* lower = upper + picture.width;
    auto* out = picture.half.data() + static_cast<std::ptrdiff_t>(y) * picture.half_width;
    for (int x = 0; x < picture.half_width; ++x) {
      out[x] = static_cast<std::uint8_t>((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) >> 2);
    }
  }
}

/// What each cell takes of each pixel along one side: for cell i, pixels from first[i] on, with weights that sum to 1.
struct Shares {
  std::vector<int> first;
  std::vector<std::vector<float>> weights;
};

Shares shares_of(int length, int cells) {
  Shares shares;
  const double size = static_cast<double>(length) / cells;
  for (int cell = 0; cell < cells; ++cell) {
    const double from = cell * size;
    const double to = (cell + 1) * size;
    const int first = std::min(static_cast<int>(from), length - 1);
    std::vector<float> weights;
    for (int at = first; at < length && at < to - 1e-9; ++at) {
      weights.push_back(static_cast<float>((std::min<double>(at + 1, to) - std::max<double>(at, from)) / size));
    }
    shares.first.push_back(first);
    shares.weights.push_back(std::move(weights));
  }
  return shares;
}

}  // namespace

SmallPicture::SmallPicture(int width_, int height_)
    : width(width_), height(height_), half_width(width_ / 2), half_height(height_ / 2) {
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  rgb.resize(3 * pixels);
  for (auto* plane : {&luma, &hue, &saturation, &value}) plane->resize(pixels);
  half.resize(static_cast<std::size_t>(half_width) * static_cast<std::size_t>(half_height));
}

void SmallPicture::take(std::span<const std::byte> rgb24, bool with_edges) {
  std::transform(rgb24.begin(), rgb24.begin() + static_cast<std::ptrdiff_t>(rgb.size()), rgb.begin(),
                 [](std::byte sample) { return std::to_integer<std::uint8_t>(sample); });
  derive_hsv(*this);
  derive_luma(*this);
  derive_half(*this);
  derive_hashes(*this);
  edges = with_edges ? dilated_edges(value, width, height) : Plane{};
}

std::vector<float> cell_means(const Plane& plane, int width, int height, int columns, int rows) {
  const auto across = shares_of(width, columns);
  const auto down = shares_of(height, rows);
  std::vector<float> narrow(static_cast<std::size_t>(columns) * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) {
    const auto* row = plane.data() + static_cast<std::ptrdiff_t>(y) * width;
    for (int column = 0; column < columns; ++column) {
      const auto at = static_cast<std::size_t>(column);
      float sum = 0;
      for (std::size_t i = 0; i < across.weights[at].size(); ++i)
        sum += across.weights[at][i] * row[static_cast<std::size_t>(across.first[at]) + i];
      narrow[static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) + at] = sum;
    }
  }
  std::vector<float> means(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  for (int row = 0; row < rows; ++row) {
    const auto& weights = down.weights[static_cast<std::size_t>(row)];
    auto* out = means.data() + static_cast<std::ptrdiff_t>(row) * columns;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const auto* in = narrow.data() + (static_cast<std::ptrdiff_t>(down.first[static_cast<std::size_t>(row)]) +
                                        static_cast<std::ptrdiff_t>(i)) *
                                           columns;
      for (int column = 0; column < columns; ++column) out[column] += weights[i] * in[column];
    }
  }
  return means;
}

}  // namespace framemill
