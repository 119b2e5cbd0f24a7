#include "av/picture_measures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

#include "av/block_motion.h"
#include "av/perceptual_hash.h"

namespace framemill {

namespace {

/// A tenth of full scale, as FFmpeg's blackdetect has it.
constexpr std::size_t kBlackUpTo = 25;
constexpr std::size_t kWhiteFrom = 230;

struct Spread {
  double mean = 0;
  double variance = 0;
};

Spread spread_of(double sum, double squares, double count) {
  if (count == 0) return {};
  const double mean = sum / count;
  return {mean, std::max(0.0, squares / count - mean * mean)};
}

Spread luma_spread(const SmallPicture& picture) {
  double sum = 0, squares = 0;
  for (std::size_t value = 0; value < picture.histogram.size(); ++value) {
    const double count = picture.histogram[value];
    const auto level = static_cast<double>(value);
    sum += count * level;
    squares += count * level * level;
  }
  return spread_of(sum, squares, static_cast<double>(picture.luma.size()));
}

double brightness_of(const SmallPicture& picture) {
  std::uint64_t sum = 0;
  for (const auto sample : picture.rgb) sum += sample;
  return static_cast<double>(sum) / static_cast<double>(picture.rgb.size());
}

/// Variance of the Laplacian. Source: J. Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", 2000.
double sharpness_of(const SmallPicture& picture) {
  std::int64_t sum = 0, squares = 0;
  const auto width = static_cast<std::size_t>(picture.width);
  for (std::size_t y = 1; y + 1 < static_cast<std::size_t>(picture.height); ++y) {
    const auto* row = picture.luma.data() + y * width;
    int row_sum = 0;
    std::int64_t row_squares = 0;
    for (std::size_t x = 1; x + 1 < width; ++x) {
      const int value = row[x - 1] + row[x + 1] + row[x - width] + row[x + width] - 4 * row[x];
      row_sum += value;
      row_squares += value * value;
    }
    sum += row_sum;
    squares += row_squares;
  }
  const double count = std::max(0, picture.width - 2) * static_cast<double>(std::max(0, picture.height - 2));
  return spread_of(static_cast<double>(sum), static_cast<double>(squares), count).variance;
}

/// Source: D. Hasler, S. Süsstrunk, "Measuring colourfulness in natural images", 2003.
double colorfulness_of(const SmallPicture& picture) {
  std::int64_t rg_sum = 0, rg_squares = 0, yb_sum = 0, yb_squares = 0;
  const auto pixels = picture.luma.size();
  for (std::size_t i = 0; i < pixels; ++i) {
    const int r = picture.rgb[3 * i];
    const int g = picture.rgb[3 * i + 1];
    const int b = picture.rgb[3 * i + 2];
    const int rg = r - g;
    const int yb2 = r + g - 2 * b;  // twice the yellow-blue difference
    rg_sum += rg;
    rg_squares += rg * rg;
    yb_sum += yb2;
    yb_squares += yb2 * yb2;
  }
  const auto count = static_cast<double>(pixels);
  const auto rg = spread_of(static_cast<double>(rg_sum), static_cast<double>(rg_squares), count);
  const auto yb = spread_of(static_cast<double>(yb_sum) / 2, static_cast<double>(yb_squares) / 4, count);
  return std::sqrt(rg.variance + yb.variance) + 0.3 * std::hypot(rg.mean, yb.mean);
}

double share_between(const SmallPicture& picture, std::size_t from, std::size_t to) {
  const auto begin = picture.histogram.begin();
  const auto count = std::accumulate(begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(to),
                                     std::uint64_t{0});
  return static_cast<double>(count) / static_cast<double>(picture.luma.size());
}

double mean_difference(const Plane& one, const Plane& other) {
  std::uint64_t sum = 0;
  constexpr std::size_t kRun = 4096;
  for (std::size_t from = 0; from < one.size(); from += kRun) {
    const auto to = std::min(one.size(), from + kRun);
    unsigned run = 0;
    for (std::size_t i = from; i < to; ++i) run += static_cast<unsigned>(std::abs(one[i] - other[i]));
    sum += run;
  }
  return static_cast<double>(sum) / static_cast<double>(one.size());
}

/// Pearson's correlation of two histograms; 1 where one of them is even, as OpenCV's compareHist has it.
double correlation(const SmallPicture& one, const SmallPicture& other) {
  const auto bins = static_cast<double>(one.histogram.size());
  const auto mean = static_cast<double>(one.luma.size()) / bins;
  double product = 0, one_squares = 0, other_squares = 0;
  for (std::size_t i = 0; i < one.histogram.size(); ++i) {
    const double a = one.histogram[i] - mean;
    const double b = other.histogram[i] - mean;
    product += a * b;
    one_squares += a * a;
    other_squares += b * b;
  }
  const double scale = std::sqrt(one_squares * other_squares);
  return scale > std::numeric_limits<double>::epsilon() ? product / scale : 1;
}

constexpr int kColorSide = 4;
using Color = std::array<double, 3>;

double luma_of(double r, double g, double b) { return 0.299 * r + 0.587 * g + 0.114 * b; }

/// Mean colours of 4 x 4 cells that begin and end at whole pixels, by rows.
std::array<Color, kColorSide * kColorSide> color_cells(const SmallPicture& picture) {
  const auto from = [](int cell, int length) { return cell * length / kColorSide; };
  const auto to = [&](int cell, int length) { return std::max(from(cell, length) + 1, from(cell + 1, length)); };
  std::array<Color, kColorSide * kColorSide> cells{};
  for (int row = 0; row < kColorSide; ++row) {
    for (int column = 0; column < kColorSide; ++column) {
      const int left = from(column, picture.width);
      const int right = to(column, picture.width);
      const int top = from(row, picture.height);
      const int bottom = to(row, picture.height);
      unsigned r = 0, g = 0, b = 0;
      for (int y = top; y < bottom; ++y) {
        const auto* pixel = picture.rgb.data() + 3 * (static_cast<std::ptrdiff_t>(y) * picture.width + left);
        for (int x = left; x < right; ++x, pixel += 3) {
          r += pixel[0];
          g += pixel[1];
          b += pixel[2];
        }
      }
      const double count = (right - left) * static_cast<double>(bottom - top);
      cells[static_cast<std::size_t>(row * kColorSide + column)] = {r / count, g / count, b / count};
    }
  }
  return cells;
}

}  // namespace

void measure_picture(const SmallPicture& picture, Row row) {
  std::ranges::fill(row, std::numeric_limits<float>::quiet_NaN());
  const auto luma = luma_spread(picture);
  row[kLuma] = static_cast<float>(luma.mean);
  row[kContrast] = static_cast<float>(std::sqrt(luma.variance));
  row[kBrightness] = static_cast<float>(brightness_of(picture));
  row[kSharpness] = static_cast<float>(sharpness_of(picture));
  row[kColorfulness] = static_cast<float>(colorfulness_of(picture));
  row[kBlack] = static_cast<float>(share_between(picture, 0, kBlackUpTo + 1));
  row[kWhite] = static_cast<float>(share_between(picture, kWhiteFrom, picture.histogram.size()));
}

void measure_change(const SmallPicture& before, const SmallPicture& now, Row row) {
  row[kDeltaHue] = static_cast<float>(mean_difference(before.hue, now.hue));
  row[kDeltaSat] = static_cast<float>(mean_difference(before.saturation, now.saturation));
  row[kDeltaLum] = static_cast<float>(mean_difference(before.value, now.value));
  if (!before.edges.empty() && !now.edges.empty())
    row[kDeltaEdges] = static_cast<float>(mean_difference(before.edges, now.edges));
  row[kDifference] = static_cast<float>(mean_difference(before.luma, now.luma));
  row[kHistogramCorrelation] = static_cast<float>(correlation(before, now));
  row[kHashDistance] = static_cast<float>(fine_distance(before, now)) / 256;
  const auto motion = motion_between(before, now);
  row[kMotion] = motion.mean;
  row[kPanX] = motion.pan_x;
  row[kPanY] = motion.pan_y;
  row[kZoom] = motion.zoom;
  row[kObjectMotion] = motion.object;
}

void mark_picture(const SmallPicture& picture, std::span<std::byte, kMarkBytes> marks) {
  auto* at = marks.data();
  for (std::size_t i = 0; i < kHashBytes; ++i) *at++ = static_cast<std::byte>(picture.hash >> (8 * i) & 0xff);

  const auto level = [](double value) { return static_cast<std::byte>(std::lround(std::clamp(value, 0.0, 255.0))); };
  constexpr int kLumaSide = 8;
  for (const auto mean : cell_means(picture.luma, picture.width, picture.height, kLumaSide, kLumaSide))
    *at++ = level(mean);

  // ITU-R BT.601, full range.
  const auto colors = color_cells(picture);
  for (const auto& [r, g, b] : colors) *at++ = level(128 + 0.564 * (b - luma_of(r, g, b)));
  for (const auto& [r, g, b] : colors) *at++ = level(128 + 0.713 * (r - luma_of(r, g, b)));

  constexpr auto kValuesPerBin = 256 / kHistogramBins;
  for (std::size_t bin = 0; bin < kHistogramBins; ++bin) {
    const double share = share_between(picture, bin * kValuesPerBin, (bin + 1) * kValuesPerBin);
    const auto stored = static_cast<unsigned>(std::lround(share * 65535));
    *at++ = static_cast<std::byte>(stored & 0xff);
    *at++ = static_cast<std::byte>(stored >> 8);
  }
}

}  // namespace framemill
