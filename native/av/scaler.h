// Owns one swscale context: size, pixel format, colour matrix and range in one pass, into memory of the caller.
#pragma once

#include "av/orient.h"

namespace framemill {

/// A part of a decoded frame, in its own pixels.
struct CropRect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

/// The matrix of the frame's colours; where a stream names none: BT.709 from HD size upwards, BT.601 below, as players do.
AVColorSpace matrix_known(const AVFrame& frame);

/// Reuses its context while size, formats and colours stay the same. Allocates nothing per frame otherwise.
class Scaler {
 public:
  /// Scales the crop of `frame` to fill `target`. swscale may write up to kOverrun bytes past the end of a row, so the
  /// memory behind the last row must have them to spare.
  void scale(const AVFrame& frame, const CropRect& crop, const Surface& target, int filter_flags);
  static constexpr std::size_t kOverrun = 64;

 private:
  struct Setting {
    int source_width = 0, source_height = 0, source_format = AV_PIX_FMT_NONE, source_matrix = 0, source_full = 0;
    int target_width = 0, target_height = 0, target_format = AV_PIX_FMT_NONE, flags = 0;
    bool operator==(const Setting&) const = default;
  };

  Setting setting_;
  Scaling context_;
};

}  // namespace framemill
