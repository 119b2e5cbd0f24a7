// Owns which packets of a stream can be copied into a clip, and which frames must then be encoded. Pure.
import { PacketFlag } from '../source-types.js'
import type { PacketIndex } from '../source/packet-index.js'
import type { ClipSpan } from './clip-span.js'

/** Packets from `start` on in decode order, `count` of them; those at the positions `dropped` are left out. */
export interface CopiedPackets {
  /** -1: the first of the stream. */
  readonly start: number
  readonly count: number
  readonly dropped: readonly number[]
}

/** A clip of packets alone. */
export interface CopyCut {
  readonly packets: CopiedPackets
  /** What is shown, which is more than was asked for where nothing can be hidden. */
  readonly span: ClipSpan
}

/** A clip whose edges are encoded: frames before `copied.first` and from `copied.last` on. */
export interface SmartCut {
  readonly packets: CopiedPackets
  readonly copied: { readonly first: number; readonly last: number }
}

/** How a key packet's bitstream describes it; see NativeBinding.randomAccess. */
export const RandomAccess = { none: 0, clean: 1, open: 2 } as const

/** Packets before the clip and after it that decoding needs are kept, to be hidden by an edit list. */
export function copyHidden(index: PacketIndex, span: ClipSpan): CopyCut {
  // A frame that was on screen before cannot be shown for less long than it is: the clip begins with the next one, if there is any.
  const first = span.holdsFirst && span.last - span.first > 1 ? span.first + 1 : span.first
  const packets = packetsFor(index, index.startOf(first), lastPacket(index, first, span.last))
  return { packets, span: { ...span, first, holdsFirst: false, origin: index.frames[first] ?? NaN } }
}

/** Nothing can be hidden: from the key frame at or before the clip to where all packets' frames have been shown. */
export function copyShown(index: PacketIndex, span: ClipSpan): CopyCut {
  const start = index.startOf(span.first)
  const first = Math.max(0, index.frameAtTicks(index.packets.pts[Math.max(0, start)] ?? NaN))
  let last = span.last
  // Each packet taken may show a frame beyond the end, whose neighbours must then come along.
  for (;;) {
    const end = lastPacket(index, first, last)
    let latest = last
    for (let packet = Math.max(0, start); packet <= end; packet++)
      latest = Math.max(latest, index.frameAtTicks(index.packets.pts[packet] ?? NaN) + 1)
    if (latest === last) break
    last = latest
  }
  const origin = index.frames[first] ?? NaN
  const end = last === span.last ? span.end : endOf(index, last)
  return { packets: packetsFor(index, start, lastPacket(index, first, last)), span: { first, last, origin, end, holdsFirst: false } }
}

/** Does a part of the packets come to light that the source's edit list hides? Alternate references are never shown anywhere. */
export function revealsHidden({ packets, frames }: PacketIndex, { start, count }: CopiedPackets): boolean {
  const from = Math.max(0, start)
  const isOutside = (ticks: number): boolean => ticks < (frames[0] ?? NaN) || ticks > (frames.at(-1) ?? NaN)
  return packets.pts
    .subarray(from, from + count)
    .some((ticks, i) => ((packets.flags[from + i] ?? 0) & PacketFlag.hidden) !== 0 && isOutside(ticks))
}

/** Key packets that a smart cut of this clip could begin to copy at. */
export function candidates(index: PacketIndex, { first, last, holdsFirst }: ClipSpan, most: number): number[] {
  const from = index.frames[holdsFirst ? first + 1 : first] ?? Infinity
  const before = index.frames[last] ?? Infinity
  const found: number[] = []
  for (const key of index.keyPackets) {
    const pts = index.packets.pts[key] ?? NaN
    const isShown = ((index.packets.flags[key] ?? 0) & PacketFlag.hidden) === 0
    if (isShown && pts >= from && pts < before) found.push(key)
    if (found.length === most) break
  }
  return found
}

/**
 * Copies from the key packet `start` on, whose leading pictures (shown before it, stored after it) are encoded with the head, up to the last
 * packet at which everything stored so far is also shown without a gap. null: nothing is left to copy.
 */
export function smartCut(index: PacketIndex, span: ClipSpan, start: number): SmartCut | null {
  const { pts, flags } = index.packets
  const keyTicks = pts[start] ?? NaN
  const first = index.frameAtTicks(keyTicks)
  const dropped: number[] = []
  let shown = 0
  let latest = -1
  let count = 0
  let last = first
  for (let packet = start; packet < pts.length; packet++) {
    const ticks = pts[packet] ?? NaN
    const isHidden = ((flags[packet] ?? 0) & PacketFlag.hidden) !== 0
    if (ticks < keyTicks) {
      dropped.push(packet - start)
      continue
    }
    const frame = index.frameAtTicks(ticks)
    if (isHidden) continue
    if (frame >= span.last) break
    shown++
    latest = Math.max(latest, frame)
    if (shown === latest - first + 1) {
      count = packet - start + 1
      last = latest + 1
    }
  }
  if (count === 0) return null
  return { packets: { start, count, dropped: dropped.filter((position) => position < count) }, copied: { first, last } }
}

function packetsFor(index: PacketIndex, start: number, end: number): CopiedPackets {
  const from = Math.max(0, start)
  const keyTicks = index.packets.pts[from] ?? NaN
  const dropped: number[] = []
  // Leading pictures of the first key packet lack the pictures they refer to.
  for (let packet = from + 1; start >= 0 && packet <= end && (index.packets.pts[packet] ?? NaN) < keyTicks; packet++)
    dropped.push(packet - from)
  return { start, count: end - from + 1, dropped }
}

/** Of the frames, the one whose packet is stored last. */
function lastPacket(index: PacketIndex, first: number, last: number): number {
  let end = -1
  for (let frame = first; frame < last; frame++) end = Math.max(end, index.sources[frame] ?? -1)
  return end
}

function endOf(index: PacketIndex, last: number): number {
  return last < index.frameCount ? (index.frames[last] ?? NaN) : Math.round(index.timeline.ticksAt(index.end))
}
