#include "node/sampler_arguments.h"

#include <algorithm>

#include "node/arguments.h"

namespace framemill {

SamplerSpec require_sampler(const Napi::Object& options) {
  SamplerSpec spec{.source = require_source(options),
                   .stream_index = require_int(options, "streamIndex"),
                   .threads = require_int(options, "codecThreads"),
                   .max_pixels = static_cast<std::int64_t>(std::clamp(require_number(options, "maxPixels"), 1.0, 9.0e15)),
                   .hardware = ""};
  if (spec.threads < 1 || spec.threads > 64)
    throw Napi::RangeError::New(options.Env(), "Expected 1 to 64 for codecThreads");
  return spec;
}

SegmentSpec require_segment(const Napi::Object& options) {
  return {
      .start = {require_ticks(options, "startPts"), require_ticks(options, "startDts")},
      .from_stream_start = require_bool(options, "fromStreamStart"),
      .near_dts = require_ticks(options, "nearDts"),
      .skip_unreferenced = require_bool(options, "skipUnreferenced"),
      .plain = require_bool(options, "plain"),
      .show_previous = require_bool(options, "showPrevious"),
      .by_ordinal = require_bool(options, "byOrdinal"),
      .targets = require_ticks_list(options, "targets"),
      .until =
          [&] {
            const auto until = require_ticks(options, "until");
            return until == KeyPoint::kNone ? INT64_MAX : until;
          }(),
  };
}

}  // namespace framemill
