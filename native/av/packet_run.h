// Owns runs of packets that follow each other in one track of a file being written: from the source or from a spool.
#pragma once

#include <memory>
#include <vector>

#include "av/demuxer.h"
#include "av/specs.h"

namespace framemill {

/// Longer than any subtitle is shown: those that begin before a clip are still found.
constexpr std::int64_t kLongestSubtitleSeconds = 60;

/// Gives packets in decode order with timestamps in time_base(), zero at the clip's start. Not thread-safe.
class PacketRun {
 public:
  virtual ~PacketRun() = default;
  /// False at the end. Flags say which packets are for decoding only (AV_PKT_FLAG_DISCARD).
  virtual bool read(AVPacket& packet) = 0;
  virtual AVRational time_base() const = 0;
  /// Encoded for this clip rather than copied.
  virtual bool is_encoded() const { return false; }
};

/// Opens what the run reads. `demuxer` has selected the stream of the track, and is the run's from now on; null for a
/// spool.
std::unique_ptr<PacketRun> open_run(const PacketRunSpec& spec, std::unique_ptr<Demuxer> demuxer, Control& control);

}  // namespace framemill
