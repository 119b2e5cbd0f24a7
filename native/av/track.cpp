#include "av/track.h"

#include <algorithm>
#include <array>
#include <utility>

#include "av/spool.h"

namespace framemill {

namespace {

// End of sequence, ITU-T H.265 table 7-1: type 36, layer 0, temporal id 1. The CRA picture that follows begins a coded
// video sequence, so its order of output has nothing to do with what stands before.
constexpr std::array<std::uint8_t, 2> kEndOfSequence = {36 << 1, 1};

void replace_extradata(AVCodecParameters& parameters, const Bytes& data) {
  auto* copy = static_cast<std::uint8_t*>(av_mallocz(data.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (copy == nullptr) throw std::bad_alloc();
  std::copy(data.begin(), data.end(), copy);
  av_freep(&parameters.extradata);
  parameters.extradata = copy;
  parameters.extradata_size = static_cast<int>(data.size());
}

}  // namespace

Track::Track(const TrackSpec& spec, const AVStream& stream, Muxer& muxer) : spec_(spec) {
  const auto parameters = make_parameters();
  auto time_base = stream.time_base;
  auto frame_rate = stream.avg_frame_rate;
  if (spec.spool.empty()) {
    check(avcodec_parameters_copy(parameters.get(), stream.codecpar), "avcodec_parameters_copy");
  } else {
    const SpoolReader spool(spec.spool);
    check(avcodec_parameters_copy(parameters.get(), &spool.parameters()), "avcodec_parameters_copy");
    time_base = spool.time_base();
    frame_rate = spool.frame_rate();
  }
  codec_ = parameters->codec_id;
  if (!muxer.takes(codec_)) {
    throw AvError("ERR_UNSUPPORTED", std::string("this container does not hold ") + avcodec_get_name(codec_),
                  "avformat_query_codec");
  }
  if (!spec.edges.empty() && (codec_ == AV_CODEC_ID_H264 || codec_ == AV_CODEC_ID_HEVC)) {
    const SpoolReader edges(spec.edges);
    const auto own = parameter_sets(*parameters);
    const auto more = parameter_sets(edges.parameters());
    framing_ = own.framing;
    if (codec_ == AV_CODEC_ID_H264) {
      replace_extradata(*parameters, with_more_sets(*parameters, more));
    } else {
      own_sets_ = own.units;
      edge_sets_ = more.units;
      // The name that allows parameter sets among the packets.
      parameters->codec_tag = MKTAG('h', 'e', 'v', '1');
    }
  } else if (!spec.spool.empty() && codec_ == AV_CODEC_ID_HEVC) {
    parameters->codec_tag = MKTAG('h', 'v', 'c', '1');
  }
  if (!spec.spool.empty()) later_ = muxer.delay_of(*parameters);
  auto& out = muxer.add_stream(*parameters, time_base);
  out.avg_frame_rate = frame_rate;
  out.disposition = stream.disposition & ~AV_DISPOSITION_ATTACHED_PIC;
  for (const char* key : {"language", "title", "handler_name"}) {
    const auto* entry = av_dict_get(stream.metadata, key, nullptr, 0);
    if (entry != nullptr) av_dict_set(&out.metadata, key, entry->value, 0);
  }
  if (spec.keep_side_data && (spec.spool.empty() || parameters->codec_type == AVMEDIA_TYPE_VIDEO))
    copy_side_data(out, stream);
  index_ = out.index;
}

void Track::open_next(const OpenDemuxer& open, Control& control) {
  current_ = std::move(runs_.front());
  runs_.pop_front();
  if (run_) last_base_ = run_->time_base();
  const bool is_spool = current_.kind == PacketRunSpec::Kind::kSpool;
  run_ = open_run(current_, is_spool ? nullptr : open(spec_.stream_index), control);
  if (last_dts_ != INT64_MIN) last_dts_ = av_rescale_q_rnd(last_dts_, last_base_, run_->time_base(), AV_ROUND_UP);
  begins_run_ = true;
  has_following_ = run_->read(*following_);
}

const AVPacket* Track::peek(const OpenDemuxer& open, Control& control) {
  while (!has_packet_) {
    if (!has_following_) {
      if (runs_.empty()) return nullptr;
      open_next(open, control);
      continue;
    }
    av_packet_move_ref(packet_.get(), following_.get());
    has_packet_ = true;
    has_following_ = run_->read(*following_);
    fit();
  }
  return packet_.get();
}

AVPacket& Track::take() {
  has_packet_ = false;
  return *packet_;
}

void Track::fit() {
  auto& packet = *packet_;
  const bool is_first = std::exchange(begins_run_, false);
  const bool is_last = !has_following_;
  packet.pts += later_;
  packet.dts += later_;
  if (packet.dts == AV_NOPTS_VALUE) packet.dts = packet.pts;
  // An encoder's decode timestamps begin as early as its reordering needs, which may be before the end of the run
  // before.
  if (run_->is_encoded() && last_dts_ != INT64_MIN && packet.dts <= last_dts_) packet.dts = last_dts_ + 1;
  if (packet.dts > packet.pts && packet.pts != AV_NOPTS_VALUE) {
    throw AvError("ERR_UNSUPPORTED",
                  "the parts of the clip cannot be joined: a picture would be decoded after it is shown");
  }
  last_dts_ = packet.dts;
  if (spec_.edges.empty() || (codec_ != AV_CODEC_ID_H264 && codec_ != AV_CODEC_ID_HEVC)) return;

  const bool repeats_sets = codec_ == AV_CODEC_ID_HEVC && is_first;
  const bool ends = is_last && current_.ends_sequence;
  if (!run_->is_encoded() && !repeats_sets) return;
  Bytes data;
  if (repeats_sets) {
    for (const auto& unit : run_->is_encoded() ? edge_sets_ : own_sets_) append_unit(data, unit, framing_);
  }
  const ByteView given(packet.data, static_cast<std::size_t>(packet.size));
  // Encoders with a global header write start codes.
  for (const auto unit : nal_units(given, run_->is_encoded() ? NalFraming{} : framing_))
    append_unit(data, unit, framing_);
  if (ends) append_unit(data, kEndOfSequence, framing_);

  auto fitted = make_packet();
  check(av_new_packet(fitted.get(), static_cast<int>(data.size())), "av_new_packet");
  std::copy(data.begin(), data.end(), fitted->data);
  check(av_packet_copy_props(fitted.get(), &packet), "av_packet_copy_props");
  packet_ = std::move(fitted);
}

}  // namespace framemill
