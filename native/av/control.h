// Owns the native side of a lane: cancel flag, stall limit and counters in memory shared with the main thread.
// The word order is the border's: src/native/lane-words.ts has the same list, and a test compares them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace framemill {

enum class LaneWord : std::size_t {
  kCancel = 0,
  kStallMs = 1,
  kPacketsRead = 2,
  kFramesDecoded = 3,
  kFramesSkipped = 4,
  kFramesConverted = 5,
  kSeeks = 6,
  kProgressPermille = 7,
  kFramesEncoded = 8,
  kPacketsCopied = 9,
  kNativeWords = 10,
};

/// Borrowed view of a lane's native words. Every member may be called from any thread of the process.
class Control {
 public:
  /// `words` must stay valid until the next attach; null detaches.
  void attach(std::int32_t* words);

  bool cancelled() const;
  /// True when the work should end: cancelled, or no progress for longer than the stall limit.
  bool interrupted() const;
  bool stalled() const;
  /// The work moved on; the stall clock starts again.
  void touch();

  void add(LaneWord word, std::int32_t amount = 1);
  void set(LaneWord word, std::int32_t value);

 private:
  std::int32_t load(LaneWord word) const;
  std::int32_t* words_ = nullptr;
  std::atomic<std::int64_t> touched_ms_{0};
};

}  // namespace framemill
