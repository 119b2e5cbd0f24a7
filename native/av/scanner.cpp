// Owns the packet scan.
#include <cmath>
#include <limits>

#include "av/demuxer.h"
#include "av/doors.h"
#include "av/packet_marks.h"

namespace framemill {

namespace {

constexpr double kMaxExactTicks = 9007199254740992.0;  // 2^53: the border carries ticks as doubles

double ticks(std::int64_t value) {
  if (value == AV_NOPTS_VALUE || std::abs(static_cast<double>(value)) > kMaxExactTicks) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return static_cast<double>(value);
}

}  // namespace

PacketColumns scan_packets(SourceSpec source, int stream_index, Control& control) {
  Demuxer demuxer(std::move(source), control);
  demuxer.select(stream_index);
  PacketColumns columns;
  const auto codec = demuxer.stream().codecpar->codec_id;
  const auto bytes = demuxer.format().pb != nullptr ? avio_size(demuxer.format().pb) : -1;
  const auto packet = make_packet();
  while (demuxer.read(*packet)) {
    columns.pts.push_back(ticks(packet->pts));
    columns.dts.push_back(ticks(packet->dts));
    columns.duration.push_back(static_cast<double>(packet->duration));
    columns.size.push_back(static_cast<std::uint32_t>(packet->size));
    const bool hidden = (packet->flags & AV_PKT_FLAG_DISCARD) != 0 || !shows_a_frame(codec, *packet);
    const bool key = (packet->flags & AV_PKT_FLAG_KEY) != 0;
    columns.flags.push_back(static_cast<std::uint8_t>((key ? kKeyPacket : 0) | (hidden ? kHiddenPacket : 0)));
    if (bytes > 0) {
      control.set(LaneWord::kProgressPermille,
                    static_cast<std::int32_t>(1000.0 * static_cast<double>(avio_tell(demuxer.format().pb)) /
                                              static_cast<double>(bytes)));
    }
  }
  columns.damaged_end = demuxer.damaged_end();
  return columns;
}

}  // namespace framemill
