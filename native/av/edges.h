// Owns edge detection on one small plane. Free of libav.
#pragma once

#include "av/small_picture.h"

namespace framemill {

/// Canny edges (J. Canny, "A computational approach to edge detection", 1986; L1 gradients of 3 x 3 Sobel operators,
/// thresholds a third below and above the median) made thicker, so that a small shift of the picture is no change:
/// 0 or 255 for each pixel.
Plane dilated_edges(const Plane& plane, int width, int height);

}  // namespace framemill
