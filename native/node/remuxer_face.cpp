#include "node/remuxer_face.h"

#include "node/arguments.h"
#include "node/environment.h"

namespace framemill {

namespace {

RemuxSpec remux_spec(const Napi::Object& options) {
  return {.source = require_source(options),
          .path = require_string(options, "path"),
          .format = require_string(options, "format"),
          .options = require_named_values(options, "options"),
          .tags = require_named_values(options, "tags"),
          .chapters = require_list(options, "chapters", [](const Napi::Object& chapter) {
            return ChapterFacts{require_number(chapter, "start"), require_number(chapter, "end"),
                                require_string(chapter, "title")};
          })};
}

PacketRunSpec::Kind kind_of(const Napi::Object& options) {
  const auto kind = require_string(options, "kind");
  if (kind == "indexed") return PacketRunSpec::Kind::kIndexed;
  if (kind == "interval") return PacketRunSpec::Kind::kInterval;
  if (kind == "spool") return PacketRunSpec::Kind::kSpool;
  throw Napi::RangeError::New(options.Env(), "Expected indexed, interval or spool for kind");
}

std::int64_t ticks_or(const Napi::Object& options, const char* key, std::int64_t none) {
  const auto ticks = require_ticks(options, key);
  return ticks == KeyPoint::kNone ? none : ticks;
}

PacketRunSpec run_spec(const Napi::Object& options) {
  return {.kind = kind_of(options),
          .track = require_int(options, "track"),
          .origin = require_ticks(options, "origin"),
          .start = {require_ticks(options, "startPts"), require_ticks(options, "startDts")},
          .from_stream_start = require_bool(options, "fromStreamStart"),
          .count = require_ticks(options, "count"),
          .dropped = require_ticks_list(options, "dropped"),
          .from = ticks_or(options, "from", INT64_MIN),
          .to = ticks_or(options, "to", INT64_MAX),
          .time_base = require_fraction(options, "timeBase"),
          .preroll = require_int(options, "preroll"),
          .path = require_string(options, "path"),
          .delay = require_ticks(options, "delay"),
          .ends_sequence = require_bool(options, "endsSequence")};
}

}  // namespace

Napi::Function RemuxerFace::define(Napi::Env env) {
  return DefineClass(
      env, "Remuxer",
      {InstanceMethod("addTrack", &RemuxerFace::add_track), InstanceMethod("addRun", &RemuxerFace::add_run),
       InstanceMethod("step", &RemuxerFace::step), InstanceMethod("seconds", &RemuxerFace::seconds),
       InstanceMethod("finish", &RemuxerFace::finish), InstanceMethod("close", &RemuxerFace::close)});
}

RemuxerFace::RemuxerFace(const Napi::CallbackInfo& info) : Napi::ObjectWrap<RemuxerFace>(info) {
  auto spec = remux_spec(require_object(info, 0, "options"));
  guarded(info.Env(), [&] {
    door_ = open_remuxer(std::move(spec), environment(info.Env()).control);
    return info.Env().Undefined();
  });
}

RemuxingDoor& RemuxerFace::open_door() {
  if (!door_) throw AvError("ERR_CLOSED", "the remuxer is closed");
  return *door_;
}

Napi::Value RemuxerFace::add_track(const Napi::CallbackInfo& info) {
  const auto options = require_object(info, 0, "track");
  const TrackSpec track{require_int(options, "streamIndex"), require_string(options, "spool"),
                        require_string(options, "edges"), require_bool(options, "keepSideData")};
  return guarded(info.Env(), [&] {
    const int index = open_door().add_track(track);
    tracks_ = index + 1;
    return Napi::Number::New(info.Env(), index);
  });
}

Napi::Value RemuxerFace::add_run(const Napi::CallbackInfo& info) {
  auto run = run_spec(require_object(info, 0, "run"));
  if (run.track < 0 || run.track >= tracks_)
    throw Napi::RangeError::New(info.Env(), "Expected the number of a track for track");
  return guarded(info.Env(), [&] {
    open_door().add_run(std::move(run));
    return info.Env().Undefined();
  });
}

Napi::Value RemuxerFace::step(const Napi::CallbackInfo& info) {
  if (!info[0].IsNumber()) throw Napi::TypeError::New(info.Env(), "Expected a number for packets");
  const int packets = info[0].As<Napi::Number>().Int32Value();
  return guarded(info.Env(), [&] { return Napi::Boolean::New(info.Env(), open_door().step(packets)); });
}

Napi::Value RemuxerFace::seconds(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return Napi::Number::New(info.Env(), open_door().seconds()); });
}

/// Closes whatever comes of it: a file whose end could not be written cannot be continued.
Napi::Value RemuxerFace::finish(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    open_door();
    const auto door = std::move(door_);
    door->finish();
    return info.Env().Undefined();
  });
}

Napi::Value RemuxerFace::close(const Napi::CallbackInfo& info) {
  door_.reset();
  return info.Env().Undefined();
}

}  // namespace framemill
