// What may be copied, against streams that know their references: the oracle tries every run of packets there is.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { candidates, copyHidden, copyShown, revealsHidden, smartCut } from '../../src/plan/clip-cut.ts'
import { framesOf, isDecodable, range, scenes, spanOf, taken, type Scene } from './clip-streams.ts'
import { indexOf } from './packet-tables.ts'

/** Packets from a key one on, `count` of them, without those shown before it. */
function fromKey({ packets }: Scene, key: number, count: number): number[] {
  const ticks = packets[key]?.pts ?? NaN
  return range(key, key + count).filter((packet) => (packets[packet]?.pts ?? NaN) >= ticks)
}

/** For each number of packets from a key on, the frames they show where those follow each other from the key's own. */
function unbroken(scene: Scene, key: number): { readonly count: number; readonly frames: readonly number[] }[] {
  const { packets, index } = scene
  const first = index.sources.indexOf(key)
  return range(1, packets.length - key + 1)
    .map((count) => ({ count, frames: framesOf(index, fromKey(scene, key, count)) }))
    .filter(({ frames }) => frames.length > 0 && frames.every((frame, i) => frame === first + i))
}

describe('a smart cut', () => {
  it('copies the most frames that follow each other from a key frame, by the fewest packets, and all can be decoded', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const { packets, index, span } = scene
        for (const key of candidates(index, span, Infinity)) {
          const best = unbroken(scene, key)
            .filter(({ frames }) => (frames.at(-1) ?? 0) < span.last)
            .reduce((a, b) => (b.frames.length > a.frames.length ? b : a))
          const cut = smartCut(index, span, key)
          if (cut === null) throw new Error('there is something to copy')
          expect(cut.packets.count).toBe(best.count)
          expect(taken(cut.packets)).toEqual(fromKey(scene, key, best.count))
          expect(range(cut.copied.first, cut.copied.last)).toEqual(best.frames)
          expect(isDecodable(packets, taken(cut.packets))).toBe(true)
        }
      }),
    )
  })

  it('and the frames before and after that are encoded are the clip, each frame once', () => {
    fc.assert(
      fc.property(scenes, ({ index, span }) => {
        for (const key of candidates(index, span, 2)) {
          const { copied } = smartCut(index, span, key) ?? { copied: { first: -1, last: -1 } }
          const parts = [...range(span.first, copied.first), ...range(copied.first, copied.last), ...range(copied.last, span.last)]
          expect(parts).toEqual(range(span.first, span.last))
          expect(index.isKeyFrame(copied.first)).toBe(true)
        }
      }),
    )
  })

  it('may begin at the shown key packets of the clip, as many as asked for, and at nothing else', () => {
    fc.assert(
      fc.property(scenes, fc.integer({ min: 1, max: 3 }), ({ packets, index, span }, most) => {
        const all = range(span.first, span.last)
          .map((frame) => index.sources[frame] ?? -1)
          .filter((packet) => packets[packet]?.isKey === true)
        expect(candidates(index, span, most)).toEqual(all.slice(0, most))
      }),
    )
  })

  it('does not begin at a first frame that is shown for less long than in the source', () => {
    const index = indexOf([{ pts: 0, isKey: true }, { pts: 30, isKey: true }, { pts: 31 }])
    const held = { ...spanOf(index, 0, 3), origin: 10, holdsFirst: true }
    expect(candidates(index, held, 9)).toEqual([1])
  })

  it('is none where the key frame lies beyond the clip', () => {
    const index = indexOf([{ pts: 0, isKey: true }, { pts: 1 }, { pts: 2, isKey: true }, { pts: 3 }])
    expect(candidates(index, spanOf(index, 0, 2), 9)).toEqual([0])
    expect(candidates(index, spanOf(index, 1, 2), 9)).toEqual([])
    expect(smartCut(index, spanOf(index, 0, 2), 2)).toBeNull()
  })

  it('leaves out leading pictures, and what comes after the last frame although it is hidden', () => {
    const index = indexOf([
      { pts: 0, isKey: true },
      { pts: 3, isKey: true },
      { pts: 1 },
      { pts: 2 },
      { pts: 4 },
      { pts: 5, isHidden: true },
      { pts: 5 },
    ])
    expect(smartCut(index, spanOf(index, 1, 5), 1)).toEqual({
      packets: { start: 1, count: 4, dropped: [1, 2] },
      copied: { first: 3, last: 5 },
    })
  })
})

describe('a copy that can hide pictures', () => {
  it('shows the clip itself, from the latest key packet and to the first packet that suffice', () => {
    fc.assert(
      fc.property(scenes, ({ packets, index, span }) => {
        const cut = copyHidden(index, span)
        const wanted = range(span.first, span.last).map((frame) => index.sources[frame] ?? -1)
        const end = Math.max(...wanted)
        const suffices = (numbers: readonly number[]): boolean =>
          wanted.every((packet) => numbers.includes(packet)) && isDecodable(packets, numbers)
        expect(cut.span).toEqual(span)
        expect(suffices(taken(cut.packets))).toBe(true)
        const keys = range(0, end + 1).filter((packet) => packets[packet]?.isKey === true)
        const latest = keys.filter((key) => suffices(fromKey({ packets, index, span }, key, end - key + 1))).at(-1)
        expect([cut.packets.start, cut.packets.start + cut.packets.count - 1]).toEqual([latest, end])
      }),
    )
  })
})

describe('a copy that cannot', () => {
  it('shows frames that follow each other from a key frame to the clip’s end or beyond, by the fewest packets', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const { packets, index, span } = scene
        const cut = copyShown(index, span)
        const numbers = taken(cut.packets)
        expect(framesOf(index, numbers)).toEqual(range(cut.span.first, cut.span.last))
        expect([cut.span.first <= span.first, cut.span.last >= span.last]).toEqual([true, true])
        expect(isDecodable(packets, numbers)).toBe(true)
        const fewest = unbroken(scene, cut.packets.start).find(({ frames }) => (frames.at(-1) ?? 0) >= span.last - 1)
        expect(cut.packets.count).toBe(fewest?.count)
        expect(cut.span.origin).toBe(index.frames[cut.span.first])
        expect(cut.span.end).toBe(spanOf(index, 0, cut.span.last).end)
      }),
    )
  })

  it('reveals what an edit list hides before or after, but not an alternate reference', () => {
    const edited = indexOf([{ pts: 0, isKey: true, isHidden: true }, { pts: 1, isHidden: true }, { pts: 2 }, { pts: 3, isHidden: true }])
    expect(revealsHidden(edited, { start: 0, count: 3, dropped: [] })).toBe(true)
    expect(revealsHidden(edited, { start: 2, count: 1, dropped: [] })).toBe(false)
    expect(revealsHidden(edited, { start: 2, count: 2, dropped: [] })).toBe(true)
    const altRef = indexOf([{ pts: 0, isKey: true }, { pts: 1, isHidden: true }, { pts: 1 }])
    expect(revealsHidden(altRef, { start: 0, count: 3, dropped: [] })).toBe(false)
  })
})
