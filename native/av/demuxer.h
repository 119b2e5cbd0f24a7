// Owns one open container and the packets of one of its streams. Decodes nothing, knows no pixels.
#pragma once

#include <cstdint>

#include "av/control.h"
#include "av/error_log.h"
#include "av/ffmpeg.h"
#include "av/specs.h"

namespace framemill {

/// Reads packets of one stream in decode order. Not thread-safe; `control` must outlive it.
class Demuxer {
 public:
  Demuxer(SourceSpec spec, Control& control);

  AVFormatContext& format() { return *format_; }
  AVStream& stream() { return *format_->streams[stream_index_]; }
  const AVStream& stream() const { return *format_->streams[stream_index_]; }

  /// Chooses the stream whose packets read() gives; all others are discarded unread where the container allows it.
  void select(int stream_index);

  /// Ends the selected stream, a sparse one such as subtitles, once the pictures are past `ticks` of `base`: where a file has no index of
  /// every packet, the stream's next one may be hours away, and all between would be read.
  void stop_after(std::int64_t ticks, AVRational base);

  /// Next packet of the selected stream; false at the end. A read error ends the stream too (see damaged_end), as a
  /// truncated file still has frames worth having. Throws AvError CANCELLED or ERR_TIMEOUT.
  bool read(AVPacket& packet);

  /// Reads the packet of `key` into `first`. From positions at or after `near_dts` it reads on rather than seeks (kNone:
  /// from the start of the file too). Returns false when no position of the file leads to the key.
  bool seek(const KeyPoint& key, std::int64_t near_dts, AVPacket& first);

  /// Goes to a place from which the selected stream's packets at and after `ticks` are read; the start of the file where the
  /// container cannot be sought.
  void seek_before(std::int64_t ticks);

  /// Back to the first packet, as after opening.
  void rewind();

  /// The stream ended by a read error rather than at its end.
  bool damaged_end() const { return damaged_end_; }
  const ErrorLog& log() const { return log_; }

 private:
  void open();
  bool read_until(const KeyPoint& key, AVPacket& packet, bool bounded);
  [[noreturn]] void throw_interrupted(const char* call);
  void stamp(AVPacket& packet);

  SourceSpec spec_;
  Control& control_;
  ErrorLog log_;
  FormatContext format_;
  int stream_index_ = -1;
  int guide_ = -1;
  std::int64_t guide_end_ = INT64_MAX;
  bool fresh_ = true;           // nothing read since open()
  bool damaged_end_ = false;
  std::int64_t position_dts_ = KeyPoint::kNone;
  std::int64_t next_stamp_ = KeyPoint::kNone;
  bool has_timestamps_ = false;
};

}  // namespace framemill
