// What is drawn of a column of measurements: few points, no extreme lost.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawnCurve, highest, loudnessCurve, motionCurve, quietest, shortened } from '../../src/cli/curve.js'
import { makePictures, makeSound } from '../fixtures/made-analysis.mjs'

const value = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -1000, max: 1000 }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) })

function curveOf(values: readonly number[], mostPoints: number, end = values.length): ReturnType<typeof drawnCurve> {
  return drawnCurve(
    values.length,
    (index) => index,
    (index) => values[index] ?? Number.NaN,
    { start: 0, end },
    mostPoints,
  )
}

describe('a curve', () => {
  it('is the measurements themselves while they are few, with a gap where nothing was measured', () => {
    expect(curveOf([3, Number.NaN, 1], 3)).toEqual({ span: 0, time: [0, 1, 2], low: [3, null, 1], high: [3, null, 1] })
  })

  it('of many measurements is made of parts with their lowest and highest', () => {
    expect(curveOf([1, 9, 5, 4, 7, 7], 2)).toEqual({ span: 3, time: [0, 3], low: [1, 4], high: [9, 7] })
  })

  it('has no more points than asked for, in ascending order, and each measurement lies within the point that stands for it', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (values, mostPoints) => {
        const { span, time, low, high } = curveOf(values, mostPoints)
        expect(time.length).toBeLessThanOrEqual(mostPoints)
        expect(time).toEqual([...time].sort((a, b) => a - b))
        expect([low.length, high.length]).toEqual([time.length, time.length])
        const known = values.filter((each) => !Number.isNaN(each))
        expect(Math.max(...high.map((each) => each ?? -Infinity))).toBe(Math.max(...known))
        expect(Math.min(...low.map((each) => each ?? Infinity))).toBe(Math.min(...known))
        for (const [at, each] of values.entries()) {
          if (Number.isNaN(each)) continue
          const point = time.findLastIndex((start) => start <= at + span * 1e-9)
          expect(low[point]).toBeLessThanOrEqual(each)
          expect(high[point]).toBeGreaterThanOrEqual(each)
        }
      }),
    )
  })

  it('shows what lies in its range only', () => {
    expect(curveOf([1, 2, 3, 4], 10, 1.5).high).toEqual([1, 2])
  })

  it('of nothing has no points', () => {
    expect(curveOf([], 5)).toEqual({ span: 0, time: [], low: [], high: [] })
    expect(highest(curveOf([], 5))).toBeUndefined()
    expect(highest(curveOf([Number.NaN], 5))).toBeUndefined()
  })

  it('leaves out parts in which nothing lies, so that the line of a slide show runs on', () => {
    const times = [0, 1, 2, 90, 91, 92]
    const curve = drawnCurve(
      times.length,
      (index) => times[index] ?? 0,
      (index) => index,
      { start: 0, end: 100 },
      5,
    )
    expect(curve).toEqual({ span: 20, time: [0, 80], low: [0, 3], high: [2, 5] })
  })

  it('keeps four digits and milliseconds when it is written down', () => {
    const curve = { span: 0, time: [0.12345], low: [null], high: [0.0123456] }
    expect(shortened(curve)).toEqual({ span: 0, time: [0.123], low: [null], high: [0.01235] })
  })
})

it('has no motion at the first frame', () => {
  const pictures = makePictures({ count: 3, framesPerSecond: 2, motion: (_, index) => index / 8 })
  expect(motionCurve(pictures, { start: 0, end: 2 }, 100)).toEqual({
    span: 0,
    time: [0, 0.5, 1],
    low: [null, 0.125, 0.25],
    high: [null, 0.125, 0.25],
  })
})

it('draws silence at the foot of the scale, and each loudness at the end of its window', () => {
  const sound = makeSound({ seconds: 0.02, loudness: (_, index) => (index === 0 ? -Infinity : -23) })
  expect(loudnessCurve(sound, { start: 0, end: 1 }, 100)).toMatchObject({ time: [0.01, 0.02], high: [quietest, -23] })
})
