// Owns reading what every door that decodes is told: which stream, and which run of the decoder.
#pragma once

#include <napi.h>

#include "av/specs.h"

namespace framemill {

SamplerSpec require_sampler(const Napi::Object& options);
/// NativeSegment of src/native/binding.ts.
SegmentSpec require_segment(const Napi::Object& options);

}  // namespace framemill
