// Owns turning pictures by quarter turns and mirroring them, plane by plane. Knows no colours.
#pragma once

#include <cstdint>

#include "av/ffmpeg.h"
#include "av/specs.h"

namespace framemill {

/// Planes of one picture in memory of somebody else.
struct Surface {
  std::uint8_t* data[4] = {};
  int stride[4] = {};
  int width = 0;
  int height = 0;
  AVPixelFormat format = AV_PIX_FMT_NONE;
};

/// True when the planes of `format` can be turned without changing the pixel format: transposing needs equal chroma
/// subsampling in both directions, and packed formats that share chroma between neighbours cannot be turned at all.
bool can_orient(AVPixelFormat format, const Orientation& orientation);

/// Copies `source` turned into `target`, whose size must be the turned size and whose format the same.
void orient(const Surface& source, const Surface& target, const Orientation& orientation);

}  // namespace framemill
