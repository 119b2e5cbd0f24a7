// Which frames a request names: the arithmetic of grids against exact fractions, and the choice within a tolerance.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Accuracy, Grid } from '../../src/options/sample.ts'
import { requestFrames } from '../../src/plan/grid.ts'
import type { PacketIndex } from '../../src/source/packet-index.ts'
import { Timeline } from '../../src/source/timeline.ts'
import { compare, fraction, multiply, subtract, toNumber, type Fraction } from '../oracle/fraction.ts'
import { indexOf, randomPackets } from './packet-tables.ts'

const whole = { start: 0, end: Infinity }

function constantRate(frames: number, rate: { num: number; den: number }, timeBase: { num: number; den: number }, gop = 30): PacketIndex {
  const step = (rate.den * timeBase.den) / (rate.num * timeBase.num)
  const packets = Array.from({ length: frames }, (_, i) => ({ pts: i * step, duration: step, isKey: i % gop === 0 }))
  return indexOf(packets, new Timeline(timeBase, 0))
}

function framesOf(index: PacketIndex, grid: Grid, span = whole, accuracy: Accuracy = 'exact'): number[] {
  return requestFrames(index, grid, span, accuracy).map(({ frame }) => frame)
}

describe('the fps grid', () => {
  it.each([
    [
      { num: 30_000, den: 1001 },
      { num: 1, den: 30_000 },
    ],
    [
      { num: 24_000, den: 1001 },
      { num: 1, den: 24_000 },
    ],
    [
      { num: 60_000, den: 1001 },
      { num: 1, den: 60_000 },
    ],
    [
      { num: 25, den: 1 },
      { num: 1, den: 90_000 },
    ],
    [
      { num: 10, den: 1 },
      { num: 1, den: 100 },
    ],
  ])("names every frame once at the stream's own rate %j in ticks of %j, for four hours", (rate, timeBase) => {
    const count = Math.ceil((4 * 3600 * rate.num) / rate.den)
    const named = framesOf(constantRate(count, rate, timeBase), { kind: 'fps', ...rate })
    expect(named).toHaveLength(count)
    expect(named.every((frame, i) => frame === i)).toBe(true)
  })

  it('asks at start + k / fps while that is before the end', () => {
    const index = constantRate(100, { num: 10, den: 1 }, { num: 1, den: 10 })
    const asked = requestFrames(index, { kind: 'fps', num: 2, den: 1 }, { start: 1.3, end: 3 }, 'exact')
    expect(asked.map(({ timestamp }) => timestamp)).toEqual([1.3, 1.8, 2.3, 2.8])
    expect(asked.map(({ frame }) => frame)).toEqual([13, 18, 23, 28])
    expect(asked.map(({ number }) => number)).toEqual([0, 1, 2, 3])
    expect(framesOf(index, { kind: 'fps', num: 2, den: 1 }, { start: 1, end: 2 })).toEqual([10, 15])
  })

  it('ends with the last frame, whatever end is asked for', () => {
    const index = constantRate(10, { num: 10, den: 1 }, { num: 1, den: 10 })
    expect(framesOf(index, { kind: 'fps', num: 4, den: 1 }, { start: 0, end: 99 })).toEqual([0, 2, 5, 7])
    expect(framesOf(index, { kind: 'fps', num: 4, den: 1 }, { start: 5, end: 99 })).toEqual([])
  })

  it('names a frame once for each time it is on screen', () => {
    const index = constantRate(3, { num: 1, den: 1 }, { num: 1, den: 10 })
    expect(framesOf(index, { kind: 'fps', num: 2, den: 1 })).toEqual([0, 0, 1, 1, 2, 2])
  })

  it('names what exact fractions name, for any rate over any stream', () => {
    const rate = fc.constantFrom([1, 1], [2, 1], [25, 1], [30_000, 1001], [24_000, 1001], [1, 7], [3, 10])
    const timeBase = fc.constantFrom([1, 10], [1, 1000], [1, 90_000], [1001, 30_000], [1, 12_800])
    fc.assert(
      fc.property(
        rate,
        timeBase,
        randomPackets,
        fc.nat({ max: 40 }),
        ([num = 1, den = 1], [baseNum = 1, baseDen = 1], packets, startTicks) => {
          const index = indexOf(packets, new Timeline({ num: baseNum, den: baseDen }, 0))
          const base = fraction(baseNum, baseDen)
          const ends = packets.map(({ pts }) => pts).sort((a, b) => a - b)
          const start = multiply(fraction(startTicks), base)
          const stop = multiply(fraction((ends.at(-1) ?? 0) + 1), base)
          const expected: number[] = []
          for (let k = 0; ; k++) {
            const time = add(start, fraction(k * den, num))
            if (compare(time, stop) >= 0) break
            expected.push(
              Math.max(
                0,
                ends.findLastIndex((pts) => compare(multiply(fraction(pts), base), time) <= 0),
              ),
            )
            if (expected.length > 500) break
          }
          fc.pre(expected.length <= 500)
          expect(framesOf(index, { kind: 'fps', num, den }, { start: toNumber(start), end: Infinity })).toEqual(expected)
        },
      ),
    )
  })
})

