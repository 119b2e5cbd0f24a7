// Owns one libavcodec decoder: packets in, frames out. EAGAIN and EOF are handled here and nowhere else.
#pragma once

#include <cstdint>

#include "av/error_log.h"
#include "av/ffmpeg.h"
#include "av/hardware.h"

namespace framemill {

/// Not thread-safe. Protocol: after each send(), receive() until it returns false.
class Decoder {
 public:
  /// `threads` frame threads inside libavcodec; pictures above `max_pixels` are refused. Throws ERR_UNSUPPORTED when the linked FFmpeg has no
  /// decoder. `hardware`: empty, or what find_hardware() takes; without such a device, software decodes.
  Decoder(AVFormatContext& format, AVStream& stream, int threads, std::int64_t max_pixels, const std::string& hardware = "");

  /// Leaves out the loop filter from now on: faster, and pictures are no longer what others decode.
  void leave_out_loop_filter() { context_->skip_loop_filter = AVDISCARD_ALL; }

  /// Sends one packet. `skip` is AVDISCARD_NONREF where a frame that nobody refers to and nobody asked for may stay
  /// undecoded. A packet the decoder rejects counts as an error (see errors) and is dropped, as `ffmpeg` does.
  void send(const AVPacket& packet, AVDiscard skip);
  /// No more packets: receive() gives what is left.
  void drain();
  bool receive(AVFrame& frame);
  /// Forgets all state; the next packet must be a key packet.
  void flush();

  /// Faults seen so far: rejected packets and error lines of the decoder.
  std::uint64_t errors() const { return rejected_ + log_.count(); }
  std::string last_error() const;
  const AVCodecContext& context() const { return *context_; }
  /// FFmpeg's name of the kind of device that has decoded a picture; empty: none has.
  std::string device() const { return has_used_device_ ? hardware_.kind : ""; }

 private:
  ErrorLog log_;
  Hardware hardware_;
  Frame spare_ = make_frame();
  CodecContext context_;  // after log_: closing a decoder may still log
  std::uint64_t rejected_ = 0;
  int last_result_ = 0;
  bool draining_ = false;
  bool has_used_device_ = false;
};

/// Opens no file and no decoder: is there one for this stream?
bool has_decoder(const AVStream& stream);

}  // namespace framemill
