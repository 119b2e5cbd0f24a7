// Owns one libavcodec video encoder: frames in, packets out. EAGAIN and EOF are handled here and nowhere else.
#pragma once

#include "av/error_log.h"
#include "av/ffmpeg.h"

namespace framemill {

struct EncoderSpec {
  std::string name;  // FFmpeg's name of the encoder, for example "libx264"
  int width = 0;
  int height = 0;
  AVPixelFormat format = AV_PIX_FMT_NONE;
  AVRational time_base{1, 1};   // of the frames sent and the packets received
  AVRational frame_rate{0, 1};  // 0: unknown or varying
  AVColorRange range = AVCOL_RANGE_UNSPECIFIED;
  AVColorPrimaries primaries = AVCOL_PRI_UNSPECIFIED;
  AVColorTransferCharacteristic transfer = AVCOL_TRC_UNSPECIFIED;
  AVColorSpace matrix = AVCOL_SPC_UNSPECIFIED;
  int threads = 1;
  bool global_header = false;  // parameter sets go to the container: Muxer::wants_global_header()
  Options options;             // generic ones ("g", "bf", "b") and the encoder's own ("preset", "crf")
};

/// Not thread-safe. Protocol: after each send(), and after drain(), receive() until it returns false.
class Encoder {
 public:
  /// Throws ERR_UNSUPPORTED when the linked FFmpeg has no such video encoder, or it does not open with these settings.
  explicit Encoder(const EncoderSpec& spec);

  /// The encoder may keep a reference to the frame's buffers: fill others for the next frame unless
  /// av_frame_is_writable().
  void send(const AVFrame& frame);
  /// No more frames: receive() gives what is left.
  void drain();
  /// Next packet in decode order; false when the encoder wants another frame, or has ended after drain().
  bool receive(AVPacket& packet);

  const AVCodecContext& context() const { return *context_; }

 private:
  int checked(int result, const char* call) const;

  ErrorLog log_;
  CodecContext context_;  // after log_: closing an encoder may still log
};

}  // namespace framemill
