#include "node/transcoder_face.h"

#include "node/arguments.h"
#include "node/environment.h"
#include "node/sampler_arguments.h"

namespace framemill {

namespace {

PictureOutputSpec output_spec(const Napi::Object& options) {
  const int threads = require_int(options, "threads");
  if (threads < 1 || threads > 64) throw Napi::RangeError::New(options.Env(), "Expected 1 to 64 for threads");
  return {.path = require_string(options, "path"),
          .filter = require_string(options, "filter"),
          .encoder = require_string(options, "encoder"),
          .pixel_format = require_string(options, "pixelFormat"),
          .time_base = require_fraction(options, "timeBase"),
          .frame_rate = require_fraction(options, "frameRate"),
          .end = require_ticks(options, "end"),
          .threads = threads,
          .options = require_named_values(options, "options")};
}

}  // namespace

Napi::Function TranscoderFace::define(Napi::Env env) {
  return DefineClass(
      env, "Transcoder",
      {InstanceMethod("begin", &TranscoderFace::begin), InstanceMethod("step", &TranscoderFace::step),
       InstanceMethod("progress", &TranscoderFace::progress), InstanceMethod("lastError", &TranscoderFace::last_error),
       InstanceMethod("finish", &TranscoderFace::finish), InstanceMethod("close", &TranscoderFace::close)});
}

TranscoderFace::TranscoderFace(const Napi::CallbackInfo& info) : Napi::ObjectWrap<TranscoderFace>(info) {
  const auto options = require_object(info, 0, "options");
  TranscodeSpec spec{require_sampler(options), require_ticks(options, "origin"),
                     require_list(options, "outputs", output_spec)};
  spec.sampler.hardware = require_string(options, "hardware");
  guarded(info.Env(), [&] {
    door_ = open_transcoder(std::move(spec), environment(info.Env()).control);
    return info.Env().Undefined();
  });
}

TranscodingDoor& TranscoderFace::open_door() {
  if (!door_) throw AvError("ERR_CLOSED", "the transcoder is closed");
  return *door_;
}

Napi::Value TranscoderFace::begin(const Napi::CallbackInfo& info) {
  auto segment = require_segment(require_object(info, 0, "segment"));
  return guarded(info.Env(), [&] {
    open_door().begin(std::move(segment));
    return info.Env().Undefined();
  });
}

Napi::Value TranscoderFace::step(const Napi::CallbackInfo& info) {
  if (!info[0].IsNumber()) throw Napi::TypeError::New(info.Env(), "Expected a number for frames");
  const int frames = info[0].As<Napi::Number>().Int32Value();
  return guarded(info.Env(), [&] { return Napi::Number::New(info.Env(), static_cast<int>(open_door().step(frames))); });
}

Napi::Value TranscoderFace::progress(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    auto result = Napi::Object::New(info.Env());
    result.Set("done", static_cast<double>(open_door().done()));
    result.Set("missing", static_cast<double>(open_door().missing()));
    result.Set("device", open_door().device());
    return result;
  });
}

Napi::Value TranscoderFace::last_error(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return Napi::String::New(info.Env(), open_door().last_error()); });
}

/// Closes whatever comes of it: spools whose end could not be written cannot be continued.
Napi::Value TranscoderFace::finish(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  return guarded(env, [&] {
    open_door();
    const auto door = std::move(door_);
    const auto outputs = door->finish();
    auto result = Napi::Array::New(env, outputs.size());
    for (std::uint32_t i = 0; i < outputs.size(); ++i) {
      auto facts = Napi::Object::New(env);
      facts.Set("frames", static_cast<double>(outputs[i].frames));
      facts.Set("width", outputs[i].width);
      facts.Set("height", outputs[i].height);
      facts.Set("pixelFormat", outputs[i].pixel_format);
      result.Set(i, facts);
    }
    return result;
  });
}

Napi::Value TranscoderFace::close(const Napi::CallbackInfo& info) {
  door_.reset();
  return info.Env().Undefined();
}

}  // namespace framemill
