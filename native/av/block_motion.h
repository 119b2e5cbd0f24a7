// Owns how a small picture moved since the one before: motion of its blocks, and what of that is the whole picture's.
// Free of libav.
#pragma once

#include "av/small_picture.h"

namespace framemill {

/// Lengths are shares of the picture's width (pan_y: of its height). NaN where a picture is too small to have blocks.
struct Motion {
  float mean = 0;    // of the blocks' vectors
  float pan_x = 0;   // to the right
  float pan_y = 0;   // downwards
  float zoom = 0;    // 0.01: content is one per cent larger
  float object = 0;  // mean length of what pan and zoom do not explain
};

Motion motion_between(const SmallPicture& before, const SmallPicture& now);

}  // namespace framemill
