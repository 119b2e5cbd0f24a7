// Owns text subtitles on their way into another codec. libavcodec's text decoders all give ASS, which its text encoders take.
#include <algorithm>
#include <array>

#include "av/demuxer.h"
#include "av/doors.h"
#include "av/encoder.h"
#include "av/packet_run.h"
#include "av/spool.h"

namespace framemill {

namespace {

constexpr AVRational kMilliseconds{1, 1000};
/// More than a line of text takes in any of these codecs.
constexpr int kMostBytes = 1 << 16;

class Subtitle {
 public:
  Subtitle() = default;
  Subtitle(const Subtitle&) = delete;
  Subtitle& operator=(const Subtitle&) = delete;
  ~Subtitle() { avsubtitle_free(&subtitle_); }
  AVSubtitle& operator*() { return subtitle_; }
  AVSubtitle* operator->() { return &subtitle_; }

 private:
  AVSubtitle subtitle_{};
};

CodecContext open_decoder(const AVStream& stream) {
  const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
  if (codec == nullptr) throw AvError("ERR_UNSUPPORTED", "this FFmpeg has no decoder for its subtitles", "avcodec_find_decoder");
  CodecContext context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  check(avcodec_parameters_to_context(context.get(), stream.codecpar), "avcodec_parameters_to_context");
  context->pkt_timebase = stream.time_base;
  check(avcodec_open2(context.get(), codec, nullptr), "avcodec_open2", "ERR_UNSUPPORTED");
  return context;
}

CodecContext open_encoder(const std::string& name, const AVCodecContext& decoder) {
  const auto& codec = find_encoder(name, AVMEDIA_TYPE_SUBTITLE);
  CodecContext context(avcodec_alloc_context3(&codec));
  if (!context) throw std::bad_alloc();
  context->time_base = kMilliseconds;
  if (decoder.subtitle_header_size > 0) {
    const auto bytes = static_cast<std::size_t>(decoder.subtitle_header_size);
    context->subtitle_header = static_cast<std::uint8_t*>(av_mallocz(bytes + 1));
    if (context->subtitle_header == nullptr) throw std::bad_alloc();
    std::copy_n(decoder.subtitle_header, bytes, context->subtitle_header);
    context->subtitle_header_size = decoder.subtitle_header_size;
  }
  check(avcodec_open2(context.get(), &codec, nullptr), "avcodec_open2", "ERR_ENCODE");
  return context;
}

}  // namespace

void transcode_subtitles(SubtitleSpec spec, Control& control) {
  Demuxer demuxer(spec.source, control);
  demuxer.select(spec.stream_index);
  const auto decoder = open_decoder(demuxer.stream());
  const auto encoder = open_encoder(spec.encoder, *decoder);
  SpoolWriter spool(spec.path, *encoder);
  const AVRational base{spec.time_base.num, spec.time_base.den};
  const auto start = av_rescale_q(spec.start, base, kMilliseconds);
  const auto end = av_rescale_q(spec.end, base, kMilliseconds);
  demuxer.seek_before(av_rescale_q(start - kLongestSubtitleSeconds * 1000, kMilliseconds, demuxer.stream().time_base));

  demuxer.stop_after(end, kMilliseconds);

  const auto packet = make_packet();
  const auto encoded = make_packet();
  while (demuxer.read(*packet)) {
    const auto shown = av_rescale_q(packet->pts, demuxer.stream().time_base, kMilliseconds);
    if (packet->pts != AV_NOPTS_VALUE && shown >= end) break;
    Subtitle subtitle;
    int has_subtitle = 0;
    // A line that cannot be read, or is too long to be written, is one line less.
    if (avcodec_decode_subtitle2(decoder.get(), &*subtitle, &has_subtitle, packet.get()) < 0 || has_subtitle == 0) continue;
    const auto lasts = subtitle->end_display_time > 0 && subtitle->end_display_time != UINT32_MAX
                           ? static_cast<std::int64_t>(subtitle->end_display_time)
                           : av_rescale_q(packet->duration, demuxer.stream().time_base, kMilliseconds);
    const auto from = std::max(start, shown + static_cast<std::int64_t>(subtitle->start_display_time));
    const auto to = std::min(end, shown + lasts);
    if (to <= from || subtitle->num_rects == 0) continue;
    subtitle->pts = 0;
    subtitle->start_display_time = 0;
    subtitle->end_display_time = static_cast<std::uint32_t>(to - from);
    std::array<std::uint8_t, kMostBytes> bytes{};
    const int size = avcodec_encode_subtitle(encoder.get(), bytes.data(), kMostBytes, &*subtitle);
    if (size <= 0) continue;
    check(av_new_packet(encoded.get(), size), "av_new_packet");
    std::copy_n(bytes.begin(), size, encoded->data);
    encoded->pts = encoded->dts = from - start;
    encoded->duration = to - from;
    encoded->flags = AV_PKT_FLAG_KEY;
    spool.write(*encoded);
    av_packet_unref(encoded.get());
  }
  spool.finish();
}

}  // namespace framemill
