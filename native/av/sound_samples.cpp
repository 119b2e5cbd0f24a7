#include "av/sound_samples.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace framemill {

namespace {

constexpr double kLoudest = 1e6;
constexpr double kSurroundWeight = 1.41;

template <typename Value>
float number(Value value, double zero, double full_scale) {
  if constexpr (std::is_floating_point_v<Value>)
    return std::abs(value) <= static_cast<Value>(kLoudest) ? static_cast<float>(value) : 0.0F;
  else
    return static_cast<float>((static_cast<double>(value) - zero) / full_scale);
}

template <typename Value>
void read(const AVFrame& frame, int channel, int from, std::span<float> to, double zero = 0, double full_scale = 1) {
  const bool is_planar = av_sample_fmt_is_planar(static_cast<AVSampleFormat>(frame.format)) != 0;
  const auto* data = reinterpret_cast<const Value*>(frame.extended_data[is_planar ? channel : 0]);
  if (is_planar) {
    for (std::size_t n = 0; n < to.size(); ++n)
      to[n] = number(data[static_cast<std::size_t>(from) + n], zero, full_scale);
    return;
  }
  const auto step = static_cast<std::size_t>(frame.ch_layout.nb_channels);
  data += static_cast<std::size_t>(from) * step + static_cast<std::size_t>(channel);
  for (std::size_t n = 0; n < to.size(); ++n) to[n] = number(data[n * step], zero, full_scale);
}

}  // namespace

void read_samples(const AVFrame& frame, int channel, int from, std::span<float> to) {
  switch (av_get_packed_sample_fmt(static_cast<AVSampleFormat>(frame.format))) {
    case AV_SAMPLE_FMT_U8:
      return read<std::uint8_t>(frame, channel, from, to, 128, 128);
    case AV_SAMPLE_FMT_S16:
      return read<std::int16_t>(frame, channel, from, to, 0, 0x1p15);
    case AV_SAMPLE_FMT_S32:
      return read<std::int32_t>(frame, channel, from, to, 0, 0x1p31);
    case AV_SAMPLE_FMT_S64:
      return read<std::int64_t>(frame, channel, from, to, 0, 0x1p63);
    case AV_SAMPLE_FMT_FLT:
      return read<float>(frame, channel, from, to);
    case AV_SAMPLE_FMT_DBL:
      return read<double>(frame, channel, from, to);
    default:
      throw AvError("ERR_UNSUPPORTED", "its sample format is not known here");
  }
}

std::vector<ChannelRole> channel_roles(const AVChannelLayout& layout) {
  std::vector<ChannelRole> roles(static_cast<std::size_t>(layout.nb_channels));
  AVChannelLayout known{};
  if (layout.order == AV_CHANNEL_ORDER_UNSPEC) av_channel_layout_default(&known, layout.nb_channels);
  const auto& named = layout.order == AV_CHANNEL_ORDER_UNSPEC ? known : layout;
  const auto has = [&](AVChannel channel) { return av_channel_layout_index_from_channel(&named, channel) >= 0; };
  const bool has_sides = has(AV_CHAN_SIDE_LEFT) || has(AV_CHAN_SIDE_RIGHT);
  for (unsigned i = 0; i < roles.size(); ++i) {
    switch (av_channel_layout_channel_from_index(&named, i)) {
      case AV_CHAN_LOW_FREQUENCY:
      case AV_CHAN_LOW_FREQUENCY_2:
        roles[i] = {.loudness = 0, .is_mixed = false};
        break;
      case AV_CHAN_SIDE_LEFT:
      case AV_CHAN_SIDE_RIGHT:
      case AV_CHAN_SURROUND_DIRECT_LEFT:
      case AV_CHAN_SURROUND_DIRECT_RIGHT:
        roles[i].loudness = kSurroundWeight;
        break;
      // The two surrounds of a layout with five or four; behind the sides of one with seven, they are beyond 120
      // degrees, where the standard weighs nothing more.
      case AV_CHAN_BACK_LEFT:
      case AV_CHAN_BACK_RIGHT:
        roles[i].loudness = has_sides ? 1 : kSurroundWeight;
        break;
      default:
        break;
    }
  }
  const bool has_mix = std::ranges::any_of(roles, &ChannelRole::is_mixed);
  if (!has_mix) std::ranges::for_each(roles, [](ChannelRole& role) { role.is_mixed = true; });
  av_channel_layout_uninit(&known);
  return roles;
}

}  // namespace framemill
