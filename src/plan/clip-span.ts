// Owns which frames a clip holds, and when it begins and ends. Pure.
import type { PacketIndex } from '../source/packet-index.js'

/** Frames `first` to before `last` of an index; the clip's zero and its end, in ticks of the stream. */
export interface ClipSpan {
  readonly first: number
  readonly last: number
  readonly origin: number
  readonly end: number
  /** The first frame is one that was on screen before the clip begins: it is shown from `origin` on. */
  readonly holdsFirst: boolean
}

/** Frames around a place that tell how long a frame usually lasts there. */
const neighbours = 64
/** A frame that lasts longer than this many usual ones is one of a stream that stands still. */
const longFrame = 1.5

/**
 * The frames from `start` to before `end`, in seconds. Where pictures stand still for long (screen recordings), the one that is on screen at
 * `start` belongs to the clip too, and the last one is not shown beyond `end`; elsewhere a clip begins and ends at a frame's own borders.
 * null: there is no frame.
 */
export function spanOfClip(index: PacketIndex, start: number, end: number): ClipSpan | null {
  if (index.frameCount === 0 || start >= index.end) return null
  const { frames, timeline } = index
  const { first, last } = index.framesBetween(start, end)
  const at = (frame: number): number => frames[frame] ?? NaN
  const ticksOfStart = Math.round(timeline.ticksAt(start))
  const ticksOfEnd = Math.round(timeline.ticksAt(end))
  const usual = usualDuration(frames, Math.min(first, frames.length - 1))
  const isLate = first >= frames.length || first === last || at(first) - ticksOfStart > longFrame * usual
  const holdsFirst = isLate && first > 0
  if (first === last && !holdsFirst) return null
  const ownEnd = last < frames.length ? at(last) : Math.round(timeline.ticksAt(index.end))
  const runsOver = ownEnd - ticksOfEnd > longFrame * usual
  return {
    first: holdsFirst ? first - 1 : first,
    last,
    origin: holdsFirst ? ticksOfStart : at(first),
    end: runsOver ? ticksOfEnd : ownEnd,
    holdsFirst,
  }
}

/** Median of the distances between frames near a place. */
function usualDuration(frames: Float64Array, near: number): number {
  const from = Math.max(0, Math.min(near - neighbours, frames.length - 1))
  const part = frames.subarray(from, near + neighbours)
  const distances = Array.from(part.subarray(1), (ticks, i) => ticks - (part[i] ?? ticks)).sort((a, b) => a - b)
  return distances[distances.length >> 1] ?? Infinity
}

/** Ticks that all timestamps of the clip are multiples of, counted from its origin. */
export function tickStep(index: PacketIndex, { first, last, origin, end }: ClipSpan): number {
  let step = end - origin
  for (let frame = first; frame < last && step > 1; frame++) {
    step = commonDivisor(step, Math.max(0, (index.frames[frame] ?? origin) - origin))
  }
  return Math.max(1, step)
}

function commonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return Math.abs(a)
}

/** Shortest and longest run that is worth an encoder of its own, and the part of what is left that a run takes. */
const leastSegment = 250
const mostSegment = 1500
const shareOfRest = 8

/**
 * Cuts a clip into runs of frames that are encoded apart, at key frames of the source: long ones first, short ones at the end, so that workers
 * are done together however many they are (guided self-scheduling, Polychronopoulos and Kuck 1987). It depends on the clip alone: the same
 * clip is encoded alike wherever it is.
 */
export function segmentsOf(index: PacketIndex, { first, last }: ClipSpan): { readonly first: number; readonly last: number }[] {
  const segments: { first: number; last: number }[] = []
  let begun = first
  let enough = runLength(last - begun)
  for (let frame = first + 1; frame < last; frame++) {
    if (frame - begun < enough || last - frame < leastSegment || !index.isKeyFrame(frame)) continue
    segments.push({ first: begun, last: frame })
    begun = frame
    enough = runLength(last - begun)
  }
  segments.push({ first: begun, last })
  return segments
}

function runLength(rest: number): number {
  return Math.max(leastSegment, Math.min(mostSegment, Math.ceil(rest / shareOfRest)))
}
