// Owns decoding in hardware: which device, and how its pictures come back into memory.
#pragma once

#include <string>

#include "av/ffmpeg.h"

namespace framemill {

/// A device that decodes for a codec; empty where there is none.
struct Hardware {
  BufferReference device;
  std::string kind;  // FFmpeg's name: "cuda", "vaapi", ...
};

/// `wanted`: "auto" for the first device that is there, or a kind by FFmpeg's name.
Hardware find_hardware(const AVCodec& codec, const std::string& wanted);

/// Lets a decoder that is not open yet use the device.
void use_hardware(AVCodecContext& context, const Hardware& hardware);

/// A picture that lies in a device is copied into memory, with all that is said of it, and true is returned; others stay.
bool fetch_from_hardware(AVFrame& frame, AVFrame& spare);

}  // namespace framemill
