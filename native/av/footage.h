// Owns synthetic footage: what a hand-held camera might have seen, drawn frame by frame. Encodes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "av/ffmpeg.h"
#include "av/texture.h"

namespace framemill {

/// A textured scene under a panning, shaking camera, a figure that moves in front of it, a lamp that flickers, noise of
/// the sensor, and a cut to another scene every so many frames. The same arguments give the same bytes on every
/// machine.
class Footage {
 public:
  /// Width and height are even and at least 16.
  Footage(int width, int height, std::uint32_t seed, int scene_frames);

  /// Draws frame `index` (from 0 on) into a writable YUV420P frame of that size. A frame of another scene than the one
  /// before costs that of making the scene on top.
  void draw(int index, AVFrame& frame);

 private:
  struct Scene {
    int number;
    std::uint32_t seed;
    Texture background, figure;
  };
  /// A place in sixteenths of a sample.
  struct Place {
    int x, y;
  };

  const Scene& scene(int number);
  Place camera(int step) const;
  Place figure_corner(int step) const;
  int lamp(int step) const;
  void draw_span(const Plane& source, Place from, const std::int8_t* noise, int light, std::uint8_t* target,
                 int length) const;
  const std::int8_t* noise_of_row(std::uint32_t seed, int y) const;

  int width_, height_;
  std::uint32_t seed_;
  int scene_frames_;
  int margin_x_, margin_y_;  // of the background around the picture in its middle
  int radius_x_, radius_y_;  // of the figure
  std::vector<std::int8_t> noise_;
  std::optional<Scene> scene_;
};

}  // namespace framemill
