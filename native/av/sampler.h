// Owns the sampling of one stream: which packets are sent to the decoder, which frames are finished, which are dropped.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>

#include "av/control.h"
#include "av/decoder.h"
#include "av/demuxer.h"
#include "av/doors.h"
#include "av/picture.h"

namespace framemill {

/// Decodes the frames asked for, in order, into memory of the caller. One thread at a time.
/// Never scales or converts a frame that is no target.
class Sampler : public SamplingDoor {
 public:
  Sampler(SamplerSpec spec, std::shared_ptr<Control> control);

  void configure(OutputSpec output) override;
  void begin(SegmentSpec segment) override;
  Outcome next(std::span<std::byte> pixels, FrameFacts& facts) override;
  std::string last_error() const override;

  /// The picture of the last Outcome::kFrame, as decoded; until the next call of a member that is not const.
  const AVFrame& frame() const { return *shown_; }
  const AVStream& stream() { return demuxer_.stream(); }
  /// FFmpeg's name of the kind of device that decoded something; empty: none did.
  std::string device() const { return threaded_ ? threaded_->device() : ""; }

 private:
  struct Decoded {
    Frame frame;
    std::int64_t pts = 0;
    bool is_damaged = false;
    bool valid = false;
  };

  Outcome next_exact(std::span<std::byte> pixels, FrameFacts& facts);
  Outcome next_plain(std::span<std::byte> pixels, FrameFacts& facts);
  Outcome next_counted(std::span<std::byte> pixels, FrameFacts& facts);
  Outcome finish(const Decoded& decoded, std::span<std::byte> pixels, FrameFacts& facts);

  bool pull(Decoded& out);
  bool feed();
  void judge_packet();
  bool take_damage(std::int64_t pts);
  void account();
  bool is_target(std::int64_t pts) const;
  Decoder& decoder();

  SamplerSpec spec_;
  std::shared_ptr<Control> control_;
  Demuxer demuxer_;
  std::optional<Decoder> threaded_, single_;
  std::optional<Picture> picture_;
  Packet packet_ = make_packet();

  SegmentSpec segment_;
  bool packet_ready_ = false;  // packet_ holds the first packet of the segment, unsent
  bool draining_ = false;
  bool trouble_ = false;
  std::size_t target_ = 0;
  std::size_t targets_unsent_ = 0;
  std::int64_t ordinal_ = 0;
  Decoded current_, held_, ahead_;
  const AVFrame* shown_ = nullptr;  // of these
  std::string complaint_;  // of a decoder that was let go
  bool pending_ = false;  // current_ waits for a larger `pixels`

  // Which packets were decoded after an error, by presentation time; a key packet starts clean.
  std::uint64_t errors_seen_ = 0;
  bool gop_damaged_ = false;
  bool gop_before_damaged_ = false;
  std::int64_t gop_key_pts_ = INT64_MIN;
  std::int64_t packet_pts_ = INT64_MIN;
  std::int64_t last_pts_ = AV_NOPTS_VALUE;
  std::int64_t last_duration_ = 1;
  std::map<std::int64_t, bool> damaged_;

  std::int64_t sent_ = 0, sent_skippable_ = 0, received_ = 0;
};

}  // namespace framemill
