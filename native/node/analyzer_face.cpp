#include "node/analyzer_face.h"

#include <algorithm>

#include "node/arguments.h"
#include "node/environment.h"
#include "node/sampler_arguments.h"

namespace framemill {

namespace {

// What is measured is small; sums of squares over larger pictures would need wider integers.
constexpr int kLongestSide = 1024;

void require_small(const Napi::Env& env, int width, int height) {
  if (width < 1 || height < 1 || width > kLongestSide || height > kLongestSide)
    throw Napi::RangeError::New(env, "Expected a picture of 1 to 1024 pixels a side");
}

std::span<std::byte> bytes_of(Napi::Uint8Array array) {
  return {reinterpret_cast<std::byte*>(array.Data()), array.ByteLength()};
}

Napi::Uint8Array copy_of(const Napi::Env& env, std::span<const std::uint8_t> bytes) {
  auto copy = Napi::Uint8Array::New(env, bytes.size());
  std::ranges::copy(bytes, copy.Data());
  return copy;
}

}  // namespace

Napi::Function AnalyzerFace::define(Napi::Env env) {
  return DefineClass(
      env, "Analyzer",
      {InstanceMethod("startOver", &AnalyzerFace::start_over), InstanceMethod("begin", &AnalyzerFace::begin),
       InstanceMethod("step", &AnalyzerFace::step), InstanceMethod("progress", &AnalyzerFace::progress),
       InstanceMethod("ends", &AnalyzerFace::ends), InstanceMethod("lastError", &AnalyzerFace::last_error),
       InstanceMethod("close", &AnalyzerFace::close)});
}

AnalyzerFace::AnalyzerFace(const Napi::CallbackInfo& info) : Napi::ObjectWrap<AnalyzerFace>(info) {
  const auto options = require_object(info, 0, "options");
  AnalysisSpec spec{require_sampler(options), require_output(require_object(options, "output")),
                    require_bool(options, "edges")};
  spec.sampler.draft = require_bool(options, "draft");
  require_small(info.Env(), spec.output.width, spec.output.height);
  if (spec.output.pixel_format != "rgb24" || spec.output.tensor.wanted)
    throw Napi::RangeError::New(info.Env(), "Expected rgb24 pictures for output");
  guarded(info.Env(), [&] {
    door_ = open_analyzer(std::move(spec), environment(info.Env()).control);
    return info.Env().Undefined();
  });
}

AnalysisDoor& AnalyzerFace::open_door() {
  if (!door_) throw AvError("ERR_CLOSED", "the analyzer is closed");
  return *door_;
}

Napi::Value AnalyzerFace::start_over(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    open_door().start_over();
    return info.Env().Undefined();
  });
}

Napi::Value AnalyzerFace::begin(const Napi::CallbackInfo& info) {
  auto segment = require_segment(require_object(info, 0, "segment"));
  return guarded(info.Env(), [&] {
    open_door().begin(std::move(segment));
    return info.Env().Undefined();
  });
}

/// step(numbers: Float32Array, marks: Uint8Array): Outcome. Keeps no pointer after it returns.
Napi::Value AnalyzerFace::step(const Napi::CallbackInfo& info) {
  auto numbers = require_float32_array(info, 0, "numbers", numbers_per_picture());
  auto marks = require_uint8_array(info, 1, "marks", mark_bytes_per_picture());
  return guarded(info.Env(), [&] {
    const auto outcome = open_door().step({numbers.Data(), numbers.ElementLength()}, bytes_of(marks));
    return Napi::Number::New(info.Env(), static_cast<int>(outcome));
  });
}

Napi::Value AnalyzerFace::progress(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    auto result = Napi::Object::New(info.Env());
    result.Set("done", static_cast<double>(open_door().done()));
    result.Set("missing", static_cast<double>(open_door().missing()));
    return result;
  });
}

Napi::Value AnalyzerFace::ends(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    auto result = Napi::Object::New(info.Env());
    result.Set("first", copy_of(info.Env(), open_door().first_picture()));
    result.Set("last", copy_of(info.Env(), open_door().last_picture()));
    return result;
  });
}

Napi::Value AnalyzerFace::last_error(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return Napi::String::New(info.Env(), open_door().last_error()); });
}

Napi::Value AnalyzerFace::close(const Napi::CallbackInfo& info) {
  door_.reset();
  return info.Env().Undefined();
}

Napi::Value analysis_row(const Napi::CallbackInfo& info) {
  auto result = Napi::Object::New(info.Env());
  result.Set("numbers", static_cast<double>(numbers_per_picture()));
  result.Set("markBytes", static_cast<double>(mark_bytes_per_picture()));
  return result;
}

/// measureChange({ width, height, edges }, before: Uint8Array, now: Uint8Array, numbers: Float32Array)
Napi::Value measure_change_of_pictures(const Napi::CallbackInfo& info) {
  const auto options = require_object(info, 0, "options");
  const int width = require_int(options, "width");
  const int height = require_int(options, "height");
  require_small(info.Env(), width, height);
  const bool edges = require_bool(options, "edges");
  const auto before = require_uint8_array(info, 1, "before", 1);
  const auto now = require_uint8_array(info, 2, "now", 1);
  auto numbers = require_float32_array(info, 3, "numbers", numbers_per_picture());
  return guarded(info.Env(), [&] {
    measure_change_between(width, height, edges, bytes_of(before), bytes_of(now),
                           {numbers.Data(), numbers.ElementLength()});
    return info.Env().Undefined();
  });
}

}  // namespace framemill
