// Owns one encoded result of a decode: filter graph, encoder and spool for the pictures of one stream.
#pragma once

#include <map>
#include <optional>

#include "av/control.h"
#include "av/encoder.h"
#include "av/filter_graph.h"
#include "av/specs.h"
#include "av/spool.h"

namespace framemill {

/// Not thread-safe. Graph and encoder are made for the first frame.
class PictureOutput {
 public:
  explicit PictureOutput(PictureOutputSpec spec, Control& control);

  /// Encodes one frame, shown from `ticks` of `time_base` on. Keeps a reference to its buffers, not the frame.
  void take(const AVFrame& frame, std::int64_t ticks, AVRational time_base);
  /// Encodes what is on its way and closes the file. The last call. Throws ERR_DECODE when no frame came.
  PictureOutputFacts finish();

 private:
  void encode_filtered();
  void encode(Frame frame);
  void send(const Frame& frame, std::int64_t duration);
  void open_encoder(const AVFrame& first);
  void make_graph(const AVFrame& first);
  void collect();
  void stop_if_cancelled(const char* call) const;

  PictureOutputSpec spec_;
  Control& control_;
  AVRational time_base_;
  std::optional<FilterGraph> graph_;
  bool has_started_ = false;
  std::optional<Encoder> encoder_;
  std::optional<SpoolWriter> spool_;
  Frame filtered_ = make_frame();
  Frame held_;  // waits for the next one, which tells how long it lasts
  Packet packet_ = make_packet();
  std::map<std::int64_t, std::int64_t> durations_;  // by timestamp, of frames inside the encoder
  std::int64_t last_duration_ = 1;
  std::int64_t frames_ = 0;
};

}  // namespace framemill
