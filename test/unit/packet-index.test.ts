// The packet index: which frames are on screen, when, and where decoding must begin for each.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PacketIndex } from '../../src/source/packet-index.ts'
import { indexOf, packetTable, randomPackets, tenths, type MadePacket } from './packet-tables.ts'

// Decode order I0 P3 B1 B2 | I7 b5 b6 P9 B8: the second GOP is open, 5 and 6 are shown before its key picture.
const openGop: MadePacket[] = [
  { pts: 0, isKey: true },
  { pts: 4 },
  { pts: 1 },
  { pts: 2 },
  { pts: 7, isKey: true },
  { pts: 5 },
  { pts: 6 },
  { pts: 9 },
  { pts: 8 },
]

describe('PacketIndex', () => {
  it('gives frames in the order of presentation, each with the packet it comes from', () => {
    const index = indexOf(openGop)
    expect([...index.frames]).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9])
    expect([...index.sources]).toEqual([0, 2, 3, 1, 5, 6, 4, 8, 7])
    expect(index.frameCount).toBe(9)
  })

  it('begins leading pictures of an open GOP at the key packet of the GOP before', () => {
    const index = indexOf(openGop)
    const starts = [...index.frames.keys()].map((frame) => index.startOf(frame))
    expect(starts).toEqual([0, 0, 0, 0, 0, 0, 4, 4, 4])
  })

  it('knows key frames by frame and by time', () => {
    const index = indexOf(openGop)
    expect([...index.frames.keys()].filter((frame) => index.isKeyFrame(frame))).toEqual([0, 6])
    expect([index.isKeyAt(0), index.isKeyAt(7), index.isKeyAt(6), index.isKeyAt(6.5), index.isKeyAt(-1)]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it('shows of equal timestamps the packet that is decoded last, and says that packets are ambiguous', () => {
    const index = indexOf([
      { pts: 0, isKey: true },
      { pts: 1, isKey: true },
      { pts: 1, isKey: true },
      { pts: 2, isKey: true },
    ])
    expect([...index.frames]).toEqual([0, 1, 2])
    expect([...index.sources]).toEqual([0, 2, 3])
    expect(index.isAmbiguous).toBe(true)
    expect(indexOf(openGop).isAmbiguous).toBe(false)
  })

  it('never shows hidden packets, but begins decoding at a hidden key packet', () => {
    const index = indexOf([{ pts: -2, isKey: true, isHidden: true }, { pts: -1, isHidden: true }, { pts: 0 }, { pts: 1 }])
    expect([...index.frames]).toEqual([0, 1])
    expect(index.startOf(0)).toBe(0)
    expect(index.isKeyFrame(0)).toBe(false)
  })

  it('does not call a stream ambiguous for a hidden packet with the time of a shown one', () => {
    expect(indexOf([{ pts: 0, isKey: true }, { pts: 1, isHidden: true }, { pts: 1 }]).isAmbiguous).toBe(false)
  })

  it('leaves out frames that a survey showed not to exist', () => {
    const index = new PacketIndex(tenths, packetTable(openGop), null, new Set([5, 6]))
    expect([...index.frames]).toEqual([0, 1, 2, 4, 7, 8, 9])
  })

  it('begins at the first packet of the file where no key packet precedes the frame', () => {
    const index = indexOf([{ pts: 1 }, { pts: 2, isKey: true }])
    expect(index.startOf(0)).toBe(-1)
    expect(index.keyPoint(index.startOf(0))).toBeNull()
    expect(index.keyPoint(1)).toEqual({ pts: 2, dts: 1 })
  })

  it('names earlier places to begin at, nearest first, ever further back, and the first packet last', () => {
    const index = indexOf(Array.from({ length: 10 }, (_, i) => ({ pts: i, isKey: true })))
    const places = (most: number): (number | undefined)[] => index.earlierStarts(9, most).map((start) => start?.pts)
    expect(places(20)).toEqual([8, 7, 5, 1, undefined])
    expect(places(2)).toEqual([8, 7])
    expect(index.earlierStarts(-1, 5)).toEqual([])
  })

  it('finds the frame on screen: the last that starts no later, the first before them all', () => {
    const index = indexOf([{ pts: 2, isKey: true }, { pts: 5 }, { pts: 9 }])
    const at = [-1, 0, 0.2, 0.49, 0.5, 0.89, 0.9, 100].map((seconds) => index.frameAt(seconds))
    expect(at).toEqual([0, 0, 0, 0, 1, 1, 2, 2])
  })

  it('takes a range to include its start and to leave out its end', () => {
    const index = indexOf([{ pts: 2, isKey: true }, { pts: 5 }, { pts: 9 }])
    expect(index.framesBetween(0.2, 0.9)).toEqual({ first: 0, last: 2 })
    expect(index.framesBetween(0.21, Infinity)).toEqual({ first: 1, last: 3 })
    expect(index.framesBetween(5, 6)).toEqual({ first: 3, last: 3 })
    expect(index.framesBetween(0.8, 0.3)).toMatchObject({ first: 2, last: 2 })
  })

  it('ends when the last frame goes: by its duration, else by the distance of the last two', () => {
    expect(
      indexOf([
        { pts: 0, isKey: true },
        { pts: 3, duration: 4 },
      ]).end,
    ).toBeCloseTo(0.7, 12)
    expect(
      indexOf([
        { pts: 0, isKey: true },
        { pts: 3, duration: 0 },
      ]).end,
    ).toBeCloseTo(0.6, 12)
    expect(indexOf([{ pts: 3, isKey: true, duration: 0 }]).end).toBeCloseTo(0.3, 12)
    expect(indexOf([]).end).toBe(0)
  })

  it('counts frames where packets do not name them', () => {
    const found = { pts: Float64Array.of(0, 1, 2), ordinals: Float64Array.of(0, 2, 1), keys: Uint8Array.of(1, 0, 0) }
    const index = new PacketIndex(tenths, packetTable([{ pts: NaN, isKey: true }, { pts: NaN }, { pts: NaN }]), found)
    expect(index.identity).toBe('ordinal')
    expect([...index.sources]).toEqual([0, 2, 1])
    expect(index.startOf(2)).toBe(-1)
    expect(index.isAmbiguous).toBe(true)
    expect([0, 1, 2].map((frame) => index.isKeyFrame(frame))).toEqual([true, false, false])
  })

  it('begins every frame of any stream at the last key packet that is both decoded and shown no later', () => {
    fc.assert(
      fc.property(randomPackets, (packets) => {
        const index = indexOf(packets)
        const inOrder = packets.map(({ pts }, packet) => ({ pts, packet })).sort((a, b) => a.pts - b.pts)
        expect([...index.frames]).toEqual(inOrder.map(({ pts }) => pts))
        for (const [frame, { pts, packet }] of inOrder.entries()) {
          const start = packets.findLastIndex((other, i) => other.isKey === true && i <= packet && other.pts <= pts)
          expect(index.startOf(frame)).toBe(start)
          expect(index.isKeyFrame(frame)).toBe(packets[packet]?.isKey === true)
        }
      }),
    )
  })
})
