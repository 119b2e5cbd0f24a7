// Owns the transcoder: one decode of a range of frames, feeding every output.
#include <utility>

#include "av/doors.h"
#include "av/picture_output.h"
#include "av/sampler.h"

namespace framemill {

namespace {

class Transcoder final : public TranscodingDoor {
 public:
  Transcoder(TranscodeSpec spec, std::shared_ptr<Control> control)
      : control_(std::move(control)), origin_(spec.origin), sampler_(std::move(spec.sampler), control_) {
    for (auto& output : spec.outputs) outputs_.push_back(std::make_unique<PictureOutput>(std::move(output), *control_));
  }

  void begin(SegmentSpec segment) override {
    done_ = 0;
    missing_ = 0;
    sampler_.begin(std::move(segment));
  }

  Outcome step(int frames) override {
    for (int encoded = 0; encoded < frames; ++encoded) {
      if (control_->cancelled()) throw AvError("CANCELLED", "cancelled", "avcodec_send_frame", AVERROR_EXIT);
      FrameFacts facts;
      const auto outcome = sampler_.next({}, facts);
      if (outcome == Outcome::kDone || outcome == Outcome::kTrouble) return outcome;
      ++done_;
      if (outcome == Outcome::kMissing) {
        ++missing_;
        continue;
      }
      const auto ticks = std::max<std::int64_t>(facts.pts - origin_, 0);
      for (const auto& output : outputs_) output->take(sampler_.frame(), ticks, sampler_.stream().time_base);
    }
    return Outcome::kFrame;
  }

  std::size_t done() const override { return done_; }
  std::size_t missing() const override { return missing_; }
  std::string last_error() const override { return sampler_.last_error(); }
  std::string device() const override { return sampler_.device(); }

  std::vector<PictureOutputFacts> finish() override {
    std::vector<PictureOutputFacts> facts;
    for (const auto& output : outputs_) facts.push_back(output->finish());
    return facts;
  }

 private:
  std::shared_ptr<Control> control_;
  std::int64_t origin_;
  Sampler sampler_;
  std::vector<std::unique_ptr<PictureOutput>> outputs_;
  std::size_t done_ = 0;
  std::size_t missing_ = 0;
};

}  // namespace

std::unique_ptr<TranscodingDoor> open_transcoder(TranscodeSpec spec, std::shared_ptr<Control> control) {
  return std::make_unique<Transcoder>(std::move(spec), std::move(control));
}

}  // namespace framemill
