// Owns the JavaScript class over the door that encodes the sound of a clip.
#pragma once

#include <napi.h>

#include <memory>

#include "av/doors.h"

namespace framemill {

/// NativeSoundTranscoder of src/native/binding.ts. step() and seconds() throw ERR_CLOSED after close().
class SoundFace : public Napi::ObjectWrap<SoundFace> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit SoundFace(const Napi::CallbackInfo& info);

 private:
  Napi::Value step(const Napi::CallbackInfo& info);
  Napi::Value seconds(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  SoundDoor& open_door();

  std::unique_ptr<SoundDoor> door_;
};

}  // namespace framemill
