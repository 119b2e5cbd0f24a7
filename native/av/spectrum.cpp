#include "av/spectrum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace framemill {

namespace {

constexpr double kSamplesPerHertz = 1024.0 / 48000;
constexpr int kShortest = 64, kLongest = 65536;

constexpr int kBands = 40;
constexpr double kHighestHertz = 16000;
// Amplitudes far below 1 / kCompression count as they are, far above by their logarithm: 80 dB below full scale.
constexpr double kCompression = 1e4;
// Sum of magnitudes below which there is no sound to speak of: numbers left over from the transform of silence.
constexpr double kSilence = 1e-7;

double mel(double hertz) { return 2595 * std::log10(1 + hertz / 700); }
double hertz_of(double mel) { return 700 * (std::pow(10, mel / 2595) - 1); }

int length_for(int sample_rate) {
  const auto wanted = static_cast<unsigned>(std::ceil(sample_rate * kSamplesPerHertz));
  return std::clamp(static_cast<int>(std::bit_ceil(wanted)), kShortest, kLongest);
}

/// Equal steps of the mel scale, but at least one bin each; the constant part belongs to no band.
std::vector<int> band_edges(double bin_hertz, int bins) {
  const double highest = mel(std::min(kHighestHertz, bin_hertz * (bins - 1)));
  std::vector<int> edges{1};
  for (int band = 1; band <= kBands; ++band) {
    const auto wanted = static_cast<int>(std::lround(hertz_of(highest * band / kBands) / bin_hertz));
    const int edge = std::max(edges.back() + 1, wanted);
    if (edge > bins) break;
    edges.push_back(edge);
  }
  return edges;
}

}  // namespace

Spectrum::Spectrum(int sample_rate)
    : length_(length_for(sample_rate)), bin_hertz_(static_cast<double>(sample_rate) / length_) {
  const int bins = length_ / 2 + 1;
  const float scale = 1;
  AVTXContext* context = nullptr;
  check(av_tx_init(&context, &run_, AV_TX_FLOAT_RDFT, 0, length_, &scale, 0), "av_tx_init", "ERR_UNSUPPORTED");
  transform_.reset(context);
  windowed_ = make_aligned_floats(static_cast<std::size_t>(length_));
  bins_ = make_aligned_floats(static_cast<std::size_t>(bins) * 2);
  power_.resize(static_cast<std::size_t>(bins));
  window_.resize(static_cast<std::size_t>(length_));
  for (int n = 0; n < length_; ++n) {
    // The sum of a Hann window is half its length; half of a sine's amplitude lies at the negative frequency.
    const double hann = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * n / length_);
    window_[static_cast<std::size_t>(n)] = static_cast<float>(hann * 4 / length_);
  }
  edges_ = band_edges(bin_hertz_, bins);
  levels_.resize(edges_.size() - 1);
  levels_before_.resize(edges_.size() - 1);
}

void Spectrum::forget() { std::ranges::fill(levels_, 0); }

Spectrum::Facts Spectrum::measure(const float* samples) {
  for (int n = 0; n < length_; ++n) windowed_[n] = samples[n] * window_[static_cast<std::size_t>(n)];
  run_(transform_.get(), bins_.get(), windowed_.get(), sizeof(float));
  double sum = 0, weighted = 0;
  for (std::size_t k = 0; k < power_.size(); ++k) {
    power_[k] = bins_[2 * k] * bins_[2 * k] + bins_[2 * k + 1] * bins_[2 * k + 1];
    const double magnitude = std::sqrt(power_[k]);
    sum += magnitude;
    weighted += magnitude * static_cast<double>(k);
  }
  levels_.swap(levels_before_);
  take_bands();
  double growth = 0;
  for (std::size_t band = 0; band < levels_.size(); ++band)
    growth += std::max(0.0, levels_[band] - levels_before_[band]);
  return {.centroid = sum < kSilence ? 0 : bin_hertz_ * weighted / sum, .growth = growth};
}

void Spectrum::take_bands() {
  for (std::size_t band = 0; band < levels_.size(); ++band) {
    double power = 0;
    for (int k = edges_[band]; k < edges_[band + 1]; ++k) power += power_[static_cast<std::size_t>(k)];
    levels_[band] = std::log1p(kCompression * std::sqrt(power));
  }
}

}  // namespace framemill
