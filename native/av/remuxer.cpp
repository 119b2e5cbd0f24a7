// Owns putting a file together: the packets of all tracks in the order in which they are decoded.
#include "av/demuxer.h"
#include "av/doors.h"
#include "av/muxer.h"
#include "av/track.h"

namespace framemill {

namespace {

class Remuxer final : public RemuxingDoor {
 public:
  Remuxer(RemuxSpec spec, std::shared_ptr<Control> control)
      : control_(std::move(control)),
        spec_(std::move(spec)),
        source_(std::make_unique<Demuxer>(spec_.source, *control_)),
        muxer_(spec_.path, spec_.format, spec_.options, control_.get()) {
    for (const auto& [key, value] : spec_.tags) muxer_.tag(key, value);
    for (const auto& chapter : spec_.chapters) muxer_.add_chapter(chapter);
  }

  int add_track(const TrackSpec& track) override {
    if (has_begun_) throw AvError("ERR_CLOSED", "the file's header is written: it takes no further track");
    source_->select(track.stream_index);
    tracks_.emplace_back(track, source_->stream(), muxer_);
    return static_cast<int>(tracks_.size()) - 1;
  }

  void add_run(PacketRunSpec run) override { tracks_.at(static_cast<std::size_t>(run.track)).add(std::move(run)); }

  bool step(int packets) override {
    begin_once();
    for (int written = 0; written < packets; ++written) {
      if (control_->cancelled()) throw AvError("CANCELLED", "cancelled", "av_interleaved_write_frame", AVERROR_EXIT);
      Track* next = earliest();
      if (next == nullptr) return false;
      auto& packet = next->take();
      seconds_ = static_cast<double>(packet.dts) * av_q2d(next->time_base());
      muxer_.write(packet, next->index(), next->time_base());
      control_->touch();
    }
    return true;
  }

  double seconds() const override { return seconds_; }
  void finish() override {
    begin_once();
    muxer_.finish();
  }

 private:
  void begin_once() {
    if (!has_begun_) muxer_.begin();
    has_begun_ = true;
  }

  Track* earliest() {
    const auto open = [this](int stream_index) {
      auto demuxer = source_ ? std::move(source_) : std::make_unique<Demuxer>(spec_.source, *control_);
      demuxer->select(stream_index);
      return demuxer;
    };
    Track* best = nullptr;
    std::int64_t best_dts = 0;
    for (auto& track : tracks_) {
      const auto* packet = track.peek(open, *control_);
      if (packet == nullptr) continue;
      if (best == nullptr || av_compare_ts(packet->dts, track.time_base(), best_dts, best->time_base()) < 0) {
        best = &track;
        best_dts = packet->dts;
      }
    }
    return best;
  }

  std::shared_ptr<Control> control_;
  RemuxSpec spec_;
  std::unique_ptr<Demuxer> source_;  // what tracks are like, and then the first run that reads packets of it
  Muxer muxer_;
  std::deque<Track> tracks_;
  double seconds_ = 0;
  bool has_begun_ = false;
};

}  // namespace

std::unique_ptr<RemuxingDoor> open_remuxer(RemuxSpec spec, std::shared_ptr<Control> control) {
  return std::make_unique<Remuxer>(std::move(spec), std::move(control));
}

}  // namespace framemill
