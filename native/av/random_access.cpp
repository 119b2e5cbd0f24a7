// Owns the look into key packets: whether decoding may really begin there, and which parameter sets are about.
#include "av/demuxer.h"
#include "av/doors.h"
#include "av/nal_units.h"

namespace framemill {

RandomAccessFacts random_access(SourceSpec source, int stream_index, const std::vector<KeyPoint>& keys,
                                Control& control) {
  Demuxer demuxer(std::move(source), control);
  demuxer.select(stream_index);
  const auto& parameters = *demuxer.stream().codecpar;
  const bool has_units = parameters.codec_id == AV_CODEC_ID_H264 || parameters.codec_id == AV_CODEC_ID_HEVC;
  RandomAccessFacts facts;
  ParameterSets sets;
  std::set<unsigned> ids;
  if (has_units) sets = parameter_sets(parameters);
  if (parameters.codec_id == AV_CODEC_ID_H264) ids = h264_set_ids(sets);
  const auto packet = make_packet();
  for (const auto& key : keys) {
    if (!demuxer.seek(key, key.dts, *packet)) {
      facts.kinds.push_back(static_cast<int>(RandomAccess::kNone));
      continue;
    }
    const ByteView data(packet->data, static_cast<std::size_t>(packet->size));
    facts.kinds.push_back(static_cast<int>(random_access_of(parameters.codec_id, data, sets.framing)));
    if (parameters.codec_id == AV_CODEC_ID_H264) ids.merge(h264_set_ids(nal_units(data, sets.framing)));
  }
  facts.set_ids.assign(ids.begin(), ids.end());
  return facts;
}

}  // namespace framemill
