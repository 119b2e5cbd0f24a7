#include "av/packet_run.h"

#include <algorithm>
#include <deque>

#include "av/nal_units.h"
#include "av/spool.h"

namespace framemill {

namespace {

void shift(AVPacket& packet, std::int64_t origin) {
  if (packet.pts != AV_NOPTS_VALUE) packet.pts -= origin;
  if (packet.dts != AV_NOPTS_VALUE) packet.dts -= origin;
}

/// What a container marks as a key frame may be none; nothing copied from there on would look right.
void check_key(const AVStream& stream, const AVPacket& packet) {
  const auto& parameters = *stream.codecpar;
  if (parameters.codec_id != AV_CODEC_ID_H264 && parameters.codec_id != AV_CODEC_ID_HEVC) return;
  const ByteView data(packet.data, static_cast<std::size_t>(packet.size));
  if (is_intra(parameters.codec_id, data, parameter_sets(parameters).framing)) return;
  throw AvError("ERR_UNSUPPORTED", "the key frame that the clip would begin with refers to frames before it");
}

/// The packets that the index names, by their positions in decode order.
class IndexedRun final : public PacketRun {
 public:
  IndexedRun(const PacketRunSpec& spec, std::unique_ptr<Demuxer> demuxer, Control& control)
      : spec_(spec), demuxer_(std::move(demuxer)), control_(control) {
    if (spec_.from_stream_start) {
      demuxer_->rewind();
      return;
    }
    has_first_ = demuxer_->seek(spec_.start, spec_.start.dts, *first_);
    if (!has_first_)
      throw AvError("ERR_DECODE", "the key packet that the clip begins with cannot be found", "av_seek_frame");
    check_key(demuxer_->stream(), *first_);
  }

  bool read(AVPacket& packet) override {
    if (!std::exchange(has_begun_, true)) hold_first();
    if (held_.empty()) return next(packet);
    av_packet_move_ref(&packet, held_.front().get());
    held_.pop_front();
    return true;
  }

  AVRational time_base() const override { return demuxer_->stream().time_base; }

 private:
  // Matroska keeps no decode timestamps, and libavformat tells none for packets whose order it has not seen yet, the
  // first ones of a stream with reordering: they get some before the first that is known, and before anything is shown.
  void hold_first() {
    auto earliest = INT64_MAX;
    for (bool is_known = false; !is_known && held_.size() < kMostReordered;) {
      auto packet = make_packet();
      if (!next(*packet)) break;
      is_known = packet->dts != AV_NOPTS_VALUE || packet->pts == AV_NOPTS_VALUE;
      earliest = std::min(earliest, packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts);
      held_.push_back(std::move(packet));
    }
    if (earliest == AV_NOPTS_VALUE) return;
    for (auto packet = held_.rbegin(); packet != held_.rend(); ++packet) {
      if ((*packet)->dts != AV_NOPTS_VALUE) continue;
      earliest -= std::max<std::int64_t>((*packet)->duration, 1);
      (*packet)->dts = earliest;
    }
  }

  bool next(AVPacket& packet) {
    for (;; ++position_) {
      if (position_ >= spec_.count) return false;
      if (has_first_) {
        av_packet_move_ref(&packet, first_.get());
        has_first_ = false;
      } else if (!demuxer_->read(packet)) {
        throw AvError("ERR_DECODE", "the file ends before the clip does", "av_read_frame");
      }
      if (!std::ranges::binary_search(spec_.dropped, position_)) break;
    }
    ++position_;
    const bool is_shown = packet.pts == AV_NOPTS_VALUE || (packet.pts >= spec_.from && packet.pts < spec_.to);
    if (!is_shown) packet.flags |= AV_PKT_FLAG_DISCARD;
    // The last frame may be shown for less long than in the source.
    if (is_shown && packet.pts != AV_NOPTS_VALUE && spec_.to != INT64_MAX && packet.pts + packet.duration > spec_.to) {
      packet.duration = spec_.to - packet.pts;
    }
    shift(packet, spec_.origin);
    control_.add(LaneWord::kPacketsCopied);
    return true;
  }

