#include "av/picture_output.h"

#include <algorithm>
#include <cstring>

namespace framemill {

namespace {

AVRational rational(Fraction value) { return {value.num, value.den}; }

/// What a damaged stream says of its colours may be no value of the enumeration, so it is read as a number.
template <typename Value>
Value known(const Value& told, Value count, Value unspecified) {
  int number = 0;
  static_assert(sizeof number == sizeof told);
  std::memcpy(&number, &told, sizeof number);
  return number >= 0 && number < count ? told : unspecified;
}

AVPixelFormat format_for(const AVCodec& codec, const std::string& wanted, AVPixelFormat decoded) {
  const auto formats = pixel_formats_of(codec);
  if (!wanted.empty()) {
    const auto format = av_get_pix_fmt(wanted.c_str());
    if (format == AV_PIX_FMT_NONE)
      throw AvError("ERR_UNSUPPORTED", "FFmpeg knows no pixel format " + wanted, "av_get_pix_fmt");
    if (!formats.empty() && std::ranges::find(formats, format) == formats.end()) {
      throw AvError("ERR_UNSUPPORTED", std::string(codec.name) + " does not take the pixel format " + wanted);
    }
    return format;
  }
  if (formats.empty() || std::ranges::find(formats, decoded) != formats.end()) return decoded;
  auto best = formats.front();
  for (const auto format : formats) best = av_find_best_pix_fmt_of_2(best, format, decoded, 0, nullptr);
  return best;
}

}  // namespace

PictureOutput::PictureOutput(PictureOutputSpec spec, Control& control)
    : spec_(std::move(spec)), control_(control), time_base_(rational(spec_.time_base)) {
  find_encoder(spec_.encoder, AVMEDIA_TYPE_VIDEO);
}

void PictureOutput::make_graph(const AVFrame& first) {
  const auto decoded = static_cast<AVPixelFormat>(first.format);
  const auto format = format_for(find_encoder(spec_.encoder, AVMEDIA_TYPE_VIDEO), spec_.pixel_format, decoded);
  if (spec_.filter.empty() && format == decoded) return;
  // Without a filter only the format differs; with one, the graph decides what the encoder is given, as long as it
  // takes that.
  auto description = spec_.filter.empty() ? "null" : spec_.filter;
  description += std::string(",format=") + av_get_pix_fmt_name(format);
  graph_.emplace(first, time_base_, rational(spec_.frame_rate), description);
}

void PictureOutput::take(const AVFrame& frame, std::int64_t ticks, AVRational time_base) {
  auto own = make_frame();
  check(av_frame_ref(own.get(), &frame), "av_frame_ref");
  own->pts = av_rescale_q(ticks, time_base, time_base_);
  // The encoder decides anew what kind of picture it makes of it.
  own->pict_type = AV_PICTURE_TYPE_NONE;
  if (!has_started_) make_graph(*own);
  has_started_ = true;
  if (!graph_) {
    encode(std::move(own));
    return;
  }
  graph_->push(*own);
  encode_filtered();
}

void PictureOutput::encode_filtered() {
  while (graph_->pull(*filtered_)) {
    stop_if_cancelled("av_buffersink_get_frame");
    filtered_->pict_type = AV_PICTURE_TYPE_NONE;
    encode(std::exchange(filtered_, make_frame()));
  }
}

/// A frame lasts until the next one: each is sent when that is known.
void PictureOutput::encode(Frame frame) {
  if (held_) {
    last_duration_ = frame->pts - held_->pts;
    // Two frames of one timestamp cannot both be shown; the later one is what stays on screen.
    if (last_duration_ > 0) send(held_, last_duration_);
  }
  held_ = std::move(frame);
}

void PictureOutput::open_encoder(const AVFrame& first) {
  const auto rate = graph_ ? graph_->frame_rate() : rational(spec_.frame_rate);
  encoder_.emplace(
      EncoderSpec{.name = spec_.encoder,
                  .width = first.width,
                  .height = first.height,
                  .format = static_cast<AVPixelFormat>(first.format),
                  .time_base = graph_ ? graph_->time_base() : time_base_,
                  .frame_rate = rate,
                  .sample_aspect_ratio = first.sample_aspect_ratio,
                  .range = known(first.color_range, AVCOL_RANGE_NB, AVCOL_RANGE_UNSPECIFIED),
                  .primaries = known(first.color_primaries, AVCOL_PRI_NB, AVCOL_PRI_UNSPECIFIED),
                  .transfer = known(first.color_trc, AVCOL_TRC_NB, AVCOL_TRC_UNSPECIFIED),
                  .matrix = known(first.colorspace, AVCOL_SPC_NB, AVCOL_SPC_UNSPECIFIED),
                  .chroma_location = known(first.chroma_location, AVCHROMA_LOC_NB, AVCHROMA_LOC_UNSPECIFIED),
                  .threads = spec_.threads,
                  .global_header = true,
                  .options = spec_.options});
  spool_.emplace(spec_.path, encoder_->context());
}

void PictureOutput::send(const Frame& frame, std::int64_t duration) {
  if (!encoder_) open_encoder(*frame);
  // Encoders read as much as they were opened for, whatever the frame has.
  const auto& taken = encoder_->context();
  if (frame->width != taken.width || frame->height != taken.height || frame->format != taken.pix_fmt) {
    throw changed_in_midstream(taken.width, taken.height, taken.pix_fmt, *frame);
  }
  durations_[frame->pts] = duration;
  encoder_->send(*frame);
  ++frames_;
  control_.add(LaneWord::kFramesEncoded);
  control_.touch();
  collect();
}

void PictureOutput::collect() {
  while (encoder_->receive(*packet_)) {
    stop_if_cancelled("avcodec_receive_packet");
    const auto known = durations_.find(packet_->pts);
    if (known != durations_.end()) {
      packet_->duration = known->second;
      durations_.erase(known);
    }
    spool_->write(*packet_);
    av_packet_unref(packet_.get());
  }
}

/// Emptying an encoder's look-ahead takes as long as encoding dozens of frames.
void PictureOutput::stop_if_cancelled(const char* call) const {
  if (control_.cancelled()) throw AvError("CANCELLED", "cancelled", call, AVERROR_EXIT);
}

PictureOutputFacts PictureOutput::finish() {
  if (graph_) {
    graph_->drain();
    encode_filtered();
  }
  if (!held_) throw AvError("ERR_DECODE", "none of its frames could be decoded");
  const auto base = graph_ ? graph_->time_base() : time_base_;
  const auto end = spec_.end == KeyPoint::kNone ? held_->pts : av_rescale_q(spec_.end, time_base_, base);
  send(held_, end > held_->pts ? end - held_->pts : last_duration_);
  encoder_->drain();
  collect();
  spool_->finish();

  const auto& context = encoder_->context();
  return {frames_, context.width, context.height, av_get_pix_fmt_name(context.pix_fmt)};
}

}  // namespace framemill
