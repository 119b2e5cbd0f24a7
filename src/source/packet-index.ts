// Owns the packet index of one stream: which frames are shown, when, and which packets lead to them. Pure data.
import { PacketFlag, type PacketTable } from '../source-types.js'
import type { KeyPoint } from '../tasks.js'
import type { Timeline } from './timeline.js'

/** How a worker recognises a frame: by its presentation timestamp, or by counting frames from the start of the stream. */
export type FrameIdentity = 'pts' | 'ordinal'

/** Frames of a stream whose packets do not name them, found by decoding: one entry per frame in presentation order. */
export interface FrameTable {
  readonly pts: Float64Array
  /** Position of each frame in the order of output. */
  readonly ordinals: Float64Array
  /** 1 for a key frame. */
  readonly keys: Uint8Array
}

export class PacketIndex {
  readonly timeline: Timeline
  readonly packets: PacketTable
  readonly identity: FrameIdentity
  /** Presentation ticks of the shown frames, ascending; of frames with one timestamp only the last is ever on screen. */
  readonly frames: Float64Array
  /** The packet each frame comes from, by decode order. For ordinals: the frame's position in the order of output. */
  readonly sources: Float64Array
  /** Only a plain decode tells frames apart: two packets share a timestamp. */
  readonly isAmbiguous: boolean
  /** Key packets, by decode order. */
  readonly #keys: readonly number[]
  readonly #found: FrameTable | null

  /** `absent`: frames that a survey showed not to exist. */
  constructor(timeline: Timeline, packets: PacketTable, found: FrameTable | null, absent: ReadonlySet<number> = new Set()) {
    this.timeline = timeline
    this.packets = packets
    this.identity = found === null ? 'pts' : 'ordinal'
    this.#keys = keyPackets(packets)
    this.#found = found
    const { frames, sources, isAmbiguous } = found === null ? shownFrames(packets, absent) : foundFrames(found)
    this.frames = frames
    this.sources = sources
    this.isAmbiguous = isAmbiguous
  }

  get frameCount(): number {
    return this.frames.length
  }

  /** Seconds on the timeline. */
  timestamp(frame: number): number {
    return this.timeline.seconds(this.frames[frame] ?? NaN)
  }

  /** Where the last frame ends, in seconds on the timeline. */
  get end(): number {
    const last = this.frameCount - 1
    if (last < 0) return 0
    const pts = this.frames[last] ?? 0
    const own = this.identity === 'pts' ? this.packets.duration[this.sources[last] ?? 0] : 0
    const before = this.frames[last - 1]
    const duration = own !== undefined && own > 0 ? own : before === undefined ? 0 : pts - before
    return this.timeline.seconds(pts + duration)
  }

  /** The frame on screen at `seconds`: the last one that starts no later, the first one before that. */
  frameAt(seconds: number): number {
    return Math.max(0, countUpTo(this.frames, this.timeline.ticksAt(seconds)) - 1)
  }

  /** The frame that starts at these ticks, else the last one before; -1 before the first. */
  frameAtTicks(ticks: number): number {
    return countUpTo(this.frames, ticks) - 1
  }

  /** Frames with a timestamp from `start` to before `end`, as a half-open range of frame numbers. */
  framesBetween(start: number, end: number): { first: number; last: number } {
    const first = countUpTo(this.frames, this.timeline.ticksBefore(start))
    return { first, last: Math.max(first, countUpTo(this.frames, this.timeline.ticksBefore(end))) }
  }

  isKeyFrame(frame: number): boolean {
    if (this.#found !== null) return this.#found.keys[frame] === 1
    return this.#hasFlag(this.sources[frame] ?? -1, PacketFlag.key)
  }

  /** Is the frame shown at these ticks a key frame? */
  isKeyAt(ticks: number): boolean {
    const frame = this.frameAtTicks(ticks)
    return this.frames[frame] === ticks && this.isKeyFrame(frame)
  }

  /** The packet that decoding must begin at for this frame; -1 for the stream's first packet, key or not. */
  startOf(frame: number): number {
    if (this.identity === 'ordinal') return -1
    const packet = this.sources[frame] ?? 0
    const pts = this.frames[frame] ?? 0
    let at = countUpTo(this.#keys, packet) - 1
    // A leading picture of an open GOP is shown before the key packet it follows: it belongs to the GOP before.
    while (at >= 0 && !((this.packets.pts[this.#keys[at] ?? 0] ?? NaN) <= pts)) at--
    return this.#keys[at] ?? -1
  }

  keyPoint(packet: number): KeyPoint | null {
    if (packet < 0) return null
    return { pts: this.packets.pts[packet] ?? NaN, dts: this.packets.dts[packet] ?? NaN }
  }

  /** Places before `packet` to begin at when it does not give what it should: ever further back, the first packet last. */
  earlierStarts(packet: number, most: number): (KeyPoint | null)[] {
    const starts: (KeyPoint | null)[] = []
    const at = countUpTo(this.#keys, packet) - 1
    for (let step = 1; at - step >= 0 && starts.length < most; step *= 2) starts.push(this.keyPoint(this.#keys[at - step] ?? -1))
    if (packet >= 0 && starts.length < most) starts.push(null)
    return starts
  }

  get keyPackets(): readonly number[] {
    return this.#keys
  }

  #hasFlag(packet: number, flag: number): boolean {
    return ((this.packets.flags[packet] ?? 0) & flag) !== 0
  }
}

function keyPackets({ flags, pts }: PacketTable): number[] {
  const keys: number[] = []
  for (let packet = 0; packet < flags.length; packet++) {
    if (((flags[packet] ?? 0) & PacketFlag.key) !== 0 && !Number.isNaN(pts[packet])) keys.push(packet)
  }
  return keys
}

type ShownFrames = Pick<PacketIndex, 'frames' | 'sources' | 'isAmbiguous'>

function foundFrames({ pts, ordinals }: FrameTable): ShownFrames {
  return { frames: pts, sources: ordinals, isAmbiguous: true }
}

function shownFrames(packets: PacketTable, absent: ReadonlySet<number>): ShownFrames {
  const { pts } = packets
  const shown = shownPackets(packets, absent)
  const frames = new Float64Array(shown.length)
  const sources = new Float64Array(shown.length)
  let count = 0
  for (let i = 0; i < shown.length; i++) {
    const packet = shown[i] ?? -1
    const ticks = pts[packet] ?? NaN
    if (ticks === pts[shown[i + 1] ?? -1]) continue
    frames[count] = ticks
    sources[count++] = packet
  }
  return { frames: frames.subarray(0, count), sources: sources.subarray(0, count), isAmbiguous: count < shown.length }
}

/** Packets whose frames are shown, in presentation order, those of equal timestamps in decode order. */
function shownPackets({ flags, pts }: PacketTable, absent: ReadonlySet<number>): number[] {
  const shown: number[] = []
  for (let packet = 0; packet < pts.length; packet++) {
    const isAbsent = absent.size > 0 && absent.has(pts[packet] ?? NaN)
    if (!isAbsent && ((flags[packet] ?? 0) & PacketFlag.hidden) === 0) shown.push(packet)
  }
  shown.sort((a, b) => (pts[a] ?? 0) - (pts[b] ?? 0) || a - b)
  return shown
}

/** How many of the ascending values are not above `bound`. */
function countUpTo(ascending: ArrayLike<number>, bound: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] ?? NaN) <= bound) low = middle + 1
    else high = middle
  }
  return low
}
