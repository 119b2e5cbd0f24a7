// Owns the last step of a batch: packed 8-bit pixels into one row of a tensor.
#pragma once

#include <cstddef>
#include <span>

#include "av/orient.h"

namespace framemill {

std::size_t tensor_bytes(const TensorSpec& spec, int width, int height, int channels);

/// `picture` is RGB24, RGBA or GRAY8; `out` has tensor_bytes().
void write_tensor(const TensorSpec& spec, const Surface& picture, int channels, std::span<std::byte> out);

}  // namespace framemill
