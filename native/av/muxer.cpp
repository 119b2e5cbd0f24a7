#include "av/muxer.h"

#include <new>

namespace framemill {

namespace {

int is_cancelled(void* control) { return static_cast<Control*>(control)->cancelled() ? 1 : 0; }

}  // namespace

Muxer::Muxer(const std::string& path, const std::string& format, const Options& options, Control* control) {
  // Without the prefix a path such as "http:x" would be taken for a URL.
  const std::string url = "file:" + path;
  AVFormatContext* raw = nullptr;
  check(avformat_alloc_output_context2(&raw, nullptr, format.c_str(), url.c_str()), "avformat_alloc_output_context2",
        "ERR_UNSUPPORTED", "this FFmpeg has no container " + format);
  format_.reset(raw);
  format_->opaque = &log_;
  set_options(format_.get(), options, format);
  if (control != nullptr) format_->interrupt_callback = {is_cancelled, control};
  // For what the container opens by itself: it reads the file again to move its index to the front.
  check(av_opt_set(format_.get(), "protocol_whitelist", "file", 0), "av_opt_set", "ERR_UNSUPPORTED");
  if ((format_->oformat->flags & AVFMT_NOFILE) != 0) return;
  Dictionary protocols;
  protocols.set("protocol_whitelist", "file");
  check(avio_open2(&format_->pb, url.c_str(), AVIO_FLAG_WRITE, &format_->interrupt_callback, protocols.out()),
        "avio_open2", "ERR_IO");
}

int Muxer::check_output(int result, const char* call) const {
  const bool refused_by_system = format_->pb != nullptr && format_->pb->error < 0;
  return check(result, call, refused_by_system ? "ERR_IO" : "ERR_UNSUPPORTED", log_.last());
}

AVStream& Muxer::new_stream() {
  AVStream* stream = avformat_new_stream(format_.get(), nullptr);
  if (stream == nullptr) throw std::bad_alloc();
  return *stream;
}

int Muxer::add_stream(const AVCodecContext& encoder) {
  auto& stream = new_stream();
  check(avcodec_parameters_from_context(stream.codecpar, &encoder), "avcodec_parameters_from_context",
        "ERR_UNSUPPORTED");
  stream.time_base = encoder.time_base;
  stream.avg_frame_rate = encoder.framerate;
  stream.sample_aspect_ratio = encoder.sample_aspect_ratio;
  return stream.index;
}

AVStream& Muxer::add_stream(const AVCodecParameters& parameters, AVRational time_base) {
  auto& stream = new_stream();
  check(avcodec_parameters_copy(stream.codecpar, &parameters), "avcodec_parameters_copy", "ERR_UNSUPPORTED");
  const auto* tags = format_->oformat->codec_tag;
  if (tags == nullptr || av_codec_get_id(tags, parameters.codec_tag) != parameters.codec_id)
    stream.codecpar->codec_tag = 0;
  stream.time_base = time_base;
  stream.sample_aspect_ratio = parameters.sample_aspect_ratio;
  return stream;
}

// Matroska says how long the decoder takes (CodecDelay), and its readers take that off every timestamp.
std::int64_t Muxer::delay_of(const AVCodecParameters& parameters) const {
  const std::string name = format_->oformat->name;
  const bool is_matroska = name == "matroska" || name == "webm";
  const bool is_opus = parameters.codec_id == AV_CODEC_ID_OPUS;
  return is_matroska && is_opus && !matroska_writer_adds_delay() ? parameters.initial_padding : 0;
}

bool Muxer::takes(AVCodecID codec) const {
  return avformat_query_codec(format_->oformat, codec, FF_COMPLIANCE_NORMAL) == 1;
}

void Muxer::tag(const std::string& key, const std::string& value) {
  check(av_dict_set(&format_->metadata, key.c_str(), value.c_str(), 0), "av_dict_set");
}

// libavformat has no public call for this; its list is allocated by av_realloc, its entries by av_mallocz, and it frees
// both.
void Muxer::add_chapter(const ChapterFacts& chapter) {
  auto* entry = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
  if (entry == nullptr) throw std::bad_alloc();
  entry->id = format_->nb_chapters;
  entry->time_base = {1, 1000};
  entry->start = static_cast<std::int64_t>(chapter.start * 1000 + 0.5);
  entry->end = static_cast<std::int64_t>(chapter.end * 1000 + 0.5);
  if (!chapter.title.empty()) av_dict_set(&entry->metadata, "title", chapter.title.c_str(), 0);
  int count = static_cast<int>(format_->nb_chapters);
  av_dynarray_add(&format_->chapters, &count, entry);
  if (count == 0) throw std::bad_alloc();
  format_->nb_chapters = static_cast<unsigned>(count);
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
