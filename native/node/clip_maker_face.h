// Owns the JavaScript class over the door that makes clips.
#pragma once

#include <napi.h>

#include <memory>

#include "av/doors.h"

namespace framemill {

/// NativeClipMaker of src/native/binding.ts. step() and finish() throw ERR_CLOSED after finish() or close().
class ClipMakerFace : public Napi::ObjectWrap<ClipMakerFace> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit ClipMakerFace(const Napi::CallbackInfo& info);

 private:
  Napi::Value step(const Napi::CallbackInfo& info);
  Napi::Value finish(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  ClipDoor& open_door();

  std::unique_ptr<ClipDoor> door_;
};

}  // namespace framemill
