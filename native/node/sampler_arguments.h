// Owns reading what every door that decodes is told: which stream, which run of the decoder, what its
// pictures become.
#pragma once

#include <napi.h>

#include "av/specs.h"

namespace framemill {

SamplerSpec require_sampler(const Napi::Object& options);
/// NativeOutput of src/native/binding.ts; the picture lies on its canvas.
OutputSpec require_output(const Napi::Object& options);
/// NativeSegment of src/native/binding.ts.
SegmentSpec require_segment(const Napi::Object& options);

}  // namespace framemill
