#include "av/filter_graph.h"

#include <new>

namespace framemill {

namespace {

FilterInOut make_end(const char* name, AVFilterContext* filter) {
  FilterInOut end(avfilter_inout_alloc());
  if (!end) throw std::bad_alloc();
  end->name = av_strdup(name);
  if (end->name == nullptr) throw std::bad_alloc();
  end->filter_ctx = filter;
  return end;
}

}  // namespace

AvError changed_in_midstream(int width, int height, AVPixelFormat format, const AVFrame& frame) {
  const auto size = [](int w, int h) { return std::to_string(w) + "x" + std::to_string(h); };
  const auto name = [](AVPixelFormat known) {
    const char* text = av_get_pix_fmt_name(known);
    return std::string(text == nullptr ? "an unknown format" : text);
  };
  const bool is_same_size = width == frame.width && height == frame.height;
  const auto before = is_same_size ? name(format) : size(width, height);
  const auto after = is_same_size ? name(static_cast<AVPixelFormat>(frame.format)) : size(frame.width, frame.height);
  return {"ERR_UNSUPPORTED", "the pictures change from " + before + " to " + after + " in mid-stream"};
}

FilterGraph::FilterGraph(const AVFrame& like, AVRational time_base, AVRational frame_rate,
                         const std::string& description)
    : graph_(avfilter_graph_alloc()), width_(like.width), height_(like.height) {
  if (!graph_) throw std::bad_alloc();
  graph_->nb_threads = 1;
  graph_->opaque = &log_;
  const bool is_sound = like.sample_rate > 0;
  if (!is_sound) pixel_format_ = static_cast<AVPixelFormat>(like.format);
  source_ = add(is_sound ? "abuffer" : "buffer", "in");
  describe_input(*source_, like, time_base, frame_rate);
  checked(avfilter_init_str(source_, nullptr), "avfilter_init_str", "ERR_UNSUPPORTED");
  sink_ = add(is_sound ? "abuffersink" : "buffersink", "out");
  checked(avfilter_init_str(sink_, nullptr), "avfilter_init_str", "ERR_UNSUPPORTED");

  // The ends are named as libavfilter sees them: what goes into the graph is an output of what stands before it.
  auto* outputs = make_end("in", source_).release();
  auto* inputs = make_end("out", sink_).release();
  const int parsed = avfilter_graph_parse_ptr(graph_.get(), description.c_str(), &inputs, &outputs, graph_.get());
  const FilterInOut unlinked_inputs(inputs), unlinked_outputs(outputs);
  checked(parsed, "avfilter_graph_parse_ptr", "ERR_UNSUPPORTED");
  checked(avfilter_graph_config(graph_.get(), nullptr), "avfilter_graph_config", "ERR_UNSUPPORTED");
}

AVFilterContext* FilterGraph::add(const char* filter, const char* name) {
  auto* context = avfilter_graph_alloc_filter(graph_.get(), avfilter_get_by_name(filter), name);
  if (context == nullptr) throw std::bad_alloc();
  return context;
}

int FilterGraph::checked(int result, const char* call, const char* code) const {
  return check(result, call, code, log_.last());
}

void FilterGraph::push(AVFrame& frame) {
  if (pixel_format_ != AV_PIX_FMT_NONE &&
      (frame.width != width_ || frame.height != height_ || frame.format != pixel_format_)) {
    throw changed_in_midstream(width_, height_, pixel_format_, frame);
  }
  checked(av_buffersrc_add_frame(source_, &frame), "av_buffersrc_add_frame", "ERR_ENCODE");
}

void FilterGraph::drain() { checked(av_buffersrc_add_frame(source_, nullptr), "av_buffersrc_add_frame", "ERR_ENCODE"); }

bool FilterGraph::pull(AVFrame& frame) {
  av_frame_unref(&frame);
  const int result = av_buffersink_get_frame(sink_, &frame);
  if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return false;
  checked(result, "av_buffersink_get_frame", "ERR_ENCODE");
  return true;
}

void FilterGraph::set_frame_size(int samples) { av_buffersink_set_frame_size(sink_, static_cast<unsigned>(samples)); }

}  // namespace framemill
