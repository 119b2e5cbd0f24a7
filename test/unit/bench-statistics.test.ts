import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, medianDeviation, pairRatios, quantile, randomNumbers, slope } from '../../bench/statistics.mjs'

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true })

describe('the statistics of the benchmarks', () => {
  it('take the middle value as the median, and half way between the two middle ones', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([1, 2, 10, 4])).toBe(3)
    expect(median([])).toBeNaN()
  })

  it('leave the samples in their order', () => {
    const samples = [3, 1, 2]
    median(samples)
    expect(samples).toEqual([3, 1, 2])
  })

  it('interpolate between the two samples nearest to a quantile', () => {
    expect(quantile([0, 10, 20, 30], 0.95)).toBeCloseTo(28.5)
    expect(quantile([7, 3, 5], 0)).toBe(3)
    expect(quantile([7, 3, 5], 1)).toBe(7)
  })

  it('have at least half of the samples on either side of the median', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), (samples) => {
        const middle = median(samples)
        expect(samples.filter((sample) => sample <= middle).length).toBeGreaterThanOrEqual(samples.length / 2)
        expect(samples.filter((sample) => sample >= middle).length).toBeGreaterThanOrEqual(samples.length / 2)
      }),
    )
  })

  it('measure spread by the median distance from the median, which one outlier does not move', () => {
    expect(medianDeviation([1, 2, 3, 4, 5])).toBe(1)
    expect(medianDeviation([1, 2, 3, 4, 1000])).toBe(1)
  })

  it('divide each run by the run of the same pair', () => {
    expect(pairRatios([1, 4], [2, 2])).toEqual([0.5, 2])
    expect(() => pairRatios([1], [])).toThrow(RangeError)
  })

  it('find the slope of a line in spite of steps that come and go', () => {
    const line = Array.from({ length: 30 }, (_, x): [number, number] => [x, 100 + 0.25 * x])
    expect(slope(line)).toBeCloseTo(0.25)
    const withSteps = line.map(([x, y]): [number, number] => [x, x % 7 === 0 ? y + 50 : y])
    expect(slope(withSteps)).toBeCloseTo(0.25, 1)
    expect(slope(line.map(([x]): [number, number] => [x, 80]))).toBe(0)
  })

  it('draw the same random numbers for the same seed, all of them in [0, 1)', () => {
    const draw = (seed: number): number[] => {
      const random = randomNumbers(seed)
      return Array.from({ length: 1000 }, () => random())
    }
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
    expect(draw(7).every((value) => value >= 0 && value < 1)).toBe(true)
    expect(median(draw(7))).toBeGreaterThan(0.4)
    expect(median(draw(7))).toBeLessThan(0.6)
  })
})
