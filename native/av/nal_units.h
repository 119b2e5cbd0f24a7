// Owns the framing of NAL units (H.264 Annex B and ISO/IEC 14496-15) and the parameter sets kept outside the packets.
// Knows no files and decodes nothing.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "av/ffmpeg.h"

namespace framemill {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// How NAL units follow each other in the packets of a stream.
struct NalFraming {
  int length_bytes = 0;  // of the length before each unit; 0: start codes
  bool operator==(const NalFraming&) const = default;
};

/// Parameter sets of a stream as its container keeps them, without framing, in their order.
struct ParameterSets {
  NalFraming framing;
  std::vector<Bytes> units;
};

/// How much a key packet can be relied upon.
enum class RandomAccess {
  kNone,   // pictures after it may refer to pictures before it
  kClean,  // decoding may begin here: IDR and its like
  kOpen,   // the same, but for pictures that are shown before it (HEVC CRA)
};

/// The units of a packet, without framing. A length that reaches past the end ends the list.
std::vector<ByteView> nal_units(ByteView packet, NalFraming framing);
/// Appends one unit with its framing; throws ERR_UNSUPPORTED when its length does not fit into that.
void append_unit(Bytes& to, ByteView unit, NalFraming framing);

/// Of H.264 and HEVC; throws ERR_UNSUPPORTED when the extradata cannot be read.
ParameterSets parameter_sets(const AVCodecParameters& stream);

/// The `avcC` or start-code extradata of `stream` with the H.264 parameter sets `more` besides its own. Their ids must
/// differ.
Bytes with_more_sets(const AVCodecParameters& stream, const ParameterSets& more);

/// Ids that parameter sets of an H.264 stream go by, of sequences and pictures together: those kept outside and, with
/// `packet`, those in it.
std::set<unsigned> h264_set_ids(const ParameterSets& sets);
std::set<unsigned> h264_set_ids(const std::vector<ByteView>& units);

/// What the bitstream says of a packet that the container calls a key packet. For codecs without NAL units a key frame
/// is clean.
RandomAccess random_access_of(AVCodecID codec, ByteView packet, NalFraming framing);

/// Whether the picture refers to no other. More than random_access_of() takes for a start, as later pictures may still
/// refer past it; less than what a container may mark as a key frame.
bool is_intra(AVCodecID codec, ByteView packet, NalFraming framing);

}  // namespace framemill
