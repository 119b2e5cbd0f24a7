#include "av/ffmpeg.h"

#include <array>
#include <new>

namespace framemill {

std::string reason(int av_error) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(av_error, text.data(), text.size());
  return text.data();
}

int check(int result, const char* call, const char* code) {
  if (result >= 0) return result;
  if (result == AVERROR(ENOMEM)) throw AvError("ERR_MEMORY", reason(result), call, result);
  throw AvError(code, reason(result), call, result);
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
