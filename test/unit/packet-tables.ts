// Made-up packet tables for tests of indexing and planning: by hand, or at random with fast-check.
import fc from 'fast-check'
import { PacketIndex } from '../../src/source/packet-index.ts'
import { Timeline } from '../../src/source/timeline.ts'
import { PacketFlag, type PacketTable } from '../../src/source-types.ts'

export interface MadePacket {
  readonly pts: number
  /** By default the packet's position in decode order. */
  readonly dts?: number
  readonly duration?: number
  readonly size?: number
  readonly isKey?: boolean
  readonly isHidden?: boolean
  readonly isTruncated?: boolean
}

/** One packet each, in decode order. */
export function packetTable(packets: readonly MadePacket[]): PacketTable {
  const bits = ({ isKey = false, isHidden = false, isTruncated = false }: MadePacket): number =>
    (isKey ? PacketFlag.key : 0) | (isHidden ? PacketFlag.hidden : 0) | (isTruncated ? PacketFlag.truncated : 0)
  return {
    pts: Float64Array.from(packets, ({ pts }) => pts),
    dts: Float64Array.from(packets, ({ dts }, i) => dts ?? i),
    duration: Float64Array.from(packets, ({ duration = 1 }) => duration),
    size: Uint32Array.from(packets, ({ size = 1000 }) => size),
    flags: Uint8Array.from(packets, bits),
  }
}

/** Ticks of 1/10 s that begin at 0. */
export const tenths: Timeline = new Timeline({ num: 1, den: 10 }, 0)

export function indexOf(packets: readonly MadePacket[], timeline: Timeline = tenths): PacketIndex {
  return new PacketIndex(timeline, packetTable(packets), null)
}

interface Gop {
  /** Pictures that follow the key packet in decode order and are shown before it. */
  readonly leading: number
  readonly trailing: number
  /** Decides the decode order of the trailing pictures. */
  readonly seed: number
}

const gop: fc.Arbitrary<Gop> = fc.record({
  leading: fc.integer({ min: 0, max: 3 }),
  trailing: fc.integer({ min: 0, max: 12 }),
  seed: fc.nat(),
})

/**
 * A stream of GOPs, some of them open, with irregular durations: decode order and presentation order differ, presentation times are all
 * different, and the stream begins with a key packet that nothing is shown before.
 */
export const randomPackets: fc.Arbitrary<MadePacket[]> = fc
  .record({
    gops: fc.array(gop, { minLength: 1, maxLength: 8 }),
    steps: fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
    size: fc.integer({ min: 1, max: 40_000 }),
  })
  .map(({ gops, steps, size }) => {
    const packets: MadePacket[] = []
    let shownFrom = 0
    const next = (): number => (shownFrom += steps.next().value ?? 1)
    for (const [number, { leading, trailing, seed }] of gops.entries()) {
      const before = Array.from({ length: number === 0 ? 0 : leading }, next)
      packets.push({ pts: next(), isKey: true, size })
      const after = Array.from({ length: trailing }, next)
      packets.push(...before.map((pts) => ({ pts, size })), ...shuffled(after, seed).map((pts) => ({ pts, size })))
    }
    return packets.map((packet, i) => ({ ...packet, dts: i - packets.length }))
  })

/** The same seed gives the same order (Fisher and Yates over a linear congruential generator). */
export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const result = [...items]
  let state = seed >>> 0
  for (let last = result.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const other = state % (last + 1)
    const [a, b] = [result[last], result[other]]
    if (a !== undefined && b !== undefined) [result[last], result[other]] = [b, a]
  }
  return result
}
