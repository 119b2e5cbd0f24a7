#include "av/decoder.h"

#include <string>

namespace framemill {

bool has_decoder(const AVStream& stream) { return avcodec_find_decoder(stream.codecpar->codec_id) != nullptr; }

Decoder::Decoder(AVFormatContext& format, AVStream& stream, int threads, std::int64_t max_pixels,
                 const std::string& hardware) {
  const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
  if (codec == nullptr) {
    throw AvError("ERR_UNSUPPORTED",
                  std::string("this FFmpeg has no decoder for ") + avcodec_get_name(stream.codecpar->codec_id),
                  "avcodec_find_decoder", AVERROR_DECODER_NOT_FOUND);
  }
  context_.reset(avcodec_alloc_context3(codec));
  if (!context_) throw std::bad_alloc();
  check(avcodec_parameters_to_context(context_.get(), stream.codecpar), "avcodec_parameters_to_context");
  context_->opaque = &log_;
  context_->pkt_timebase = stream.time_base;
  context_->framerate = av_guess_frame_rate(&format, &stream, nullptr);
  context_->max_pixels = max_pixels;
  context_->thread_count = threads;
  context_->thread_type = FF_THREAD_FRAME | FF_THREAD_SLICE;
  if (!hardware.empty()) hardware_ = find_hardware(*codec, hardware);
  if (hardware_.device) use_hardware(*context_, hardware_);
  check(avcodec_open2(context_.get(), codec, nullptr), "avcodec_open2", "ERR_UNSUPPORTED");
}

void Decoder::send(const AVPacket& packet, AVDiscard skip) {
  context_->skip_frame = skip;
  const int result = avcodec_send_packet(context_.get(), &packet);
  if (result == AVERROR(ENOMEM)) check(result, "avcodec_send_packet");
  if (result < 0) {
    ++rejected_;
    last_result_ = result;
  }
}

void Decoder::drain() {
  draining_ = true;
  avcodec_send_packet(context_.get(), nullptr);  // a second drain answers EOF, which receive() reports anyway
}

bool Decoder::receive(AVFrame& frame) {
  for (;;) {
    const int result = avcodec_receive_frame(context_.get(), &frame);
    if (result >= 0) {
      has_used_device_ = fetch_from_hardware(frame, *spare_) || has_used_device_;
      return true;
    }
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return false;
    if (result == AVERROR(ENOMEM)) check(result, "avcodec_receive_frame");
    ++rejected_;
    last_result_ = result;
    if (!draining_) return false;  // the packet is consumed; while draining, later frames may still come
  }
}

void Decoder::flush() {
  avcodec_flush_buffers(context_.get());
  draining_ = false;
}

std::string Decoder::last_error() const {
  const auto line = log_.last();
  if (!line.empty()) return line;
  return last_result_ < 0 ? reason(last_result_) : "";
}

}  // namespace framemill
