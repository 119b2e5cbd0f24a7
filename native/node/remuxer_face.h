// Owns the JavaScript class over the door that puts a file together.
#pragma once

#include <napi.h>

#include <memory>

#include "av/doors.h"

namespace framemill {

/// NativeRemuxer of src/native/binding.ts. Every member but close() throws ERR_CLOSED after finish() or close().
class RemuxerFace : public Napi::ObjectWrap<RemuxerFace> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit RemuxerFace(const Napi::CallbackInfo& info);

 private:
  Napi::Value add_track(const Napi::CallbackInfo& info);
  Napi::Value add_run(const Napi::CallbackInfo& info);
  Napi::Value step(const Napi::CallbackInfo& info);
  Napi::Value seconds(const Napi::CallbackInfo& info);
  Napi::Value finish(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  RemuxingDoor& open_door();

  std::unique_ptr<RemuxingDoor> door_;
  int tracks_ = 0;
};

}  // namespace framemill
