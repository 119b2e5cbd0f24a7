// Owns making a decoded picture smaller by whole blocks of pixels, the cheap first step of making it much smaller.
#pragma once

#include "av/ffmpeg.h"

namespace framemill {

/// Blocks of 2, 4 or 8 pixels a side that may be averaged and leave at least `width` x `height` of the part that is
/// shown; 1: none, or the pixel format is not one of the usual 8-bit planar ones.
int shrink_factor(const AVFrame& frame, int shown_width, int shown_height, int width, int height);

/// Means of factor x factor pixels of each plane. Blocks that the picture's right or lower edge cuts are left out of
/// luma; what is lost is narrower than a block. `out` is reused while it fits, else allocated anew. Colours stay as the
/// frame says, also what follows from its size where it says nothing.
void shrink(const AVFrame& frame, int factor, Frame& out);

}  // namespace framemill
