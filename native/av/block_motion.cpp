// Block matching: each block of 8 x 8 of the halved luma is sought in the halved luma before, at every place within
// kReach, with parabolas through the sums of absolute differences for parts of a pixel. Pan and zoom are fitted to the
// vectors by least squares, anew without the blocks that do not follow (as for global motion in MPEG-4 and for camera
// motion in MPEG-7: S. Jeannin, A. Divakaran, "MPEG-7 visual motion descriptors", 2001).
#include "av/block_motion.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace framemill {

namespace {

constexpr int kBlock = 8;
constexpr int kReach = 8;
constexpr int kPixels = kBlock * kBlock;
// What matches as well in place has not moved; what matches about as well has moved by less than a pixel.
constexpr int kStillDifference = kPixels / 2;
constexpr int kNearDifference = 2 * kPixels;
// A block that matches nowhere better than this has left or was covered.
constexpr int kLostDifference = 16 * kPixels;
// Blocks as flat as this look alike wherever they are put.
constexpr int kFlatRange = 12;
// Pixels of the halved picture that a block may be off pan and zoom and still follow them.
constexpr double kFollows = 1.5;
constexpr int kFits = 3;

struct Vector {
  double x = 0, y = 0;    // of the block's centre, from the picture's centre
  double dx = 0, dy = 0;  // content moved by
  bool is_sure = false;   // textured, and found again
};

int difference(const std::uint8_t* one, const std::uint8_t* other, int stride) {
  int sum = 0;
  for (int y = 0; y < kBlock; ++y) {
    for (int x = 0; x < kBlock; ++x) sum += std::abs(one[x] - other[x]);
    one += stride;
    other += stride;
  }
  return sum;
}

bool is_flat(const std::uint8_t* block, int stride) {
  std::uint8_t low = 255;
  std::uint8_t high = 0;
  for (int y = 0; y < kBlock; ++y, block += stride) {
    for (int x = 0; x < kBlock; ++x) {
      low = std::min(low, block[x]);
      high = std::max(high, block[x]);
    }
  }
  return high - low < kFlatRange;
}

constexpr int kOutside = std::numeric_limits<int>::max() / 4;

/// Where between its neighbours the smallest of three sums lies, -0.5 to 0.5: the vertex of a parabola through them.
double vertex(int before, int least, int after) {
  const int bend = before - 2 * least + after;
  if (bend <= 0 || std::max(before, after) >= kOutside) return 0;
  return std::clamp(0.5 * (before - after) / bend, -0.5, 0.5);
}

class Search {
 public:
  Search(const SmallPicture& before, const SmallPicture& now)
      : before_(before.half), now_(now.half), width_(now.half_width), height_(now.half_height) {}

  std::vector<Vector> vectors() const {
    std::vector<Vector> found;
    for (int top = 0; top + kBlock <= height_; top += kBlock) {
      for (int left = 0; left + kBlock <= width_; left += kBlock) found.push_back(vector_of(left, top));
    }
    return found;
  }

 private:
  const std::uint8_t* at(const Plane& plane, int x, int y) const {
    return plane.data() + static_cast<std::ptrdiff_t>(y) * width_ + x;
  }

  int compare(int left, int top, int dx, int dy) const {
    const int x = left + dx;
    const int y = top + dy;
    if (x < 0 || y < 0 || x + kBlock > width_ || y + kBlock > height_) return kOutside;
    return difference(at(now_, left, top), at(before_, x, y), width_);
  }

