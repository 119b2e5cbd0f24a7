// Owns the JavaScript class over the door that measures sound.
#pragma once

#include <napi.h>

#include <memory>

#include "av/doors.h"

namespace framemill {

/// NativeSoundAnalyzer of src/native/binding.ts. All methods but close() throw ERR_CLOSED after close().
class SoundAnalysisFace : public Napi::ObjectWrap<SoundAnalysisFace> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit SoundAnalysisFace(const Napi::CallbackInfo& info);

 private:
  Napi::Value step(const Napi::CallbackInfo& info);
  Napi::Value seconds(const Napi::CallbackInfo& info);
  Napi::Value duration(const Napi::CallbackInfo& info);
  Napi::Value take_windows(const Napi::CallbackInfo& info);
  Napi::Value gaps(const Napi::CallbackInfo& info);
  Napi::Value last_error(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  SoundAnalysisDoor& open_door();

  std::unique_ptr<SoundAnalysisDoor> door_;
};

}  // namespace framemill
