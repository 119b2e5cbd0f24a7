#include "av/sound_windows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace framemill {

namespace {

constexpr std::int64_t kWindowsPerSecond = 100;
constexpr std::size_t kMomentaryWindows = 40;
constexpr double kLoudnessOffset = -0.691;  // BS.1770-4: a sine of 997 Hz at full scale in one channel is -3.01 LUFS
// Mean square that is no sound any more: -150 LUFS, below what 24 bits can hold.
constexpr double kSilence = 1e-15;
// More than any stream lasts, and few enough to be counted in samples.
constexpr std::int64_t kMostSeconds = 10'000'000'000;
constexpr std::size_t kRowsPerPiece = 16384;
constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

struct Level {
  double squares = 0;
  float peak = 0;
};

/// In lanes, which compilers make vectors of; the order of the sums is always the same.
Level level_of(std::span<const float> samples) {
  constexpr std::size_t kLanes = 8;
  std::array<float, kLanes> squares{}, peaks{};
  std::size_t n = 0;
  for (; n + kLanes <= samples.size(); n += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float sample = samples[n + lane];
      squares[lane] += sample * sample;
      peaks[lane] = std::max(peaks[lane], std::abs(sample));
    }
  }
  Level level;
  for (; n < samples.size(); ++n) {
    level.squares += static_cast<double>(samples[n]) * samples[n];
    level.peak = std::max(level.peak, std::abs(samples[n]));
  }
  for (const auto each : squares) level.squares += each;
  for (const auto each : peaks) level.peak = std::max(level.peak, each);
  return level;
}

}  // namespace

SoundWindows::SoundWindows(int sample_rate, std::int64_t end)
    : sample_rate_(sample_rate),
      total_(0),
      current_(-kWarmUpWindows),
      measured_(-1),
      position_(boundary(-kWarmUpWindows)),
      weighting_(sample_rate),
      powers_(kMomentaryWindows, 0.0),
      spectrum_(sample_rate),
      mix_from_(position_) {
  total_ = std::clamp<std::int64_t>(end / sample_rate, 0, kMostSeconds) * kWindowsPerSecond;
  while (boundary(total_) < end && total_ < kMostSeconds * kWindowsPerSecond) ++total_;
}

std::int64_t SoundWindows::boundary(std::int64_t window) const {
  // Rounded half upwards, below zero too.
  const auto doubled = 2 * window * sample_rate_ + kWindowsPerSecond;
  const auto divisor = 2 * kWindowsPerSecond;
  return doubled >= 0 ? doubled / divisor : -((divisor - 1 - doubled) / divisor);
}

bool SoundWindows::holds_window(std::int64_t from, std::int64_t to) const {
  const auto near = std::max<std::int64_t>(0, from * kWindowsPerSecond / sample_rate_ - 1);
  for (auto window = near; window < std::min(total_, near + 4); ++window) {
    if (boundary(window) >= from && boundary(window + 1) <= to) return true;
  }
  return false;
}

void SoundWindows::feed(std::span<const SoundChannel> channels) {
  const auto count = channels.front().samples.size();
  if (filters_.size() != channels.size()) filters_.assign(channels.size(), {});
  const auto mixed = static_cast<float>(std::ranges::count_if(channels, &SoundChannel::is_mixed));
  const auto began = mix_.size();
  mix_.resize(began + count, 0);
  const std::span<float> mix(mix_.data() + began, count);
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const auto& [samples, weight, is_mixed] = channels[c];
    const auto level = level_of(samples);
    squares_ += level.squares;
    peak_ = std::max(peak_, level.peak);
    if (weight > 0) power_ += weight * weighting_.energy(samples, filters_[c]);
    if (!is_mixed) continue;
    for (std::size_t n = 0; n < count; ++n) mix[n] += samples[n];
  }
  for (auto& sample : mix) sample /= mixed;
  const bool was_negative = began > 0 && mix_[began - 1] < 0;
  if (has_last_ && count > 0) crossings_ += (mix[0] < 0) != was_negative ? 1 : 0;
  for (std::size_t n = 1; n < count; ++n) crossings_ += (mix[n] < 0) != (mix[n - 1] < 0) ? 1 : 0;
  pairs_ += static_cast<std::int64_t>(count) - (has_last_ ? 0 : 1);
  values_ += static_cast<std::int64_t>(count * channels.size());
  has_last_ = true;
  has_sound_ = true;
  advance(static_cast<std::int64_t>(count));
}

