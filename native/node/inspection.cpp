#include "node/inspection.h"

#include <algorithm>

#include "av/doors.h"
#include "node/arguments.h"
#include "node/environment.h"
#include "node/sampler_arguments.h"

namespace framemill {

namespace {

template <typename Values>
Napi::Array numbers(const Napi::Env& env, const Values& values) {
  auto array = Napi::Array::New(env, values.size());
  std::uint32_t i = 0;
  for (const auto value : values) array.Set(i++, Napi::Number::New(env, value));
  return array;
}

Napi::Object require_part(const Napi::Object& options, const char* key) {
  const auto value = options.Get(key);
  if (!value.IsObject()) throw Napi::TypeError::New(options.Env(), std::string("Expected an object for ") + key);
  return value.As<Napi::Object>();
}

}  // namespace

Napi::Value random_access_of_source(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto options = require_object(info, 0, "options");
  auto source = require_source(options);
  const int stream_index = require_int(options, "streamIndex");
  const auto keys = require_list(options, "keys", [](const Napi::Object& key) {
    return KeyPoint{require_ticks(key, "pts"), require_ticks(key, "dts")};
  });
  return guarded(env, [&] {
    const auto facts = random_access(std::move(source), stream_index, keys, *environment(env).control);
    auto result = Napi::Object::New(env);
    result.Set("kinds", numbers(env, facts.kinds));
    result.Set("setIds", numbers(env, facts.set_ids));
    return result;
  });
}

/// compareFrames({one, other, oneSegment, otherSegment}): Float64Array.
Napi::Value compare(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto options = require_object(info, 0, "options");
  ComparisonSpec spec{require_sampler(require_part(options, "one")), require_sampler(require_part(options, "other")),
                      require_segment(require_part(options, "oneSegment")),
                      require_segment(require_part(options, "otherSegment"))};
  if (spec.one_segment.targets.size() != spec.other_segment.targets.size()) {
    throw Napi::RangeError::New(env, "Expected as many targets in both segments");
  }
  return guarded(env, [&] {
    const auto values = compare_frames(std::move(spec), environment(env).control);
    auto result = Napi::Float64Array::New(env, values.size());
    std::ranges::copy(values, result.Data());
    return result;
  });
}

Napi::Value transcode_text(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto options = require_object(info, 0, "options");
  SubtitleSpec spec{.source = require_source(options),
                    .stream_index = require_int(options, "streamIndex"),
                    .time_base = require_fraction(options, "timeBase"),
                    .start = require_ticks(options, "start"),
                    .end = require_ticks(options, "end"),
                    .path = require_string(options, "path"),
                    .encoder = require_string(options, "encoder")};
  return guarded(env, [&] {
    transcode_subtitles(std::move(spec), *environment(env).control);
    return env.Undefined();
  });
}

}  // namespace framemill
