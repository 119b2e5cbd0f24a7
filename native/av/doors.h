// The doors of native/av: one function per kind of task. Free of libav, so that native/node needs nothing else.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "av/control.h"
#include "av/error.h"
#include "av/source_facts.h"
#include "av/specs.h"

namespace framemill {

/// Decodes the frames asked for from one stream, in order, into memory of the caller. One thread at a time.
/// Never scales or converts a frame that is no target.
class SamplingDoor {
 public:
  virtual ~SamplingDoor() = default;
  virtual void configure(OutputSpec output) = 0;
  /// Seeks; targets are ascending.
  virtual void begin(SegmentSpec segment) = 0;
  /// With empty `pixels` nothing is converted: only the facts are wanted. Bytes past the picture may be overwritten.
  virtual Outcome next(std::span<std::byte> pixels, FrameFacts& facts) = 0;
  /// FFmpeg's newest complaint about this stream, or empty.
  virtual std::string last_error() const = 0;
};

/// Throws AvError.
std::unique_ptr<SamplingDoor> open_sampler(SamplerSpec spec, std::shared_ptr<Control> control);

/// Every packet of one stream in decode order, without decoding one. Throws AvError.
PacketColumns scan_packets(SourceSpec source, int stream_index, Control& control);

/// Opens the source, reads what libavformat learns by itself, closes it. Throws AvError.
SourceFacts probe(SourceSpec source, Control& control);

/// Decodes a range of one stream once and encodes it into one or more spool files. As exact as sampling: the same runs
/// of the decoder with the same guard.
class TranscodingDoor {
 public:
  virtual ~TranscodingDoor() = default;
  /// Seeks; targets are the frames to encode, ascending. May be called again to go on with those that are left.
  virtual void begin(SegmentSpec segment) = 0;
  /// Encodes up to `frames` more. kFrame: there is more; kDone; kTrouble: begin the rest again, plain.
  virtual Outcome step(int frames) = 0;
  /// Targets of the segment that are dealt with, and those among them that have no frame.
  virtual std::size_t done() const = 0;
  virtual std::size_t missing() const = 0;
  /// FFmpeg's name of the kind of device that decoded; empty: software did.
  virtual std::string device() const = 0;
  /// Encodes what is on its way and closes the files. The last call.
  virtual std::vector<PictureOutputFacts> finish() = 0;
  virtual std::string last_error() const = 0;
};

/// Throws AvError.
std::unique_ptr<TranscodingDoor> open_transcoder(TranscodeSpec spec, std::shared_ptr<Control> control);

/// Decodes frames of one stream and measures each, and what changed since the one before. As exact as sampling: the same
/// runs of the decoder with the same guard.
class AnalysisDoor {
 public:
  virtual ~AnalysisDoor() = default;
  /// Forgets the frame before: the next one has none.
  virtual void start_over() = 0;
  /// Seeks; targets are the frames to measure, ascending. May be called again to go on with those that are left.
  virtual void begin(SegmentSpec segment) = 0;
  /// Measures as many more as both spans have rows for: numbers_per_picture() floats and mark_bytes_per_picture() bytes
  /// each. A frame that is missing gets NaN. kFrame: there is more; kDone; kTrouble: begin the rest again, plain.
  virtual Outcome step(std::span<float> numbers, std::span<std::byte> marks) = 0;
  /// Targets of the segment that are dealt with, and those among them that have no frame.
  virtual std::size_t done() const = 0;
  virtual std::size_t missing() const = 0;
  /// Small pictures (rgb24) of the first and the last frame since start_over(); empty: there was none. Until the next step.
  virtual std::span<const std::uint8_t> first_picture() const = 0;
  virtual std::span<const std::uint8_t> last_picture() const = 0;
  virtual std::string last_error() const = 0;
};

/// Throws AvError.
std::unique_ptr<AnalysisDoor> open_analyzer(AnalysisSpec spec, std::shared_ptr<Control> control);

std::size_t numbers_per_picture();
std::size_t mark_bytes_per_picture();

/// Fills those numbers of a row that tell what changed between two small pictures (rgb24). Throws AvError.
void measure_change_between(int width, int height, bool edges, std::span<const std::byte> before,
                            std::span<const std::byte> now, std::span<float> numbers);

/// The sound of a clip into a spool file.
class SoundDoor {
 public:
  virtual ~SoundDoor() = default;
  /// Works through some packets; false when all is done and the file closed.
  virtual bool step(int packets) = 0;
  /// Seconds of the clip that are encoded.
  virtual double seconds() const = 0;
};

std::unique_ptr<SoundDoor> open_sound_transcoder(SoundSpec spec, std::shared_ptr<Control> control);

/// Decodes the sound of a part once and measures it in windows of 10 ms: docs/analysis.md.
class SoundAnalysisDoor {
 public:
  virtual ~SoundAnalysisDoor() = default;
  /// Works through some packets; false when all is measured.
  virtual bool step(int packets) = 0;
  /// Seconds of the part that are behind.
  virtual double seconds() const = 0;
  /// Seconds that the part will take, as far as the container says; NaN: it does not.
  virtual double duration() const = 0;
  /// Windows that are measured and were not taken yet.
  virtual std::size_t windows() const = 0;
  static constexpr std::size_t kColumns = 6;
  /// Hands them over, row by row in the order of soundColumns in src/analysis/series.ts: windows() * kColumns values. NaN: no sound.
  virtual void take(std::span<float> rows) = 0;
  /// Parts without sound that hold at least a window, and one at the end where the source is damaged there. Ascending.
  virtual std::vector<SoundGap> gaps() const = 0;
  /// FFmpeg's newest complaint about this stream, or empty.
  virtual std::string last_error() const = 0;
};

std::unique_ptr<SoundAnalysisDoor> open_sound_analyzer(SoundAnalysisSpec spec, std::shared_ptr<Control> control);

/// All at once, as there is little of it. Throws AvError.
void transcode_subtitles(SubtitleSpec spec, Control& control);

/// Puts a file together from packets of the source and of spools. Going away before finish() leaves an incomplete file.
class RemuxingDoor {
 public:
  virtual ~RemuxingDoor() = default;
  /// All tracks first; the track's number.
  virtual int add_track(const TrackSpec& track) = 0;
  virtual void add_run(PacketRunSpec run) = 0;
  /// Writes up to `packets`; false when there are none left.
  virtual bool step(int packets) = 0;
  /// Seconds of the clip that are written.
  virtual double seconds() const = 0;
  virtual void finish() = 0;
};

std::unique_ptr<RemuxingDoor> open_remuxer(RemuxSpec spec, std::shared_ptr<Control> control);

/// What the bitstream says of key packets, which ascend; a packet that is not found is no random-access point.
RandomAccessFacts random_access(SourceSpec source, int stream_index, const std::vector<KeyPoint>& keys,
                                Control& control);

/// Peak signal-to-noise ratio of each pair of frames in dB, over all planes; infinite for equal ones, NaN where one is
/// missing or they differ in size or format.
std::vector<double> compare_frames(ComparisonSpec spec, std::shared_ptr<Control> control);

/// Draws and encodes a synthetic clip, some frames at a time. Going away before finish() leaves an incomplete file.
/// The same spec and libraries give the same file, as long as the encoder repeats itself: libx264 does where the width
/// is a multiple of 128, and reads memory that it has not written where it is not (its macroblock tree, release 164).
class ClipDoor {
 public:
  virtual ~ClipDoor() = default;
  /// Encodes up to that many frames more; how many of the piece are done.
  virtual int step(int frames) = 0;
  /// Encodes what is left of the piece, writes it as often as wanted and closes the file. The last call.
  virtual ClipFacts finish() = 0;
};

/// Creates or empties the file. Throws AvError.
std::unique_ptr<ClipDoor> open_clip_maker(ClipSpec spec);

/// What an encoder of the linked FFmpeg makes; empty where it has none of that name.
EncoderFacts encoder_facts(const std::string& name);

/// FFmpeg's name of an AVPixelFormat number, or empty.
std::string pixel_format_name(int format);
/// Bytes of a tightly packed picture. Throws ERR_UNSUPPORTED for a format that FFmpeg does not know.
std::size_t picture_bytes(const std::string& pixel_format, int width, int height);

Versions versions();

}  // namespace framemill
