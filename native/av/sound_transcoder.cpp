// Owns the sound of a clip: decoded from a little before it, cut to the sample, filtered, encoded into a spool.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "av/decoder.h"
#include "av/demuxer.h"
#include "av/doors.h"
#include "av/encoder.h"
#include "av/filter_graph.h"
#include "av/spool.h"

namespace framemill {

namespace {

// Longer than what any decoder needs to sound right again: 80 ms for Opus (RFC 7845 section 4.6), two frames for AAC
// and MP3.
constexpr double kPrerollSeconds = 0.2;
// Timestamps of containers that round to milliseconds waver by less; a gap that can be heard is longer.
constexpr double kJitterSeconds = 0.01;
constexpr int kSilentSamples = 1024;

int nearest_rate(const AVCodec& codec, int wanted) {
  const auto rates = sample_rates_of(codec);
  if (rates.empty()) return wanted;
  return *std::ranges::min_element(rates, {}, [wanted](int rate) { return std::pair(std::abs(rate - wanted), -rate); });
}

std::string described(const AVChannelLayout& layout) {
  std::array<char, 128> text{};
  check(av_channel_layout_describe(&layout, text.data(), text.size()), "av_channel_layout_describe");
  return text.data();
}

class ChannelLayout {
 public:
  ChannelLayout(const AVChannelLayout& like, int channels) {
    const int count = channels > 0 ? channels : like.nb_channels;
    const bool keeps = count == like.nb_channels && like.order == AV_CHANNEL_ORDER_NATIVE;
    if (keeps)
      check(av_channel_layout_copy(&layout_, &like), "av_channel_layout_copy");
    else
      av_channel_layout_default(&layout_, count);
  }
  ChannelLayout(const ChannelLayout&) = delete;
  ChannelLayout& operator=(const ChannelLayout&) = delete;
  ~ChannelLayout() { av_channel_layout_uninit(&layout_); }
  const AVChannelLayout& operator*() const { return layout_; }

 private:
  AVChannelLayout layout_{};
};

class SoundTranscoder final : public SoundDoor {
 public:
  SoundTranscoder(SoundSpec spec, std::shared_ptr<Control> control)
      : control_(std::move(control)),
        spec_(std::move(spec)),
        codec_(find_encoder(spec_.encoder, AVMEDIA_TYPE_AUDIO)),
        demuxer_(spec_.source, *control_) {
    demuxer_.select(spec_.stream_index);
    decoder_.emplace(demuxer_.format(), demuxer_.stream(), 1, INT64_MAX);
    const AVRational base{spec_.time_base.num, spec_.time_base.den};
    const auto preroll =
        av_rescale_q(static_cast<std::int64_t>(kPrerollSeconds * AV_TIME_BASE), {1, AV_TIME_BASE}, base);
    demuxer_.seek_before(av_rescale_q(spec_.start - preroll, base, demuxer_.stream().time_base));
  }

  bool step(int packets) override {
    for (int read = 0; read < packets && !is_over_; ++read) {
      if (!demuxer_.read(*packet_)) {
        decoder_->drain();
        is_over_ = true;
      } else {
        decoder_->send(*packet_, AVDISCARD_DEFAULT);
      }
      while (decoder_->receive(*frame_)) take();
    }
    if (!is_over_) return true;
    finish();
    return false;
  }

  double seconds() const override { return seconds_; }

 private:
  void take() {
    const auto& stream = demuxer_.stream();
    const int rate = frame_->sample_rate;
    if (rate <= 0) return;
    const AVRational samples{1, rate};
    const auto origin = av_rescale_q(spec_.start, {spec_.time_base.num, spec_.time_base.den}, samples);
    const auto end = av_rescale_q(spec_.end, {spec_.time_base.num, spec_.time_base.den}, samples);
    if (frame_->best_effort_timestamp != AV_NOPTS_VALUE) {
      const auto told = av_rescale_q(frame_->best_effort_timestamp, stream.time_base, samples);
      const auto jitter = static_cast<std::int64_t>(rate * kJitterSeconds);
      if (next_ == AV_NOPTS_VALUE || std::abs(told - next_) > jitter) next_ = told;
    }
    if (next_ == AV_NOPTS_VALUE) next_ = 0;
    frame_->pts = next_ - origin;
    next_ += frame_->nb_samples;
    if (frame_->pts >= end - origin) {
      is_over_ = true;
      return;
    }
    if (next_ <= origin) return;
    if (!graph_) open(*frame_, end - origin);
    feed();
    encode();
    seconds_ = static_cast<double>(std::min(next_, end) - origin) / rate;
  }

