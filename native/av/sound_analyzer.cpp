// Owns the measuring of sound: decodes a stream from a little before the start to the end, and lays its samples on the
// timeline, where what is missing is a gap.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "av/decoder.h"
#include "av/demuxer.h"
#include "av/doors.h"
#include "av/sound_converter.h"
#include "av/sound_samples.h"
#include "av/sound_windows.h"

namespace framemill {

namespace {

// What decoders need to sound right again (80 ms for Opus: RFC 7845 section 4.6, two frames for AAC and MP3), and what
// is measured before the start.
constexpr double kPrerollSeconds = 0.2 + SoundWindows::kWarmUpWindows * 0.01;
// Timestamps of containers that round to milliseconds waver by less; a gap that can be heard is longer.
constexpr double kJitterSeconds = 0.01;
// Vorbis has blocks of two lengths. The frame between two of them may be told to begin later by a quarter of their
// difference, and the next one is where it belongs again: of a jump no longer than this, the frame after it decides.
constexpr double kWaverSeconds = 0.1;
// A timestamp further ahead than this is no gap but an error, and would be answered by windows without end.
constexpr std::int64_t kLongestGapSeconds = 6 * 3600;
// Nor is one further from zero than this a time; what is nearer can be added up in samples.
constexpr double kFurthestSeconds = 1e9;
// How much of a gap is passed over between two looks at whether to go on.
constexpr std::int64_t kGapSliceSeconds = 60;
// Windows hold at least a sample, and a transform of 65536 at least one of them.
constexpr int kLowestRate = 100, kHighestRate = 4'000'000;

constexpr double kShortestGapSeconds = 0.01;

const char* const kNoSound = "the stream has no sound here";

class SoundAnalyzer final : public SoundAnalysisDoor {
 public:
  SoundAnalyzer(SoundAnalysisSpec spec, std::shared_ptr<Control> control)
      : control_(std::move(control)),
        spec_(std::move(spec)),
        demuxer_(spec_.source, *control_),
        base_{spec_.time_base.num, spec_.time_base.den} {
    demuxer_.select(spec_.stream_index);
    decoder_.emplace(demuxer_.format(), demuxer_.stream(), 1, INT64_MAX);
    const auto preroll = av_rescale_q(static_cast<std::int64_t>(kPrerollSeconds * AV_TIME_BASE), AV_TIME_BASE_Q, base_);
    demuxer_.seek_before(av_rescale_q(spec_.start - preroll, base_, demuxer_.stream().time_base));
    stored_end_ = stored_end();
  }

  bool step(int packets) override {
    if (is_finished_) return false;
    for (int read = 0; read < packets && !is_over_; ++read) {
      const auto complaints = demuxer_.log().count();
      if (demuxer_.read(*packet_)) {
        decoder_->send(*packet_, AVDISCARD_DEFAULT);
      } else {
        decoder_->drain();
        is_over_ = true;
        is_cut_off_ = demuxer_.damaged_end() || demuxer_.log().count() > complaints;
      }
      while (decoder_->receive(*frame_)) take();
      is_finished_ = windows_ && !windows_->is_wanting();
      if (is_finished_) return false;
    }
    if (!is_over_) return true;
    finish();
    return false;
  }

  double seconds() const override {
    return windows_ ? std::max<double>(0, seconds_at(std::min(windows_->position(), end_))) : 0;
  }

  double duration() const override {
    const double start = static_cast<double>(spec_.start) * av_q2d(base_);
    const auto asked =
        has_end() ? static_cast<double>(spec_.end) * av_q2d(base_) : std::numeric_limits<double>::infinity();
    const double end = std::min(asked, stored_end_);
    return std::isfinite(end) ? std::max(0.0, end - start) : std::numeric_limits<double>::quiet_NaN();
  }

  std::size_t windows() const override { return windows_ ? windows_->row_count() : 0; }

  void take(std::span<float> rows) override {
    static_assert(kColumns == SoundWindows::kColumns);
    if (windows_) windows_->take_rows(rows);
  }

  std::vector<SoundGap> gaps() const override { return gaps_; }
  std::string last_error() const override { return decoder_->last_error(); }

 private:
  bool has_end() const { return spec_.end != KeyPoint::kNone; }
  double seconds_at(std::int64_t sample) const { return static_cast<double>(sample) / rate_; }

