// Owns where cuts may be, told from packets alone: encoders put a key frame, or a picture that costs much more than its neighbours, where a
// new scene begins. Pure.
import type { PacketIndex } from '../source/packet-index.js'

export interface CutCandidates {
  /** Frames of the index that are key frames, ascending. */
  readonly keys: readonly number[]
  /** Of these, those that came earlier than the encoder's longest GOP asks for. */
  readonly early: ReadonlySet<number>
  /** Frames within a GOP whose packet is much larger than those of their neighbours, or from which on all are small. */
  readonly odd: readonly number[]
  /** Why packets do not tell; null when they do. */
  readonly doubt: string | null
}

/** Frames on either side that a packet is compared with: long enough for several mini-GOPs. */
const neighbours = 30
/** Of them, this share is smaller than what is taken for a usual reference picture's size. */
const usualShare = 0.85
/** How many times as large a packet is that may begin a scene. */
const leastTimes = 3
/** And what it is at the least of the smaller one of the key frames around it: a new scene is coded by itself, as a key frame is. */
const leastOfKey = 0.6
/** Frames before and after a turn, how many times as large packets were before it, and for how long a key frame makes that no news. */
const turnFrames = 12
const leastTurn = 15
const settlingFrames = 28
/** With key frames as dense as this, looking at each of them is the full pass. */
const densestKeys = 8
/** GOPs of one length make the longest one a rule, if so many of them have it. */
const leastRegular = 2

export function cutCandidates(index: PacketIndex): CutCandidates {
  const count = index.frameCount
  const keys = Array.from({ length: count }, (_, frame) => frame).filter((frame) => index.isKeyFrame(frame))
  const early = earlyKeys(keys)
  const nothing = { keys, early, odd: [] }
  if (index.identity === 'ordinal' || index.isAmbiguous) return { ...nothing, doubt: 'its packets do not name its frames' }
  if (keys.length < 2) return { ...nothing, doubt: 'it has a single key frame' }
  if (count / keys.length < densestKeys) return { ...nothing, doubt: 'nearly every frame is a key frame' }
  if (early.size === 0) return { ...nothing, doubt: 'its encoder sets key frames by count, not where scenes begin' }
  const inner = innerSizes(index)
  const odd = new Set([...largeFrames(inner), ...turns(inner)])
  return { keys, early, odd: [...odd].sort((a, b) => a - b), doubt: null }
}

/** Keys that follow the one before by less than the longest GOP; by nothing else when no length recurs. */
function earlyKeys(keys: readonly number[]): Set<number> {
  const lengths = keys.slice(1).map((key, i) => key - (keys[i] ?? 0))
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0)
  const hasRule = lengths.filter((length) => length === longest).length >= leastRegular
  return new Set(keys.slice(1).filter((_, i) => !hasRule || (lengths[i] ?? 0) < longest))
}

/** Bytes of every frame's packet, and which of them are no key frames. */
interface Sizes {
  readonly sizes: Float64Array
  readonly isInner: readonly boolean[]
}

function innerSizes(index: PacketIndex): Sizes {
  const frames = Array.from({ length: index.frameCount }, (_, frame) => frame)
  return {
    sizes: Float64Array.from(frames, (frame) => index.packets.size[index.sources[frame] ?? -1] ?? 0),
    isInner: frames.map((frame) => !index.isKeyFrame(frame)),
  }
}

/**
 * Where packets grow small for good: a title, or black, after a scene. Into a scene that costs more, the first frame is a large one.
 */
function turns({ sizes, isInner }: Sizes): number[] {
  const bytes = new Float64Array(sizes.length + 1)
  const frames = new Float64Array(sizes.length + 1)
  for (const [frame, size] of sizes.entries()) {
    bytes[frame + 1] = (bytes[frame] ?? 0) + (isInner[frame] === true ? size : 0)
    frames[frame + 1] = (frames[frame] ?? 0) + (isInner[frame] === true ? 1 : 0)
  }
  const mean = (from: number, to: number): number =>
    ((bytes[to] ?? 0) - (bytes[from] ?? 0) + 1) / Math.max(1, (frames[to] ?? 0) - (frames[from] ?? 0))
  const found: number[] = []
  let best = { frame: -1, change: 0 }
  for (let frame = turnFrames; frame + turnFrames <= sizes.length; frame++) {
    // After a key frame packets grow small by themselves, until the picture has settled.
    const from = Math.max(0, frame - settlingFrames)
    const hasKey = (frames[frame + turnFrames] ?? 0) - (frames[from] ?? 0) < frame + turnFrames - from
    const change = hasKey ? 0 : mean(frame - turnFrames, frame) / mean(frame, frame + turnFrames)
    if (change > Math.max(best.change, leastTurn)) best = { frame, change }
    if (best.frame >= 0 && frame - best.frame >= turnFrames) {
      found.push(best.frame)
      best = { frame: -1, change: 0 }
    }
  }
  return best.frame >= 0 ? [...found, best.frame] : found
}

function largeFrames({ sizes, isInner }: Sizes): number[] {
  const count = sizes.length
  const ofKeys = smallerKeyAround(isInner, sizes)
  const large: number[] = []
  for (let frame = 0; frame < count; frame++) {
    const size = sizes[frame] ?? 0
    if (isInner[frame] !== true || size < leastOfKey * (ofKeys[frame] ?? 0) || size <= leastTimes * smallest(sizes, frame)) continue
    const near: number[] = []
    for (let at = Math.max(0, frame - neighbours); at < Math.min(count, frame + neighbours + 1); at++) {
      if (at !== frame && isInner[at] === true) near.push(sizes[at] ?? 0)
    }
    near.sort((a, b) => a - b)
    if (size > leastTimes * (near[Math.floor(near.length * usualShare)] ?? Infinity)) large.push(frame)
  }
  return large
}

/** For each frame, the smaller size of the key frame before and the one after. */
function smallerKeyAround(isInner: readonly boolean[], sizes: Float64Array): Float64Array {
  const result = new Float64Array(sizes.length).fill(Infinity)
  const sweep = (from: number, to: number, step: number): void => {
    let key = Infinity
    for (let frame = from; frame !== to; frame += step) {
      if (isInner[frame] === false) key = sizes[frame] ?? Infinity
      result[frame] = Math.min(result[frame] ?? Infinity, key)
    }
  }
  sweep(0, sizes.length, 1)
  sweep(sizes.length - 1, -1, -1)
  return result
}

/** Of the nearest packets: a cheap bound that most of a long film does not pass. */
function smallest(sizes: Float64Array, frame: number): number {
  let least = Infinity
  for (let at = Math.max(0, frame - 2); at < Math.min(sizes.length, frame + 3); at++)
    if (at !== frame) least = Math.min(least, sizes[at] ?? 0)
  return least
}
