#include "av/control.h"

namespace framemill {

namespace {

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

void Control::attach(std::int32_t* words) {
  words_ = words;
  touch();
}

std::int32_t Control::load(LaneWord word) const {
  if (words_ == nullptr) return 0;
  return std::atomic_ref<std::int32_t>(words_[static_cast<std::size_t>(word)]).load(std::memory_order_acquire);
}

bool Control::cancelled() const { return load(LaneWord::kCancel) != 0; }

bool Control::stalled() const {
  const auto limit = load(LaneWord::kStallMs);
  return limit > 0 && now_ms() - touched_ms_.load(std::memory_order_relaxed) > limit;
}

bool Control::interrupted() const { return cancelled() || stalled(); }

void Control::touch() { touched_ms_.store(now_ms(), std::memory_order_relaxed); }

void Control::add(LaneWord word, std::int32_t amount) {
  if (words_ == nullptr) return;
  std::atomic_ref<std::int32_t>(words_[static_cast<std::size_t>(word)]).fetch_add(amount, std::memory_order_relaxed);
}

void Control::set(LaneWord word, std::int32_t value) {
  if (words_ == nullptr) return;
  std::atomic_ref<std::int32_t>(words_[static_cast<std::size_t>(word)]).store(value, std::memory_order_release);
}

}  // namespace framemill
