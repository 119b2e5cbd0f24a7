#include "av/tone_map.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace framemill {

namespace {

constexpr float kSdrNits = 203.0F;
constexpr float kPqNits = 10000.0F;
constexpr int kGainSteps = 4096;

// ITU-R BT.2100 table 4.
constexpr double kM1 = 2610.0 / 16384, kM2 = 2523.0 / 4096 * 128;
constexpr double kC1 = 3424.0 / 4096, kC2 = 2413.0 / 4096 * 32, kC3 = 2392.0 / 4096 * 32;

double pq_to_nits(double code) {
  const double root = std::pow(code, 1 / kM2);
  return kPqNits * std::pow(std::max(root - kC1, 0.0) / (kC2 - kC3 * root), 1 / kM1);
}

double nits_to_pq(double nits) {
  const double level = std::pow(nits / kPqNits, kM1);
  return std::pow((kC1 + kC2 * level) / (1 + kC3 * level), kM2);
}

// ITU-R BT.2100 table 5: the inverse of the HLG OETF, scene light 0..1.
double hlg_to_scene(double code) {
  constexpr double a = 0.17883277, b = 1 - 4 * a;
  const double c = 0.5 - a * std::log(4 * a);
  return code <= 0.5 ? code * code / 3 : (std::exp((code - c) / a) + b) / 12;
}

double srgb_code(double linear) {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

double eetf(double nits, double peak) {
  if (peak <= kSdrNits) return nits;
  const double top = nits_to_pq(peak);
  const double level = std::min(nits_to_pq(nits) / top, 1.0);
  const double max_level = nits_to_pq(kSdrNits) / top;
  const double knee = 1.5 * max_level - 0.5;
  if (level < knee) return nits;
  const double t = (level - knee) / (1 - knee), t2 = t * t, t3 = t2 * t;
  const double mapped = (2 * t3 - 3 * t2 + 1) * knee + (t3 - 2 * t2 + t) * (1 - knee) + (-2 * t3 + 3 * t2) * max_level;
  return pq_to_nits(mapped * top);
}

std::uint16_t word(const std::uint8_t* at) {
  std::uint16_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace

bool is_hdr(AVColorTransferCharacteristic transfer) {
  return transfer == AVCOL_TRC_SMPTE2084 || transfer == AVCOL_TRC_ARIB_STD_B67;
}

LightFacts light_of(const AVFrame& frame) {
  LightFacts light{frame.color_trc, frame.color_primaries, 1000.0F};
  if (frame.color_trc == AVCOL_TRC_ARIB_STD_B67) return light;  // HLG is relative: shown as on a 1000 nit display
  if (const auto* data = av_frame_get_side_data(&frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL)) {
    const auto* levels = reinterpret_cast<const AVContentLightMetadata*>(data->data);
    if (levels->MaxCLL > 0) {
      light.peak_nits = std::min(static_cast<float>(levels->MaxCLL), kPqNits);
      return light;
    }
  }
  if (const auto* data = av_frame_get_side_data(&frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA)) {
    const auto* display = reinterpret_cast<const AVMasteringDisplayMetadata*>(data->data);
    const auto nits = display->max_luminance.den != 0 ? av_q2d(display->max_luminance) : 0.0;
    if (display->has_luminance != 0 && nits > 0) light.peak_nits = std::min(static_cast<float>(nits), kPqNits);
  }
  return light;
}

ToneMap::ToneMap(const LightFacts& light) : light_(light), linear_(65536), gain_(kGainSteps + 1), encode_(65536) {
  const bool hlg = light.transfer == AVCOL_TRC_ARIB_STD_B67;
  for (int i = 0; i < 65536; ++i) {
    const double code = i / 65535.0;
    linear_[static_cast<std::size_t>(i)] = static_cast<float>(hlg ? hlg_to_scene(code) : pq_to_nits(code));
    encode_[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(std::lround(255 * srgb_code(code)));
  }
  gain_[0] = 1.0F;
  for (int i = 1; i <= kGainSteps; ++i) {
    const double nits = kPqNits * std::pow(static_cast<double>(i) / kGainSteps, 4);
    gain_[static_cast<std::size_t>(i)] = static_cast<float>(eetf(nits, light.peak_nits) / nits);
  }
}

float ToneMap::gain(float nits) const {
  const float place = std::sqrt(std::sqrt(std::clamp(nits / kPqNits, 0.0F, 1.0F))) * kGainSteps;
  const auto below = std::min(static_cast<std::size_t>(place), static_cast<std::size_t>(kGainSteps - 1));
  const float part = place - static_cast<float>(below);
  return gain_[below] + part * (gain_[below + 1] - gain_[below]);
}

void ToneMap::apply(const Surface& source, const Surface& target) const {
  const bool hlg = light_.transfer == AVCOL_TRC_ARIB_STD_B67;
  const bool wide = light_.primaries == AVCOL_PRI_BT2020 || light_.primaries == AVCOL_PRI_UNSPECIFIED;
  const bool has_alpha = source.format == AV_PIX_FMT_RGBA64;
  const int in_step = has_alpha ? 8 : 6;
  const int out_step = target.format == AV_PIX_FMT_RGBA ? 4 : target.format == AV_PIX_FMT_RGB24 ? 3 : 1;
  for (int y = 0; y < source.height; ++y) {
    const auto* in = source.data[0] + static_cast<std::ptrdiff_t>(y) * source.stride[0];
    auto* out = target.data[0] + static_cast<std::ptrdiff_t>(y) * target.stride[0];
    for (int x = 0; x < source.width; ++x, in += in_step, out += out_step) {
      float r = linear_[word(in)], g = linear_[word(in + 2)], b = linear_[word(in + 4)];
      if (hlg) {  // BT.2100 OOTF for a 1000 nit display, system gamma 1.2
        const float luminance = 0.2627F * r + 0.6780F * g + 0.0593F * b;
        const float display = 1000.0F * (luminance > 0 ? std::pow(luminance, 0.2F) : 0.0F);
        r *= display, g *= display, b *= display;
      }
      const float scale = gain(std::max({r, g, b})) / kSdrNits;
      r *= scale, g *= scale, b *= scale;
      if (wide) {
        const float r709 = 1.6605F * r - 0.5876F * g - 0.0728F * b;
        const float g709 = -0.1246F * r + 1.1329F * g - 0.0083F * b;
        b = -0.0182F * r - 0.1006F * g + 1.1187F * b;
        r = r709, g = g709;
      }
      const auto code = [this](float v) { return encode_[static_cast<std::size_t>(std::clamp(v, 0.0F, 1.0F) * 65535.0F + 0.5F)]; };
      if (out_step == 1) {
        out[0] = static_cast<std::uint8_t>(0.2126F * code(r) + 0.7152F * code(g) + 0.0722F * code(b) + 0.5F);
      } else {
        out[0] = code(r), out[1] = code(g), out[2] = code(b);
        if (out_step == 4) out[3] = has_alpha ? static_cast<std::uint8_t>(word(in + 6) >> 8) : 255;
      }
    }
  }
}

}  // namespace framemill
