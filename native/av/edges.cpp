#include "av/edges.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace framemill {

namespace {

struct Gradients {
  std::vector<int> x, y, size;
};

Gradients sobel(const Plane& plane, int width, int height) {
  Gradients gradients;
  for (auto* values : {&gradients.x, &gradients.y, &gradients.size}) values->resize(plane.size());
  const auto at = [&](int x, int y) {
    return static_cast<int>(
        plane[static_cast<std::size_t>(std::clamp(y, 0, height - 1) * width + std::clamp(x, 0, width - 1))]);
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int right = at(x + 1, y - 1) + 2 * at(x + 1, y) + at(x + 1, y + 1);
      const int left = at(x - 1, y - 1) + 2 * at(x - 1, y) + at(x - 1, y + 1);
      const int below = at(x - 1, y + 1) + 2 * at(x, y + 1) + at(x + 1, y + 1);
      const int above = at(x - 1, y - 1) + 2 * at(x, y - 1) + at(x + 1, y - 1);
      const auto i = static_cast<std::size_t>(y * width + x);
      gradients.x[i] = right - left;
      gradients.y[i] = below - above;
      gradients.size[i] = std::abs(gradients.x[i]) + std::abs(gradients.y[i]);
    }
  }
  return gradients;
}

double median_of(const Plane& plane) {
  std::array<std::size_t, 256> counts{};
  for (const auto value : plane) ++counts[value];
  const auto nth = [&](std::size_t n) {
    std::size_t below = 0;
    for (int value = 0; value < 256; ++value) {
      below += counts[static_cast<std::size_t>(value)];
      if (below > n) return value;
    }
    return 255;
  };
  return (nth((plane.size() - 1) / 2) + nth(plane.size() / 2)) / 2.0;
}

constexpr std::uint8_t kNone = 0;
constexpr std::uint8_t kWeak = 1;
constexpr std::uint8_t kEdge = 255;

/// Ridges of the gradient: pixels stronger than both neighbours across the edge.
Plane thin(const Gradients& gradients, int width, int height, double low, double high) {
  Plane edges(gradients.size.size(), kNone);
  const auto size_at = [&](int x, int y) {
    return x < 0 || y < 0 || x >= width || y >= height ? 0 : gradients.size[static_cast<std::size_t>(y * width + x)];
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto i = static_cast<std::size_t>(y * width + x);
      const int size = gradients.size[i];
      if (size <= low) continue;
      const double across = std::abs(gradients.x[i]);
      const double down = std::abs(gradients.y[i]);
      // tan 22.5 and tan 67.5 degrees part horizontal, vertical and diagonal gradients.
      constexpr double kFlat = 0.41421356237309503;
      constexpr double kSteep = 2.414213562373095;
      bool is_ridge = false;
      if (down < across * kFlat) {
        is_ridge = size > size_at(x - 1, y) && size >= size_at(x + 1, y);
      } else if (down > across * kSteep) {
        is_ridge = size > size_at(x, y - 1) && size >= size_at(x, y + 1);
      } else {
        const int slant = (gradients.x[i] ^ gradients.y[i]) < 0 ? -1 : 1;
        is_ridge = size > size_at(x - slant, y - 1) && size > size_at(x + slant, y + 1);
      }
      if (is_ridge) edges[i] = size > high ? kEdge : kWeak;
    }
  }
  return edges;
}

/// Weak ridges stay where they lead to a strong one.
void follow(Plane& edges, int width, int height) {
  std::vector<int> open;
  for (int i = 0; i < width * height; ++i) {
    if (edges[static_cast<std::size_t>(i)] == kEdge) open.push_back(i);
  }
  while (!open.empty()) {
    const int from = open.back();
    open.pop_back();
    for (int y = std::max(0, from / width - 1); y <= std::min(height - 1, from / width + 1); ++y) {
      for (int x = std::max(0, from % width - 1); x <= std::min(width - 1, from % width + 1); ++x) {
        auto& edge = edges[static_cast<std::size_t>(y * width + x)];
        if (edge != kWeak) continue;
        edge = kEdge;
        open.push_back(y * width + x);
      }
    }
  }
  std::ranges::replace(edges, kWeak, kNone);
}

/// A square as wide as PySceneDetect's ContentDetector takes for this size of picture.
int kernel_size(int width, int height) {
  const int size = 4 + static_cast<int>(std::lround(std::sqrt(static_cast<double>(width) * height) / 192));
  return size % 2 == 0 ? size + 1 : size;
}

/// The maximum of each pixel's neighbours along one line of `length` values, `step` apart.
void widen(const std::uint8_t* in, std::uint8_t* out, int length, int step, int reach) {
  for (int i = 0, left = reach; i < length; ++i) {
    left = in[static_cast<std::ptrdiff_t>(i) * step] == kEdge ? 0 : left + 1;
    if (left <= reach) out[static_cast<std::ptrdiff_t>(i) * step] = kEdge;
  }
  for (int i = length - 1, right = reach; i >= 0; --i) {
    right = in[static_cast<std::ptrdiff_t>(i) * step] == kEdge ? 0 : right + 1;
    if (right <= reach) out[static_cast<std::ptrdiff_t>(i) * step] = kEdge;
  }
}

Plane dilate(const Plane& edges, int width, int height) {
  const int reach = kernel_size(width, height) / 2;
  Plane wide(edges.size(), kNone);
  for (int y = 0; y < height; ++y)
    widen(&edges[static_cast<std::size_t>(y * width)], &wide[static_cast<std::size_t>(y * width)], width, 1, reach);
  Plane tall(edges.size(), kNone);
  for (int x = 0; x < width; ++x)
    widen(&wide[static_cast<std::size_t>(x)], &tall[static_cast<std::size_t>(x)], height, width, reach);
  return tall;
}

}  // namespace

Plane dilated_edges(const Plane& plane, int width, int height) {
  const double median = median_of(plane);
  const double low = std::max(0.0, median * 2 / 3);
  const double high = std::min(255.0, median * 4 / 3);
  auto edges = thin(sobel(plane, width, height), width, height, std::floor(low), std::floor(high));
  follow(edges, width, height);
  return dilate(edges, width, height);
}

}  // namespace framemill