function add(a: Fraction, b: Fraction): Fraction {
  return subtract(a, fraction(-b.numerator, b.denominator))
}

describe('the count grid', () => {
  it('asks at the centres of equal parts of the range', () => {
    const index = constantRate(100, { num: 10, den: 1 }, { num: 1, den: 10 })
    const times = (count: number, span = whole): number[] =>
      requestFrames(index, { kind: 'count', count }, span, 'exact').map(({ timestamp }) => timestamp)
    expect(times(4)).toEqual([1.25, 3.75, 6.25, 8.75])
    expect(times(1)).toEqual([5])
    expect(times(2, { start: 2, end: 4 })).toEqual([2.5, 3.5])
    expect(times(2, { start: 8, end: 99 })).toEqual([8.5, 9.5])
  })

  it('gives that many answers even when there are fewer frames', () => {
    const index = constantRate(3, { num: 10, den: 1 }, { num: 1, den: 10 })
    expect(framesOf(index, { kind: 'count', count: 6 })).toEqual([0, 0, 1, 1, 2, 2])
  })
})

describe('grids that name frames', () => {
  const index = constantRate(100, { num: 10, den: 1 }, { num: 1, den: 10 }, 25)

  it('are all, each Nth, and key frames, of those in the range', () => {
    expect(framesOf(index, { kind: 'all' }, { start: 1, end: 1.5 })).toEqual([10, 11, 12, 13, 14])
    expect(framesOf(index, { kind: 'everyFrames', step: 30 })).toEqual([0, 30, 60, 90])
    expect(framesOf(index, { kind: 'everyFrames', step: 3 }, { start: 1.05, end: 1.9 })).toEqual([11, 14, 17])
    expect(framesOf(index, { kind: 'keyframes' })).toEqual([0, 25, 50, 75])
    expect(framesOf(index, { kind: 'keyframes' }, { start: 2.6, end: 2.7 })).toEqual([])
  })

  it('keep the order and the repetitions of the request, and carry the times of the frames', () => {
    const asked = requestFrames(index, { kind: 'frameIndexes', frameIndexes: [7, 3, 7] }, whole, 'exact')
    expect(asked).toEqual([
      { number: 0, timestamp: 0.7, frame: 7 },
      { number: 1, timestamp: 0.3, frame: 3 },
      { number: 2, timestamp: 0.7, frame: 7 },
    ])
  })

  it('refuse an index that the stream does not have, with the number of frames', () => {
    const ask = (): unknown => requestFrames(index, { kind: 'frameIndexes', frameIndexes: [99, 100] }, whole, 'exact')
    expect(ask).toThrow(new RangeError('Expected frameIndexes below 100, the number of frames, but received 100'))
  })
})

describe('the timestamps grid', () => {
  it('keeps its order; times before the first frame show the first, times after the last show the last', () => {
    const index = constantRate(100, { num: 10, den: 1 }, { num: 1, den: 10 })
    expect(framesOf(index, { kind: 'timestamps', timestamps: [5, -3, 0.1999999999, 1e9, 0.2] })).toEqual([50, 0, 2, 99, 2])
    expect(framesOf(index, { kind: 'timestamps', timestamps: [0.19999] })).toEqual([1])
  })
})

describe('accuracy', () => {
  const index = constantRate(100, { num: 10, den: 1 }, { num: 1, den: 10 }, 10)

  it("'keyframe' takes the key frame at or before the time", () => {
    expect(framesOf(index, { kind: 'timestamps', timestamps: [0, 0.9, 1, 5.55, 99] }, whole, 'keyframe')).toEqual([0, 0, 10, 50, 90])
  })

  it('by tolerance takes a key frame that is near enough, and the exact one where none is', () => {
    const near = (toleranceSeconds: number, ...timestamps: number[]): number[] =>
      framesOf(index, { kind: 'timestamps', timestamps }, whole, { toleranceSeconds })
    expect(near(0.25, 0.8, 1.2, 1.15)).toEqual([10, 10, 10])
    expect(near(0, 0.8, 1)).toEqual([8, 10])
    expect(near(0.25, 0.5)).toEqual([3]) // no key frame: the one with the fewest packets before it
    expect(near(50, 5.5)[0] ?? -1).toSatisfy((frame: number) => frame % 10 === 0)
  })

  it('by tolerance is never farther off than allowed and never dearer than the exact frame', () => {
    fc.assert(
      fc.property(
        randomPackets,
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 12, noNaN: true }),
        (packets, toleranceSeconds, time) => {
          const stream = indexOf(packets)
          const cost = (frame: number): number => (stream.sources[frame] ?? 0) - stream.startOf(frame)
          const grid: Grid = { kind: 'timestamps', timestamps: [time] }
          const [exact = -1] = framesOf(stream, grid)
          const [chosen = -1] = framesOf(stream, grid, whole, { toleranceSeconds })
          expect(cost(chosen)).toBeLessThanOrEqual(cost(exact))
          if (chosen !== exact) expect(Math.abs(stream.timestamp(chosen) - time)).toBeLessThanOrEqual(toleranceSeconds + 1e-9)
        },
      ),
    )
  })
})
