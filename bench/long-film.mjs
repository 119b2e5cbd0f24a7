// Owns a film that exists as a packet table only: long, with B-frames and GOPs of uneven length, as x264 writes them into MP4.
// @ts-check
import { randomNumbers } from './statistics.mjs'

/** Frames per second, and ticks per frame of the time base 1/15360 that ffmpeg gives MP4 files of that rate. */
export const filmRate = 60
export const ticksPerFrame = 256
const keyFlag = 1
/** Presentation order of packets that follow each other in decode order: a P-frame, the B-frame in the middle, the two around it. */
const miniGop = [3, 1, 0, 2]
const reorderDelay = 2
const longestGop = 250
const packetBytes = { key: 90_000, p: 24_000, b: 6_000 }

/**
 * @param {number} seconds
 * @param {number} seed
 * @returns {{ packets: import('../dist/source-types.js').PacketTable, keyTicks: number[] }} keyTicks: presentation ticks of the key packets
 */
export function longFilm(seconds, seed) {
  const count = seconds * filmRate
  const random = randomNumbers(seed)
  const packets = {
    pts: new Float64Array(count),
    dts: Float64Array.from({ length: count }, (_, packet) => (packet - reorderDelay) * ticksPerFrame),
    duration: new Float64Array(count).fill(ticksPerFrame),
    size: Uint32Array.from({ length: count }, () => packetBytes.b * (0.5 + random())),
    flags: new Uint8Array(count),
  }
  /** @type {number[]} */
  const keyTicks = []
  for (let first = 0; first < count;) {
    // A scene that ends early cuts its GOP short.
    const end = Math.min(count, first + (random() < 0.3 ? Math.ceil(random() * longestGop) : longestGop))
    keyTicks.push(first * ticksPerFrame)
    packets.pts[first] = first * ticksPerFrame
    packets.flags[first] = keyFlag
    packets.size[first] = packetBytes.key
    for (let packet = first + 1; packet < end; packet += miniGop.length) {
      // What is left at the end of a GOP has no B-frames.
      const order = packet + miniGop.length <= end ? miniGop : [0, 1, 2].slice(0, end - packet)
      for (const [decoded, shown] of order.entries()) packets.pts[packet + decoded] = (packet + shown) * ticksPerFrame
      packets.size[packet] = packetBytes.p
    }
    first = end
  }
  return { packets, keyTicks }
}
