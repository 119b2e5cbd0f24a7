#include "av/muxer.h"

#include <new>

namespace framemill {

Muxer::Muxer(const std::string& path, const std::string& format, const Options& options) {
  // Without the prefix a path such as "http:x" would be taken for a URL.
  const std::string url = "file:" + path;
  AVFormatContext* raw = nullptr;
  check(avformat_alloc_output_context2(&raw, nullptr, format.c_str(), url.c_str()), "avformat_alloc_output_context2",
        "ERR_UNSUPPORTED", "this FFmpeg has no container " + format);
  format_.reset(raw);
  format_->opaque = &log_;
  set_options(format_.get(), options, format);
  // For what the container opens by itself: it reads the file again to move its index to the front.
  check(av_opt_set(format_.get(), "protocol_whitelist", "file", 0), "av_opt_set", "ERR_UNSUPPORTED");
  if ((format_->oformat->flags & AVFMT_NOFILE) != 0) return;
  Dictionary protocols;
  protocols.set("protocol_whitelist", "file");
  check(avio_open2(&format_->pb, url.c_str(), AVIO_FLAG_WRITE, nullptr, protocols.out()), "avio_open2", "ERR_IO");
}

int Muxer::check_output(int result, const char* call) const {
  const bool refused_by_system = format_->pb != nullptr && format_->pb->error < 0;
  return check(result, call, refused_by_system ? "ERR_IO" : "ERR_UNSUPPORTED", log_.last());
}

int Muxer::add_stream(const AVCodecContext& encoder) {
  AVStream* stream = avformat_new_stream(format_.get(), nullptr);
  if (stream == nullptr) throw std::bad_alloc();
  check(avcodec_parameters_from_context(stream->codecpar, &encoder), "avcodec_parameters_from_context",
        "ERR_UNSUPPORTED");
  stream->time_base = encoder.time_base;
  stream->avg_frame_rate = encoder.framerate;
  stream->sample_aspect_ratio = encoder.sample_aspect_ratio;
  return stream->index;
}

void Muxer::begin() { check_output(avformat_write_header(format_.get(), nullptr), "avformat_write_header"); }

void Muxer::write(AVPacket& packet, int stream_index, AVRational time_base) {
  packet.stream_index = stream_index;
  av_packet_rescale_ts(&packet, time_base, format_->streams[stream_index]->time_base);
  check_output(av_interleaved_write_frame(format_.get(), &packet), "av_interleaved_write_frame");
}

void Muxer::finish() {
  check_output(av_write_trailer(format_.get()), "av_write_trailer");
  if ((format_->oformat->flags & AVFMT_NOFILE) == 0) check(avio_closep(&format_->pb), "avio_closep", "ERR_IO");
}

}  // namespace framemill
