// Owns a file's perceptual hashes as they are compared with another's: the pictures that say something, and how long each is shown.
import type { PictureSeries } from './series.js'

/** Of the measurements of pictures, what tells a file from others. */
export type HashedPictures = Pick<PictureSeries, 'count' | 'timestamp' | 'end' | 'hash' | 'contrast'>

export interface HashTrack {
  /** Two halves for each picture: 64-bit integers are slow, and to count differing bits any order of the halves will do. */
  readonly words: Uint32Array
  /** Seconds on the timeline, ascending. */
  readonly times: Float64Array
  /** Seconds until the next analysed frame. */
  readonly shown: Float64Array
  /** Positions of pictures that differ from the one before them; a shot that stands still is one. */
  readonly marks: readonly number[]
  /** Seconds for which the pictures are shown in all. */
  readonly seconds: number
  /** Seconds from one analysed frame to the next, by the median. */
  readonly spacing: number
}

/** Bits of 64 that coding and noise change within a shot that stands still. */
const sameShotBits = 2

/** Leaves out frames that are missing, or of less contrast than `minContrast`: hashes of plain pictures are noise, or all the same. */
export function hashTrack({ count, hash, timestamp, contrast, end }: HashedPictures, minContrast: number): HashTrack {
  const usable = Uint32Array.from({ length: count }, (_, i) => i).filter((i) => hash[i] !== 0n && (contrast[i] ?? NaN) >= minContrast)
  const words = new Uint32Array(2 * usable.length)
  const [times, shown] = [new Float64Array(usable.length), new Float64Array(usable.length)]
  const marks: number[] = []
  for (const [k, i] of usable.entries()) {
    const bits = hash[i] ?? 0n
    words[2 * k] = Number(bits & 0xffffffffn)
    words[2 * k + 1] = Number(bits >> 32n)
    times[k] = timestamp[i] ?? NaN
    shown[k] = Math.max(0, (timestamp[i + 1] ?? end) - (timestamp[i] ?? NaN))
    const last = marks.at(-1)
    if (last === undefined || distance(words, last, words, k) > sameShotBits) marks.push(k)
  }
  const spacings = shown.slice().sort()
  return { words, times, shown, marks, seconds: shown.reduce((sum, value) => sum + value, 0), spacing: spacings[spacings.length >> 1] ?? 0 }
}

/** Bits in which two hashes differ. */
export function distance(words: Uint32Array, i: number, others: Uint32Array, k: number): number {
  return bitCount((words[2 * i] ?? 0) ^ (others[2 * k] ?? 0)) + bitCount((words[2 * i + 1] ?? 0) ^ (others[2 * k + 1] ?? 0))
}

/** Adds neighbouring bits, then pairs, then nibbles, then bytes, all at once. */
function bitCount(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555)
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
