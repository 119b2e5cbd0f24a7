// Which frames a clip holds and when it begins and ends, against counting by hand and trying every number.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { segmentsOf, spanOfClip, tickStep, type ClipSpan } from '../../src/plan/clip-span.ts'
import type { PacketIndex } from '../../src/source/packet-index.ts'
import { range, scenes, spanOf } from './clip-streams.ts'
import { indexOf } from './packet-tables.ts'

/** Frames that last a tenth of a second each, key frames as often as said. */
const steady = (frames: number, gop = 10): PacketIndex =>
  indexOf(range(0, frames).map((pts) => ({ pts, dts: pts, isKey: pts % gop === 0 })))

/** A screen recording: three frames, nothing for 27 tenths, three frames. */
const still = indexOf([0, 1, 2, 30, 31, 32].map((pts) => ({ pts, dts: pts, isKey: pts % 30 === 0 })))

describe('a clip of moving pictures', () => {
  it('holds the frames with a timestamp from its start to before its end, and lasts as long as they do', () => {
    const index = steady(40)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 390 }), fc.integer({ min: 1, max: 400 }), (from, length) => {
        const [start, end] = [from / 100, (from + length) / 100]
        const inside = range(0, 40).filter((frame) => frame / 10 >= start - 1e-6 && frame / 10 < end - 1e-6)
        const span = spanOfClip(index, start, end)
        fc.pre(inside.length > 0)
        const [first, last] = [inside[0] ?? -1, (inside.at(-1) ?? -1) + 1]
        expect(span).toEqual({ first, last, origin: first, end: last, holdsFirst: false })
      }),
    )
  })

  it('of all there is holds every frame, whatever the stream', () => {
    fc.assert(
      fc.property(scenes, ({ index }) => {
        expect(spanOfClip(index, -5, Infinity)).toMatchObject({
          first: 0,
          last: index.frameCount,
          origin: index.frames[0],
          holdsFirst: false,
        })
      }),
    )
  })

  it('that begins after the last frame has ended, or of no frames at all, is none', () => {
    expect(spanOfClip(steady(40), 4, 5)).toBeNull()
    expect(spanOfClip(steady(40), 100, Infinity)).toBeNull()
    expect(spanOfClip(indexOf([]), 0, Infinity)).toBeNull()
    expect(spanOfClip(indexOf([{ pts: 50, isKey: true }]), 0, 1)).toBeNull()
  })
})

describe('a clip of pictures that stand still', () => {
  it('begins with the one on screen at its start, from that moment on', () => {
    expect(spanOfClip(still, 1, 3.15)).toEqual({ first: 2, last: 5, origin: 10, end: 32, holdsFirst: true })
  })

  it('ends when it was told to, not when the last picture does', () => {
    expect(spanOfClip(still, 0, 1.5)).toEqual({ first: 0, last: 3, origin: 0, end: 15, holdsFirst: false })
  })

  it('may be a part of one picture alone', () => {
    expect(spanOfClip(still, 1, 2)).toEqual({ first: 2, last: 3, origin: 10, end: 20, holdsFirst: true })
  })

  it('begins at a frame’s own timestamp where there is one at its start', () => {
    expect(spanOfClip(still, 3, 3.2)).toEqual({ first: 3, last: 5, origin: 30, end: 32, holdsFirst: false })
  })
})

describe('the step of a clip’s timestamps', () => {
  it('is the longest one of which all of them, and the end, are multiples', () => {
    fc.assert(
      fc.property(scenes, fc.integer({ min: 1, max: 40 }), ({ index: plain, span: { first, last } }, factor) => {
        const index = indexOf(Array.from(plain.frames, (pts) => ({ pts: pts * factor, isKey: true, duration: factor })))
        const span = spanOf(index, first, last)
        const ticks = [...index.frames.subarray(first, last), span.end].map((each) => each - span.origin)
        const divides = (step: number): boolean => ticks.every((each) => each % step === 0)
        const step = tickStep(index, span)
        expect([divides(step), step % factor]).toEqual([true, 0])
        expect(range(step + 1, span.end - span.origin + 1).filter(divides)).toEqual([])
      }),
    )
  })

  it('takes a first frame that began before the clip as one at its start', () => {
    expect(tickStep(still, { first: 2, last: 4, origin: 10, end: 40, holdsFirst: true })).toBe(10)
  })

  it('is one tick for a clip of no length', () => {
    expect(tickStep(still, { first: 2, last: 3, origin: 2, end: 2, holdsFirst: false })).toBe(1)
  })
})

describe('runs of frames that are encoded apart', () => {
  const long = steady(20_000)
  const spanFrom = (first: number, frames: number): ClipSpan => ({
    ...{ first, last: first + frames },
    ...{ origin: first, end: first + frames, holdsFirst: false },
  })
  const lengthsOf = (frames: number): number[] => segmentsOf(long, spanFrom(3, frames)).map(({ first, last }) => last - first)

  it('are the clip, in order; all but the first begin at a key frame, and none is short unless it is the only one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 1, max: 9000 }), (first, frames) => {
        const runs = segmentsOf(long, spanFrom(first, frames))
        expect(runs.flatMap((run) => range(run.first, run.last))).toEqual(range(first, first + frames))
        for (const run of runs.slice(1)) expect(long.isKeyFrame(run.first)).toBe(true)
        if (runs.length > 1) expect(Math.min(...runs.map((run) => run.last - run.first))).toBeGreaterThanOrEqual(250)
      }),
    )
  })

  it('are the same for the same clip, wherever it lies in its source', () => {
    const moved = segmentsOf(long, spanFrom(1500, 1000)).map((run) => ({ first: run.first - 1500, last: run.last - 1500 }))
    expect(moved).toEqual(segmentsOf(long, spanFrom(0, 1000)))
    expect(moved.map(({ first }) => first)).toEqual([0, 250, 500, 750])
  })

  it('get shorter towards the end, so that workers end together, and are never very long', () => {
    const lengths = lengthsOf(9000)
    // The last one takes what is too little for another.
    expect(lengths.slice(0, -1)).toEqual(lengths.slice(0, -1).sort((a, b) => b - a))
    expect(lengths.at(-1)).toBeLessThan(510)
    expect(Math.max(...lengthsOf(19_900))).toBeLessThanOrEqual(1510)
  })
})
