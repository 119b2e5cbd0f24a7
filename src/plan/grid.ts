// Owns which frames a request names: grid and accuracy over a packet index. Pure.
import type { Accuracy, Grid } from '../options/sample.js'
import type { PacketIndex } from '../source/packet-index.js'

/** One thing asked for. */
export interface Request {
  /** Position in the request. */
  readonly number: number
  /** Seconds on the timeline; for grids that name frames, the frame's own time. */
  readonly timestamp: number
  /** The frame of the index that answers it. */
  readonly frame: number
}

export interface Span {
  /** Seconds on the timeline. */
  readonly start: number
  /** Infinity: the end of the last frame. */
  readonly end: number
}

/**
 * Requests in the order of the grid; unsorted only when the caller's own list is.
 * @throws RangeError for a frame index the stream does not have
 */
export function requestFrames(index: PacketIndex, grid: Grid, span: Span, accuracy: Accuracy): Request[] {
  const named = framesNamed(index, grid, span)
  if (named !== null) return named.map((frame, number) => ({ number, timestamp: index.timestamp(frame), frame }))
  const choose = chooser(index, accuracy)
  return timesAsked(index, grid, span).map((timestamp, number) => ({ number, timestamp, frame: choose(timestamp) }))
}

function framesNamed(index: PacketIndex, grid: Grid, span: Span): number[] | null {
  const { first, last } = index.framesBetween(span.start, span.end)
  const range = (step: number): number[] => Array.from({ length: Math.ceil((last - first) / step) }, (_, i) => first + i * step)
  switch (grid.kind) {
    case 'all':
      return range(1)
    case 'everyFrames':
      return range(grid.step)
    case 'keyframes':
      return range(1).filter((frame) => index.isKeyFrame(frame))
    case 'frameIndexes': {
      const beyond = grid.frameIndexes.find((frame) => frame >= index.frameCount)
      if (beyond !== undefined)
        throw new RangeError(`Expected frameIndexes below ${index.frameCount}, the number of frames, but received ${beyond}`)
      return [...grid.frameIndexes]
    }
    default:
      return null
  }
}

/** As many as `count` may ask for. */
const mostRequests = 1e7

function timesAsked(index: PacketIndex, grid: Grid, { start, end }: Span): readonly number[] {
  const stop = Math.min(end, index.end)
  if (grid.kind === 'timestamps') return grid.timestamps
  if (grid.kind === 'count') {
    if (start >= stop) return []
    const part = (stop - start) / grid.count
    return Array.from({ length: grid.count }, (_, k) => start + (k + 0.5) * part)
  }
  if (grid.kind !== 'fps') return []
  const asked = ((stop - start) * grid.num) / grid.den
  if (asked > mostRequests)
    throw new RangeError(`Expected at most ${mostRequests} frames but fps over ${(stop - start).toFixed(3)} s asks for ${Math.ceil(asked)}`)
  const times: number[] = []
  // Multiplied, not added up, so that rounding does not grow with the length of the video.
  for (let k = 0; start + (k * grid.den) / grid.num < stop - 1e-9; k++) times.push(start + (k * grid.den) / grid.num)
  return times
}

function chooser(index: PacketIndex, accuracy: Accuracy): (seconds: number) => number {
  if (accuracy === 'exact') return (seconds) => index.frameAt(seconds)
  if (accuracy === 'keyframe') return (seconds) => keyFrameBefore(index, index.frameAt(seconds))
  const { toleranceSeconds } = accuracy
  return (seconds) => cheapestNear(index, seconds, toleranceSeconds)
}

function keyFrameBefore(index: PacketIndex, frame: number): number {
  for (let at = frame; at >= 0; at--) if (index.isKeyFrame(at)) return at
  return frame
}

/** Of the frames within the tolerance, the one that needs the fewest packets decoded; of equals the nearest. */
function cheapestNear(index: PacketIndex, seconds: number, tolerance: number): number {
  const exact = index.frameAt(seconds)
  let best = { frame: exact, cost: decodeCost(index, exact), distance: 0 }
  const { first, last } = index.framesBetween(seconds - tolerance, seconds + tolerance)
  for (let frame = first; frame < last; frame++) {
    const candidate = { frame, cost: decodeCost(index, frame), distance: Math.abs(index.timestamp(frame) - seconds) }
    if (candidate.cost < best.cost || (candidate.cost === best.cost && candidate.distance < best.distance)) best = candidate
  }
  return best.frame
}

/** Packets from the place decoding must begin at through the frame's own. */
export function decodeCost(index: PacketIndex, frame: number): number {
  return (index.sources[frame] ?? 0) - Math.max(0, index.startOf(frame)) + 1
}
