// Owns what one Node environment (main thread or worker) shares between its native objects: the lane it works under.
#pragma once

#include <napi.h>

#include <memory>

#include "av/control.h"

namespace framemill {

/// Instance data of the addon; destroyed with its thread.
struct Environment {
  std::shared_ptr<Control> control = std::make_shared<Control>();
  Napi::Reference<Napi::Int32Array> lane;  // keeps the shared words alive while `control` points at them
};

Environment& environment(const Napi::Env& env);

/// useLane(words | null): counters, cancel flag and stall limit of every call that follows on this thread.
Napi::Value use_lane(const Napi::CallbackInfo& info);
/// laneWords(): the order of the native words, for the test that compares both sides of the border.
Napi::Value lane_words(const Napi::CallbackInfo& info);

}  // namespace framemill
