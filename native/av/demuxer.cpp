#include "av/demuxer.h"

#include <array>
#include <string_view>

namespace framemill {

namespace {

// Formats that open further files or URLs named inside the file, or that run scripts.
constexpr std::array kReachingFormats = {"hls",  "applehttp", "dash",  "webm_dash_manifest", "concat",   "concatf", "image2", "imf",
                                         "sdp",  "rtsp",      "rtp",   "sap",                "lavfi",    "vobsub",  "mlv",
                                         "avisynth", "vapoursynth"};

bool reaches_out(std::string_view names) {
  for (const std::string_view reaching : kReachingFormats) {
    for (std::size_t start = 0; start <= names.size();) {
      const auto end = std::min(names.find(',', start), names.size());
      if (names.substr(start, end - start) == reaching) return true;
      start = end + 1;
    }
  }
  return false;
}

// libavformat checks this list after probing and before the demuxer reads its first byte, which is the only moment at
// which a playlist can be refused without having opened what it names.
const std::string& self_contained_formats() {
  static const std::string names = [] {
    std::string list;
    void* cursor = nullptr;
    while (const AVInputFormat* format = av_demuxer_iterate(&cursor)) {
      if ((format->flags & AVFMT_NOFILE) != 0 || reaches_out(format->name)) continue;
      if (!list.empty()) list += ',';
      list += format->name;
    }
    return list;
  }();
  return names;
}

int interrupt(void* opaque) { return static_cast<Control*>(opaque)->interrupted() ? 1 : 0; }

const char* open_code(int av_error) {
  switch (av_error) {
    case AVERROR(ENOENT): return "ERR_NOT_FOUND";
    case AVERROR_HTTP_NOT_FOUND: return "ERR_NOT_FOUND";
    case AVERROR(EACCES):
    case AVERROR(EIO):
    case AVERROR(ECONNREFUSED):
    case AVERROR(EHOSTUNREACH):
    case AVERROR(ENETUNREACH):
    case AVERROR(ECONNRESET): return "ERR_IO";
    case AVERROR(ETIMEDOUT): return "ERR_TIMEOUT";
    case AVERROR_PROTOCOL_NOT_FOUND: return "ERR_REFUSED";
    default: return "ERR_OPEN";
  }
}

}  // namespace

Demuxer::Demuxer(SourceSpec spec, Control& control) : spec_(std::move(spec)), control_(control) { open(); }

void Demuxer::open() {
  format_.reset(avformat_alloc_context());
  if (!format_) throw std::bad_alloc();
  format_->interrupt_callback = {interrupt, &control_};
  format_->opaque = &log_;
  Dictionary options;
  options.set("protocol_whitelist", spec_.protocols);
  if (!spec_.allow_playlists) options.set("format_whitelist", self_contained_formats());

  control_.touch();
  const auto errors_before = log_.count();
  AVFormatContext* raw = format_.release();  // avformat_open_input frees it on failure
  const int opened = avformat_open_input(&raw, spec_.url.c_str(), nullptr, options.out());
  format_.reset(raw);
  if (opened < 0) {
    if (control_.interrupted()) throw_interrupted("avformat_open_input");
    const bool refused = log_.count() > errors_before && log_.last().find("whitelist") != std::string::npos;
    if (refused) {
      throw AvError("ERR_REFUSED", "its format or protocol may open further files or URLs, which is not allowed here",
                    "avformat_open_input", opened);
    }
    const bool not_implemented_here = opened == AVERROR(ENOSYS) || opened == AVERROR_PROTOCOL_NOT_FOUND;
    check(opened, "avformat_open_input", not_implemented_here ? "ERR_REFUSED" : open_code(opened));
  }
  const int found = avformat_find_stream_info(format_.get(), nullptr);
  if (control_.interrupted()) throw_interrupted("avformat_find_stream_info");
  check(found, "avformat_find_stream_info", "ERR_OPEN");
  fresh_ = true;
  damaged_end_ = false;
  position_dts_ = KeyPoint::kNone;
  next_stamp_ = KeyPoint::kNone;
  has_timestamps_ = false;
  if (stream_index_ >= 0) select(stream_index_);
}

void Demuxer::select(int stream_index) {
  if (stream_index < 0 || stream_index >= static_cast<int>(format_->nb_streams)) {
    throw AvError("ERR_NO_VIDEO", "there is no stream " + std::to_string(stream_index));
  }
  stream_index_ = stream_index;
  for (unsigned i = 0; i < format_->nb_streams; ++i) {
    format_->streams[i]->discard = static_cast<int>(i) == stream_index ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
  }
}

void Demuxer::stop_after(std::int64_t ticks, AVRational base) {
  const bool has_index = std::string_view(format_->iformat->name).starts_with("mov,");
  const int pictures = av_find_best_stream(format_.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (has_index || pictures < 0 || pictures == stream_index_) return;
  // Streams are interleaved no more loosely than this.
  constexpr std::int64_t kMarginSeconds = 10;
  guide_ = pictures;
  auto& guide = *format_->streams[pictures];
  guide.discard = AVDISCARD_DEFAULT;
  guide_end_ = av_rescale_q(ticks, base, guide.time_base) + av_rescale_q(kMarginSeconds, {1, 1}, guide.time_base);
}

void Demuxer::throw_interrupted(const char* call) {
  if (control_.cancelled()) throw AvError("CANCELLED", "cancelled", call, AVERROR_EXIT);
  throw AvError("ERR_TIMEOUT", "the source gave no data for longer than the time-out", call, AVERROR(ETIMEDOUT));
}

bool Demuxer::read(AVPacket& packet) {
  for (;;) {
    av_packet_unref(&packet);
    const int result = av_read_frame(format_.get(), &packet);
    fresh_ = false;
    if (control_.interrupted()) throw_interrupted("av_read_frame");
    if (result < 0) {
      if (result == AVERROR(ENOMEM)) check(result, "av_read_frame");
      damaged_end_ = result != AVERROR_EOF || (format_->pb != nullptr && format_->pb->error < 0);
      return false;
    }
    control_.touch();
    if (packet.stream_index == guide_ && packet.dts != AV_NOPTS_VALUE && packet.dts > guide_end_) return false;
    if (packet.stream_index != stream_index_) continue;
    control_.add(LaneWord::kPacketsRead);
    stamp(packet);
    if (packet.dts != AV_NOPTS_VALUE) position_dts_ = packet.dts;
    return true;
  }
}

// A raw elementary stream has no timestamps at all. Its packets are numbered at the nominal frame rate, starting early
// enough for the reordering delay, so that the first frame comes out at zero.
void Demuxer::stamp(AVPacket& packet) {
  has_timestamps_ = has_timestamps_ || packet.pts != AV_NOPTS_VALUE || packet.dts != AV_NOPTS_VALUE;
  if (has_timestamps_) return;
  const AVStream& source = stream();
  const AVRational rate = source.avg_frame_rate.num > 0 ? source.avg_frame_rate : source.r_frame_rate;
  if (rate.num <= 0) return;
  const auto step = av_rescale_q(1, av_inv_q(rate), source.time_base);
  if (next_stamp_ == KeyPoint::kNone) next_stamp_ = -step * source.codecpar->video_delay;
  packet.dts = next_stamp_;
  next_stamp_ += step;
}

bool Demuxer::read_until(const KeyPoint& key, AVPacket& packet, bool bounded) {
  while (read(packet)) {
    if (packet.pts == key.pts && (key.dts == KeyPoint::kNone || packet.dts == key.dts)) return true;
    const bool passed = key.dts != KeyPoint::kNone && packet.dts != AV_NOPTS_VALUE && packet.dts > key.dts;
    if (bounded && passed) return false;
  }
  return false;
}

bool Demuxer::seek(const KeyPoint& key, std::int64_t near_dts, AVPacket& first) {
  const bool knows_position = position_dts_ != KeyPoint::kNone && key.dts != KeyPoint::kNone;
  const bool near = knows_position ? near_dts <= position_dts_ && position_dts_ < key.dts : fresh_ && near_dts == KeyPoint::kNone;
  if (near && read_until(key, first, true)) return true;

  // Containers index by presentation or by decode timestamps, and some land late: aim ever earlier until the key packet
  // itself is met.
  const auto second = av_rescale_q(1, AVRational{1, 1}, stream().time_base);
  const auto base = key.dts != KeyPoint::kNone ? key.dts : key.pts;
  const std::array aims = {key.pts, base, base - second, base - 10 * second, base - 60 * second};
  for (const auto aim : aims) {
    control_.add(LaneWord::kSeeks);
    if (av_seek_frame(format_.get(), stream_index_, aim, AVSEEK_FLAG_BACKWARD) < 0) continue;
    if (control_.interrupted()) throw_interrupted("av_seek_frame");
    position_dts_ = KeyPoint::kNone;
    if (read_until(key, first, true)) return true;
  }
  rewind();
  return read_until(key, first, false);
}

void Demuxer::seek_before(std::int64_t ticks) {
  const auto& source = stream();
  if (source.start_time != AV_NOPTS_VALUE && ticks <= source.start_time) return rewind();
  control_.add(LaneWord::kSeeks);
  fresh_ = false;
  position_dts_ = KeyPoint::kNone;
  if (av_seek_frame(format_.get(), stream_index_, ticks, AVSEEK_FLAG_BACKWARD) < 0) rewind();
}

void Demuxer::rewind() {
  if (fresh_) return;
  control_.add(LaneWord::kSeeks);
  open();
}

}  // namespace framemill
