#include "av/nal_units.h"

#include <algorithm>
#include <utility>

namespace framemill {

namespace {

// ITU-T H.264 table 7-1, H.265 table 7-1.
constexpr int kAvcIdr = 5, kAvcSps = 7, kAvcPps = 8;
constexpr unsigned kAvcSliceI = 2, kAvcSliceSi = 4;  // table 7-6
constexpr std::size_t kMostAvcSps = 31, kMostAvcPps = 255;  // that an avcC counts
constexpr int kHevcBlaFirst = 16, kHevcIdrLast = 20, kHevcCra = 21, kHevcVclLast = 31;

int avc_type(ByteView unit) { return unit.empty() ? -1 : unit[0] & 0x1f; }
int hevc_type(ByteView unit) { return unit.empty() ? -1 : (unit[0] >> 1) & 0x3f; }

[[noreturn]] void refuse(const char* what) {
  throw AvError("ERR_UNSUPPORTED", std::string("the stream's parameter sets cannot be read: ") + what);
}

/// Reads the big-endian boxes of ISO/IEC 14496-15.
class BoxReader {
 public:
  explicit BoxReader(ByteView data) : data_(data) {}
  std::uint8_t byte() { return take(1)[0]; }
  std::size_t length() {
    const auto bytes = take(2);
    return static_cast<std::size_t>(bytes[0]) << 8 | bytes[1];
  }
  ByteView take(std::size_t count) {
    if (data_.size() - at_ < count) refuse("they end early");
    return data_.subspan(std::exchange(at_, at_ + count), count);
  }
  std::size_t at() const { return at_; }

 private:
  ByteView data_;
  std::size_t at_ = 0;
};

std::vector<ByteView> start_code_units(ByteView data) {
  std::vector<ByteView> units;
  std::size_t begin = data.size();  // of the unit being read; none yet
  for (std::size_t at = 0; at + 3 <= data.size(); ++at) {
    if (data[at] != 0 || data[at + 1] != 0 || data[at + 2] != 1) continue;
    if (begin < at) units.push_back(data.subspan(begin, at - begin));
    begin = at + 3;
    at += 2;
  }
  if (begin < data.size()) units.push_back(data.subspan(begin));
  // Zeros before the next start code are not part of a unit, which ends with a bit that is set.
  for (auto& unit : units) {
    while (!unit.empty() && unit.back() == 0) unit = unit.first(unit.size() - 1);
  }
  return units;
}

std::vector<ByteView> length_units(ByteView data, int length_bytes) {
  std::vector<ByteView> units;
  const auto header = static_cast<std::size_t>(length_bytes);
  while (data.size() > header) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < header; ++i) length = length << 8 | data[i];
    data = data.subspan(header);
    if (length > data.size()) break;
    if (length > 0) units.push_back(data.first(length));
    data = data.subspan(length);
  }
  return units;
}

Bytes copied(ByteView view) { return {view.begin(), view.end()}; }

// AVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 5.3.3.1.
ParameterSets avcc_sets(ByteView data) {
  BoxReader box(data);
  box.take(4);
  ParameterSets sets{{(box.byte() & 3) + 1}, {}};
  for (int left = box.byte() & 0x1f; left > 0; --left) sets.units.push_back(copied(box.take(box.length())));
  for (int left = box.byte(); left > 0; --left) sets.units.push_back(copied(box.take(box.length())));
  return sets;
}

// HEVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 8.3.3.1.
ParameterSets hvcc_sets(ByteView data) {
  BoxReader box(data);
  box.take(21);
  ParameterSets sets{{(box.byte() & 3) + 1}, {}};
  for (int arrays = box.byte(); arrays > 0; --arrays) {
    box.byte();
    for (auto left = box.length(); left > 0; --left) sets.units.push_back(copied(box.take(box.length())));
  }
  return sets;
}

/// Exp-Golomb numbers of a unit's payload, ITU-T H.264 sections 7.4.1 and 9.1.
class BitReader {
 public:
  BitReader(ByteView unit, std::size_t from) {
    for (std::size_t i = from; i < unit.size() && payload_.size() < 32; ++i) {
      const bool prevents_emulation = i >= 2 && unit[i] == 3 && unit[i - 1] == 0 && unit[i - 2] == 0;
      if (!prevents_emulation) payload_.push_back(unit[i]);
    }
  }
  unsigned exp_golomb() {
    int zeros = 0;
    while (zeros < 31 && bit() == 0) ++zeros;
    unsigned value = 1;
    for (int i = 0; i < zeros; ++i) value = value << 1 | bit();
    return value - 1;
  }

