// Owns the measurements of pictures: their order, and how each is computed from small pictures. Free of libav.
// What they mean stands in src/analysis/series.ts, where from in docs/analysis.md.
#pragma once

#include <span>

#include "av/small_picture.h"

namespace framemill {

/// Columns, in the order of pictureColumns of src/analysis/series.ts.
enum PictureColumn : std::size_t {
  kLuma,
  kBrightness,
  kDeltaHue,
  kDeltaSat,
  kDeltaLum,
  kDeltaEdges,
  kDifference,
  kHistogramCorrelation,
  kHashDistance,
  kMotion,
  kPanX,
  kPanY,
  kZoom,
  kObjectMotion,
  kSharpness,
  kContrast,
  kColorfulness,
  kBlack,
  kWhite,
  kPictureColumns
};

/// Bytes of a picture's marks: hash (8, little-endian), layout (8 x 8 of luma, 4 x 4 of Cb, 4 x 4 of Cr), histogram (16
/// numbers of 16 bits, little-endian).
inline constexpr std::size_t kHashBytes = 8;
inline constexpr std::size_t kLayoutBytes = 96;
inline constexpr std::size_t kHistogramBins = 16;
inline constexpr std::size_t kMarkBytes = kHashBytes + kLayoutBytes + 2 * kHistogramBins;

using Row = std::span<float, kPictureColumns>;

/// What one picture shows by itself. Fills those columns, sets all others to NaN.
void measure_picture(const SmallPicture& picture, Row row);
/// What changed since `before`, a picture of the same size. Fills those columns only; kDeltaEdges when both have edges.
void measure_change(const SmallPicture& before, const SmallPicture& now, Row row);
void mark_picture(const SmallPicture& picture, std::span<std::byte, kMarkBytes> marks);

}  // namespace framemill
