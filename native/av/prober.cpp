// Owns reading the facts of a source.
#include <array>

#include "av/decoder.h"
#include "av/demuxer.h"
#include "av/doors.h"
#include "av/ffmpeg.h"

namespace framemill {

namespace {

std::string text(const char* value) { return value == nullptr ? "" : value; }

Fraction fraction(AVRational value) { return {value.num, value.den}; }

std::optional<double> known(std::int64_t value) {
  if (value == AV_NOPTS_VALUE) return std::nullopt;
  return static_cast<double>(value);
}

std::vector<std::pair<std::string, std::string>> tags_of(const AVDictionary* dictionary) {
  std::vector<std::pair<std::string, std::string>> tags;
  const AVDictionaryEntry* entry = nullptr;
  while ((entry = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX)) != nullptr) {
    tags.emplace_back(entry->key, entry->value);
  }
  return tags;
}

const char* field_order_name(AVFieldOrder order) {
  switch (order) {
    case AV_FIELD_PROGRESSIVE:
      return "progressive";
    case AV_FIELD_TT:
    case AV_FIELD_TB:
      return "top-first";
    case AV_FIELD_BB:
    case AV_FIELD_BT:
      return "bottom-first";
    default:
      return "";
  }
}

/// A name only where the stream says something.
template <typename Value>
std::string color_name(Value value, Value unspecified, const char* (*name)(Value)) {
  return value == unspecified ? "" : text(name(value));
}

void describe_light(const AVStream& stream, StreamFacts& facts) {
  facts.has_dolby_vision = stream_side_data(stream, AV_PKT_DATA_DOVI_CONF) != nullptr;
  if (const auto* data = stream_side_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL)) {
    facts.max_content_nits = reinterpret_cast<const AVContentLightMetadata*>(data)->MaxCLL;
  }
  if (const auto* data = stream_side_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA)) {
    const auto* display = reinterpret_cast<const AVMasteringDisplayMetadata*>(data);
    if (display->has_luminance != 0 && display->max_luminance.den != 0)
      facts.mastering_nits = av_q2d(display->max_luminance);
  }
}

void describe_video(AVFormatContext& format, AVStream& stream, StreamFacts& facts) {
  const auto& codec = *stream.codecpar;
  facts.width = codec.width;
  facts.height = codec.height;
  facts.sample_aspect_ratio = fraction(av_guess_sample_aspect_ratio(&format, &stream, nullptr));
  if (const auto* matrix = display_matrix(stream)) facts.display_matrix.assign(matrix, matrix + 9);
  facts.average_frame_rate = fraction(stream.avg_frame_rate);
  facts.nominal_frame_rate = fraction(stream.r_frame_rate);
  const auto pixel_format = static_cast<AVPixelFormat>(codec.format);
  facts.pixel_format = text(av_get_pix_fmt_name(pixel_format));
  if (const auto* description = av_pix_fmt_desc_get(pixel_format)) facts.bit_depth = description->comp[0].depth;
  facts.reorder_frames = codec.video_delay;
  facts.field_order = field_order_name(codec.field_order);
  facts.color_primaries = color_name(codec.color_primaries, AVCOL_PRI_UNSPECIFIED, av_color_primaries_name);
  facts.color_transfer = color_name(codec.color_trc, AVCOL_TRC_UNSPECIFIED, av_color_transfer_name);
  facts.color_matrix = color_name(codec.color_space, AVCOL_SPC_UNSPECIFIED, av_color_space_name);
  facts.color_range = color_name(codec.color_range, AVCOL_RANGE_UNSPECIFIED, av_color_range_name);
  describe_light(stream, facts);
}

void describe_audio(const AVCodecParameters& codec, StreamFacts& facts) {
  std::array<char, 128> layout{};
  facts.channels = codec.ch_layout.nb_channels;
  if (facts.channels > 0 && av_channel_layout_describe(&codec.ch_layout, layout.data(), layout.size()) > 0) {
    facts.channel_layout = layout.data();
  }
  facts.sample_rate = codec.sample_rate;
  facts.sample_format = text(av_get_sample_fmt_name(static_cast<AVSampleFormat>(codec.format)));
}

