#include "av/footage.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace framemill {

namespace {

constexpr int kSub = 16;  // places per sample
constexpr std::uint32_t kNoiseLength = 1U << 15;

int even(int value) { return value & ~1; }

}  // namespace

Footage::Footage(int width, int height, std::uint32_t seed, int scene_frames)
    : width_(width),
      height_(height),
      seed_(seed),
      scene_frames_(scene_frames),
      margin_x_(even(width / 5) + 4),
      margin_y_(even(height / 6) + 4),
      radius_x_(std::max(2, std::min(width, height) / 8)),
      radius_y_(std::max(2, std::min(width, height) / 5)),
      noise_(kNoiseLength + static_cast<std::size_t>(width)) {
  for (std::size_t i = 0; i < noise_.size(); ++i) {
    noise_[i] = static_cast<std::int8_t>(std::popcount(scramble(seed, static_cast<std::uint32_t>(i), 7) & 0xFFU) - 4);
  }
}

const Footage::Scene& Footage::scene(int number) {
  if (!scene_ || scene_->number != number) {
    const auto seed = scramble(seed_, static_cast<std::uint32_t>(number), 1);
    const int coarsest =
        static_cast<int>(std::bit_floor(static_cast<unsigned>(std::max(16, std::min(width_, height_) / 4))));
    scene_.reset();
    scene_.emplace(Scene{number, seed,
                         make_texture(scramble(seed, 2), width_ + 2 * margin_x_, height_ + 2 * margin_y_, coarsest),
                         make_texture(scramble(seed, 3), 2 * radius_x_ + 4, 2 * radius_y_ + 4, coarsest / 2)});
  }
  return *scene_;
}

// A slow pan, the sway of the body and the tremble of the hands.
Footage::Place Footage::camera(int step) const {
  const auto at = [&](std::uint32_t axis, int length) {
    return wander(scramble(scene_->seed, axis, 4), step, 90, length * kSub / 7) +
           wander(scramble(scene_->seed, axis, 5), step, 19, length * kSub / 200) +
           wander(scramble(scene_->seed, axis, 6), step, 7, length * kSub / 600);
  };
  return {margin_x_ * kSub + at(0, width_), margin_y_ * kSub + at(1, height_)};
}

// Its middle strays at most a third and a quarter of the picture from the picture's middle, so that it lies inside.
Footage::Place Footage::figure_corner(int step) const {
  return {(width_ / 2 - radius_x_) * kSub + wander(scramble(scene_->seed, 7), step, 70, width_ * kSub / 3),
          (height_ / 2 - radius_y_) * kSub + wander(scramble(scene_->seed, 8), step, 50, height_ * kSub / 4)};
}

// A lamp that flickers, now more, now less. Flicker is what keeps an encoder from making every frame between two
// P-frames a B-frame, as footage without any surprise would let it.
int Footage::lamp(int step) const {
  const int range = 8 + wander(scramble(scene_->seed, 9), step, 30, 8);
  const auto bits = scramble(scene_->seed, 10, static_cast<std::uint32_t>(step));
  return static_cast<int>(bits % static_cast<std::uint32_t>(2 * range + 1)) - range;
}

const std::int8_t* Footage::noise_of_row(std::uint32_t seed, int y) const {
  return noise_.data() + scramble(seed, static_cast<std::uint32_t>(y)) % kNoiseLength;
}

// Bilinear. The four weights add up to 256, so that 16 bits hold every sum. Light stays within 16 and noise within 4,
// together the distance that a texture keeps from both ends.
void Footage::draw_span(const Plane& source, Place from, const std::int8_t* noise, int light, std::uint8_t* target,
                        int length) const {
  const auto* above = source.row(from.y / kSub) + from.x / kSub;
  const auto* below = above + source.width;
  const int right = from.x % kSub;
  const int down = from.y % kSub;
  const auto w00 = static_cast<std::uint16_t>((kSub - right) * (kSub - down));
  const auto w01 = static_cast<std::uint16_t>(right * (kSub - down));
  const auto w10 = static_cast<std::uint16_t>((kSub - right) * down);
  const auto w11 = static_cast<std::uint16_t>(right * down);
  for (int x = 0; x < length; ++x) {
    const auto sum =
        static_cast<std::uint16_t>(above[x] * w00 + above[x + 1] * w01 + below[x] * w10 + below[x + 1] * w11 + 128);
    target[x] = static_cast<std::uint8_t>((sum >> 8) + noise[x] + light);
  }
}

void Footage::draw(int index, AVFrame& frame) {
  const auto& [number, seed, background, figure] = scene(index / scene_frames_);
  const int step = index % scene_frames_;
  const auto eye = camera(step);
  const auto corner = figure_corner(step);
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int half = plane == 0 ? 1 : 2;
    const int light = plane == 0 ? lamp(step) : 0;
    const auto noise_seed = scramble(seed, static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(plane));
    const auto row = [&](int y) { return frame.data[plane] + static_cast<std::ptrdiff_t>(y) * frame.linesize[plane]; };
    for (int y = 0; y < height_ / half; ++y) {
      const Place from = {eye.x / half, eye.y / half + y * kSub};
      draw_span(background[plane], from, noise_of_row(noise_seed, y), light, row(y), width_ / half);
    }
    // An ellipse that covers whole samples; the texture in it moves by fractions.
    const int radius_x = radius_x_ / half;
    const int radius_y = radius_y_ / half;
    const int left = corner.x / half;
    const int top = corner.y / half;
    const int middle = (left + kSub - 1) / kSub + radius_x;
    const int first = (top + kSub - 1) / kSub;
    for (int y = first; y < first + 2 * radius_y; ++y) {
      const double height = (y - first - radius_y + 0.5) / radius_y;
      // IEEE 754 prescribes every bit of a square root: it is the same everywhere.
      const int reach = static_cast<int>(radius_x * std::sqrt(1 - height * height));
      const int x = middle - reach;
      const Place from = {x * kSub - left, y * kSub - top};
      draw_span(figure[plane], from, noise_of_row(noise_seed, y) + x, light, row(y) + x, 2 * reach);
    }
  }
}

}  // namespace framemill
