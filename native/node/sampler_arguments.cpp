#include "node/sampler_arguments.h"

#include <algorithm>

#include "node/arguments.h"

namespace framemill {

namespace {

std::array<float, 4> four(const std::vector<float>& values) {
  std::array<float, 4> result{};
  std::copy_n(values.begin(), 4, result.begin());
  return result;
}

/// Memory safety does not hang on TypeScript's arithmetic: the picture must lie on its canvas.
void require_placement(const Napi::Env& env, const OutputSpec& output) {
  const bool as_decoded = output.width == 0 && output.height == 0 && output.pixel_format.empty() && !output.tensor.wanted;
  const bool fits = output.width > 0 && output.height > 0 && output.image_width > 0 && output.image_height > 0 &&
                    output.image_x >= 0 && output.image_y >= 0 && output.image_x <= output.width - output.image_width &&
                    output.image_y <= output.height - output.image_height;
  const auto within = [](double at, double length) { return at >= 0 && length > 0 && at + length <= 1 + 1e-9; };
  const bool crops = within(output.crop_x, output.crop_width) && within(output.crop_y, output.crop_height);
  const bool tensor_format = !output.tensor.wanted || output.pixel_format == "rgb24" || output.pixel_format == "rgba" ||
                             output.pixel_format == "gray";
  if (!(as_decoded || fits) || !crops || !tensor_format) {
    throw Napi::RangeError::New(env, "Expected a picture that lies on its canvas for output");
  }
}

}  // namespace

SamplerSpec require_sampler(const Napi::Object& options) {
  SamplerSpec spec{.source = require_source(options),
                   .stream_index = require_int(options, "streamIndex"),
                   .threads = require_int(options, "codecThreads"),
                   .max_pixels = static_cast<std::int64_t>(std::clamp(require_number(options, "maxPixels"), 1.0, 9.0e15)),
                   .draft = false,
                   .hardware = ""};
  if (spec.threads < 1 || spec.threads > 64)
    throw Napi::RangeError::New(options.Env(), "Expected 1 to 64 for codecThreads");
  return spec;
}

OutputSpec require_output(const Napi::Object& options) {
  OutputSpec output{
      .pixel_format = require_string(options, "pixelFormat"),
      .width = require_int(options, "width"),
      .height = require_int(options, "height"),
      .image_x = require_int(options, "imageX"),
      .image_y = require_int(options, "imageY"),
      .image_width = require_int(options, "imageWidth"),
      .image_height = require_int(options, "imageHeight"),
      .crop_x = require_number(options, "cropX"),
      .crop_y = require_number(options, "cropY"),
      .crop_width = require_number(options, "cropWidth"),
      .crop_height = require_number(options, "cropHeight"),
      .scale_filter = require_string(options, "scaleFilter"),
      .tone_map = require_bool(options, "toneMap"),
      .orientation = {require_bool(options, "transpose"), require_bool(options, "mirrorX"), require_bool(options, "mirrorY")},
      .tensor = {require_bool(options, "tensor"), require_bool(options, "float32"), require_bool(options, "channelsFirst"),
                 four(require_floats(options, "mean")), four(require_floats(options, "deviation"))},
  };
  require_placement(options.Env(), output);
  return output;
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
