#include "node/facts.h"

#include <optional>

#include "av/doors.h"
#include "node/arguments.h"
#include "node/environment.h"

namespace framemill {

namespace {

using Tags = std::vector<std::pair<std::string, std::string>>;

Napi::Value maybe(const Napi::Env& env, const std::optional<double>& value) {
  return value ? Napi::Value(Napi::Number::New(env, *value)) : env.Null();
}

Napi::Object object(const Napi::Env& env, const Fraction& value) {
  auto result = Napi::Object::New(env);
  result.Set("num", value.num);
  result.Set("den", value.den);
  return result;
}

Napi::Object object(const Napi::Env& env, const Tags& tags) {
  auto result = Napi::Object::New(env);
  for (const auto& [key, value] : tags) result.Set(key, value);
  return result;
}

Napi::Object object(const Napi::Env& env, const StreamFacts& facts) {
  auto matrix = Napi::Array::New(env, facts.display_matrix.size());
  for (std::size_t i = 0; i < facts.display_matrix.size(); ++i)
    matrix.Set(static_cast<std::uint32_t>(i), facts.display_matrix[i]);
  auto result = Napi::Object::New(env);
  result.Set("index", facts.index);
  result.Set("type", facts.type);
  result.Set("codec", facts.codec);
  result.Set("codecLongName", facts.codec_long_name);
  result.Set("codecTag", facts.codec_tag);
  result.Set("profile", facts.profile);
  result.Set("hasDecoder", facts.has_decoder);
  result.Set("timeBase", object(env, facts.time_base));
  result.Set("startTicks", maybe(env, facts.start_ticks));
  result.Set("durationTicks", maybe(env, facts.duration_ticks));
  result.Set("bitRate", facts.bit_rate);
  result.Set("frameCount", facts.frame_count);
  result.Set("isDefault", facts.is_default);
  result.Set("isAttachedPicture", facts.is_attached_picture);
  result.Set("tags", object(env, facts.tags));
  result.Set("width", facts.width);
  result.Set("height", facts.height);
  result.Set("sampleAspectRatio", object(env, facts.sample_aspect_ratio));
  result.Set("displayMatrix", matrix);
  result.Set("averageFrameRate", object(env, facts.average_frame_rate));
  result.Set("nominalFrameRate", object(env, facts.nominal_frame_rate));
  result.Set("pixelFormat", facts.pixel_format);
  result.Set("bitDepth", facts.bit_depth);
  result.Set("reorderFrames", facts.reorder_frames);
  result.Set("fieldOrder", facts.field_order);
  result.Set("colorPrimaries", facts.color_primaries);
  result.Set("colorTransfer", facts.color_transfer);
  result.Set("colorMatrix", facts.color_matrix);
  result.Set("colorRange", facts.color_range);
  result.Set("hasDolbyVision", facts.has_dolby_vision);
  result.Set("maxContentNits", maybe(env, facts.max_content_nits));
  result.Set("masteringNits", maybe(env, facts.mastering_nits));
  result.Set("channels", facts.channels);
  result.Set("channelLayout", facts.channel_layout);
  result.Set("sampleRate", facts.sample_rate);
  result.Set("sampleFormat", facts.sample_format);
  return result;
}

Napi::Object object(const Napi::Env& env, const SourceFacts& facts) {
  auto streams = Napi::Array::New(env, facts.streams.size());
  for (std::size_t i = 0; i < facts.streams.size(); ++i)
    streams.Set(static_cast<std::uint32_t>(i), object(env, facts.streams[i]));
  auto chapters = Napi::Array::New(env, facts.chapters.size());
  for (std::size_t i = 0; i < facts.chapters.size(); ++i) {
    auto chapter = Napi::Object::New(env);
    chapter.Set("start", facts.chapters[i].start);
    chapter.Set("end", facts.chapters[i].end);
    chapter.Set("title", facts.chapters[i].title);
    chapters.Set(static_cast<std::uint32_t>(i), chapter);
  }
  auto result = Napi::Object::New(env);
  result.Set("container", facts.container);
  result.Set("containerLongName", facts.container_long_name);
  result.Set("startMicros", maybe(env, facts.start_micros));
  result.Set("durationMicros", maybe(env, facts.duration_micros));
  result.Set("bitRate", facts.bit_rate);
  result.Set("tags", object(env, facts.tags));
  result.Set("streams", streams);
  result.Set("chapters", chapters);
  return result;
}

}  // namespace

Napi::Value probe_source(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  auto source = require_source(require_object(info, 0, "source"));
  return guarded(env, [&] { return object(env, probe(std::move(source), *environment(env).control)); });
}

Napi::Value linked_versions(const Napi::CallbackInfo& info) {
  const auto linked = versions();
  auto result = Napi::Object::New(info.Env());
  result.Set("ffmpeg", linked.ffmpeg);
  result.Set("license", linked.license);
  result.Set("libavcodec", linked.libavcodec);
  result.Set("libavformat", linked.libavformat);
  result.Set("libswscale", linked.libswscale);
  result.Set("libavutil", linked.libavutil);
  return result;
}

Napi::Value name_of_pixel_format(const Napi::CallbackInfo& info) {
  if (!info[0].IsNumber()) throw Napi::TypeError::New(info.Env(), "Expected a number for format");
  return Napi::String::New(info.Env(), pixel_format_name(info[0].As<Napi::Number>().Int32Value()));
}

Napi::Value facts_of_encoder(const Napi::CallbackInfo& info) {
  if (!info[0].IsString()) throw Napi::TypeError::New(info.Env(), "Expected a string for name");
  const auto facts = encoder_facts(info[0].As<Napi::String>().Utf8Value());
  auto result = Napi::Object::New(info.Env());
  result.Set("type", facts.type);
  result.Set("codec", facts.codec);
  return result;
}

Napi::Value bytes_of_picture(const Napi::CallbackInfo& info) {
  const auto options = require_object(info, 0, "picture");
  const auto format = require_string(options, "pixelFormat");
  const int width = require_int(options, "width");
  const int height = require_int(options, "height");
  return guarded(info.Env(), [&] {
    return Napi::Number::New(info.Env(), static_cast<double>(picture_bytes(format, width, height)));
  });
}

}  // namespace framemill
