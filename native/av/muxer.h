// Owns one file being written: header, packets of its streams, trailer. Encodes nothing.
#pragma once

#include "av/control.h"
#include "av/error_log.h"
#include "av/ffmpeg.h"
#include "av/specs.h"

namespace framemill {

/// Not thread-safe. Order: tags, chapters and streams, begin(), write() packets, finish(). A muxer that goes away
/// without finish() leaves an incomplete file behind, so give it a temporary name and rename after finish(). Errors:
/// ERR_IO when the file system refused, ERR_UNSUPPORTED when the format did.
class Muxer {
 public:
  /// Creates or empties the file at `path`, which is a path and never a URL. `format` is FFmpeg's name of the
  /// container, `options` are generic ones and the container's own ("movflags").
  /// A cancelled `control` ends the moving of a container's index to the front, which reads and writes the whole file.
  Muxer(const std::string& path, const std::string& format, const Options& options, Control* control = nullptr);

  /// Encoders of this container must put parameter sets into their header (EncoderSpec::global_header).
  bool wants_global_header() const { return (format_->oformat->flags & AVFMT_GLOBALHEADER) != 0; }

  void tag(const std::string& key, const std::string& value);
  void add_chapter(const ChapterFacts& chapter);
  /// A stream of what this open encoder makes; its index.
  int add_stream(const AVCodecContext& encoder);
  /// A stream with these parameters; the container's own tag for the codec replaces one that it does not know.
  AVStream& add_stream(const AVCodecParameters& parameters, AVRational time_base);
  /// Samples by which packets of a stream have to come later than their encoder says, so that readers show them on time.
  std::int64_t delay_of(const AVCodecParameters& parameters) const;
  /// The container has a way to hold this codec.
  bool takes(AVCodecID codec) const;
  void begin();
  /// Takes the packet's reference and leaves it blank. Its timestamps are in `time_base`, ascending by dts per stream.
  void write(AVPacket& packet, int stream_index, AVRational time_base);
  /// Writes the trailer and closes the file.
  void finish();

 private:
  int check_output(int result, const char* call) const;
  AVStream& new_stream();

  ErrorLog log_;
  OutputContext format_;  // after log_: closing may still log
};

}  // namespace framemill
