// Owns the JavaScript class over the sampling door.
#pragma once

#include <napi.h>

#include <memory>

#include "av/doors.h"

namespace framemill {

/// NativeSampler of src/native/binding.ts. Every method but close() throws ERR_CLOSED after close().
class SamplerFace : public Napi::ObjectWrap<SamplerFace> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit SamplerFace(const Napi::CallbackInfo& info);

 private:
  Napi::Value configure(const Napi::CallbackInfo& info);
  Napi::Value begin(const Napi::CallbackInfo& info);
  Napi::Value next(const Napi::CallbackInfo& info);
  Napi::Value last_error(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  SamplingDoor& open_door();

  std::unique_ptr<SamplingDoor> door_;
};

}  // namespace framemill