  /// Broadcasts change from stereo to surround and back. The graph goes on with what it was made for.
  void feed() {
    const bool is_alike = frame_->format == first_format_ && frame_->sample_rate == first_rate_ &&
                          described(frame_->ch_layout) == first_layout_;
    if (is_alike) {
      graph_->push(*frame_);
      return;
    }
    const auto began = av_rescale_q(frame_->pts, {1, frame_->sample_rate}, {1, first_rate_});
    FilterGraph converter(*frame_, AVRational{1, frame_->sample_rate}, AVRational{0, 1},
                          sample_format(static_cast<AVSampleFormat>(first_format_), first_rate_, first_layout_));
    converter.push(*frame_);
    converter.drain();
    for (auto at = began; converter.pull(*converted_); at += converted_->nb_samples) {
      converted_->pts = at;
      graph_->push(*converted_);
    }
  }

  static std::string sample_format(AVSampleFormat format, int rate, const std::string& layout) {
    return std::string("aformat=sample_fmts=") + av_get_sample_fmt_name(format) + ":sample_rates=" + std::to_string(rate) +
           ":channel_layouts=" + layout;
  }

  void open(const AVFrame& first, std::int64_t length) {
    first_format_ = first.format;
    first_rate_ = first.sample_rate;
    first_layout_ = described(first.ch_layout);
    const int rate = nearest_rate(codec_, spec_.sample_rate > 0 ? spec_.sample_rate : first.sample_rate);
    const ChannelLayout layout(first.ch_layout, spec_.channels);
    const auto formats = sample_formats_of(codec_);
    const auto own = static_cast<AVSampleFormat>(first.format);
    const bool takes_own = formats.empty() || std::ranges::find(formats, own) != formats.end();
    const auto format = takes_own ? own : formats.front();
    // Cut to the sample first, then gaps filled with silence, so that everything after counts from the clip's start.
    std::string graph =
        "atrim=start_pts=0:end_pts=" + std::to_string(length) + ",aresample=async=1:min_hard_comp=0.01:first_pts=0";
    if (!spec_.filter.empty()) graph += "," + spec_.filter;
    graph += ',';
    graph += sample_format(format, rate, described(*layout));
    graph_.emplace(first, AVRational{1, first.sample_rate}, AVRational{0, 1}, graph);
    encoder_.emplace(SoundEncoderSpec{
        .name = spec_.encoder, .format = format, .sample_rate = rate, .layout = &*layout, .options = spec_.options});
    if ((codec_.capabilities & AV_CODEC_CAP_VARIABLE_FRAME_SIZE) == 0)
      graph_->set_frame_size(encoder_->context().frame_size);
    spool_.emplace(spec_.path, encoder_->context());
  }

  void encode() {
    while (graph_->pull(*filtered_)) {
      filtered_->pts = av_rescale_q(filtered_->pts, graph_->time_base(), encoder_->context().time_base);
      encoder_->send(*filtered_);
      collect();
    }
  }

  void collect() {
    while (encoder_->receive(*packet_)) {
      spool_->write(*packet_);
      av_packet_unref(packet_.get());
    }
  }

  /// The container promised sound here and there is none: a moment of silence keeps the track.
  void take_silence() {
    const auto& context = decoder_->context();
    if (context.sample_rate <= 0 || context.sample_fmt == AV_SAMPLE_FMT_NONE) {
      throw AvError("ERR_DECODE", "its sound cannot be decoded");
    }
    av_frame_unref(frame_.get());
    frame_->format = context.sample_fmt;
    frame_->sample_rate = context.sample_rate;
    frame_->nb_samples = kSilentSamples;
    check(av_channel_layout_copy(&frame_->ch_layout, &context.ch_layout), "av_channel_layout_copy");
    check(av_frame_get_buffer(frame_.get(), 0), "av_frame_get_buffer");
    check(av_samples_set_silence(frame_->extended_data, 0, frame_->nb_samples, context.ch_layout.nb_channels, context.sample_fmt),
          "av_samples_set_silence");
    frame_->pts = 0;
    open(*frame_, kSilentSamples);
    graph_->push(*frame_);
  }

  void finish() {
    if (!graph_) take_silence();
    graph_->drain();
    encode();
    encoder_->drain();
    collect();
    spool_->finish();
  }

  std::shared_ptr<Control> control_;
  SoundSpec spec_;
  const AVCodec& codec_;
  Demuxer demuxer_;
  std::optional<Decoder> decoder_;
  std::optional<FilterGraph> graph_;
  std::optional<Encoder> encoder_;
  std::optional<SpoolWriter> spool_;
  Packet packet_ = make_packet();
  Frame frame_ = make_frame();
  Frame filtered_ = make_frame();
  Frame converted_ = make_frame();
  int first_format_ = AV_SAMPLE_FMT_NONE;  // what the graph is given
  int first_rate_ = 0;
  std::string first_layout_;
  std::int64_t next_ = AV_NOPTS_VALUE;  // in samples: where the next frame begins, if nothing is missing
  double seconds_ = 0;
  bool is_over_ = false;
};

}  // namespace

std::unique_ptr<SoundDoor> open_sound_transcoder(SoundSpec spec, std::shared_ptr<Control> control) {
  return std::make_unique<SoundTranscoder>(std::move(spec), std::move(control));
}

}  // namespace framemill
