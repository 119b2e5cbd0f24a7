// Owns the guards of the border: type, size and range, no more than memory safety needs. They read as sentences.
#pragma once

#include <napi.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "av/error.h"
#include "av/specs.h"

namespace framemill {

Napi::Object require_object(const Napi::CallbackInfo& info, std::size_t position, const char* name);
Napi::Object require_object(const Napi::Object& options, const char* key);
Napi::Int32Array require_int32_array(const Napi::CallbackInfo& info, std::size_t position, const char* name, std::size_t length);
Napi::Float32Array require_float32_array(const Napi::CallbackInfo& info, std::size_t position, const char* name, std::size_t length);
Napi::Uint8Array require_uint8_array(const Napi::CallbackInfo& info, std::size_t position, const char* name, std::size_t length);
Napi::Float64Array require_float64_array(const Napi::CallbackInfo& info, std::size_t position, const char* name, std::size_t length);

std::string require_string(const Napi::Object& options, const char* key);
double require_number(const Napi::Object& options, const char* key);
int require_int(const Napi::Object& options, const char* key);
bool require_bool(const Napi::Object& options, const char* key);
/// Ticks: an integer within +-2^53, or NaN for "no timestamp".
std::int64_t require_ticks(const Napi::Object& options, const char* key);
std::vector<std::int64_t> require_ticks_list(const Napi::Object& options, const char* key);
std::vector<float> require_floats(const Napi::Object& options, const char* key);

Fraction require_fraction(const Napi::Object& options, const char* key);
/// A list of strings in which names and values take turns.
NamedValues require_named_values(const Napi::Object& options, const char* key);
/// A list of objects, each read by `read`.
template <typename Read>
auto require_list(const Napi::Object& options, const char* key, Read read) {
  const auto value = options.Get(key);
  if (!value.IsArray()) throw Napi::TypeError::New(options.Env(), std::string("Expected an array for ") + key);
  const auto array = value.As<Napi::Array>();
  std::vector<decltype(read(std::declval<Napi::Object>()))> list;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const auto item = array.Get(i);
    if (!item.IsObject()) throw Napi::TypeError::New(options.Env(), std::string("Expected objects in ") + key);
    list.push_back(read(item.As<Napi::Object>()));
  }
  return list;
}

SourceSpec require_source(const Napi::Object& options);

/// Runs `body`, giving an AvError to JavaScript as an Error with `code`, `call` and `avError`.
template <typename Body>
Napi::Value guarded(const Napi::Env& env, Body body) {
  try {
    return body();
  } catch (const AvError& fault) {
    auto error = Napi::Error::New(env, fault.what());
    error.Set("code", Napi::String::New(env, fault.code));
    error.Set("call", Napi::String::New(env, fault.call));
    error.Set("avError", Napi::Number::New(env, fault.av_error));
    throw error;
  }
}

}  // namespace framemill
