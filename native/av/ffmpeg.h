// The only file that includes libav*. Owns lifetimes (unique_ptr aliases), the error check and every version gate,
// so that one source compiles against FFmpeg 5.1 to 9 without a deprecated call.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/packet.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/frame.h>
#include <libavutil/hwcontext.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/samplefmt.h>
#include <libavutil/tx.h>
#include <libswscale/swscale.h>
}

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "av/error.h"

namespace framemill {

template <auto Free>
struct FreeByAddress {
  template <typename T>
  void operator()(T* pointer) const {
    Free(&pointer);
  }
};
struct FreeSws {
  void operator()(SwsContext* context) const { sws_freeContext(context); }
};

/// Closes the file too, whether or not it has its trailer.
struct FreeOutput {
  void operator()(AVFormatContext* format) const {
    if ((format->oformat->flags & AVFMT_NOFILE) == 0) avio_closep(&format->pb);
    avformat_free_context(format);
  }
};

using FormatContext = std::unique_ptr<AVFormatContext, FreeByAddress<avformat_close_input>>;
using OutputContext = std::unique_ptr<AVFormatContext, FreeOutput>;
using CodecContext = std::unique_ptr<AVCodecContext, FreeByAddress<avcodec_free_context>>;
using BufferReference = std::unique_ptr<AVBufferRef, FreeByAddress<av_buffer_unref>>;
using Packet = std::unique_ptr<AVPacket, FreeByAddress<av_packet_free>>;
using Frame = std::unique_ptr<AVFrame, FreeByAddress<av_frame_free>>;
using CodecParameters = std::unique_ptr<AVCodecParameters, FreeByAddress<avcodec_parameters_free>>;
using FilterInOut = std::unique_ptr<AVFilterInOut, FreeByAddress<avfilter_inout_free>>;
using FilterGraphContext = std::unique_ptr<AVFilterGraph, FreeByAddress<avfilter_graph_free>>;
using Scaling = std::unique_ptr<SwsContext, FreeSws>;
using Transform = std::unique_ptr<AVTXContext, FreeByAddress<av_tx_uninit>>;
/// Aligned as the fastest instructions of the CPU like it.
using AlignedFloats = std::unique_ptr<float[], FreeByAddress<av_freep>>;

/// An AVDictionary that frees itself; `out()` lends the address to calls that consume entries.
class Dictionary {
 public:
  Dictionary() = default;
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;
  ~Dictionary() { av_dict_free(&entries_); }
  void set(const char* key, const std::string& value) { av_dict_set(&entries_, key, value.c_str(), 0); }
  AVDictionary** out() { return &entries_; }

 private:
  AVDictionary* entries_ = nullptr;
};

/// Options of an encoder or muxer by FFmpeg's names, in the order in which they are set.
using Options = std::vector<std::pair<std::string, std::string>>;

/// Sets options of an encoder or muxer that is not open yet, its private ones included. `owner` is its name in errors.
/// Throws ERR_UNSUPPORTED for an option that it does not have, or a value that the option does not take.
void set_options(void* target, const Options& options, const std::string& owner);

/// FFmpeg's words for an AVERROR number.
std::string reason(int av_error);

/// Returns `result` when it is no error, else throws AvError{code, FFmpeg's words, call}.
int check(int result, const char* call, const char* code = "ERR_DECODE");
/// The same for calls that log what the number does not tell: `complaint` is that line, or empty.
int check(int result, const char* call, const char* code, const std::string& complaint);

Packet make_packet();
Frame make_frame();
CodecParameters make_parameters();
/// All are zero.
AlignedFloats make_aligned_floats(std::size_t count);

/// All of `stored` but what it points at, which stays behind. `parameters` are freshly made.
void take_plain_numbers(AVCodecParameters& parameters, const AVCodecParameters& stored);

/// What an encoder takes; empty: anything. Formats are of pictures or of samples.
std::vector<AVPixelFormat> pixel_formats_of(const AVCodec& codec);
std::vector<AVSampleFormat> sample_formats_of(const AVCodec& codec);
std::vector<int> sample_rates_of(const AVCodec& codec);

/// The input of a filter graph is made to take frames like this one.
void describe_input(AVFilterContext& source, const AVFrame& like, AVRational time_base, AVRational frame_rate);

/// libavformat's Matroska writer moves Opus by its decoder's delay, which readers take off again.
bool matroska_writer_adds_delay();

/// The stream gets the display matrix, light levels and what else a container keeps beside another stream's packets.
void copy_side_data(AVStream& to, const AVStream& from);

/// The display matrix of a stream, or null.
const std::int32_t* display_matrix(const AVStream& stream);
/// Packet side data of a stream by type, or null.
const std::uint8_t* stream_side_data(const AVStream& stream, AVPacketSideDataType type);
bool is_key_frame(const AVFrame& frame);
/// libavcodec concealed part of this frame or knows it to be incomplete.
bool is_corrupt(const AVFrame& frame);
/// Ticks the frame lasts, 0 when unknown.
std::int64_t duration_of(const AVFrame& frame);
/// The profile value that stands for "unknown".
int unknown_profile();

}  // namespace framemill