  /// Where the stream ends as the container tells, in seconds of its own time; infinite where it does not.
  double stored_end() {
    const auto& stream = demuxer_.stream();
    const auto known = [](std::int64_t ticks) { return ticks != AV_NOPTS_VALUE; };
    if (known(stream.duration)) {
      return static_cast<double>((known(stream.start_time) ? stream.start_time : 0) + stream.duration) *
             av_q2d(stream.time_base);
    }
    const auto& file = demuxer_.format();
    if (!known(file.duration)) return std::numeric_limits<double>::infinity();
    return static_cast<double>((known(file.start_time) ? file.start_time : 0) + file.duration) / AV_TIME_BASE;
  }

  void take() {
    const int rate = frame_->sample_rate;
    if (rate <= 0 || frame_->nb_samples <= 0 || frame_->ch_layout.nb_channels <= 0) return;
    if (!windows_) open(rate);
    const auto told = told_of(*frame_);
    if (is_held_) settle_held(told);
    const auto jump = has_place_ && told ? std::abs(*told - next_) : 0;
    is_held_ = jump > jitter() && jump <= static_cast<std::int64_t>(rate_ * kWaverSeconds);
    if (is_held_) {
      held_told_ = *told;
      av_frame_unref(held_.get());
      av_frame_move_ref(held_.get(), frame_.get());
    } else {
      take_at(*frame_, told.value_or(has_place_ ? next_ : -origin_));
    }
  }

  /// The frame that jumped, before one that begins at `told`.
  void settle_held(std::optional<std::int64_t> told) {
    is_held_ = false;
    const bool is_back = told && std::abs(*told - next_ - length_of(*held_)) <= jitter();
    take_at(*held_, is_back ? next_ : held_told_);
  }

  /// The frame begins where the one before ended, unless its timestamp says something else.
  void take_at(AVFrame& frame, std::int64_t told) {
    // Sound may begin late, but within what the container says there is.
    const bool is_possible = told - windows_->position() < kLongestGapSeconds * rate_ ||
                             (!has_place_ && seconds_at(told) <= duration());
    const bool has_jumped = has_place_ && is_possible && std::abs(told - next_) > jitter();
    if (!has_place_) next_ = is_possible ? told : windows_->position();
    if (has_jumped) next_ = told;
    has_place_ = true;
    const auto at = next_;
    next_ += length_of(frame);
    if (is_corrupt(frame)) {
      has_corruption_ = true;
      return;
    }
    if (has_jumped || frame.sample_rate == rate_) end_conversion();
    if (frame.sample_rate == rate_)
      measure(frame, at);
    else
      convert(frame, at);
  }

  /// Windows count samples of the first rate; sound of another one is brought to it.
  void open(int rate) {
    if (rate < kLowestRate || rate > kHighestRate) {
      throw AvError("ERR_UNSUPPORTED", "sound of " + std::to_string(rate) + " samples a second cannot be measured");
    }
    rate_ = rate;
    origin_ = av_rescale_q(spec_.start, base_, {1, rate_});
    if (has_end()) end_ = av_rescale_q(spec_.end, base_, {1, rate_}) - origin_;
    windows_.emplace(rate_, end_);
  }

  std::int64_t jitter() const { return static_cast<std::int64_t>(rate_ * kJitterSeconds); }

  std::optional<std::int64_t> told_of(const AVFrame& frame) const {
    const auto ticks = frame.best_effort_timestamp;
    const auto base = demuxer_.stream().time_base;
    if (ticks == AV_NOPTS_VALUE || std::abs(static_cast<double>(ticks) * av_q2d(base)) > kFurthestSeconds) return std::nullopt;
    return av_rescale_q(ticks, base, {1, rate_}) - origin_;
  }

  std::int64_t length_of(const AVFrame& frame) const {
    return av_rescale_q(frame.nb_samples, {1, frame.sample_rate}, {1, rate_});
  }

  void convert(AVFrame& frame, std::int64_t at) {
    if (converter_ && !converter_->takes(frame)) end_conversion();
    if (!converter_) converter_.emplace(frame, rate_, at);
    converter_->push(frame);
    take_converted();
  }

  void take_converted() {
    for (std::int64_t at = 0; converter_->pull(*converted_, at);) measure(*converted_, at);
  }

