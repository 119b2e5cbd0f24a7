// Made-up streams whose packets know what they refer to, so that a test can tell by itself what can be decoded from a set of them.
import fc from 'fast-check'
import type { ClipSpan } from '../../src/plan/clip-span.ts'
import type { CopiedPackets } from '../../src/plan/clip-cut.ts'
import type { PacketIndex } from '../../src/source/packet-index.ts'
import { indexOf, randomPackets, type MadePacket } from './packet-tables.ts'

export interface ReferringPacket extends MadePacket {
  /** Positions in decode order of the packets that this one cannot be decoded without. */
  readonly refers: readonly number[]
}

interface Gop {
  /** Pictures shown before the key frame, of which they know, as of what stands before it. */
  readonly leading: number
  /** B-frames before each further reference. */
  readonly runs: readonly { readonly between: number; readonly isPyramid: boolean; readonly hasAltRef: boolean }[]
}

const gop: fc.Arbitrary<Gop> = fc.record({
  leading: fc.integer({ min: 0, max: 3 }),
  runs: fc.array(fc.record({ between: fc.integer({ min: 0, max: 3 }), isPyramid: fc.boolean(), hasAltRef: fc.boolean() }), {
    maxLength: 4,
  }),
})

/** Closed and open GOPs of I, P and B pictures, pyramids, hidden alternate references, frames of varying length. */
const structured: fc.Arbitrary<ReferringPacket[]> = fc
  .record({ gops: fc.array(gop, { minLength: 1, maxLength: 5 }), steps: fc.infiniteStream(fc.integer({ min: 1, max: 4 })) })
  .map(({ gops, steps }) => {
    const packets: ReferringPacket[] = []
    let ticks = 0
    const next = (): number => (ticks += steps.next().value ?? 1)
    const add = (pts: number, refers: readonly number[], more: Partial<MadePacket> = {}): number =>
      packets.push({ pts, refers, dts: packets.length - 1000, ...more }) - 1
    let anchor = -1
    for (const { leading, runs } of gops) {
      const before = Array.from({ length: anchor < 0 ? 0 : leading }, next)
      const old = anchor
      anchor = add(next(), [], { isKey: true })
      for (const pts of before) add(pts, [old, anchor])
      for (const { between, isPyramid, hasAltRef } of runs) {
        const shownBefore = Array.from({ length: between }, next)
        const own = next()
        const from = hasAltRef && between === 0 ? add(own, [anchor], { isHidden: true }) : anchor
        const to = add(own, [from])
        const middle = isPyramid ? shownBefore.splice(between >> 1, 1)[0] : undefined
        const inner = middle === undefined ? to : add(middle, [anchor, to])
        for (const pts of shownBefore) add(pts, middle === undefined || pts < middle ? [anchor, inner] : [inner, to])
        anchor = to
      }
    }
    return packets
  })

/** Stored in any order within their GOP; all know the key frame, leading ones the key frame before too. */
const disordered: fc.Arbitrary<ReferringPacket[]> = randomPackets.map((packets) => {
  const keys: number[] = []
  return packets.map((packet, i) => {
    if (packet.isKey === true) {
      keys.push(i)
      return { ...packet, refers: [] }
    }
    const key = keys.at(-1) ?? 0
    return { ...packet, refers: packet.pts < (packets[key]?.pts ?? 0) ? [keys.at(-2) ?? 0, key] : [key] }
  })
})

const referringPackets: fc.Arbitrary<ReferringPacket[]> = fc.oneof(structured, disordered)

export interface Scene {
  readonly packets: readonly ReferringPacket[]
  readonly index: PacketIndex
  readonly span: ClipSpan
}

/** A stream and a clip of some of its frames. */
export const scenes: fc.Arbitrary<Scene> = fc.tuple(referringPackets, fc.nat(), fc.nat()).map(([packets, from, length]) => {
  const index = indexOf(packets)
  const first = from % index.frameCount
  const last = first + 1 + (length % (index.frameCount - first))
  return { packets, index, span: spanOf(index, first, last) }
})

export function spanOf(index: PacketIndex, first: number, last: number): ClipSpan {
  const end = index.frames[last] ?? Math.round(index.timeline.ticksAt(index.end))
  return { first, last, origin: index.frames[first] ?? NaN, end, holdsFirst: false }
}

/** The packets that a cut takes, by decode order. */
export function taken({ start, count, dropped }: CopiedPackets): number[] {
  const from = Math.max(0, start)
  return Array.from({ length: count }, (_, i) => from + i).filter((packet) => !dropped.includes(packet - from))
}

/** The frames that those packets show, ascending. */
export function framesOf(index: PacketIndex, packets: readonly number[]): number[] {
  return packets
    .flatMap((packet) => index.sources.indexOf(packet))
    .filter((frame) => frame >= 0)
    .sort((a, b) => a - b)
}

/** Is everything that those packets refer to, and what that refers to, among them and stored before them? */
export function isDecodable(packets: readonly ReferringPacket[], numbers: readonly number[]): boolean {
  const known = new Set<number>()
  for (const number of numbers) {
    if (!(packets[number]?.refers ?? []).every((reference) => known.has(reference))) return false
    known.add(number)
  }
  return true
}

/** Numbers from `first` to before `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i)
}
