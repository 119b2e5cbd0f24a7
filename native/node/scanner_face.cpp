#include "node/scanner_face.h"

#include <algorithm>

#include "av/doors.h"
#include "node/arguments.h"
#include "node/environment.h"

namespace framemill {

namespace {

template <typename Array, typename Value>
Array column(const Napi::Env& env, const std::vector<Value>& values) {
  auto array = Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

}  // namespace

Napi::Value scan(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto options = require_object(info, 0, "source");
  auto source = require_source(options);
  const int stream_index = require_int(options, "streamIndex");
  return guarded(env, [&] {
    const auto columns = scan_packets(std::move(source), stream_index, *environment(env).control);
    auto result = Napi::Object::New(env);
    result.Set("pts", column<Napi::Float64Array>(env, columns.pts));
    result.Set("dts", column<Napi::Float64Array>(env, columns.dts));
    result.Set("duration", column<Napi::Float64Array>(env, columns.duration));
    result.Set("size", column<Napi::Uint32Array>(env, columns.size));
    result.Set("flags", column<Napi::Uint8Array>(env, columns.flags));
    result.Set("damagedEnd", columns.damaged_end);
    return result;
  });
}

}  // namespace framemill
