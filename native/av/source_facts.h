// Owns what the container and its streams say of themselves. Plain data, free of libav.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace framemill {

struct Fraction {
  int num = 0;
  int den = 1;
};

struct StreamFacts {
  int index = 0;
  std::string type;
  std::string codec;
  std::string codec_long_name;
  std::string codec_tag;
  std::string profile;
  bool has_decoder = false;
  Fraction time_base;
  std::optional<double> start_ticks;
  std::optional<double> duration_ticks;
  double bit_rate = 0;
  double frame_count = 0;  // as the container claims; 0 unknown
  bool is_default = false;
  bool is_attached_picture = false;
  std::vector<std::pair<std::string, std::string>> tags;
  // video
  int width = 0;
  int height = 0;
  Fraction sample_aspect_ratio;
  std::vector<std::int32_t> display_matrix;  // nine values of 16.16 and 2.30 fixed point, or empty
  Fraction average_frame_rate;
  Fraction nominal_frame_rate;
  std::string pixel_format;
  int bit_depth = 0;
  int reorder_frames = 0;
  std::string field_order;
  std::string color_primaries, color_transfer, color_matrix, color_range;
  bool has_dolby_vision = false;
  std::optional<double> max_content_nits, mastering_nits;
  // audio
  int channels = 0;
  std::string channel_layout;
  int sample_rate = 0;
  std::string sample_format;
};

struct ChapterFacts {
  double start = 0;
  double end = 0;
  std::string title;
};

struct SourceFacts {
  std::string container;
  std::string container_long_name;
  std::optional<double> start_micros;
  std::optional<double> duration_micros;
  double bit_rate = 0;
  std::vector<std::pair<std::string, std::string>> tags;
  std::vector<StreamFacts> streams;
  std::vector<ChapterFacts> chapters;
};

}  // namespace framemill