StreamFacts describe(AVFormatContext& format, AVStream& stream) {
  const auto& codec = *stream.codecpar;
  StreamFacts facts;
  facts.index = stream.index;
  facts.type = text(av_get_media_type_string(codec.codec_type));
  facts.codec = avcodec_get_name(codec.codec_id);
  if (const auto* descriptor = avcodec_descriptor_get(codec.codec_id))
    facts.codec_long_name = text(descriptor->long_name);
  std::array<char, AV_FOURCC_MAX_STRING_SIZE> tag{};
  if (codec.codec_tag != 0) facts.codec_tag = av_fourcc_make_string(tag.data(), codec.codec_tag);
  if (codec.profile != unknown_profile()) facts.profile = text(avcodec_profile_name(codec.codec_id, codec.profile));
  facts.has_decoder = has_decoder(stream);
  facts.time_base = fraction(stream.time_base);
  facts.start_ticks = known(stream.start_time);
  facts.duration_ticks = known(stream.duration);
  facts.bit_rate = static_cast<double>(codec.bit_rate);
  facts.frame_count = static_cast<double>(stream.nb_frames);
  facts.is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0;
  facts.is_attached_picture =
      (stream.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)) != 0;
  facts.tags = tags_of(stream.metadata);
  if (codec.codec_type == AVMEDIA_TYPE_VIDEO) describe_video(format, stream, facts);
  if (codec.codec_type == AVMEDIA_TYPE_AUDIO) describe_audio(codec, facts);
  return facts;
}

}  // namespace

SourceFacts probe(SourceSpec source, Control& control) {
  Demuxer demuxer(std::move(source), control);
  auto& format = demuxer.format();
  SourceFacts facts;
  facts.container = format.iformat->name;
  facts.container_long_name = text(format.iformat->long_name);
  facts.start_micros = known(format.start_time);
  facts.duration_micros = known(format.duration);
  facts.bit_rate = static_cast<double>(format.bit_rate);
  facts.tags = tags_of(format.metadata);
  for (unsigned i = 0; i < format.nb_streams; ++i) facts.streams.push_back(describe(format, *format.streams[i]));
  for (unsigned i = 0; i < format.nb_chapters; ++i) {
    const auto& chapter = *format.chapters[i];
    const auto* title = av_dict_get(chapter.metadata, "title", nullptr, 0);
    facts.chapters.push_back({static_cast<double>(chapter.start) * av_q2d(chapter.time_base),
                              static_cast<double>(chapter.end) * av_q2d(chapter.time_base),
                              title == nullptr ? "" : title->value});
  }
  return facts;
}

EncoderFacts encoder_facts(const std::string& name) {
  const AVCodec* codec = avcodec_find_encoder_by_name(name.c_str());
  if (codec == nullptr) return {};
  return {text(av_get_media_type_string(codec->type)), avcodec_get_name(codec->id)};
}

std::string pixel_format_name(int format) { return text(av_get_pix_fmt_name(static_cast<AVPixelFormat>(format))); }

std::size_t picture_bytes(const std::string& pixel_format, int width, int height) {
  const auto format = av_get_pix_fmt(pixel_format.c_str());
  if (format == AV_PIX_FMT_NONE)
    throw AvError("ERR_UNSUPPORTED", "FFmpeg knows no pixel format " + pixel_format, "av_get_pix_fmt");
  return static_cast<std::size_t>(
      check(av_image_get_buffer_size(format, width, height, 1), "av_image_get_buffer_size", "ERR_TOO_LARGE"));
}

Versions versions() {
  return {av_version_info(),  avcodec_license(), avcodec_version(),
          avformat_version(), swscale_version(), avutil_version()};
}

}  // namespace framemill
