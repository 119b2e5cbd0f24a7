// Owns the words for what is known about a source: streams, time base, packet index. Types and constants only; imports nothing.

/** An exact fraction, as FFmpeg's AVRational. */
export interface Rational {
  readonly num: number
  readonly den: number
}

/** Bits of {@link PacketTable.flags}. */
export const PacketFlag = {
  /** The container calls this packet a random-access point. */
  key: 1,
  /** Needed for decoding but not shown: outside the edit list, or an invisible reference (VP8/VP9 alt-ref). */
  hidden: 2,
  /** The packet's bytes reach past the end of the file. */
  truncated: 4,
} as const

/** One entry per packet of one stream, in decode order. Ticks are of the stream's time base; NaN where the container has no timestamp. */
export interface PacketTable {
  readonly pts: Float64Array
  readonly dts: Float64Array
  /** Ticks to the next packet in decode order where the container is MP4/MOV, else what the container says. */
  readonly duration: Float64Array
  readonly size: Uint32Array
  /** Bits of {@link PacketFlag}. */
  readonly flags: Uint8Array
}
