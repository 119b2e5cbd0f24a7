// Owns what the packets of a video stream themselves say: frame rate, spacing of key frames, reordering.
import type { PacketIndex } from './packet-index.js'

/** Facts read from a stream's packets, as against what its header claims. */
export interface VideoMeasurements {
  readonly frameCount: number
  /** Seconds on the timeline. */
  readonly firstTimestamp: number
  /** Where the last frame ends, in seconds on the timeline. */
  readonly end: number
  /** Frames per second over the whole stream; null with fewer than two frames. */
  readonly averageFrameRate: number | null
  /** More than one in a hundred frame durations differs from the most common one by over a tenth. */
  readonly isVariableFrameRate: boolean
  readonly keyFrames: number
  /** Seconds from key frame to key frame; null with fewer than two. */
  readonly keyFrameSpacing: { readonly minimum: number; readonly median: number; readonly maximum: number } | null
  /** Frames are stored in another order than they are shown in. */
  readonly hasBFrames: boolean
  readonly packetsWithoutTimestamp: number
  /** Bytes of all packets. */
  readonly bytes: number
}

/** Frames per second over the whole stream; null with fewer than two frames. */
export function averageFrameRate(index: PacketIndex): number | null {
  const seconds = index.timestamp(index.frameCount - 1) - index.timestamp(0)
  return index.frameCount > 1 && seconds > 0 ? (index.frameCount - 1) / seconds : null
}

/** `reorderFrames`: the delay the decoder reports, for streams whose packets have no timestamps to compare. */
export function measureVideo(index: PacketIndex, reorderFrames: number): VideoMeasurements {
  const { frames, packets, timeline, frameCount } = index
  const first = index.timestamp(0)
  const durations = distances([...frames].map((ticks) => timeline.duration(ticks)))
  const typical = median(durations)
  const odd = durations.filter((duration) => Math.abs(duration - typical) > typical / 10).length
  const keys = [...frames.keys()].filter((frame) => index.isKeyFrame(frame)).map((frame) => index.timestamp(frame))
  const spacing = distances(keys).sort((a, b) => a - b)
  const packetsWithoutTimestamp = packets.pts.reduce((count, pts) => count + (Number.isNaN(pts) ? 1 : 0), 0)
  return {
    frameCount,
    firstTimestamp: first,
    end: index.end,
    averageFrameRate: averageFrameRate(index),
    isVariableFrameRate: odd > durations.length / 100,
    keyFrames: keys.length,
    keyFrameSpacing: spacing.length === 0 ? null : { minimum: spacing[0] ?? 0, median: median(spacing), maximum: spacing.at(-1) ?? 0 },
    hasBFrames: packetsWithoutTimestamp > 0 ? reorderFrames > 0 : packets.pts.some((pts, i) => pts < (packets.pts[i - 1] ?? -Infinity)),
    packetsWithoutTimestamp,
    bytes: packets.size.reduce((sum, size) => sum + size, 0),
  }
}

function distances(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => value - (values[i] ?? 0))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
