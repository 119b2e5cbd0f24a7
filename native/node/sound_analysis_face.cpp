#include "node/sound_analysis_face.h"

#include "node/arguments.h"
#include "node/environment.h"

namespace framemill {

Napi::Function SoundAnalysisFace::define(Napi::Env env) {
  return DefineClass(
      env, "SoundAnalyzer",
      {InstanceMethod("step", &SoundAnalysisFace::step), InstanceMethod("seconds", &SoundAnalysisFace::seconds),
       InstanceMethod("duration", &SoundAnalysisFace::duration),
       InstanceMethod("takeWindows", &SoundAnalysisFace::take_windows),
       InstanceMethod("gaps", &SoundAnalysisFace::gaps), InstanceMethod("lastError", &SoundAnalysisFace::last_error),
       InstanceMethod("close", &SoundAnalysisFace::close)});
}

SoundAnalysisFace::SoundAnalysisFace(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SoundAnalysisFace>(info) {
  const auto options = require_object(info, 0, "options");
  SoundAnalysisSpec spec{.source = require_source(options),
                         .stream_index = require_int(options, "streamIndex"),
                         .time_base = require_fraction(options, "timeBase"),
                         .start = require_ticks(options, "start"),
                         .end = require_ticks(options, "end")};
  if (spec.time_base.num < 1) throw Napi::TypeError::New(info.Env(), "Expected a fraction above 0 for timeBase");
  if (spec.start == KeyPoint::kNone) throw Napi::TypeError::New(info.Env(), "Expected ticks for start");
  guarded(info.Env(), [&] {
    door_ = open_sound_analyzer(std::move(spec), environment(info.Env()).control);
    return info.Env().Undefined();
  });
}

SoundAnalysisDoor& SoundAnalysisFace::open_door() {
  if (!door_) throw AvError("ERR_CLOSED", "the sound analyzer is closed");
  return *door_;
}

Napi::Value SoundAnalysisFace::step(const Napi::CallbackInfo& info) {
  if (!info[0].IsNumber()) throw Napi::TypeError::New(info.Env(), "Expected a number for packets");
  const int packets = info[0].As<Napi::Number>().Int32Value();
  return guarded(info.Env(), [&] { return Napi::Boolean::New(info.Env(), open_door().step(packets)); });
}

Napi::Value SoundAnalysisFace::seconds(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return Napi::Number::New(info.Env(), open_door().seconds()); });
}

Napi::Value SoundAnalysisFace::duration(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return Napi::Number::New(info.Env(), open_door().duration()); });
}

Napi::Value SoundAnalysisFace::take_windows(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    auto& door = open_door();
    auto windows = Napi::Float32Array::New(info.Env(), door.windows() * SoundAnalysisDoor::kColumns);
    door.take({windows.Data(), windows.ElementLength()});
    return windows;
  });
}

Napi::Value SoundAnalysisFace::gaps(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  return guarded(env, [&] {
    const auto gaps = open_door().gaps();
    auto list = Napi::Array::New(env, gaps.size());
    for (std::uint32_t i = 0; i < gaps.size(); ++i) {
      auto gap = Napi::Object::New(env);
      gap.Set("start", gaps[i].start);
      gap.Set("end", gaps[i].end);
      gap.Set("reason", gaps[i].reason);
      list.Set(i, gap);
    }
    return list;
  });
}

Napi::Value SoundAnalysisFace::last_error(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return Napi::String::New(info.Env(), open_door().last_error()); });
}

Napi::Value SoundAnalysisFace::close(const Napi::CallbackInfo& info) {
  door_.reset();
  return info.Env().Undefined();
}

}  // namespace framemill
