// Owns one libavfilter graph of one input and one output: frames in, frames out. Knows neither files nor codecs.
#pragma once

#include <string>

#include "av/error_log.h"
#include "av/ffmpeg.h"

namespace framemill {

/// ERR_UNSUPPORTED: `frame` has another size or format than the pictures before it.
AvError changed_in_midstream(int width, int height, AVPixelFormat format, const AVFrame& frame);

/// Pictures or sound, as the frame it is made for. Not thread-safe. Protocol: after each push(), and after drain(),
/// pull() until it returns false. Faults are ERR_UNSUPPORTED for a graph that cannot be made, ERR_ENCODE for one that
/// fails.
class FilterGraph {
 public:
  /// `description` as in `ffmpeg -vf`. Frames pushed are like `like`, with timestamps in `time_base`.
  FilterGraph(const AVFrame& like, AVRational time_base, AVRational frame_rate, const std::string& description);

  /// Takes the frame's buffers and leaves it blank.
  void push(AVFrame& frame);
  void drain();
  bool pull(AVFrame& frame);
  /// From now on pull() gives frames of that many samples, the last one excepted.
  void set_frame_size(int samples);

  AVRational time_base() const { return av_buffersink_get_time_base(sink_); }
  AVRational frame_rate() const { return av_buffersink_get_frame_rate(sink_); }

 private:
  AVFilterContext* add(const char* filter, const char* name);
  int checked(int result, const char* call, const char* code) const;

  ErrorLog log_;
  FilterGraphContext graph_;  // after log_: closing may still log
  AVFilterContext* source_ = nullptr;
  AVFilterContext* sink_ = nullptr;
  AVPixelFormat pixel_format_ = AV_PIX_FMT_NONE;
  int width_ = 0;
  int height_ = 0;
};

}  // namespace framemill
