#include "av/k_weighting.h"

#include <cmath>
#include <numbers>

namespace framemill {

namespace {

// BS.1770-4 gives coefficients at 48 kHz and asks for the same response at other rates. These are the analogue filters
// whose bilinear transforms at 48 kHz, warped to keep the corner, are the coefficients of its tables.
constexpr double kShelfHertz = 1681.974450955533;
constexpr double kShelfQ = 0.7071752369554196;
constexpr double kShelfHigh = 1.584864701130855;    // gain at high frequencies: 4 dB
constexpr double kShelfMiddle = 1.258720930232562;  // of the term in s
constexpr double kHighPassHertz = 38.13547087602444;
constexpr double kHighPassQ = 0.5003270373238773;
constexpr double kTableRate = 48000;

// Below this, what is left in the filter can no longer be heard, and would turn into denormal numbers, which are slow.
constexpr double kNothing = 1e-30;

double warped(double hertz, double sample_rate) { return std::tan(std::numbers::pi * hertz / sample_rate); }

double high_pass_a0(double sample_rate) {
  const double k = warped(kHighPassHertz, sample_rate);
  return 1 + k / kHighPassQ + k * k;
}

}  // namespace

KWeighting::KWeighting(int sample_rate) {
  const double high_k = warped(kHighPassHertz, sample_rate);
  const double high_a0 = high_pass_a0(sample_rate);
  high_a1_ = 2 * (high_k * high_k - 1) / high_a0;
  high_a2_ = (1 - high_k / kHighPassQ + high_k * high_k) / high_a0;
  // The standard's numerator is 1, -2, 1 at 48 kHz, a little louder than the analogue filter; so it is at every rate.
  const double gain = high_pass_a0(kTableRate) / high_a0;
  b0_ = gain;
  // Where all of the shelf lies above half the sample rate, there is nothing for it to raise.
  if (kShelfHertz >= 0.49 * sample_rate) return;
  const double k = warped(kShelfHertz, sample_rate);
  const double a0 = 1 + k / kShelfQ + k * k;
  b0_ = gain * (kShelfHigh + kShelfMiddle * k / kShelfQ + k * k) / a0;
  b1_ = gain * 2 * (k * k - kShelfHigh) / a0;
  b2_ = gain * (kShelfHigh - kShelfMiddle * k / kShelfQ + k * k) / a0;
  a1_ = 2 * (k * k - 1) / a0;
  a2_ = (1 - k / kShelfQ + k * k) / a0;
}

double KWeighting::energy(std::span<const float> samples, State& state) const {
  auto [shelf1, shelf2, high1, high2] = state;
  double sum = 0;
  for (const double sample : samples) {
    const double shelved = b0_ * sample + shelf1;
    shelf1 = b1_ * sample + shelf2 - a1_ * shelved;
    shelf2 = b2_ * sample - a2_ * shelved;
    const double passed = shelved + high1;
    high1 = high2 - 2 * shelved - high_a1_ * passed;
    high2 = shelved - high_a2_ * passed;
    sum += passed * passed;
  }
  state = {shelf1, shelf2, high1, high2};
  for (auto& each : state) {
    if (std::abs(each) < kNothing) each = 0;
  }
  return sum;
}

}  // namespace framemill
