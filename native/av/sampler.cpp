#include "av/sampler.h"

#include <algorithm>
#include <utility>

#include "av/packet_marks.h"

namespace framemill {

Sampler::Sampler(SamplerSpec spec, std::shared_ptr<Control> control)
    : spec_(std::move(spec)), control_(std::move(control)), demuxer_(spec_.source, *control_) {
  demuxer_.select(spec_.stream_index);
  if (!has_decoder(demuxer_.stream())) {
    throw AvError("ERR_UNSUPPORTED",
                  std::string("this FFmpeg has no decoder for ") + avcodec_get_name(demuxer_.stream().codecpar->codec_id),
                  "avcodec_find_decoder", AVERROR_DECODER_NOT_FOUND);
  }
  for (auto* decoded : {&current_, &held_, &ahead_}) decoded->frame = make_frame();
}

void Sampler::configure(OutputSpec output) { picture_.emplace(std::move(output)); }

// Two decoders at most: one with frame threads for the common way, one single-threaded, in which every error can be laid
// at the door of one packet.
Decoder& Sampler::decoder() {
  static const std::string kNoHardware;
  const bool wants_single = segment_.plain || (spec_.threads <= 1 && spec_.hardware.empty());
  auto& chosen = wants_single ? single_ : threaded_;
  if (!chosen) {
    const auto& hardware = segment_.plain ? kNoHardware : spec_.hardware;
    chosen.emplace(demuxer_.format(), demuxer_.stream(), wants_single ? 1 : spec_.threads, spec_.max_pixels, hardware);
    if (spec_.draft) chosen->leave_out_loop_filter();
  }
  return *chosen;
}

void Sampler::begin(SegmentSpec segment) {
  // Flushing forgets pictures, not every trace of a damaged stream: what met an error is not used again.
  if (trouble_ || gop_damaged_ || gop_before_damaged_) {
    complaint_ = last_error();
    threaded_.reset();
    single_.reset();
  }
  segment_ = std::move(segment);
  segment_.plain = segment_.plain || segment_.by_ordinal || segment_.targets.empty();
  decoder().flush();
  packet_ready_ = draining_ = trouble_ = pending_ = false;
  held_.valid = ahead_.valid = false;
  target_ = 0;
  targets_unsent_ = segment_.targets.size();
  ordinal_ = 0;
  errors_seen_ = decoder().errors();
  gop_damaged_ = gop_before_damaged_ = false;
  gop_key_pts_ = packet_pts_ = INT64_MIN;
  last_pts_ = AV_NOPTS_VALUE;
  damaged_.clear();
  if (segment_.from_stream_start) {
    demuxer_.rewind();
    return;
  }
  if (!demuxer_.seek(segment_.start, segment_.near_dts, *packet_)) trouble_ = true;
  packet_ready_ = !trouble_;
}

Outcome Sampler::next(std::span<std::byte> pixels, FrameFacts& facts) {
  auto outcome = Outcome::kTrouble;
  if (!trouble_) {
    facts.target = target_;
    const bool counted = segment_.targets.empty() || segment_.by_ordinal;
    if (counted) outcome = next_counted(pixels, facts);
    else if (target_ == segment_.targets.size()) outcome = Outcome::kDone;
    else outcome = segment_.plain ? next_plain(pixels, facts) : next_exact(pixels, facts);
  }
  if (outcome == Outcome::kDone || outcome == Outcome::kTrouble) account();
  return outcome;
}

Outcome Sampler::next_exact(std::span<std::byte> pixels, FrameFacts& facts) {
  const auto target = segment_.targets[target_];
  while (!pending_) {
    const bool came = pull(current_);
    if (trouble_ || !came || current_.pts > target || (current_.pts == target && current_.is_damaged)) {
      trouble_ = true;
      return Outcome::kTrouble;
    }
    pending_ = current_.pts == target;
  }
  const auto outcome = finish(current_, pixels, facts);
  if (outcome != Outcome::kFrame) return outcome;
  pending_ = false;
  ++target_;
  return outcome;
}

Outcome Sampler::next_plain(std::span<std::byte> pixels, FrameFacts& facts) {
  const auto target = segment_.targets[target_];
  // Frames before the key packet's own are pictures of the GOP before, decoded here without their references.
  const auto first = segment_.from_stream_start ? INT64_MIN : segment_.start.pts;
  for (;;) {
    if (ahead_.valid) {
      if (ahead_.pts > target) break;
      std::swap(held_, ahead_);
      ahead_.valid = false;
    }
    if (!pull(ahead_)) break;
    if (ahead_.pts < first) ahead_.valid = false;
  }
  const bool own = held_.valid && held_.pts == target;
  if (!own && !(held_.valid && segment_.show_previous)) {
    ++target_;
    return Outcome::kMissing;
  }
  const auto outcome = finish(held_, pixels, facts);
  if (outcome == Outcome::kFrame) ++target_;
  return outcome;
}

Outcome Sampler::next_counted(std::span<std::byte> pixels, FrameFacts& facts) {
  for (;;) {
    if (segment_.by_ordinal && target_ == segment_.targets.size()) return Outcome::kDone;
    if (!pending_) {
      if (!pull(current_) || current_.pts > segment_.until) {
        if (!segment_.by_ordinal) return Outcome::kDone;
        facts.target = target_++;
        return Outcome::kMissing;
      }
      ++ordinal_;
      pending_ = !segment_.by_ordinal || ordinal_ - 1 == segment_.targets[target_];
      if (!pending_) continue;
    }
    facts.target = segment_.by_ordinal ? target_ : static_cast<std::size_t>(ordinal_ - 1);
    const auto outcome = finish(current_, pixels, facts);
    if (outcome != Outcome::kFrame) return outcome;
    pending_ = false;
    if (segment_.by_ordinal) ++target_;
    return outcome;
  }
}

Outcome Sampler::finish(const Decoded& decoded, std::span<std::byte> pixels, FrameFacts& facts) {
  shown_ = decoded.frame.get();
  facts.pts = decoded.pts;
  facts.is_key = is_key_frame(*decoded.frame);
  facts.is_damaged = decoded.is_damaged;
  if (pixels.empty()) return Outcome::kFrame;
  if (!picture_) throw AvError("ERR_UNSUPPORTED", "no output was configured");
  facts.picture = picture_->facts(*decoded.frame);
  if (facts.picture.bytes > pixels.size()) return Outcome::kTooSmall;
  picture_->write(*decoded.frame, pixels);
  control_->add(LaneWord::kFramesConverted);
  return Outcome::kFrame;
}

bool Sampler::is_target(std::int64_t pts) const {
  return std::binary_search(segment_.targets.begin(), segment_.targets.end(), pts);
}

/// Next decoded frame in presentation order; false at the end of what the segment needs.
bool Sampler::pull(Decoded& out) {
  out.valid = false;
  for (;;) {
    if (decoder().receive(*out.frame)) {
      ++received_;
      control_->add(LaneWord::kFramesDecoded);
      judge_packet();
      out.pts = out.frame->best_effort_timestamp;
      // The last frames of a stream without presentation timestamps may come out with none: each follows the one before.
      if (out.pts == AV_NOPTS_VALUE && last_pts_ != AV_NOPTS_VALUE) out.pts = last_pts_ + last_duration_;
      last_pts_ = out.pts;
      last_duration_ = std::max<std::int64_t>(1, duration_of(*out.frame));
      out.is_damaged = take_damage(out.pts) || is_corrupt(*out.frame);
      out.valid = true;
      return !trouble_;
    }
    judge_packet();
    if (trouble_ || !feed()) return false;
  }
}

/// Sends the next packet, or starts draining. False when there is nothing left to send.
bool Sampler::feed() {
  if (draining_) return false;
  const bool exact = !segment_.plain;
  if ((exact && targets_unsent_ == 0) || (!packet_ready_ && !demuxer_.read(*packet_))) {
    draining_ = true;
    decoder().drain();
    return true;
  }
  packet_ready_ = false;
  // An alternate reference may have the timestamp of the frame after it.
  const bool wanted = exact && is_target(packet_->pts) && shows_a_frame(demuxer_.stream().codecpar->codec_id, *packet_);
  if (wanted) --targets_unsent_;
  if ((packet_->flags & AV_PKT_FLAG_KEY) != 0) {
    gop_before_damaged_ = std::exchange(gop_damaged_, false);
    gop_key_pts_ = packet_->pts;
  }
  packet_pts_ = packet_->pts;
  const bool shown = (packet_->flags & AV_PKT_FLAG_DISCARD) == 0;
  const bool skippable = exact && segment_.skip_unreferenced && shown && !wanted;
  if ((packet_->flags & AV_PKT_FLAG_CORRUPT) != 0) gop_damaged_ = true;
  decoder().send(*packet_, skippable ? AVDISCARD_NONREF : AVDISCARD_DEFAULT);
  ++sent_;
  if (skippable) ++sent_skippable_;
  judge_packet();
  return true;
}

// Leading pictures of the key packet a run began at are decoded without their references: their errors are expected, their
// frames dropped. Any other error means, in the common way, that a plain decode must decide; and in a plain decode that
// what follows up to the next key packet is damaged. With frame threads an error cannot be told apart by packet, so there
// every error counts.
void Sampler::judge_packet() {
  const auto errors = decoder().errors();
  const bool fresh_error = errors != std::exchange(errors_seen_, errors);
  const bool leading = packet_pts_ != AV_NOPTS_VALUE && packet_pts_ < gop_key_pts_;
  const bool single = segment_.plain || spec_.threads <= 1;
  const bool expected = leading && single && !segment_.from_stream_start && gop_key_pts_ == segment_.start.pts;
  if (fresh_error && !expected) gop_damaged_ = true;
  if (!segment_.plain) {
    trouble_ = trouble_ || gop_damaged_;
    return;
  }
  if (packet_pts_ != INT64_MIN && !draining_) damaged_[packet_pts_] |= gop_damaged_ || (leading && gop_before_damaged_);
}

bool Sampler::take_damage(std::int64_t pts) {
  if (!segment_.plain) return false;
  const auto found = damaged_.find(pts);
  const bool damaged = found != damaged_.end() ? found->second : gop_damaged_;
  damaged_.erase(damaged_.begin(), damaged_.lower_bound(pts));
  return damaged;
}

/// Counts the run: a packet that was sent as skippable and gave no frame was skipped; every other one was decoded.
void Sampler::account() {
  while (draining_ && decoder().receive(*current_.frame)) {
    ++received_;
    control_->add(LaneWord::kFramesDecoded);
  }
  const auto skipped = std::clamp<std::int64_t>(sent_ - received_, 0, sent_skippable_);
  control_->add(LaneWord::kFramesSkipped, static_cast<std::int32_t>(skipped));
  control_->add(LaneWord::kFramesDecoded, static_cast<std::int32_t>(std::max<std::int64_t>(sent_ - skipped - received_, 0)));
  sent_ = sent_skippable_ = received_ = 0;
}

std::string Sampler::last_error() const {
  if (single_ && single_->errors() > 0) return single_->last_error();
  if (threaded_ && threaded_->errors() > 0) return threaded_->last_error();
  return complaint_.empty() ? demuxer_.log().last() : complaint_;
}

std::unique_ptr<SamplingDoor> open_sampler(SamplerSpec spec, std::shared_ptr<Control> control) {
  return std::make_unique<Sampler>(std::move(spec), std::move(control));
}

}  // namespace framemill
