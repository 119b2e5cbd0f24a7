// Owns HDR to SDR: 16-bit PQ or HLG RGB in, 8-bit sRGB-coded BT.709 RGB out.
#pragma once

#include <cstdint>
#include <vector>

#include "av/orient.h"

namespace framemill {

/// What the stream or the frame says about its light.
struct LightFacts {
  AVColorTransferCharacteristic transfer = AVCOL_TRC_UNSPECIFIED;
  AVColorPrimaries primaries = AVCOL_PRI_UNSPECIFIED;
  float peak_nits = 1000.0F;
  bool operator==(const LightFacts&) const = default;
};

bool is_hdr(AVColorTransferCharacteristic transfer);
/// Light of a frame: its transfer and primaries, and the peak from MaxCLL, else from the mastering display, else 1000 nits.
LightFacts light_of(const AVFrame& frame);

/// Tables for one kind of light. The curve is the EETF of ITU-R BT.2390-10 section 5.4.1 from the content's peak to
/// 203 nits (HDR reference white of ITU-R BT.2408), applied to the largest of R, G and B so that hues stay; primaries by
/// ITU-R BT.2087; PQ and HLG by ITU-R BT.2100.
class ToneMap {
 public:
  explicit ToneMap(const LightFacts& light);
  const LightFacts& light() const { return light_; }
  /// Source: RGB48 or RGBA64 of native byte order. Target: RGB24, RGBA or GRAY8 of the same size.
  void apply(const Surface& source, const Surface& target) const;

 private:
  float gain(float nits) const;

  LightFacts light_;
  std::vector<float> linear_;         // 16-bit code value -> nits (PQ) or scene light 0..1 (HLG)
  std::vector<float> gain_;           // by the fourth root of the level, 0..10,000 nits
  std::vector<std::uint8_t> encode_;  // 16-bit linear SDR -> sRGB code value
};

}  // namespace framemill
