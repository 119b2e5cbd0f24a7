// Owns the spool: one encoded stream on its way from the worker that made it to the worker that writes the file it
// belongs to. A file of this machine and this FFmpeg for the length of one job; no format for keeping.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "av/ffmpeg.h"

namespace framemill {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// Packets with their timestamps, side data and flags, after the parameters of their stream. Not thread-safe. Errors
/// are ERR_IO.
class SpoolWriter {
 public:
  /// Creates or empties the file.
  SpoolWriter(std::string path, const AVCodecContext& encoder);
  void write(const AVPacket& packet);
  /// The last call. Without it a reader sees the end of the file as damage.
  void finish();

 private:
  void put(const void* data, std::size_t bytes);
  template <typename Value>
  void put_value(const Value& value);

  std::string path_;
  File file_;
};

class SpoolReader {
 public:
  explicit SpoolReader(std::string path);
  const AVCodecParameters& parameters() const { return *parameters_; }
  AVRational time_base() const { return time_base_; }
  AVRational frame_rate() const { return frame_rate_; }
  /// Packets in the order they were written; false at the end.
  bool read(AVPacket& packet);

 private:
  void get(void* data, std::size_t bytes);
  template <typename Value>
  Value get_value();

  std::string path_;
  File file_;
  CodecParameters parameters_;
  AVRational time_base_{1, 1};
  AVRational frame_rate_{0, 1};
};

}  // namespace framemill
