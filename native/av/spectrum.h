// Owns the spectrum of short pieces of one channel: where its centre lies, and how much it has grown since the piece
// before.
#pragma once

#include <cstddef>
#include <vector>

#include "av/ffmpeg.h"

namespace framemill {

/// Hann window, Fourier transform, magnitudes. A sine of amplitude A has magnitude A at its frequency.
class Spectrum {
 public:
  explicit Spectrum(int sample_rate);

  /// Samples of a piece, a power of two: 21 ms at 48 kHz, between 21 and 43 ms at any rate from 3 kHz to 3 MHz.
  int length() const { return length_; }

  struct Facts {
    double centroid = 0;  // Hz: mean frequency, weighted by magnitude; 0 for silence
    double growth = 0;    // since the piece before: see docs/analysis.md
  };
  /// Of the `length()` samples that begin at `samples`.
  Facts measure(const float* samples);
  /// As if the piece before had been silent.
  void forget();

 private:
  void take_bands();

  int length_;
  double bin_hertz_;
  Transform transform_;
  av_tx_fn run_ = nullptr;
  AlignedFloats windowed_, bins_;
  std::vector<float> window_, power_;
  std::vector<int> edges_;  // band b holds the bins from edges_[b] to edges_[b + 1]
  std::vector<double> levels_, levels_before_;
};

}  // namespace framemill
