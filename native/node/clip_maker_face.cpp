#include "node/clip_maker_face.h"

#include "node/arguments.h"

namespace framemill {

namespace {

int within(const Napi::Object& options, const char* key, int least, int most) {
  const int value = require_int(options, key);
  if (value < least || value > most) {
    throw Napi::RangeError::New(options.Env(),
                                "Expected " + std::to_string(least) + " to " + std::to_string(most) + " for " + key);
  }
  return value;
}

int even_within(const Napi::Object& options, const char* key, int least, int most) {
  const int value = within(options, key, least, most);
  if (value % 2 != 0) throw Napi::RangeError::New(options.Env(), std::string("Expected an even number for ") + key);
  return value;
}

ClipSpec clip_spec(const Napi::Object& options) {
  constexpr int kMaxSide = 8192;
  constexpr int kMany = 1'000'000;
  return {
      .path = require_string(options, "path"),
      .width = even_within(options, "width", 16, kMaxSide),
      .height = even_within(options, "height", 16, kMaxSide),
      .rate_num = within(options, "frameRateNumerator", 1, kMany),
      .rate_den = within(options, "frameRateDenominator", 1, kMany),
      .seed = static_cast<std::uint32_t>(within(options, "seed", 0, INT32_MAX)),
      .scene_frames = within(options, "sceneFrames", 1, kMany),
      .piece_frames = within(options, "pieceFrames", 1, kMany),
      .loops = within(options, "loops", 1, kMany),
      .encoder = require_string(options, "encoder"),
      .key_interval = within(options, "keyInterval", 0, kMany),
      .b_frames = within(options, "bFrames", 0, 16),
      .threads = within(options, "threads", 1, 64),
  };
}

}  // namespace

Napi::Function ClipMakerFace::define(Napi::Env env) {
  return DefineClass(env, "ClipMaker",
                     {InstanceMethod("step", &ClipMakerFace::step), InstanceMethod("finish", &ClipMakerFace::finish),
                      InstanceMethod("close", &ClipMakerFace::close)});
}

ClipMakerFace::ClipMakerFace(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ClipMakerFace>(info) {
  auto spec = clip_spec(require_object(info, 0, "options"));
  guarded(info.Env(), [&] {
    door_ = open_clip_maker(std::move(spec));
    return info.Env().Undefined();
  });
}

ClipDoor& ClipMakerFace::open_door() {
  if (!door_) throw AvError("ERR_CLOSED", "the clip maker is closed");
  return *door_;
}

Napi::Value ClipMakerFace::step(const Napi::CallbackInfo& info) {
  if (!info[0].IsNumber()) throw Napi::TypeError::New(info.Env(), "Expected a number for frames");
  const int frames = info[0].As<Napi::Number>().Int32Value();
  if (frames < 1) throw Napi::RangeError::New(info.Env(), "Expected at least 1 for frames");
  return guarded(info.Env(), [&] { return Napi::Number::New(info.Env(), open_door().step(frames)); });
}

/// Closes whatever comes of it: a file whose end could not be written cannot be continued.
Napi::Value ClipMakerFace::finish(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    open_door();
    const auto door = std::move(door_);
    const auto facts = door->finish();
    auto result = Napi::Object::New(info.Env());
    result.Set("encoder", facts.encoder);
    result.Set("frames", static_cast<double>(facts.frames));
    return result;
  });
}

Napi::Value ClipMakerFace::close(const Napi::CallbackInfo& info) {
  door_.reset();
  return info.Env().Undefined();
}

}  // namespace framemill
