// Owns the one exception of native/av. Free of libav types, so native/node may include it.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace framemill {

/// A fault of the world. `code` is one of VideoErrorCode in src/errors.ts, or "CANCELLED" when the lane asked for it.
class AvError : public std::runtime_error {
 public:
  AvError(std::string code, const std::string& reason, std::string call = "", int av_error = 0)
      : std::runtime_error(reason), code(std::move(code)), call(std::move(call)), av_error(av_error) {}

  const std::string code;
  const std::string call;
  const int av_error;
};

}  // namespace framemill
