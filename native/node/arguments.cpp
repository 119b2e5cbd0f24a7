#include "node/arguments.h"

#include <cmath>

namespace framemill {

namespace {

constexpr double kMaxTicks = 9007199254740992.0;  // 2^53

[[noreturn]] void refuse(const Napi::Env& env, const std::string& name, const char* what) {
  throw Napi::TypeError::New(env, "Expected " + std::string(what) + " for " + name);
}

Napi::Value at(const Napi::Object& options, const char* key) { return options.Get(key); }

std::int64_t ticks(const Napi::Env& env, double value, const char* key) {
  if (std::isnan(value)) return KeyPoint::kNone;
  if (std::abs(value) > kMaxTicks || value != std::floor(value)) refuse(env, key, "integer ticks within 2^53");
  return static_cast<std::int64_t>(value);
}

template <typename Array>
Array require_array(const Napi::CallbackInfo& info, std::size_t position, const char* name, std::size_t length,
                    napi_typedarray_type type, const char* what) {
  const auto value = info[position];
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type) refuse(info.Env(), name, what);
  auto array = value.As<Array>();
  if (array.ElementLength() < length) refuse(info.Env(), name, "a longer array");
  return array;
}

}  // namespace

Napi::Object require_object(const Napi::CallbackInfo& info, std::size_t position, const char* name) {
  if (!info[position].IsObject()) refuse(info.Env(), name, "an object");
  return info[position].As<Napi::Object>();
}

Napi::Object require_object(const Napi::Object& options, const char* key) {
  const auto value = at(options, key);
  if (!value.IsObject()) refuse(options.Env(), key, "an object");
  return value.As<Napi::Object>();
}

Napi::Int32Array require_int32_array(const Napi::CallbackInfo& info, std::size_t position, const char* name,
                                     std::size_t length) {
  return require_array<Napi::Int32Array>(info, position, name, length, napi_int32_array, "an Int32Array");
}

Napi::Float32Array require_float32_array(const Napi::CallbackInfo& info, std::size_t position, const char* name,
                                         std::size_t length) {
  return require_array<Napi::Float32Array>(info, position, name, length, napi_float32_array, "a Float32Array");
}

Napi::Uint8Array require_uint8_array(const Napi::CallbackInfo& info, std::size_t position, const char* name,
                                     std::size_t length) {
  return require_array<Napi::Uint8Array>(info, position, name, length, napi_uint8_array, "a Uint8Array");
}

Napi::Float64Array require_float64_array(const Napi::CallbackInfo& info, std::size_t position, const char* name,
                                         std::size_t length) {
  return require_array<Napi::Float64Array>(info, position, name, length, napi_float64_array, "a Float64Array");
}

std::string require_string(const Napi::Object& options, const char* key) {
  const auto value = at(options, key);
  if (!value.IsString()) refuse(options.Env(), key, "a string");
  return value.As<Napi::String>().Utf8Value();
}

double require_number(const Napi::Object& options, const char* key) {
  const auto value = at(options, key);
  if (!value.IsNumber()) refuse(options.Env(), key, "a number");
  return value.As<Napi::Number>().DoubleValue();
}

int require_int(const Napi::Object& options, const char* key) {
  const auto value = require_number(options, key);
  if (!(value >= -2147483648.0 && value <= 2147483647.0)) refuse(options.Env(), key, "a 32-bit integer");
  return static_cast<int>(value);
}

bool require_bool(const Napi::Object& options, const char* key) {
  const auto value = at(options, key);
  if (!value.IsBoolean()) refuse(options.Env(), key, "a boolean");
  return value.As<Napi::Boolean>().Value();
}

std::int64_t require_ticks(const Napi::Object& options, const char* key) {
  return ticks(options.Env(), require_number(options, key), key);
}

std::vector<std::int64_t> require_ticks_list(const Napi::Object& options, const char* key) {
  const auto value = at(options, key);
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) {
    refuse(options.Env(), key, "a Float64Array");
  }
  const auto array = value.As<Napi::Float64Array>();
  std::vector<std::int64_t> list;
  list.reserve(array.ElementLength());
  for (std::size_t i = 0; i < array.ElementLength(); ++i) {
    const auto next = ticks(options.Env(), array[i], key);
    if (!list.empty() && next <= list.back()) refuse(options.Env(), key, "ascending ticks");
    list.push_back(next);
  }
  return list;
}

std::vector<float> require_floats(const Napi::Object& options, const char* key) {
  const auto value = at(options, key);
  if (!value.IsArray() || value.As<Napi::Array>().Length() != 4) refuse(options.Env(), key, "an array of four numbers");
  const auto array = value.As<Napi::Array>();
  std::vector<float> list;
  for (std::uint32_t i = 0; i < 4; ++i) {
    const Napi::Value item = array[i];
    if (!item.IsNumber()) refuse(options.Env(), key, "an array of four numbers");
    list.push_back(item.As<Napi::Number>().FloatValue());
  }
  return list;
}

Fraction require_fraction(const Napi::Object& options, const char* key) {
  const auto value = at(options, key);
  if (!value.IsObject()) refuse(options.Env(), key, "a fraction");
  const auto fraction = value.As<Napi::Object>();
  const Fraction result{require_int(fraction, "num"), require_int(fraction, "den")};
  if (result.num < 0 || result.den < 1) refuse(options.Env(), key, "a fraction");
  return result;
}

NamedValues require_named_values(const Napi::Object& options, const char* key) {
  const auto value = at(options, key);
  if (!value.IsArray() || value.As<Napi::Array>().Length() % 2 != 0) refuse(options.Env(), key, "names and values");
  const auto array = value.As<Napi::Array>();
  const auto text = [&](std::uint32_t i) {
    const auto item = array.Get(i);
    if (!item.IsString()) refuse(options.Env(), key, "names and values");
    return item.As<Napi::String>().Utf8Value();
  };
  NamedValues values;
  for (std::uint32_t i = 0; i < array.Length(); i += 2) values.emplace_back(text(i), text(i + 1));
  return values;
}

SourceSpec require_source(const Napi::Object& options) {
  return {require_string(options, "url"), require_string(options, "protocols"),
          require_bool(options, "allowPlaylists")};
}

}  // namespace framemill
