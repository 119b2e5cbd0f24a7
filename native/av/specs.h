// Owns the values that cross between native/node and native/av: what is asked for and what came of it. Free of libav.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "av/source_facts.h"

namespace framemill {

/// What to open and what it may reach.
struct SourceSpec {
  std::string url;               // "file:/absolute/path" or an http(s) URL
  std::string protocols;         // comma list libavformat may open, nested files included
  bool allow_playlists = false;  // formats that name further files or URLs (HLS, DASH, concat, image sequences)
};

/// One key packet, as the packet index names it. kNone where the container gave no timestamp.
struct KeyPoint {
  static constexpr std::int64_t kNone = INT64_MIN;
  std::int64_t pts = kNone;
  std::int64_t dts = kNone;
};

/// How a decoded picture becomes the shown one: first transposed (rows become columns), then mirrored.
struct Orientation {
  bool transpose = false;
  bool mirror_x = false;
  bool mirror_y = false;
  bool upright() const { return !transpose && !mirror_x && !mirror_y; }
};

/// Element type and axis order of a tensor row. Values are pixel / 255, then (value - mean) / deviation per channel,
/// for float32; the pixel itself for uint8.
struct TensorSpec {
  bool wanted = false;
  bool is_float = false;
  bool channels_first = false;  // CHW instead of HWC
  std::array<float, 4> mean{0, 0, 0, 0};
  std::array<float, 4> deviation{1, 1, 1, 1};
};

/// What a finished picture looks like. All lengths are of the shown (turned) picture, but the crop, which is in
/// fractions of the decoded one, so that it holds when the size changes in mid-stream.
struct OutputSpec {
  std::string pixel_format;  // empty: as decoded
  int width = 0;             // 0: as decoded (only without a pixel format)
  int height = 0;
  int image_x = 0;  // where the picture lies on its black canvas
  int image_y = 0;
  int image_width = 0;
  int image_height = 0;
  double crop_x = 0;
  double crop_y = 0;
  double crop_width = 1;
  double crop_height = 1;
  std::string scale_filter;  // FFmpeg's names; "blocks": whole blocks of pixels first, then "area": cheap for small pictures
  bool tone_map = false;
  Orientation orientation;
  TensorSpec tensor;
};

/// One run of the decoder: from a key packet through ascending targets.
struct SegmentSpec {
  KeyPoint start;
  bool from_stream_start = false;  // begin at the first packet of the file instead of at `start`
  /// From positions at or after this, reading on to `start` is cheaper than seeking; kNone: from the file's start too.
  std::int64_t near_dts = KeyPoint::kNone;
  bool skip_unreferenced = false;  // leave frames undecoded that nobody refers to and nobody asked for
  /// Decode every packet on one thread and hold each frame until the next one is known. The reference for every other
  /// way: what a plain decode shows at each target.
  bool plain = false;
  /// With `plain`: a target without a frame of its own shows the frame before it instead of being reported missing.
  bool show_previous = false;
  /// Targets are positions in the order of output, counted from the stream's start, not timestamps. Implies `plain`.
  bool by_ordinal = false;
  /// Ascending presentation ticks (or ordinals). Empty: every frame up to and including `until`.
  std::vector<std::int64_t> targets;
  std::int64_t until = INT64_MAX;
};

struct SamplerSpec {
  SourceSpec source;
  int stream_index = 0;
  int threads = 1;
  std::int64_t max_pixels = INT64_MAX;
  bool draft = false;    // leave out the loop filter: faster, and not what a plain decode gives
  std::string hardware;  // empty: none; "auto", or FFmpeg's name of a kind of device. A plain decode is done in software
};

enum class Outcome : int {
  kDone = 0,      // no further target
  kFrame = 1,     // a target is finished in `pixels`
  kTrouble = 2,   // an error, or a target that did not come: begin the segment again, plain
  kMissing = 3,   // plain: this target has no frame
  kTooSmall = 4,  // `pixels` is smaller than facts.picture.bytes; call again with more
};

/// Size, pixel format (AVPixelFormat as a number) and bytes of one finished picture.
struct PictureFacts {
  int width = 0;
  int height = 0;
  int format = -1;
  std::size_t bytes = 0;
};

struct FrameFacts {
  std::size_t target = 0;  // index into SegmentSpec::targets, or the count of frames before when there are none
  std::int64_t pts = 0;
  bool is_key = false;
  bool is_damaged = false;
  PictureFacts picture;
};

/// Bits of PacketFlag in src/source-types.ts.
enum PacketFlag : std::uint8_t { kKeyPacket = 1, kHiddenPacket = 2 };

/// Columns of the packet index; NaN where the container has no timestamp.
struct PacketColumns {
  std::vector<double> pts;
  std::vector<double> dts;
  std::vector<double> duration;
  std::vector<std::uint32_t> size;
  std::vector<std::uint8_t> flags;
  bool damaged_end = false;  // ended by a read error: what follows in the file is lost
};

/// Options of an encoder or a container by FFmpeg's names.
using NamedValues = std::vector<std::pair<std::string, std::string>>;

/// One encoded result of a video transcoder: a spool file.
struct PictureOutputSpec {
  std::string path;
  std::string filter;  // libavfilter graph of one input and one output; empty: none
  std::string encoder;
  std::string pixel_format;  // empty: the decoded one where the encoder takes it, else the nearest that it takes
  Fraction time_base;        // that all timestamps of the clip are multiples of; with a filter, of what enters it
  Fraction frame_rate{0, 1};
  std::int64_t end =
      KeyPoint::kNone;  // where the last frame ends, in `time_base`; kNone: it lasts as long as the one before
  int threads = 1;
  NamedValues options;
};

/// Frames of one stream, each encoded into one or more outputs.
struct TranscodeSpec {
  SamplerSpec sampler;
  std::int64_t origin = 0;  // ticks of the stream that become zero; a frame before it is moved there
  std::vector<PictureOutputSpec> outputs;
};

/// Frames of one stream, each measured on the picture that `output` makes of it: rgb24, small.
struct AnalysisSpec {
  SamplerSpec sampler;
  OutputSpec output;
  bool edges = false;
};

struct PictureOutputFacts {
  std::int64_t frames = 0;
  int width = 0;
  int height = 0;
  std::string pixel_format;
};

/// The sound of a clip, exact to the sample, encoded into a spool file. Times are ticks of `time_base`.
struct SoundSpec {
  SourceSpec source;
  int stream_index = 0;
  Fraction time_base;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::string filter;
  std::string path;
  std::string encoder;
  int sample_rate = 0;  // 0: the source's, or the nearest that the encoder takes
  int channels = 0;     // 0: the source's
  NamedValues options;
};

/// The part of a stream whose sound is measured. Times are ticks of `time_base`.
struct SoundAnalysisSpec {
  SourceSpec source;
  int stream_index = 0;
  Fraction time_base;
  std::int64_t start = 0;
  std::int64_t end = KeyPoint::kNone;  // kNone: all there is
};

/// A part without sound, in seconds from the start of what is measured.
struct SoundGap {
  double start = 0;
  double end = 0;
  std::string reason;
};

/// The text subtitles of a clip in another codec, into a spool file. Times are ticks of `time_base`.
struct SubtitleSpec {
  SourceSpec source;
  int stream_index = 0;
  Fraction time_base;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::string path;
  std::string encoder;
};

/// A file to be put together from packets.
struct RemuxSpec {
  SourceSpec source;
  std::string path;
  std::string format;
  NamedValues options;
  NamedValues tags;
  std::vector<ChapterFacts> chapters;  // in seconds of the clip
};

/// A stream of that file: like a stream of the source, or like what an encoder made.
struct TrackSpec {
  int stream_index = 0;        // of the source: language, disposition and, without a spool, the codec's parameters
  std::string spool;           // path; empty: packets are the source's
  std::string edges;           // path of a spool that shares the track with the source's packets; empty: none
  bool keep_side_data = true;  // display matrix, light levels
};

/// Packets that follow each other in a track. Times are ticks of the source's stream, or of the spool.
struct PacketRunSpec {
  enum class Kind { kIndexed, kInterval, kSpool };
  Kind kind = Kind::kIndexed;
  int track = 0;
  std::int64_t origin = 0;  // becomes zero
  // indexed: `count` packets from the one at `start` in decode order, but those at the positions in `dropped`; those
  // shown before `from` or not before `to` are for decoding only
  KeyPoint start;
  bool from_stream_start = false;
  std::int64_t count = 0;
  std::vector<std::int64_t> dropped;
  std::int64_t from = INT64_MIN;
  std::int64_t to = INT64_MAX;
  // interval: packets that overlap [from, to) of `time_base`, and `preroll` before them; negative: one that begins
  // before is moved
  Fraction time_base;
  int preroll = 0;
  // spool
  std::string path;
  std::int64_t delay = 0;      // decode timestamps are that much earlier than the encoder gave
  bool ends_sequence = false;  // what follows begins a new coded video sequence (HEVC)
};

struct EncoderFacts {
  std::string type;   // "video", "audio", ...
  std::string codec;  // FFmpeg's name
};

/// Frames of two streams to be compared one by one.
struct ComparisonSpec {
  SamplerSpec one, other;
  SegmentSpec one_segment, other_segment;  // as many targets in both
};

/// Key packets as their bitstream describes them.
struct RandomAccessFacts {
  std::vector<int>
      kinds;  // for each packet, 0: none, 1: decoding may begin here, 2: but pictures shown before it are lost
  std::vector<unsigned> set_ids;  // ids that H.264 parameter sets of the stream go by
};

/// A synthetic clip. Sizes are even and at least 16, counts at least 1.
struct ClipSpec {
  std::string path;
  int width = 0;
  int height = 0;
  int rate_num = 0;  // frames per second
  int rate_den = 1;
  std::uint32_t seed = 0;
  int scene_frames = 1;  // from cut to cut
  int piece_frames = 1;  // that are encoded
  int loops = 1;         // how often the file holds the piece
  std::string encoder;   // empty: the best H.264 encoder there is, else mpeg4
  int key_interval = 0;  // at most that many frames from key to key; 0: the encoder's default
  int b_frames = 0;      // at most that many in a row
  int threads = 1;
};

struct ClipFacts {
  std::string encoder;
  std::int64_t frames = 0;
};

struct Versions {
  std::string ffmpeg;
  std::string license;
  unsigned libavcodec = 0, libavformat = 0, libswscale = 0, libavutil = 0;
};

}  // namespace framemill
