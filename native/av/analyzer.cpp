// Owns the analyzer: the sampler's own decode, each target brought to a small picture and measured.
#include <algorithm>
#include <limits>
#include <utility>

#include "av/doors.h"
#include "av/picture_measures.h"
#include "av/sampler.h"

namespace framemill {

namespace {

class Analyzer final : public AnalysisDoor {
 public:
  Analyzer(AnalysisSpec spec, std::shared_ptr<Control> control)
      : control_(control),
        with_edges_(spec.edges),
        now_(spec.output.width, spec.output.height),
        before_(now_),
        pixels_(now_.rgb.size() + Scaler::kOverrun),
        sampler_(std::move(spec.sampler), std::move(control)) {
    sampler_.configure(std::move(spec.output));
  }

  void start_over() override {
    has_before_ = false;
    first_.clear();
  }

  void begin(SegmentSpec segment) override {
    done_ = missing_ = 0;
    sampler_.begin(std::move(segment));
  }

  Outcome step(std::span<float> numbers, std::span<std::byte> marks) override {
    const auto rows = std::min(numbers.size() / kPictureColumns, marks.size() / kMarkBytes);
    for (std::size_t row = 0; row < rows; ++row) {
      if (control_->cancelled()) throw AvError("CANCELLED", "cancelled", "avcodec_receive_frame", AVERROR_EXIT);
      FrameFacts facts;
      const auto outcome = sampler_.next(pixels_, facts);
      if (outcome == Outcome::kDone || outcome == Outcome::kTrouble) return outcome;
      ++done_;
      const auto own = numbers.subspan(row * kPictureColumns).first<kPictureColumns>();
      const auto own_marks = marks.subspan(row * kMarkBytes).first<kMarkBytes>();
      if (outcome == Outcome::kFrame)
        measure(own, own_marks);
      else
        leave_out(own, own_marks);
    }
    return Outcome::kFrame;
  }

  std::size_t done() const override { return done_; }
  std::size_t missing() const override { return missing_; }
  std::string last_error() const override { return sampler_.last_error(); }
  std::span<const std::uint8_t> first_picture() const override { return first_; }
  std::span<const std::uint8_t> last_picture() const override {
    return has_before_ ? std::span<const std::uint8_t>(before_.rgb) : std::span<const std::uint8_t>();
  }

 private:
  void measure(Row row, std::span<std::byte, kMarkBytes> marks) {
    now_.take(pixels_, with_edges_);
    measure_picture(now_, row);
    mark_picture(now_, marks);
    if (has_before_)
      measure_change(before_, now_, row);
    else
      first_ = now_.rgb;
    std::swap(before_, now_);
    has_before_ = true;
  }

  void leave_out(Row row, std::span<std::byte, kMarkBytes> marks) {
    ++missing_;
    std::ranges::fill(row, std::numeric_limits<float>::quiet_NaN());
    std::ranges::fill(marks, std::byte{0});
  }

  std::shared_ptr<Control> control_;
  bool with_edges_;
  SmallPicture now_, before_;
  std::vector<std::byte> pixels_;
  Sampler sampler_;
  Plane first_;
  bool has_before_ = false;
  std::size_t done_ = 0;
  std::size_t missing_ = 0;
};

}  // namespace

std::unique_ptr<AnalysisDoor> open_analyzer(AnalysisSpec spec, std::shared_ptr<Control> control) {
  return std::make_unique<Analyzer>(std::move(spec), std::move(control));
}

std::size_t numbers_per_picture() { return kPictureColumns; }

std::size_t mark_bytes_per_picture() { return kMarkBytes; }

void measure_change_between(int width, int height, bool edges, std::span<const std::byte> before,
                            std::span<const std::byte> now, std::span<float> numbers) {
  SmallPicture one(width, height);
  SmallPicture other(width, height);
  if (before.size() < one.rgb.size() || now.size() < other.rgb.size() || numbers.size() < kPictureColumns)
    throw AvError("ERR_MEMORY", "the pictures to compare are smaller than their size says");
  std::ranges::fill(numbers, std::numeric_limits<float>::quiet_NaN());
  one.take(before, edges);
  other.take(now, edges);
  measure_change(one, other, numbers.first<kPictureColumns>());
}

}  // namespace framemill
