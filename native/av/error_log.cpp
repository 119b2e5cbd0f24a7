#include "av/error_log.h"

#include <array>
#include <cstdarg>
#include <cstdlib>
#include <string_view>
#include <unordered_set>

#include "av/ffmpeg.h"

namespace framemill {

namespace {

// The registry decides whether an `opaque` pointer is ours: another library in the process may use libav too.
struct Registry {
  std::mutex mutex;
  std::unordered_set<ErrorLog*> logs;
};

Registry& registry() {
  static Registry instance;
  return instance;
}

bool prints() {
  static const bool wanted = std::getenv("FRAMEMILL_FFMPEG_LOG") != nullptr;
  return wanted;
}

// Told to forget a reference picture it never had, because decoding began after it: nothing is lost by that, and every
// start at an open GOP says it.
constexpr std::string_view kHarmless = "mmco: unref short failure";

// What a graph's parser says after it has said what is wrong.
constexpr std::string_view kRepeating = "Error processing filtergraph";

void* opaque_of(void* context) {
  if (context == nullptr) return nullptr;
  const AVClass* type = *static_cast<const AVClass**>(context);
  if (type == nullptr) return nullptr;
  if (type == avcodec_get_class()) return static_cast<AVCodecContext*>(context)->opaque;
  if (type == avformat_get_class()) return static_cast<AVFormatContext*>(context)->opaque;
  if (type == avfilter_get_class()) {
    // A filter is taken out of its graph before it is closed, and may complain while it is.
    const auto* graph = static_cast<AVFilterContext*>(context)->graph;
    return graph == nullptr ? nullptr : graph->opaque;
  }
  // libavfilter does not show the class of a graph, which its parser complains under.
  if (std::string_view(type->class_name) == "AVFilterGraph") return static_cast<AVFilterGraph*>(context)->opaque;
  return nullptr;
}

void on_log(void* context, int level, const char* format, va_list arguments) {
  if (prints()) {
    va_list copy;
    va_copy(copy, arguments);
    av_log_default_callback(context, level, format, copy);
    va_end(copy);
  }
  if (level > AV_LOG_ERROR) return;
  auto* log = static_cast<ErrorLog*>(opaque_of(context));
  if (log == nullptr) return;
  std::array<char, 512> line{};
  int prefix = 0;  // only the message: the context's address would make errors differ from run to run
  av_log_format_line2(nullptr, level, format, arguments, line.data(), static_cast<int>(line.size()), &prefix);
  std::string text = line.data();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (text == kHarmless || text.starts_with(kRepeating)) return;
  auto& known = registry();
  const std::lock_guard lock(known.mutex);
  if (known.logs.contains(log)) log->record(std::move(text));
}

}  // namespace

ErrorLog::ErrorLog() {
  static std::once_flag installed;
  std::call_once(installed, [] { av_log_set_callback(on_log); });
  auto& known = registry();
  const std::lock_guard lock(known.mutex);
  known.logs.insert(this);
}

ErrorLog::~ErrorLog() {
  auto& known = registry();
  const std::lock_guard lock(known.mutex);
  known.logs.erase(this);
}

void ErrorLog::record(std::string line) {
  {
    const std::lock_guard lock(mutex_);
    last_ = std::move(line);
  }
  count_.fetch_add(1, std::memory_order_release);
}

std::string ErrorLog::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

}  // namespace framemill
