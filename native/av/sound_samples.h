// Owns the samples of decoded frames as numbers: any sample format as floats, and what each channel counts for.
#pragma once

#include <span>
#include <vector>

#include "av/ffmpeg.h"

namespace framemill {

/// Samples [from, from + to.size()) of a channel; full scale is 1. What is no number, or louder than 120 dB above full
/// scale, becomes 0. Throws ERR_UNSUPPORTED for a sample format that FFmpeg did not have when this was written.
void read_samples(const AVFrame& frame, int channel, int from, std::span<float> to);

struct ChannelRole {
  double loudness = 1;   // weight of its power in ITU-R BS.1770-4
  bool is_mixed = true;  // belongs to the mono mix
};

/// One for each channel of the layout. Low-frequency effects count neither for loudness nor in the mix.
std::vector<ChannelRole> channel_roles(const AVChannelLayout& layout);

}  // namespace framemill
