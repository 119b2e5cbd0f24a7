#include "av/ffmpeg.h"

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
