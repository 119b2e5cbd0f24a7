// Owns the JavaScript class over the door that measures pictures, and what else of measuring crosses.
#pragma once

#include <napi.h>

#include <memory>

#include "av/doors.h"

namespace framemill {

/// NativeAnalyzer of src/native/binding.ts. Every member but close() throws ERR_CLOSED after close().
class AnalyzerFace : public Napi::ObjectWrap<AnalyzerFace> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit AnalyzerFace(const Napi::CallbackInfo& info);

 private:
  Napi::Value start_over(const Napi::CallbackInfo& info);
  Napi::Value begin(const Napi::CallbackInfo& info);
  Napi::Value step(const Napi::CallbackInfo& info);
  Napi::Value progress(const Napi::CallbackInfo& info);
  Napi::Value ends(const Napi::CallbackInfo& info);
  Napi::Value last_error(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  AnalysisDoor& open_door();

  std::unique_ptr<AnalysisDoor> door_;
};

Napi::Value analysis_row(const Napi::CallbackInfo& info);
Napi::Value measure_change_of_pictures(const Napi::CallbackInfo& info);

}  // namespace framemill
