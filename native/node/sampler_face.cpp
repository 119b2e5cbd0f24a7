#include "node/sampler_face.h"

#include <algorithm>

#include "node/arguments.h"
#include "node/environment.h"
#include "node/sampler_arguments.h"

namespace framemill {

namespace {

// Where next() puts its facts; src/native/binding.ts reads the same places.
enum Fact : std::size_t { kTarget, kPts, kKey, kDamaged, kWidth, kHeight, kFormat, kBytes, kFactCount };

std::array<float, 4> four(const std::vector<float>& values) {
  std::array<float, 4> result{};
  std::copy_n(values.begin(), 4, result.begin());
  return result;
}

OutputSpec output_spec(const Napi::Object& options) {
  return {
      .pixel_format = require_string(options, "pixelFormat"),
      .width = require_int(options, "width"),
      .height = require_int(options, "height"),
      .image_x = require_int(options, "imageX"),
      .image_y = require_int(options, "imageY"),
      .image_width = require_int(options, "imageWidth"),
      .image_height = require_int(options, "imageHeight"),
      .crop_x = require_number(options, "cropX"),
      .crop_y = require_number(options, "cropY"),
      .crop_width = require_number(options, "cropWidth"),
      .crop_height = require_number(options, "cropHeight"),
      .scale_filter = require_string(options, "scaleFilter"),
      .tone_map = require_bool(options, "toneMap"),
      .orientation = {require_bool(options, "transpose"), require_bool(options, "mirrorX"), require_bool(options, "mirrorY")},
      .tensor = {require_bool(options, "tensor"), require_bool(options, "float32"), require_bool(options, "channelsFirst"),
                 four(require_floats(options, "mean")), four(require_floats(options, "deviation"))},
  };
}

/// Memory safety does not hang on TypeScript's arithmetic: the picture must lie on its canvas.
void require_placement(const Napi::Env& env, const OutputSpec& output) {
  const bool as_decoded = output.width == 0 && output.height == 0 && output.pixel_format.empty() && !output.tensor.wanted;
  const bool fits = output.width > 0 && output.height > 0 && output.image_width > 0 && output.image_height > 0 &&
                    output.image_x >= 0 && output.image_y >= 0 && output.image_x <= output.width - output.image_width &&
                    output.image_y <= output.height - output.image_height;
  const auto within = [](double at, double length) { return at >= 0 && length > 0 && at + length <= 1 + 1e-9; };
  const bool crops = within(output.crop_x, output.crop_width) && within(output.crop_y, output.crop_height);
  const bool tensor_format = !output.tensor.wanted || output.pixel_format == "rgb24" || output.pixel_format == "rgba" ||
                             output.pixel_format == "gray";
  if (!(as_decoded || fits) || !crops || !tensor_format) {
    throw Napi::RangeError::New(env, "Expected a picture that lies on its canvas for output");
  }
}

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
  auto output = output_spec(require_object(info, 0, "output"));
  require_placement(info.Env(), output);
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