 private:
  unsigned bit() {
    const auto byte = at_ / 8;
    const unsigned value = byte < payload_.size() ? (payload_[byte] >> (7 - at_ % 8)) & 1U : 1U;
    ++at_;
    return value;
  }
  Bytes payload_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<ByteView> nal_units(ByteView packet, NalFraming framing) {
  return framing.length_bytes == 0 ? start_code_units(packet) : length_units(packet, framing.length_bytes);
}

void append_unit(Bytes& to, ByteView unit, NalFraming framing) {
  if (framing.length_bytes == 0) {
    to.insert(to.end(), {0, 0, 0, 1});
  } else {
    if (unit.size() >> (8 * framing.length_bytes) != 0) {
      throw AvError("ERR_UNSUPPORTED", "a unit of the stream is longer than its " +
                                           std::to_string(framing.length_bytes) + "-byte lengths can say");
    }
    for (int shift = (framing.length_bytes - 1) * 8; shift >= 0; shift -= 8) {
      to.push_back(static_cast<std::uint8_t>(unit.size() >> shift));
    }
  }
  to.insert(to.end(), unit.begin(), unit.end());
}

ParameterSets parameter_sets(const AVCodecParameters& stream) {
  const ByteView data(stream.extradata, static_cast<std::size_t>(std::max(stream.extradata_size, 0)));
  const bool is_avc = stream.codec_id == AV_CODEC_ID_H264;
  // A record begins with its version 1 (hvcC: 0 in early files); start codes with two zeros.
  const bool has_start_codes =
      data.size() < 4 || (data[0] == 0 && data[1] == 0 && (data[2] == 1 || (data[2] == 0 && data[3] == 1)));
  if (!has_start_codes) return is_avc ? avcc_sets(data) : hvcc_sets(data);
  ParameterSets sets;
  for (const auto unit : start_code_units(data)) sets.units.push_back(copied(unit));
  return sets;
}

Bytes with_more_sets(const AVCodecParameters& stream, const ParameterSets& more) {
  const ByteView data(stream.extradata, static_cast<std::size_t>(stream.extradata_size));
  const auto own = parameter_sets(stream);
  if (own.framing.length_bytes == 0) {
    Bytes result = copied(data);
    for (const auto& unit : more.units) append_unit(result, unit, {});
    return result;
  }
  Bytes result(data.begin(), data.begin() + 5);
  for (const int type : {kAvcSps, kAvcPps}) {
    std::vector<ByteView> units;
    for (const auto* list : {&own.units, &more.units}) {
      for (const auto& unit : *list) {
        if (avc_type(unit) == type) units.emplace_back(unit);
      }
    }
    if (units.size() > (type == kAvcSps ? kMostAvcSps : kMostAvcPps)) refuse("there are too many");
    // Three bits of the count of sequences are reserved, and set.
    result.push_back(static_cast<std::uint8_t>(type == kAvcSps ? 0xe0 | units.size() : units.size()));
    for (const auto unit : units) append_unit(result, unit, {2});
  }
  std::size_t read = 7;
  for (const auto& unit : own.units) read += 2 + unit.size();
  result.insert(result.end(), data.begin() + static_cast<std::ptrdiff_t>(std::min(read, data.size())), data.end());
  // The record promises a level that all its sequences keep.
  for (const auto& unit : more.units) {
    if (avc_type(unit) == kAvcSps && unit.size() > 3) result[3] = std::max(result[3], unit[3]);
  }
  return result;
}

std::set<unsigned> h264_set_ids(const std::vector<ByteView>& units) {
  std::set<unsigned> ids;
  for (const auto unit : units) {
    const int type = avc_type(unit);
    if (type == kAvcSps) ids.insert(BitReader(unit, 4).exp_golomb());
    if (type == kAvcPps) ids.insert(BitReader(unit, 1).exp_golomb());
  }
  return ids;
}

std::set<unsigned> h264_set_ids(const ParameterSets& sets) {
  return h264_set_ids(std::vector<ByteView>(sets.units.begin(), sets.units.end()));
}

RandomAccess random_access_of(AVCodecID codec, ByteView packet, NalFraming framing) {
  if (codec != AV_CODEC_ID_H264 && codec != AV_CODEC_ID_HEVC) return RandomAccess::kClean;
  for (const auto unit : nal_units(packet, framing)) {
    if (codec == AV_CODEC_ID_H264) {
      if (avc_type(unit) >= 1 && avc_type(unit) < kAvcIdr) return RandomAccess::kNone;
      if (avc_type(unit) == kAvcIdr) return RandomAccess::kClean;
      continue;
    }
    const int type = hevc_type(unit);
    if (type >= kHevcBlaFirst && type <= kHevcIdrLast) return RandomAccess::kClean;
    if (type == kHevcCra) return RandomAccess::kOpen;
    if (type <= kHevcVclLast) return RandomAccess::kNone;
  }
  return RandomAccess::kNone;
}

// Of two fields in one packet the second may refer to the first, so the first slice tells.
bool is_intra(AVCodecID codec, ByteView packet, NalFraming framing) {
  if (codec != AV_CODEC_ID_H264) return random_access_of(codec, packet, framing) != RandomAccess::kNone;
  for (const auto unit : nal_units(packet, framing)) {
    const int type = avc_type(unit);
    if (type == kAvcIdr) return true;
    if (type != 1 && type != 2) continue;
    BitReader header(unit, 1);
    header.exp_golomb();  // first_mb_in_slice
    const auto slice_type = header.exp_golomb() % 5;
    return slice_type == kAvcSliceI || slice_type == kAvcSliceSi;
  }
  return false;
}

}  // namespace framemill
