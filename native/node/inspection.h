// Owns the functions that look at files without making any: key packets, and frames compared.
#pragma once

#include <napi.h>

namespace framemill {

Napi::Value random_access_of_source(const Napi::CallbackInfo& info);
Napi::Value compare(const Napi::CallbackInfo& info);

}  // namespace framemill
