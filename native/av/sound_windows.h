// Owns what is measured of sound in windows of 10 ms: takes samples in their order, gives one row for each window.
// Knows no files and no codecs. What each number is, docs/analysis.md says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "av/k_weighting.h"
#include "av/spectrum.h"

namespace framemill {

/// One channel's samples of a block.
struct SoundChannel {
  std::span<const float> samples;
  double loudness = 1;  // weight of its power
  bool is_mixed = true;
};

/// Sample 0 begins window 0; window i covers samples round(i * rate / 100) to round((i + 1) * rate / 100). Samples
/// before 0 are what the first windows look back on. Memory for samples is bounded: some 100 ms of them.
class SoundWindows {
 public:
  /// Seconds before sample 0 that count: 400 ms of loudness, and what the filter takes to settle.
  static constexpr int kWarmUpWindows = 50;

  /// Windows that begin before sample `end` are measured. `sample_rate` is at least 100.
  SoundWindows(int sample_rate, std::int64_t end);

  /// The sample that is to come next.
  std::int64_t position() const { return position_; }
  /// Samples until the window ends in which that one lies.
  std::int64_t room() const { return boundary(current_ + 1) - position_; }
  /// There are samples to come that any window asked for depends on.
  bool is_wanting() const { return measured_ < total_; }

  /// The next samples, as many of each channel, at most room(). A change in the number of channels begins the filters
  /// anew.
  void feed(std::span<const SoundChannel> channels);
  /// There are no samples for some time, at most room().
  void skip(std::int64_t samples);
  /// There are no more samples at all: measures the window that was begun.
  void finish();

  /// Whether some window lies within these samples.
  bool holds_window(std::int64_t from, std::int64_t to) const;

  /// Of a row, in the order of soundColumns in src/analysis/series.ts.
  static constexpr std::size_t kColumns = 6;
  std::size_t row_count() const;
  /// Hands over all rows: row_count() * kColumns values.
  void take_rows(std::span<float> values);

 private:
  struct Row {
    float rms, peak, loudness, zero_crossings, centroid, flux;
  };
  struct Gap {
    std::int64_t from, to;
  };

  std::int64_t boundary(std::int64_t window) const;
  void advance(std::int64_t samples);
  void close_window();
  float loudness() const;
  void measure_spectra();
  void push(const Row& row);
  void drop_mix();

  int sample_rate_;
  std::int64_t total_;     // windows asked for
  std::int64_t current_;   // the window that is being filled
  std::int64_t measured_;  // the next one whose spectrum is to be measured
  std::int64_t position_;
  bool has_ended_ = false;
  // Of the window that is being filled.
  double squares_ = 0;
  float peak_ = 0;
  double power_ = 0;         // of the weighted channels, K-weighted
  std::int64_t values_ = 0;  // samples of all channels
  std::int64_t pairs_ = 0;   // of neighbouring samples of the mix
  std::int64_t crossings_ = 0;
  // Of more than one window.
  KWeighting weighting_;
  std::vector<KWeighting::State> filters_;  // of each channel
  std::deque<double> powers_;               // of the last 400 ms, a window each
  Spectrum spectrum_;
  std::vector<float> mix_;  // the mono mix from `mix_from_` on
  std::int64_t mix_from_;
  bool has_last_ = false;   // the sample before is known
  bool has_sound_ = false;  // there was a sample ever
  std::deque<Gap> gaps_;    // within reach of a spectrum
  bool was_cut_ = false;
  std::deque<Row> pending_;              // their spectra are not measured yet
  std::deque<std::vector<float>> rows_;  // in pieces, so that they can be handed over without being held twice
};

}  // namespace framemill
