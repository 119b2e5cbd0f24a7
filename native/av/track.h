// Owns one track of a file being written: its runs one after the other, and what their packets need to stand in one
// stream.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "av/muxer.h"
#include "av/nal_units.h"
#include "av/packet_run.h"

namespace framemill {

/// Gives the packets of all runs in decode order, dts ascending. A run is opened when the one before it has ended.
class Track {
 public:
  using OpenDemuxer = std::function<std::unique_ptr<Demuxer>(int stream_index)>;

  /// Adds the stream to `muxer`, like `stream` of the source or like what its spool holds.
  Track(const TrackSpec& spec, const AVStream& stream, Muxer& muxer);

  void add(PacketRunSpec run) { runs_.push_back(std::move(run)); }
  /// The next packet, or null at the end; it stays until take().
  const AVPacket* peek(const OpenDemuxer& open, Control& control);
  AVPacket& take();
  AVRational time_base() const { return run_->time_base(); }
  int index() const { return index_; }

 private:
  void open_next(const OpenDemuxer& open, Control& control);
  void fit();

  TrackSpec spec_;
  int index_ = 0;
  std::int64_t later_ = 0;  // ticks of the spool
  AVCodecID codec_ = AV_CODEC_ID_NONE;
  NalFraming framing_;
  std::vector<Bytes> own_sets_, edge_sets_;  // HEVC: repeated in the stream wherever it passes from one to the other
  std::deque<PacketRunSpec> runs_;
  std::unique_ptr<PacketRun> run_;
  PacketRunSpec current_;
  Packet packet_ = make_packet(), following_ = make_packet();
  bool has_packet_ = false, has_following_ = false;
  bool begins_run_ = false;
  std::int64_t last_dts_ = INT64_MIN;
  AVRational last_base_{1, 1};
};

}  // namespace framemill
