#include "av/ffmpeg.h"

#include <algorithm>
#include <array>
#include <new>

namespace framemill {

std::string reason(int av_error) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(av_error, text.data(), text.size());
  return text.data();
}

int check(int result, const char* call, const char* code) { return check(result, call, code, ""); }

int check(int result, const char* call, const char* code, const std::string& complaint) {
  if (result >= 0) return result;
  const auto words = complaint.empty() ? reason(result) : reason(result) + ": " + complaint;
  throw AvError(result == AVERROR(ENOMEM) ? "ERR_MEMORY" : code, words, call, result);
}

void set_options(void* target, const Options& options, const std::string& owner) {
  for (const auto& [key, value] : options) {
    const auto* known = av_opt_find(target, key.c_str(), nullptr, AV_OPT_FLAG_ENCODING_PARAM, AV_OPT_SEARCH_CHILDREN);
    if (known == nullptr) {
      throw AvError("ERR_UNSUPPORTED", owner + " has no option " + key, "av_opt_find", AVERROR_OPTION_NOT_FOUND);
    }
    check(av_opt_set(target, key.c_str(), value.c_str(), AV_OPT_SEARCH_CHILDREN), "av_opt_set", "ERR_UNSUPPORTED",
          owner + " does not take \"" + value + "\" for its option " + key);
  }
}

Packet make_packet() {
  Packet packet(av_packet_alloc());
  if (!packet) throw std::bad_alloc();
  return packet;
}

Frame make_frame() {
  Frame frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  return frame;
}

CodecParameters make_parameters() {
  CodecParameters parameters(avcodec_parameters_alloc());
  if (!parameters) throw std::bad_alloc();
  return parameters;
}

AlignedFloats make_aligned_floats(std::size_t count) {
  AlignedFloats floats(static_cast<float*>(av_calloc(count, sizeof(float))));
  if (!floats) throw std::bad_alloc();
  return floats;
}

void take_plain_numbers(AVCodecParameters& parameters, const AVCodecParameters& stored) {
  parameters = stored;
  parameters.extradata = nullptr;
  parameters.extradata_size = 0;
  parameters.ch_layout = {};
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
  parameters.coded_side_data = nullptr;
  parameters.nb_coded_side_data = 0;
#endif
}

namespace {

#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
template <typename Value>
std::vector<Value> supported(const AVCodec& codec, AVCodecConfig kind) {
  const void* list = nullptr;
  int count = 0;
  check(avcodec_get_supported_config(nullptr, &codec, kind, 0, &list, &count), "avcodec_get_supported_config");
  const auto* values = static_cast<const Value*>(list);
  return values == nullptr ? std::vector<Value>{} : std::vector<Value>(values, values + count);
}
#else
template <typename Value>
std::vector<Value> supported(const Value* list, Value end) {
  std::vector<Value> values;
  for (; list != nullptr && *list != end; ++list) values.push_back(*list);
  return values;
}
#endif

}  // namespace

std::vector<AVPixelFormat> pixel_formats_of(const AVCodec& codec) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
  return supported<AVPixelFormat>(codec, AV_CODEC_CONFIG_PIX_FORMAT);
#else
  return supported(codec.pix_fmts, AV_PIX_FMT_NONE);
#endif
}

std::vector<AVSampleFormat> sample_formats_of(const AVCodec& codec) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
  return supported<AVSampleFormat>(codec, AV_CODEC_CONFIG_SAMPLE_FORMAT);
#else
  return supported(codec.sample_fmts, AV_SAMPLE_FMT_NONE);
#endif
}

std::vector<int> sample_rates_of(const AVCodec& codec) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
  return supported<int>(codec, AV_CODEC_CONFIG_SAMPLE_RATE);
#else
  return supported(codec.supported_samplerates, 0);
#endif
}

namespace {

struct FreeAny {
  void operator()(void* memory) const { av_free(memory); }
};

}  // namespace

void describe_input(AVFilterContext& source, const AVFrame& like, AVRational time_base, AVRational frame_rate) {
  const std::unique_ptr<AVBufferSrcParameters, FreeAny> parameters(av_buffersrc_parameters_alloc());
  if (!parameters) throw std::bad_alloc();
  parameters->format = like.format;
  parameters->time_base = time_base;
  parameters->frame_rate = frame_rate;
  parameters->width = like.width;
  parameters->height = like.height;
  parameters->sample_aspect_ratio = like.sample_aspect_ratio;
  parameters->sample_rate = like.sample_rate;
  if (like.sample_rate > 0) {
    check(av_channel_layout_copy(&parameters->ch_layout, &like.ch_layout), "av_channel_layout_copy");
  }
#if LIBAVFILTER_VERSION_INT >= AV_VERSION_INT(10, 0, 100)
  parameters->color_space = like.colorspace;
  parameters->color_range = like.color_range;
#endif
  check(av_buffersrc_parameters_set(&source, parameters.get()), "av_buffersrc_parameters_set", "ERR_ENCODE");
  av_channel_layout_uninit(&parameters->ch_layout);
}

bool matroska_writer_adds_delay() { return LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(62, 0, 100); }

void copy_side_data(AVStream& to, const AVStream& from) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
  for (int i = 0; i < from.codecpar->nb_coded_side_data; ++i) {
    const auto& data = from.codecpar->coded_side_data[i];
    auto* copy = av_packet_side_data_new(&to.codecpar->coded_side_data, &to.codecpar->nb_coded_side_data, data.type,
                                         data.size, 0);
    if (copy == nullptr) throw std::bad_alloc();
    std::copy_n(data.data, data.size, copy->data);
  }
#else
  for (int i = 0; i < from.nb_side_data; ++i) {
    const auto& data = from.side_data[i];
    auto* copy = av_stream_new_side_data(&to, data.type, data.size);
    if (copy == nullptr) throw std::bad_alloc();
    std::copy_n(data.data, data.size, copy);
  }
#endif
}

const std::uint8_t* stream_side_data(const AVStream& stream, AVPacketSideDataType type) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
  const auto* data =
      av_packet_side_data_get(stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, type);
  return data == nullptr ? nullptr : data->data;
#else
  return av_stream_get_side_data(&stream, type, nullptr);
#endif
}

const std::int32_t* display_matrix(const AVStream& stream) {
  return reinterpret_cast<const std::int32_t*>(stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX));
}

bool is_key_frame(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
  return (frame.flags & AV_FRAME_FLAG_KEY) != 0;
#else
  return frame.key_frame != 0;
#endif
}

bool is_corrupt(const AVFrame& frame) {
  return (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags != 0;
}

std::int64_t duration_of(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  return frame.duration;
#else
  return frame.pkt_duration;
#endif
}

int unknown_profile() {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
  return AV_PROFILE_UNKNOWN;
#else
  return FF_PROFILE_UNKNOWN;
#endif
}

}  // namespace framemill