  void end_conversion() {
    if (!converter_) return;
    converter_->drain();
    take_converted();
    converter_.reset();
  }

  void measure(const AVFrame& frame, std::int64_t at) {
    if (at > windows_->position()) pass_over(at);
    const auto roles = channel_roles(frame.ch_layout);
    // What was there already is not measured again.
    auto from = std::min<std::int64_t>(windows_->position() - at, frame.nb_samples);
    while (from < frame.nb_samples && windows_->is_wanting()) {
      const auto count = std::min(windows_->room(), frame.nb_samples - from);
      samples_.resize(roles.size() * static_cast<std::size_t>(count));
      channels_.clear();
      for (std::size_t c = 0; c < roles.size(); ++c) {
        const std::span<float> channel(samples_.data() + c * static_cast<std::size_t>(count),
                                       static_cast<std::size_t>(count));
        read_samples(frame, static_cast<int>(c), static_cast<int>(from), channel);
        channels_.push_back({channel, roles[c].loudness, roles[c].is_mixed});
      }
      windows_->feed(channels_);
      from += count;
    }
    faults_ = decoder_->errors();
    has_corruption_ = false;
  }

  /// What kept the decoder from giving sound since the last that it gave; empty: nothing did.
  std::string damage() const {
    if (decoder_->errors() == faults_ && !has_corruption_) return "";
    const auto said = decoder_->last_error();
    return said.empty() ? "the sound is damaged here" : said;
  }

  void pass_over(std::int64_t to) {
    note_gap(windows_->position(), to);
    while (windows_->position() < to && windows_->is_wanting()) {
      if (control_->cancelled()) throw AvError("CANCELLED", "cancelled");
      const auto slice = std::min(to, windows_->position() + kGapSliceSeconds * rate_);
      while (windows_->position() < slice) windows_->skip(std::min(windows_->room(), slice - windows_->position()));
    }
  }

  void note_gap(std::int64_t from, std::int64_t to) {
    const auto [begins, ends] = std::pair(std::max<std::int64_t>(0, from), std::min(to, end_));
    if (!windows_->holds_window(begins, to)) return;
    const auto reason = damage();
    gaps_.push_back({seconds_at(begins), seconds_at(ends), reason.empty() ? kNoSound : reason});
  }

  void finish() {
    is_finished_ = true;
    if (is_held_) settle_held(std::nullopt);
    end_conversion();
    // The end of the sound is no gap, unless something was left undecoded there.
    const auto reason = damage();
    const double from = seconds(), to = duration();
    if (windows_) windows_->finish();
    if ((reason.empty() && !is_cut_off_) || !(to - from >= kShortestGapSeconds)) return;
    gaps_.push_back({from, to, reason.empty() ? "the source is damaged here" : reason});
  }

  std::shared_ptr<Control> control_;
  SoundAnalysisSpec spec_;
  Demuxer demuxer_;
  AVRational base_;
  std::optional<Decoder> decoder_;
  std::optional<SoundWindows> windows_;
  std::optional<SoundConverter> converter_;
  Packet packet_ = make_packet();
  Frame frame_ = make_frame();
  Frame held_ = make_frame();
  Frame converted_ = make_frame();
  std::vector<float> samples_;  // of a piece, channel by channel
  std::vector<SoundChannel> channels_;
  std::vector<SoundGap> gaps_;
  // In samples of `rate_` from the start of the part, but for `origin_`, which counts from the stream's zero.
  int rate_ = 0;
  std::int64_t origin_ = 0;
  std::int64_t end_ = INT64_MAX;
  std::int64_t next_ = 0;   // where the next frame begins, if nothing is missing
  bool has_place_ = false;  // some frame had one
  bool is_held_ = false;    // a frame waits for the next one to say whether it jumped
  std::int64_t held_told_ = 0;
  std::uint64_t faults_ = 0;  // of the decoder, up to the last sound that was measured
  bool has_corruption_ = false;
  double stored_end_ = 0;
  bool is_over_ = false;     // no more packets
  bool is_cut_off_ = false;  // by a fault of the source
  bool is_finished_ = false;
};

}  // namespace

std::unique_ptr<SoundAnalysisDoor> open_sound_analyzer(SoundAnalysisSpec spec, std::shared_ptr<Control> control) {
  return std::make_unique<SoundAnalyzer>(std::move(spec), std::move(control));
}

}  // namespace framemill
