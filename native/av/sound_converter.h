// Owns bringing sound of one rate to another: frames in, frames out, each with its place. Knows no files and no codecs.
#pragma once

#include <cstdint>

#include "av/filter_graph.h"

namespace framemill {

/// Not thread-safe. Protocol: after each push(), and after drain(), pull() until it returns false.
class SoundConverter {
 public:
  /// For frames like this one, which begins at sample `at` of the rate wanted and is followed by others without a
  /// break.
  SoundConverter(const AVFrame& like, int rate, std::int64_t at);

  bool takes(const AVFrame& frame) const;
  /// Takes the frame's buffers and leaves it blank.
  void push(AVFrame& frame);
  void drain() { graph_.drain(); }
  /// `at` becomes the sample that the frame begins with.
  bool pull(AVFrame& frame, std::int64_t& at);

 private:
  FilterGraph graph_;
  Frame like_ = make_frame();
  std::int64_t pushed_ = 0;
  std::int64_t next_;
};

}  // namespace framemill
