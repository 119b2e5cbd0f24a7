#include "av/tensor.h"

#include <cstring>


namespace framemill {

namespace {

// By memcpy: a row of floats may start anywhere in the caller's memory.
template <typename Convert>
void write(const Surface& picture, int channels, bool channels_first, std::byte* out, Convert convert) {
  using Value = decltype(convert(std::uint8_t{}, 0));
  const auto plane = static_cast<std::ptrdiff_t>(picture.width) * picture.height;
  for (int y = 0; y < picture.height; ++y) {
    const auto* in = picture.data[0] + static_cast<std::ptrdiff_t>(y) * picture.stride[0];
    const auto row = static_cast<std::ptrdiff_t>(y) * picture.width;
    for (int c = 0; c < channels; ++c) {
      const std::ptrdiff_t first = channels_first ? c * plane + row : row * channels + c;
      const std::ptrdiff_t step = channels_first ? 1 : channels;
      for (int x = 0; x < picture.width; ++x) {
        const Value value = convert(in[x * channels + c], c);
        std::memcpy(out + (first + x * step) * static_cast<std::ptrdiff_t>(sizeof value), &value, sizeof value);
      }
    }
  }
}

}  // namespace

std::size_t tensor_bytes(const TensorSpec& spec, int width, int height, int channels) {
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * static_cast<std::size_t>(channels) *
         (spec.is_float ? sizeof(float) : 1);
}

void write_tensor(const TensorSpec& spec, const Surface& picture, int channels, std::span<std::byte> out) {
  if (!spec.is_float) {
    write(picture, channels, spec.channels_first, out.data(),
          [](std::uint8_t value, int) { return value; });
    return;
  }
  std::array<std::array<float, 256>, 4> values{};
  for (std::size_t c = 0; c < 4; ++c) {
    for (std::size_t v = 0; v < 256; ++v) {
      values[c][v] = (static_cast<float>(v) / 255.0F - spec.mean[c]) / spec.deviation[c];
    }
  }
  write(picture, channels, spec.channels_first, out.data(),
        [&values](std::uint8_t value, int c) { return values[static_cast<std::size_t>(c)][value]; });
}

}  // namespace framemill