  Vector vector_of(int left, int top) const {
    Vector vector{.x = left + kBlock / 2.0 - width_ / 2.0, .y = top + kBlock / 2.0 - height_ / 2.0};
    const bool flat = is_flat(at(now_, left, top), width_);
    int least = compare(left, top, 0, 0);
    if (least <= kStillDifference) {
      vector.is_sure = !flat;
      return vector;
    }
    int best_x = 0;
    int best_y = 0;
    const int reach = least <= kNearDifference ? 0 : kReach;
    for (int dy = -reach; dy <= reach; ++dy) {
      for (int dx = -reach; dx <= reach; ++dx) {
        const int sum = compare(left, top, dx, dy);
        const bool is_nearer = dx * dx + dy * dy < best_x * best_x + best_y * best_y;
        if (sum > least || (sum == least && !is_nearer)) continue;
        least = sum;
        best_x = dx;
        best_y = dy;
      }
    }
    if (least > kLostDifference) {
      // Gone further than can be followed, at least as far as was sought.
      vector.dx = kReach;
      return vector;
    }
    const auto sum = [&](int dx, int dy) { return compare(left, top, best_x + dx, best_y + dy); };
    // Content came from there, so it moved the other way.
    vector.dx = -(best_x + vertex(sum(-1, 0), least, sum(1, 0)));
    vector.dy = -(best_y + vertex(sum(0, -1), least, sum(0, 1)));
    vector.is_sure = !flat;
    return vector;
  }

  const Plane& before_;
  const Plane& now_;
  int width_;
  int height_;
};

/// dx = pan_x + zoom * x, dy = pan_y + zoom * y.
struct Camera {
  double pan_x = 0, pan_y = 0, zoom = 0;

  double off(const Vector& vector) const {
    return std::hypot(vector.dx - pan_x - zoom * vector.x, vector.dy - pan_y - zoom * vector.y);
  }
};

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Least squares over the blocks that follow `guess`; `guess` itself when they are too few to tell.
Camera fitted(const std::vector<Vector>& vectors, const Camera& guess, double tolerance) {
  double count = 0, x = 0, y = 0, dx = 0, dy = 0;
  for (const auto& vector : vectors) {
    if (!vector.is_sure || guess.off(vector) > tolerance) continue;
    ++count;
    x += vector.x;
    y += vector.y;
    dx += vector.dx;
    dy += vector.dy;
  }
  constexpr double kFewest = 6;
  if (count < kFewest) return guess;
  x /= count;
  y /= count;
  dx /= count;
  dy /= count;
  double spread = 0, along = 0;
  for (const auto& vector : vectors) {
    if (!vector.is_sure || guess.off(vector) > tolerance) continue;
    spread += (vector.x - x) * (vector.x - x) + (vector.y - y) * (vector.y - y);
    along += (vector.x - x) * (vector.dx - dx) + (vector.y - y) * (vector.dy - dy);
  }
  Camera camera{dx, dy, spread > 0 ? along / spread : 0};
  camera.pan_x -= camera.zoom * x;
  camera.pan_y -= camera.zoom * y;
  return camera;
}

Camera camera_of(const std::vector<Vector>& vectors) {
  std::vector<double> across, down;
  for (const auto& vector : vectors) {
    if (!vector.is_sure) continue;
    across.push_back(vector.dx);
    down.push_back(vector.dy);
  }
  Camera camera{median(std::move(across)), median(std::move(down)), 0};
  // A zoom moves the borders by more than the middle: the first fit takes what lies further off the median.
  for (int fit = 0; fit < kFits; ++fit) camera = fitted(vectors, camera, kFollows * (kFits - fit));
  return camera;
}

}  // namespace

Motion motion_between(const SmallPicture& before, const SmallPicture& now) {
  const auto vectors = Search(before, now).vectors();
  if (vectors.empty()) {
    constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
    return {kNone, kNone, kNone, kNone, kNone};
  }
  const auto camera = camera_of(vectors);
  double length = 0, own = 0;
  for (const auto& vector : vectors) {
    length += std::hypot(vector.dx, vector.dy);
    // Where there is no texture, what moved is the camera's guess.
    if (vector.is_sure) own += camera.off(vector);
  }
  const auto sure = static_cast<double>(std::ranges::count_if(vectors, &Vector::is_sure));
  const double width = now.half_width;
  const double height = now.half_height;
  return {.mean = static_cast<float>(length / static_cast<double>(vectors.size()) / width),
          .pan_x = static_cast<float>(camera.pan_x / width),
          .pan_y = static_cast<float>(camera.pan_y / height),
          .zoom = static_cast<float>(camera.zoom),
          .object = static_cast<float>(sure > 0 ? own / sure / width : 0)};
}

}  // namespace framemill
