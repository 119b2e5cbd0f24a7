// Owns where a decoder may leave frames undecoded that no other frame refers to and nobody asked for. Pure.
import type { NativeStreamFacts } from '../native/binding.js'
import type { PacketIndex } from '../source/packet-index.js'

/** Codecs in which a decoder can tell from a packet alone that no other frame refers to it. */
const skippableCodecs = new Set(['h264', 'hevc'])

/** Only where one packet is one frame and tells its timestamp: a field that is dropped would take half a frame with it. */
export function canSkipUnreferenced({ codec, fieldOrder }: NativeStreamFacts, index: PacketIndex): boolean {
  return skippableCodecs.has(codec) && (fieldOrder === 'progressive' || fieldOrder === '') && !index.isAmbiguous
}
