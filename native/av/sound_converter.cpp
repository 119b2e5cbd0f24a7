#include "av/sound_converter.h"

namespace framemill {

SoundConverter::SoundConverter(const AVFrame& like, int rate, std::int64_t at)
    : graph_(like, AVRational{1, like.sample_rate}, AVRational{0, 1},
             "aformat=sample_fmts=fltp:sample_rates=" + std::to_string(rate)),
      next_(at) {
  check(av_frame_ref(like_.get(), &like), "av_frame_ref");
}

bool SoundConverter::takes(const AVFrame& frame) const {
  return frame.format == like_->format && frame.sample_rate == like_->sample_rate &&
         av_channel_layout_compare(&frame.ch_layout, &like_->ch_layout) == 0;
}

void SoundConverter::push(AVFrame& frame) {
  frame.pts = pushed_;
  pushed_ += frame.nb_samples;
  graph_.push(frame);
}

bool SoundConverter::pull(AVFrame& frame, std::int64_t& at) {
  if (!graph_.pull(frame)) return false;
  at = next_;
  next_ += frame.nb_samples;
  return true;
}

}  // namespace framemill
