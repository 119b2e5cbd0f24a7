// Which frame of a clip each request must give: the semantics of time, in plain arithmetic over the frames that ffmpeg shows.
import type { ClipOracle, ShownFrame } from './ffmpeg-oracle.js'

export interface ExpectedFrame {
  /** What was asked for, in seconds on the timeline; undefined where the request named no time. */
  readonly requested: number | undefined
  readonly frame: ShownFrame
}

/** Two times closer than this are the same: the noise of computing them in doubles, far below any clock of a video. */
const sameTimeSeconds = 1e-9

/** The frame on the screen at a time: the last one at or before it, or the first when the time precedes them all. */
export function frameAt(frames: readonly ShownFrame[], seconds: number): ShownFrame {
  let low = 0
  let high = frames.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((frames[middle]?.seconds ?? Infinity) <= seconds + sameTimeSeconds) low = middle
    else high = middle
  }
  const frame = frames[low]
  if (frame === undefined) throw new RangeError('Expected a clip with at least one frame')
  return frame
}

export function atTimes(oracle: ClipOracle, times: readonly number[]): ExpectedFrame[] {
  return times.map((seconds) => ({ requested: seconds, frame: frameAt(oracle.frames, seconds) }))
}

/** Times 0, 1/fps, 2/fps ... while below the end. */
export function fpsTimes(fps: number, end: number): number[] {
  const times: number[] = []
  for (let k = 0; k / fps < end - sameTimeSeconds; k += 1) times.push(k / fps)
  return times
}

/** The centres of `count` equal parts of [0, end). */
export function centres(count: number, end: number): number[] {
  return Array.from({ length: count }, (_, part) => ((part + 0.5) * end) / count)
}

export function eachNth(oracle: ClipOracle, n: number): ExpectedFrame[] {
  return oracle.frames.filter((_, index) => index % n === 0).map((frame) => ({ requested: undefined, frame }))
}

export function keyFrames(oracle: ClipOracle): ExpectedFrame[] {
  return oracle.frames.filter((frame) => frame.isKey).map((frame) => ({ requested: undefined, frame }))
}

/** Unsorted times in [0, end + 0.25), the same for the same seed (mulberry32). */
export function randomTimes(count: number, end: number, seed: number): number[] {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * (end + 0.25)
  })
}
