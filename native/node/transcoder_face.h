// Owns the JavaScript class over the door that decodes once and encodes into spools.
#pragma once

#include <napi.h>

#include <memory>

#include "av/doors.h"

namespace framemill {

/// NativeTranscoder of src/native/binding.ts. Every member but close() throws ERR_CLOSED after finish() or close().
class TranscoderFace : public Napi::ObjectWrap<TranscoderFace> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit TranscoderFace(const Napi::CallbackInfo& info);

 private:
  Napi::Value begin(const Napi::CallbackInfo& info);
  Napi::Value step(const Napi::CallbackInfo& info);
  Napi::Value progress(const Napi::CallbackInfo& info);
  Napi::Value last_error(const Napi::CallbackInfo& info);
  Napi::Value finish(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  TranscodingDoor& open_door();

  std::unique_ptr<TranscodingDoor> door_;
};

}  // namespace framemill