void SoundWindows::skip(std::int64_t samples) {
  for (auto& state : filters_) state = {};
  has_last_ = false;
  mix_.resize(mix_.size() + static_cast<std::size_t>(samples), 0);
  // Before the first sound there is silence; a gap within it is something else, and its edges are no onsets.
  if (has_sound_ && !gaps_.empty() && gaps_.back().to == position_)
    gaps_.back().to += samples;
  else if (has_sound_)
    gaps_.push_back({position_, position_ + samples});
  advance(samples);
}

void SoundWindows::advance(std::int64_t samples) {
  position_ += samples;
  if (room() == 0) close_window();
  measure_spectra();
}

void SoundWindows::close_window() {
  powers_.pop_front();
  powers_.push_back(power_);
  if (current_ >= measured_ && current_ < total_) {
    const bool has_values = values_ > 0;
    pending_.push_back(
        {.rms = has_values ? static_cast<float>(std::sqrt(squares_ / static_cast<double>(values_))) : kNone,
         .peak = has_values ? peak_ : kNone,
         .loudness = has_values ? loudness() : kNone,
         .zero_crossings = has_values
                               ? static_cast<float>(crossings_) / static_cast<float>(std::max<std::int64_t>(1, pairs_))
                               : kNone,
         .centroid = kNone,
         .flux = kNone});
  }
  squares_ = power_ = 0;
  peak_ = 0;
  values_ = pairs_ = crossings_ = 0;
  ++current_;
}

float SoundWindows::loudness() const {
  double sum = 0;
  for (const double power : powers_) sum += power;
  const auto samples = boundary(current_ + 1) - boundary(current_ + 1 - static_cast<std::int64_t>(kMomentaryWindows));
  const double mean = sum / static_cast<double>(samples);
  return mean < kSilence ? -std::numeric_limits<float>::infinity()
                         : static_cast<float>(kLoudnessOffset + 10 * std::log10(mean));
}

void SoundWindows::measure_spectra() {
  const auto length = static_cast<std::int64_t>(spectrum_.length());
  while (measured_ < current_ && measured_ < total_) {
    const auto begins = boundary(measured_), ends = boundary(measured_ + 1);
    const auto from = begins + (ends - begins) / 2 - length / 2;
    if (from + length > mix_from_ + static_cast<std::int64_t>(mix_.size()) && !has_ended_) break;
    while (!gaps_.empty() && gaps_.front().to <= from) gaps_.pop_front();
    const bool is_cut = !gaps_.empty() && gaps_.front().from < from + length;
    auto row = pending_.front();
    pending_.pop_front();
    if (std::isnan(row.rms)) {
      spectrum_.forget();
    } else {
      const auto needed = static_cast<std::size_t>(from + length - mix_from_);
      if (mix_.size() < needed) mix_.resize(needed, 0);
      const auto [centroid, growth] = spectrum_.measure(mix_.data() + (from - mix_from_));
      row.centroid = static_cast<float>(centroid);
      row.flux = is_cut || was_cut_ ? 0 : static_cast<float>(growth);
    }
    was_cut_ = is_cut;
    if (measured_ >= 0) push(row);
    ++measured_;
  }
  drop_mix();
}

void SoundWindows::drop_mix() {
  const auto next = std::min(measured_, current_);
  const auto needed_from = boundary(next) - spectrum_.length();
  const auto free = needed_from - mix_from_;
  // Seldom, so that moving what is left costs little.
  if (free < 4 * spectrum_.length()) return;
  mix_.erase(mix_.begin(), mix_.begin() + free);
  mix_from_ = needed_from;
}

void SoundWindows::push(const Row& row) {
  if (rows_.empty() || rows_.back().size() == kRowsPerPiece * kColumns)
    rows_.emplace_back().reserve(kRowsPerPiece * kColumns);
  rows_.back().insert(rows_.back().end(),
                      {row.rms, row.peak, row.loudness, row.zero_crossings, row.centroid, row.flux});
}

void SoundWindows::finish() {
  has_ended_ = true;
  gaps_.push_back({position_, INT64_MAX});
  if (values_ > 0) {
    mix_.resize(mix_.size() + static_cast<std::size_t>(room()), 0);
    position_ += room();
    close_window();
  }
  measure_spectra();
}

std::size_t SoundWindows::row_count() const {
  return rows_.empty() ? 0 : (rows_.size() - 1) * kRowsPerPiece + rows_.back().size() / kColumns;
}

void SoundWindows::take_rows(std::span<float> values) {
  for (auto to = values.begin(); !rows_.empty(); rows_.pop_front()) to = std::ranges::copy(rows_.front(), to).out;
}

}  // namespace framemill
