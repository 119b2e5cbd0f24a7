#include "node/sampler_face.h"

#include "node/arguments.h"
#include "node/environment.h"
#include "node/sampler_arguments.h"

namespace framemill {

namespace {

// Where next() puts its facts; src/native/binding.ts reads the same places.
enum Fact : std::size_t { kTarget, kPts, kKey, kDamaged, kWidth, kHeight, kFormat, kBytes, kFactCount };

}  // namespace

Napi::Function SamplerFace::define(Napi::Env env) {
  return DefineClass(env, "Sampler",
                     {InstanceMethod("configure", &SamplerFace::configure), InstanceMethod("begin", &SamplerFace::begin),
                      InstanceMethod("next", &SamplerFace::next), InstanceMethod("lastError", &SamplerFace::last_error),
                      InstanceMethod("close", &SamplerFace::close)});
}

SamplerFace::SamplerFace(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SamplerFace>(info) {
  const auto options = require_object(info, 0, "options");
  auto spec = require_sampler(options);
  guarded(info.Env(), [&] {
    door_ = open_sampler(std::move(spec), environment(info.Env()).control);
    return info.Env().Undefined();
  });
}

SamplingDoor& SamplerFace::open_door() {
  if (!door_) throw AvError("ERR_CLOSED", "the sampler is closed");
  return *door_;
}

Napi::Value SamplerFace::configure(const Napi::CallbackInfo& info) {
  auto output = require_output(require_object(info, 0, "output"));
  return guarded(info.Env(), [&] {
    open_door().configure(std::move(output));
    return info.Env().Undefined();
  });
}

Napi::Value SamplerFace::begin(const Napi::CallbackInfo& info) {
  auto segment = require_segment(require_object(info, 0, "segment"));
  return guarded(info.Env(), [&] {
    open_door().begin(std::move(segment));
    return info.Env().Undefined();
  });
}

/// next(pixels: Uint8Array | null, facts: Float64Array): Outcome. Keeps no pointer after it returns.
Napi::Value SamplerFace::next(const Napi::CallbackInfo& info) {
  std::span<std::byte> pixels;
  if (!info[0].IsNull()) {
    if (!info[0].IsTypedArray() || info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
      throw Napi::TypeError::New(info.Env(), "Expected a Uint8Array or null for pixels");
    }
    auto array = info[0].As<Napi::Uint8Array>();
    pixels = {reinterpret_cast<std::byte*>(array.Data()), array.ByteLength()};
  }
  auto out = require_float64_array(info, 1, "facts", kFactCount);
  return guarded(info.Env(), [&] {
    FrameFacts facts;
    const auto outcome = open_door().next(pixels, facts);
    out[kTarget] = static_cast<double>(facts.target);
    out[kPts] = static_cast<double>(facts.pts);
    out[kKey] = facts.is_key ? 1 : 0;
    out[kDamaged] = facts.is_damaged ? 1 : 0;
    out[kWidth] = facts.picture.width;
    out[kHeight] = facts.picture.height;
    out[kFormat] = facts.picture.format;
    out[kBytes] = static_cast<double>(facts.picture.bytes);
    return Napi::Number::New(info.Env(), static_cast<int>(outcome));
  });
}

Napi::Value SamplerFace::last_error(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return Napi::String::New(info.Env(), open_door().last_error()); });
}

Napi::Value SamplerFace::close(const Napi::CallbackInfo& info) {
  door_.reset();
  return info.Env().Undefined();
}

}  // namespace framemill
