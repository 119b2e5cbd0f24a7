// Owns the way from a decoded frame to the bytes a caller asked for: crop, scale, tone map, turn, place, tensor.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "av/scaler.h"
#include "av/tensor.h"
#include "av/tone_map.h"

namespace framemill {

/// Not thread-safe; scratch pictures are kept from frame to frame.
class Picture {
 public:
  /// Throws ERR_UNSUPPORTED for a pixel format or scale filter that FFmpeg does not know.
  explicit Picture(OutputSpec spec);

  PictureFacts facts(const AVFrame& frame) const;

  /// Writes tightly packed planes (or one tensor row) to the start of `out`, which holds at least facts().bytes.
  /// With Scaler::kOverrun spare bytes behind that, swscale writes straight into `out`; without them one copy is made.
  void write(const AVFrame& frame, std::span<std::byte> out);

 private:
  /// A picture of our own that grows when needed.
  class Scratch {
   public:
    Surface fit(AVPixelFormat format, int width, int height);

   private:
    Frame frame_;
  };

  void write_as_decoded(const AVFrame& frame, const PictureFacts& wanted, std::span<std::byte> out) const;
  void render(const AVFrame& frame, const Surface& image, bool has_overrun);
  void scale(const AVFrame& frame, const Surface& image);
  CropRect crop(const AVFrame& frame) const;

  OutputSpec spec_;
  AVPixelFormat format_;  // NONE: as decoded
  int filter_flags_;
  Scaler scaler_;
  std::optional<ToneMap> tone_map_;
  Scratch scaled_, wide_, canvas_;
  Frame shrunk_;
};

}  // namespace framemill
