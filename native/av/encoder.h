// Owns one libavcodec encoder: frames in, packets out. EAGAIN and EOF are handled here and nowhere else.
#pragma once

#include "av/error_log.h"
#include "av/ffmpeg.h"

namespace framemill {

/// Of pictures.
struct EncoderSpec {
  std::string name;  // FFmpeg's name of the encoder, for example "libx264"
  int width = 0;
  int height = 0;
  AVPixelFormat format = AV_PIX_FMT_NONE;
  AVRational time_base{1, 1};   // of the frames sent and the packets received
  AVRational frame_rate{0, 1};  // 0: unknown or varying
  AVRational sample_aspect_ratio{0, 1};
  AVColorRange range = AVCOL_RANGE_UNSPECIFIED;
  AVColorPrimaries primaries = AVCOL_PRI_UNSPECIFIED;
  AVColorTransferCharacteristic transfer = AVCOL_TRC_UNSPECIFIED;
  AVColorSpace matrix = AVCOL_SPC_UNSPECIFIED;
  AVChromaLocation chroma_location = AVCHROMA_LOC_UNSPECIFIED;
  int threads = 1;
  bool global_header = false;  // parameter sets go to the container: Muxer::wants_global_header()
  Options options;             // generic ones ("g", "bf", "b") and the encoder's own ("preset", "crf")
};

/// Of sound. The time base is one sample.
struct SoundEncoderSpec {
  std::string name;
  AVSampleFormat format = AV_SAMPLE_FMT_NONE;
  int sample_rate = 0;
  const AVChannelLayout* layout = nullptr;  // copied
  Options options;
};

/// The encoder of that name and kind; throws ERR_UNSUPPORTED when the linked FFmpeg has none.
const AVCodec& find_encoder(const std::string& name, AVMediaType type);

/// Not thread-safe. Protocol: after each send(), and after drain(), receive() until it returns false. Faults of the
/// encoder are ERR_ENCODE.
class Encoder {
 public:
  /// Throws ERR_UNSUPPORTED when there is no such encoder or no such option, ERR_ENCODE when it does not open like
  /// this.
  explicit Encoder(const EncoderSpec& spec);
  explicit Encoder(const SoundEncoderSpec& spec);

  /// The encoder may keep a reference to the frame's buffers: fill others for the next frame unless
  /// av_frame_is_writable().
  void send(const AVFrame& frame);
  /// No more frames: receive() gives what is left.
  void drain();
  /// Next packet in decode order; false when the encoder wants another frame, or has ended after drain().
  bool receive(AVPacket& packet);

  const AVCodecContext& context() const { return *context_; }

 private:
  explicit Encoder(const AVCodec& codec);
  void open(const Options& options);
  int checked(int result, const char* call) const;

  ErrorLog log_;
  CodecContext context_;  // after log_: closing an encoder may still log
};

}  // namespace framemill
