// Owns FFmpeg's log: nothing is printed; errors of a codec, container or filter graph are counted and kept for whoever opened it.
// This is the only place that learns of faults which libavcodec conceals without a return code.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace framemill {

/// Collects error lines of the contexts whose `opaque` points at it. Registered while it lives; lines may arrive on
/// any decoder thread. Set FRAMEMILL_FFMPEG_LOG=1 to let FFmpeg print to stderr as well.
class ErrorLog {
 public:
  ErrorLog();
  ~ErrorLog();
  ErrorLog(const ErrorLog&) = delete;
  ErrorLog& operator=(const ErrorLog&) = delete;

  /// Error lines seen so far.
  std::uint64_t count() const { return count_.load(std::memory_order_acquire); }
  /// The newest error line, without its newline; empty when there was none.
  std::string last() const;

  void record(std::string line);

 private:
  std::atomic<std::uint64_t> count_{0};
  mutable std::mutex mutex_;
  std::string last_;
};

}  // namespace framemill
