// Owns the K-weighting filter of ITU-R BS.1770-4 at any sample rate. Knows no channels and no loudness.
#pragma once

#include <array>
#include <span>

namespace framemill {

/// A shelf for the head, then a high pass (RLB): BS.1770-4 Annex 1, tables 1 and 2.
class KWeighting {
 public:
  /// What the filter remembers of one channel.
  using State = std::array<double, 4>;

  explicit KWeighting(int sample_rate);

  /// Sum of the squares of the filtered samples; `state` is that of the samples before and becomes that of the next.
  double energy(std::span<const float> samples, State& state) const;

 private:
  // Of the shelf, with the gain of both sections; the high pass has the numerator 1, -2, 1.
  double b0_ = 1, b1_ = 0, b2_ = 0, a1_ = 0, a2_ = 0;
  double high_a1_ = 0, high_a2_ = 0;
};

}  // namespace framemill
