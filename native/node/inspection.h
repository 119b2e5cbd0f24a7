// Owns the functions that do their work in one call: key packets described, frames compared, subtitles put into another codec.
#pragma once

#include <napi.h>

namespace framemill {

Napi::Value random_access_of_source(const Napi::CallbackInfo& info);
Napi::Value compare(const Napi::CallbackInfo& info);
Napi::Value transcode_text(const Napi::CallbackInfo& info);

}  // namespace framemill
