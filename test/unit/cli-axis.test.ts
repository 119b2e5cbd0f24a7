import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { multiples, roundUp, timeMark, timeStep } from '../../src/cli/axis.js'

describe('the marks of a time axis', () => {
  it.each([
    [0.04, 10, 0.005],
    [9, 10, 1],
    [11, 10, 2],
    [600, 14, 60],
    [10_800, 14, 900],
    [86_400, 14, 7200],
    [864_000, 14, 72_000],
  ])('are for %d s and %d marks %d s apart', (span, most, step) => {
    expect(timeStep(span, most)).toBe(step)
  })

  it('are never more than asked for', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e6, noNaN: true }), fc.integer({ min: 2, max: 20 }), (span, most) => {
        expect(multiples(0, span, timeStep(span, most)).length).toBeLessThanOrEqual(most + 1)
      }),
    )
  })

  it('tell themselves from each other', () => {
    expect([0, 0.05, 0.1].map((time) => timeMark(time, 0.05))).toEqual(['0:00.00', '0:00.05', '0:00.10'])
    expect([0, 90].map((time) => timeMark(time, 30))).toEqual(['0:00', '1:30'])
    expect(timeMark(3600, 900)).toBe('1:00:00')
  })
})

it('multiples hold both ends, whatever the last bit of a product', () => {
  expect(multiples(0, 0.3, 0.1)).toHaveLength(4)
  expect(multiples(-60, 0, 20).map((value) => value + 0)).toEqual([-60, -40, -20, 0])
  expect(multiples(5, 4, 1)).toEqual([])
})

it.each([
  [0.013, 0.02],
  [0.05, 0.05],
  [0.1, 0.1],
  [7, 10],
  [200, 200],
])('rounds %d up to %d', (value, rounded) => {
  expect(roundUp(value)).toBeCloseTo(rounded, 12)
})
