#include "av/spool.h"

#include <array>
#include <cerrno>
#include <cstring>

namespace framemill {

namespace {

constexpr std::uint32_t kPacketFollows = 0x50414b54;
constexpr std::uint32_t kEnd = 0x454e4421;

[[noreturn]] void fail(const std::string& path, const char* call) {
  const int error = errno;
  throw AvError("ERR_IO", path + ": " + (error == 0 ? "it ends early" : std::strerror(error)), call, AVERROR(error));
}

File open(const std::string& path, const char* mode) {
  errno = 0;
  File file(std::fopen(path.c_str(), mode));
  if (!file) fail(path, "fopen");
  return file;
}

struct PacketHeader {
  std::int64_t pts = 0, dts = 0, duration = 0;
  std::int32_t flags = 0, size = 0, side_data = 0;
};

}  // namespace

template <typename Value>
void SpoolWriter::put_value(const Value& value) {
  put(&value, sizeof value);
}

void SpoolWriter::put(const void* data, std::size_t bytes) {
  if (bytes > 0 && std::fwrite(data, 1, bytes, file_.get()) != bytes) fail(path_, "fwrite");
}

// The parameters' plain numbers go as they lie in memory: writer and reader are the same process. What they point at
// follows.
SpoolWriter::SpoolWriter(std::string path, const AVCodecContext& encoder)
    : path_(std::move(path)), file_(open(path_, "wb")) {
  const auto parameters = make_parameters();
  check(avcodec_parameters_from_context(parameters.get(), &encoder), "avcodec_parameters_from_context", "ERR_ENCODE");
  put_value(encoder.time_base);
  put_value(encoder.framerate);
  put_value(*parameters);
  std::array<char, 128> layout{};
  if (parameters->codec_type == AVMEDIA_TYPE_AUDIO) {
    check(av_channel_layout_describe(&parameters->ch_layout, layout.data(), layout.size()),
          "av_channel_layout_describe");
  }
  put_value(layout);
  put(parameters->extradata, static_cast<std::size_t>(parameters->extradata_size));
}

void SpoolWriter::write(const AVPacket& packet) {
  put_value(kPacketFollows);
  put_value(PacketHeader{packet.pts, packet.dts, packet.duration, packet.flags, packet.size, packet.side_data_elems});
  put(packet.data, static_cast<std::size_t>(packet.size));
  for (int i = 0; i < packet.side_data_elems; ++i) {
    put_value(packet.side_data[i].type);
    put_value(packet.side_data[i].size);
    put(packet.side_data[i].data, packet.side_data[i].size);
  }
}

void SpoolWriter::finish() {
  put_value(kEnd);
  errno = 0;
  if (std::fclose(file_.release()) != 0) fail(path_, "fclose");
}

template <typename Value>
Value SpoolReader::get_value() {
  Value value{};
  get(&value, sizeof value);
  return value;
}

void SpoolReader::get(void* data, std::size_t bytes) {
  errno = 0;
  if (bytes > 0 && std::fread(data, 1, bytes, file_.get()) != bytes) fail(path_, "fread");
}

SpoolReader::SpoolReader(std::string path)
    : path_(std::move(path)), file_(open(path_, "rb")), parameters_(make_parameters()) {
  time_base_ = get_value<AVRational>();
  frame_rate_ = get_value<AVRational>();
  const auto stored = get_value<AVCodecParameters>();
  const auto layout = get_value<std::array<char, 128>>();
  take_plain_numbers(*parameters_, stored);
  if (stored.codec_type == AVMEDIA_TYPE_AUDIO) {
    check(av_channel_layout_from_string(&parameters_->ch_layout, layout.data()), "av_channel_layout_from_string");
  }
  if (stored.extradata_size > 0) {
    const auto bytes = static_cast<std::size_t>(stored.extradata_size);
    parameters_->extradata = static_cast<std::uint8_t*>(av_mallocz(bytes + AV_INPUT_BUFFER_PADDING_SIZE));
    if (parameters_->extradata == nullptr) throw std::bad_alloc();
    parameters_->extradata_size = stored.extradata_size;
    get(parameters_->extradata, bytes);
  }
}

bool SpoolReader::read(AVPacket& packet) {
  av_packet_unref(&packet);
  if (get_value<std::uint32_t>() == kEnd) return false;
  const auto header = get_value<PacketHeader>();
  check(av_new_packet(&packet, header.size), "av_new_packet");
  get(packet.data, static_cast<std::size_t>(header.size));
  packet.pts = header.pts;
  packet.dts = header.dts;
  packet.duration = header.duration;
  packet.flags = header.flags;
  for (int i = 0; i < header.side_data; ++i) {
    const auto type = get_value<AVPacketSideDataType>();
    const auto size = get_value<std::size_t>();
    auto* data = av_packet_new_side_data(&packet, type, size);
    if (data == nullptr) throw std::bad_alloc();
    get(data, size);
  }
  return true;
}

}  // namespace framemill
