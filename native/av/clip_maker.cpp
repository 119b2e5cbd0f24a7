// Owns making a synthetic clip: which encoder, the encoded piece, and writing it again and again.
#include <algorithm>
#include <optional>

#include "av/doors.h"
#include "av/encoder.h"
#include "av/footage.h"
#include "av/muxer.h"

namespace framemill {

namespace {

/// The H.264 encoders of the linked FFmpeg, those in software first, and last the one that is always there. Those for
/// hardware that is missing, or that wants other pictures than ours, do not open.
std::vector<std::string> candidates() {
  std::vector<std::string> names = {"libx264", "libopenh264"};
  void* cursor = nullptr;
  while (const AVCodec* codec = av_codec_iterate(&cursor)) {
    if (av_codec_is_encoder(codec) == 0 || codec->id != AV_CODEC_ID_H264) continue;
    if (std::ranges::find(names, codec->name) == names.end()) names.emplace_back(codec->name);
  }
  names.emplace_back("mpeg4");
  return names;
}

Options encoder_options(const ClipSpec& spec, const std::string& encoder) {
  Options options = {{"bf", std::to_string(spec.b_frames)}};
  if (spec.key_interval > 0) options.emplace_back("g", std::to_string(spec.key_interval));
  if (encoder == "libx264") {
    options.emplace_back("preset", "fast");
    options.emplace_back("crf", "23");
  } else {
    // A twelfth of a bit per pixel: 5 Mb/s at 1920 x 1080 and 30 frames per second.
    const auto pixels = static_cast<std::int64_t>(spec.width) * spec.height;
    options.emplace_back("b",
                         std::to_string(std::max<std::int64_t>(pixels * spec.rate_num / spec.rate_den / 12, 100'000)));
  }
  return options;
}

EncoderSpec encoder_spec(const ClipSpec& spec, const std::string& name, bool global_header) {
  return {.name = name,
          .width = spec.width,
          .height = spec.height,
          .format = AV_PIX_FMT_YUV420P,
          .time_base = {spec.rate_den, spec.rate_num},
          .frame_rate = {spec.rate_num, spec.rate_den},
          .range = AVCOL_RANGE_MPEG,
          .primaries = AVCOL_PRI_BT709,
          .transfer = AVCOL_TRC_BT709,
          .matrix = AVCOL_SPC_BT709,
          .threads = spec.threads,
          .global_header = global_header,
          .options = encoder_options(spec, name)};
}

class ClipMaker final : public ClipDoor {
 public:
  explicit ClipMaker(ClipSpec spec)
      : spec_(std::move(spec)),
        footage_(spec_.width, spec_.height, spec_.seed, spec_.scene_frames),
        muxer_(spec_.path, "mp4", {{"movflags", "+faststart"}}),
        frame_(make_frame()),
        packet_(make_packet()) {
    choose_encoder();
    stream_index_ = muxer_.add_stream(encoder_->context());
    muxer_.begin();
  }

  int step(int frames) override {
    for (const int end = std::min(frames, spec_.piece_frames - done_) + done_; done_ < end; ++done_) {
      prepare_frame();
      footage_.draw(done_, *frame_);
      frame_->pts = done_;
      encoder_->send(*frame_);
      collect();
    }
    return done_;
  }

  ClipFacts finish() override {
    step(spec_.piece_frames);
    encoder_->drain();
    collect();
    // The piece begins with the encoder's first key packet, which nothing comes before, in either order: repeated, its
    // first packet follows its last as if the encoder had been opened anew.
    for (int loop = 0; loop < spec_.loops; ++loop) {
      for (const auto& packet : piece_) write(*packet, static_cast<std::int64_t>(loop) * spec_.piece_frames);
    }
    muxer_.finish();
    return {encoder_->context().codec->name, static_cast<std::int64_t>(spec_.loops) * spec_.piece_frames};
  }

 private:
  void choose_encoder() {
    const bool global_header = muxer_.wants_global_header();
    if (!spec_.encoder.empty()) {
      encoder_.emplace(encoder_spec(spec_, spec_.encoder, global_header));
      return;
    }
    const auto names = candidates();
    for (const auto& name : names) {
      try {
        encoder_.emplace(encoder_spec(spec_, name, global_header));
        return;
      } catch (const AvError&) {
        // Not part of this FFmpeg, or for hardware that is not here: the next one. The last one's words are given.
        if (name == names.back()) throw;
      }
    }
  }

  /// Gives the frame memory that the encoder does not read any more.
  void prepare_frame() {
    if (frame_->data[0] != nullptr && av_frame_is_writable(frame_.get()) > 0) return;
    av_frame_unref(frame_.get());
    frame_->format = AV_PIX_FMT_YUV420P;
    frame_->width = spec_.width;
    frame_->height = spec_.height;
    check(av_frame_get_buffer(frame_.get(), 0), "av_frame_get_buffer");
  }

  void collect() {
    while (encoder_->receive(*packet_)) {
      piece_.push_back(std::move(packet_));
      packet_ = make_packet();
    }
  }

  void write(const AVPacket& packet, std::int64_t shift) {
    check(av_packet_ref(packet_.get(), &packet), "av_packet_ref");
    packet_->pts += shift;
    packet_->dts += shift;
    packet_->duration = 1;
    muxer_.write(*packet_, stream_index_, encoder_->context().time_base);
  }

  ClipSpec spec_;
  Footage footage_;
  Muxer muxer_;
  std::optional<Encoder> encoder_;
  Frame frame_;
  Packet packet_;
  std::vector<Packet> piece_;
  int stream_index_ = 0;
  int done_ = 0;
};

}  // namespace

std::unique_ptr<ClipDoor> open_clip_maker(ClipSpec spec) { return std::make_unique<ClipMaker>(std::move(spec)); }

}  // namespace framemill
