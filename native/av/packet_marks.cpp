#include "av/packet_marks.h"

namespace framemill {

namespace {

// VP8 frame tag, RFC 6386 section 9.1: bit 4 of the first byte is show_frame.
bool vp8_shows(const AVPacket& packet) { return packet.size < 1 || (packet.data[0] & 0x10) != 0; }

// VP9 uncompressed header, "VP9 Bitstream & Decoding Process Specification" section 6.2:
// frame_marker(2) profile_low(1) profile_high(1) [reserved(1) if profile 3] show_existing_frame(1) frame_type(1) show_frame(1).
// A superframe (Annex B, last byte 0b110xxxxx) ends with the frame that is shown.
bool vp9_shows(const AVPacket& packet) {
  if (packet.size < 1 || (packet.data[packet.size - 1] & 0xe0) == 0xc0) return true;
  const unsigned byte = packet.data[0];
  const bool profile3 = (byte & 0x30) == 0x30;
  const unsigned bit_after_profile = profile3 ? 2 : 3;
  const bool shows_existing = ((byte >> bit_after_profile) & 1) != 0;
  if (shows_existing || bit_after_profile < 2) return true;
  return ((byte >> (bit_after_profile - 2)) & 1) != 0;
}

}  // namespace

bool shows_a_frame(AVCodecID codec, const AVPacket& packet) {
  if (codec == AV_CODEC_ID_VP8) return vp8_shows(packet);
  if (codec == AV_CODEC_ID_VP9) return vp9_shows(packet);
  return true;
}

}  // namespace framemill