  static constexpr std::size_t kMostReordered = 16;  // of H.264 and HEVC
  PacketRunSpec spec_;
  std::unique_ptr<Demuxer> demuxer_;
  Control& control_;
  Packet first_ = make_packet();
  bool has_first_ = false;
  std::int64_t position_ = 0;
  std::deque<Packet> held_;
  bool has_begun_ = false;
};

/// The packets that overlap a stretch of time, of streams in which every packet can be decoded after a few before it.
class IntervalRun final : public PacketRun {
 public:
  IntervalRun(const PacketRunSpec& spec, std::unique_ptr<Demuxer> demuxer) : spec_(spec), demuxer_(std::move(demuxer)) {
    const AVRational given{spec_.time_base.num, spec_.time_base.den};
    const auto base = time_base();
    from_ = av_rescale_q(spec_.from, given, base);
    to_ = av_rescale_q(spec_.to, given, base);
    // Sound has a packet every moment; a subtitle that is still shown may have begun long before.
    const bool is_sparse = spec_.preroll < 0;
    demuxer_->seek_before(from_ - av_rescale_q(is_sparse ? kLongestSubtitleSeconds : 1, {1, 1}, base));
    if (is_sparse) demuxer_->stop_after(to_, base);
  }

  bool read(AVPacket& packet) override {
    if (!has_begun_) find_begin();
    has_begun_ = true;
    do {
      if (!next(packet)) return false;
    } while (ends_before(packet));
    if (packet.pts != AV_NOPTS_VALUE && packet.pts >= to_) {
      is_over_ = true;
      av_packet_unref(&packet);
      return false;
    }
    if (packet.pts != AV_NOPTS_VALUE && packet.pts + packet.duration > to_) packet.duration = to_ - packet.pts;
    if (spec_.preroll < 0 && packet.pts != AV_NOPTS_VALUE && packet.pts < from_) {
      packet.duration -= from_ - packet.pts;
      packet.pts = packet.dts = from_;
    }
    shift(packet, from_);
    return true;
  }

  AVRational time_base() const override { return demuxer_->stream().time_base; }

 private:
  bool next(AVPacket& packet) {
    if (waiting_.empty()) return !is_over_ && demuxer_->read(packet);
    av_packet_unref(&packet);
    av_packet_move_ref(&packet, waiting_.front().get());
    waiting_.pop_front();
    return true;
  }

  // Subtitles overlap: after one that is still shown there may be others that are not.
  bool ends_before(const AVPacket& packet) const {
    return spec_.preroll < 0 && packet.pts != AV_NOPTS_VALUE && packet.pts < from_ &&
           packet.pts + packet.duration <= from_;
  }

  void find_begin() {
    for (;;) {
      auto packet = make_packet();
      if (!demuxer_->read(*packet)) {
        is_over_ = true;
        // Whatever was passed on the way ended before the stretch began.
        waiting_.clear();
        return;
      }
      const bool overlaps =
          packet->pts == AV_NOPTS_VALUE || packet->pts + std::max<std::int64_t>(packet->duration, 1) > from_;
      waiting_.push_back(std::move(packet));
      if (overlaps) return;
      if (waiting_.size() > static_cast<std::size_t>(std::max(spec_.preroll, 0))) waiting_.pop_front();
    }
  }

  PacketRunSpec spec_;
  std::unique_ptr<Demuxer> demuxer_;
  std::int64_t from_ = 0;
  std::int64_t to_ = 0;
  std::deque<Packet> waiting_;
  bool has_begun_ = false;
  bool is_over_ = false;
};

class SpoolRun final : public PacketRun {
 public:
  explicit SpoolRun(const PacketRunSpec& spec) : spec_(spec), reader_(spec.path) {}

  bool read(AVPacket& packet) override {
    if (!reader_.read(packet)) return false;
    shift(packet, spec_.origin);
    packet.dts -= spec_.delay;
    return true;
  }

  AVRational time_base() const override { return reader_.time_base(); }
  bool is_encoded() const override { return true; }

 private:
  PacketRunSpec spec_;
  SpoolReader reader_;
};

}  // namespace

std::unique_ptr<PacketRun> open_run(const PacketRunSpec& spec, std::unique_ptr<Demuxer> demuxer, Control& control) {
  switch (spec.kind) {
    case PacketRunSpec::Kind::kIndexed:
      return std::make_unique<IndexedRun>(spec, std::move(demuxer), control);
    case PacketRunSpec::Kind::kInterval:
      return std::make_unique<IntervalRun>(spec, std::move(demuxer));
    case PacketRunSpec::Kind::kSpool:
      break;
  }
  return std::make_unique<SpoolRun>(spec);
}

}  // namespace framemill
