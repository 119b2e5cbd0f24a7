#include "node/sound_face.h"

#include "node/arguments.h"
#include "node/environment.h"

namespace framemill {

Napi::Function SoundFace::define(Napi::Env env) {
  return DefineClass(env, "SoundTranscoder",
                     {InstanceMethod("step", &SoundFace::step), InstanceMethod("seconds", &SoundFace::seconds),
                      InstanceMethod("close", &SoundFace::close)});
}

SoundFace::SoundFace(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SoundFace>(info) {
  const auto options = require_object(info, 0, "options");
  SoundSpec spec{.source = require_source(options),
                 .stream_index = require_int(options, "streamIndex"),
                 .time_base = require_fraction(options, "timeBase"),
                 .start = require_ticks(options, "start"),
                 .end = require_ticks(options, "end"),
                 .filter = require_string(options, "filter"),
                 .path = require_string(options, "path"),
                 .encoder = require_string(options, "encoder"),
                 .sample_rate = require_int(options, "sampleRate"),
                 .channels = require_int(options, "channels"),
                 .options = require_named_values(options, "options")};
  guarded(info.Env(), [&] {
    door_ = open_sound_transcoder(std::move(spec), environment(info.Env()).control);
    return info.Env().Undefined();
  });
}

SoundDoor& SoundFace::open_door() {
  if (!door_) throw AvError("ERR_CLOSED", "the sound transcoder is closed");
  return *door_;
}

Napi::Value SoundFace::step(const Napi::CallbackInfo& info) {
  if (!info[0].IsNumber()) throw Napi::TypeError::New(info.Env(), "Expected a number for packets");
  const int packets = info[0].As<Napi::Number>().Int32Value();
  return guarded(info.Env(), [&] { return Napi::Boolean::New(info.Env(), open_door().step(packets)); });
}

Napi::Value SoundFace::seconds(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return Napi::Number::New(info.Env(), open_door().seconds()); });
}

Napi::Value SoundFace::close(const Napi::CallbackInfo& info) {
  door_.reset();
  return info.Env().Undefined();
}

}  // namespace framemill
