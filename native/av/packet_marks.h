// Owns what can be told from the first bytes of a packet without decoding it.
#pragma once

#include "av/ffmpeg.h"

namespace framemill {

/// False for a packet that only feeds later ones and shows nothing: a VP8 or VP9 alternate reference frame stored as a
/// packet of its own. True for every other codec, where one packet shows one frame.
bool shows_a_frame(AVCodecID codec, const AVPacket& packet);

}  // namespace framemill
