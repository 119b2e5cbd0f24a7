#include "av/encoder.h"

#include <new>

namespace framemill {

const AVCodec& find_encoder(const std::string& name, AVMediaType type) {
  const AVCodec* codec = avcodec_find_encoder_by_name(name.c_str());
  if (codec == nullptr || codec->type != type) {
    const std::string kind = av_get_media_type_string(type);
    throw AvError("ERR_UNSUPPORTED", "this FFmpeg has no " + kind + " encoder " + name, "avcodec_find_encoder_by_name",
                  AVERROR_ENCODER_NOT_FOUND);
  }
  return *codec;
}

Encoder::Encoder(const AVCodec& codec) : context_(avcodec_alloc_context3(&codec)) {
  if (!context_) throw std::bad_alloc();
  context_->opaque = &log_;
}

Encoder::Encoder(const EncoderSpec& spec) : Encoder(find_encoder(spec.name, AVMEDIA_TYPE_VIDEO)) {
  context_->width = spec.width;
  context_->height = spec.height;
  context_->pix_fmt = spec.format;
  context_->time_base = spec.time_base;
  context_->framerate = spec.frame_rate;
  context_->sample_aspect_ratio = spec.sample_aspect_ratio;
  context_->color_range = spec.range;
  context_->color_primaries = spec.primaries;
  context_->color_trc = spec.transfer;
  context_->colorspace = spec.matrix;
  context_->chroma_sample_location = spec.chroma_location;
  context_->thread_count = spec.threads;
  if (spec.global_header) context_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  open(spec.options);
}

Encoder::Encoder(const SoundEncoderSpec& spec) : Encoder(find_encoder(spec.name, AVMEDIA_TYPE_AUDIO)) {
  context_->sample_fmt = spec.format;
  context_->sample_rate = spec.sample_rate;
  context_->time_base = {1, spec.sample_rate};
  context_->thread_count = 1;
  // Every container that framemill writes keeps the header of a sound stream to itself.
  context_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  check(av_channel_layout_copy(&context_->ch_layout, spec.layout), "av_channel_layout_copy", "ERR_ENCODE");
  open(spec.options);
}

void Encoder::open(const Options& options) {
  set_options(context_.get(), options, context_->codec->name);
  checked(avcodec_open2(context_.get(), context_->codec, nullptr), "avcodec_open2");
}

int Encoder::checked(int result, const char* call) const { return check(result, call, "ERR_ENCODE", log_.last()); }

void Encoder::send(const AVFrame& frame) { checked(avcodec_send_frame(context_.get(), &frame), "avcodec_send_frame"); }

void Encoder::drain() {
  const int result = avcodec_send_frame(context_.get(), nullptr);
  if (result != AVERROR_EOF) checked(result, "avcodec_send_frame");
}

bool Encoder::receive(AVPacket& packet) {
  const int result = avcodec_receive_packet(context_.get(), &packet);
  if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return false;
  checked(result, "avcodec_receive_packet");
  return true;
}

}  // namespace framemill
