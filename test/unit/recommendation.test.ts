// The choice among measured configurations, from rounds that are made up.
import { describe, expect, it } from 'vitest'
import { configurationsWithin, threadsOf } from '../../src/tune/configuration.ts'
import type { Measurement } from '../../src/tune/measurement.ts'
import { recommend } from '../../src/tune/recommendation.ts'
import { median, medianDeviation, medianError } from '../../src/tune/statistics.ts'

const GB = 1e9

function measured(workers: number, codecThreads: number, samples: readonly number[], changes: Partial<Measurement> = {}): Measurement {
  return {
    workers,
    codecThreads,
    rounds: samples.length,
    throughput: median(samples),
    mad: medianDeviation(samples),
    realtime: 1,
    wallSeconds: 1,
    cpuSeconds: 1,
    peakRssBytes: 0.2 * GB,
    utilisation: 1,
    slotWaitShare: 0,
    longestTaskShare: 0,
    diskBytes: 0,
    samples,
    ...changes,
  }
}

/** The same ups and downs of the machine for everybody. */
const drift = [1, 0.9, 1.02, 0.97, 1.01, 0.8, 1]
const around = (level: number, own: readonly number[] = [0, 0, 0, 0, 0, 0, 0]): number[] =>
  drift.map((factor, i) => level * factor * (1 + (own[i] ?? 0)))

describe('what is recommended', () => {
  it('is the fastest when nothing cheaper comes near', () => {
    const answer = recommend([measured(1, 1, around(50)), measured(1, 2, around(80)), measured(2, 1, around(97))], GB)
    expect(answer).toMatchObject({ workers: 2, codecThreads: 1, confidence: 1 })
    expect(answer.speedupOverOne).toBeCloseTo(97 / 50, 6)
  })

  it('is the one with fewer threads when more are no faster than the noise', () => {
    const noise = [0.004, -0.004, 0.006, -0.002, 0, 0.003, -0.006]
    const answer = recommend([measured(1, 1, around(50)), measured(3, 1, around(100, noise)), measured(4, 1, around(100.8))], GB)
    expect(answer).toMatchObject({ workers: 3, codecThreads: 1 })
  })

  it('does not follow one lucky round', () => {
    const lucky = [100, 100, 100, 160, 100, 100, 100]
    const answer = recommend([measured(1, 1, [99, 100, 101, 100, 99, 100, 101]), measured(2, 1, lucky)], GB)
    expect(answer).toMatchObject({ workers: 1, codecThreads: 1 })
  })

  it('takes what costs less CPU time of two with as many threads', () => {
    const answer = recommend(
      [measured(1, 1, around(50)), measured(1, 2, around(99.5), { cpuSeconds: 0.9 }), measured(2, 1, around(100), { cpuSeconds: 1 })],
      GB,
    )
    expect(answer).toMatchObject({ workers: 1, codecThreads: 2 })
  })

  it('never loses more than 2 %, however noisy the rounds', () => {
    const wild = [0.3, -0.3, 0.2, -0.25, 0.1, -0.1, 0]
    const answer = recommend([measured(1, 1, around(97, wild)), measured(2, 1, around(100))], GB)
    expect(answer.workers).toBe(2)
    expect(answer.confidence).toBeLessThan(1)
  })

  it('fits the memory limit, and says what was too large', () => {
    const answer = recommend(
      [measured(1, 1, around(50), { peakRssBytes: 0.3 * GB }), measured(2, 1, around(98), { peakRssBytes: 1.2 * GB })],
      GB,
    )
    expect(answer).toMatchObject({ workers: 1, codecThreads: 1 })
    expect(answer.tooLarge).toEqual([{ workers: 2, codecThreads: 1, peakRssBytes: 1.2 * GB, change: expect.closeTo(0.96, 6) }])
  })

  it('is what needs least memory when nothing fits', () => {
    const answer = recommend(
      [measured(1, 1, around(50), { peakRssBytes: 3 * GB }), measured(2, 1, around(98), { peakRssBytes: 4 * GB })],
      GB,
    )
    expect(answer.workers).toBe(1)
  })

  it('says what one step off would cost', () => {
    const answer = recommend(
      [1, 2, 4, 6].map((workers) => measured(workers, 1, around([50, 95, 160, 150][[1, 2, 4, 6].indexOf(workers)] ?? 0))),
      GB,
    )
    expect(answer.workers).toBe(4)
    expect(answer.oneStepOff).toEqual([
      { workers: 2, codecThreads: 1, change: expect.closeTo(95 / 160 - 1, 6) },
      { workers: 6, codecThreads: 1, change: expect.closeTo(150 / 160 - 1, 6) },
    ])
  })

  it('lets the fitted curve smooth the noise where it has many points', () => {
    // On the curve 4 is 4 % behind 6, far more than the tolerance; a lucky median of 4 looks level.
    const curve = (n: number): number => (30 * n) / (1 + 0.05 * (n - 1) + 0.012 * n * (n - 1))
    const points = [1, 2, 3, 4, 5, 6].map((n) => measured(n, 1, around(curve(n) * (n === 4 ? 1.025 : 1))))
    const answer = recommend(points, GB)
    expect(answer.usl?.worstResidual).toBeLessThan(0.03)
    expect(answer.workers).toBeGreaterThan(4)
  })

  it('is the same whenever it is worked out', () => {
    const points = [measured(1, 1, around(97, [0.1, -0.1, 0.05])), measured(2, 1, around(100))]
    expect(recommend(points, GB)).toEqual(recommend(points, GB))
  })
})

describe('configurations worth measuring', () => {
  it.each([1, 2, 3, 4, 6, 7, 8, 12, 16, 61])('stay within a budget of %i threads, use it, and start with one', (budget) => {
    const found = configurationsWithin(budget)
    expect(found[0]).toEqual({ workers: 1, codecThreads: 1 })
    expect(found).toContainEqual({ workers: budget, codecThreads: 1 })
    expect(found).toContainEqual({ workers: 1, codecThreads: budget })
    for (const configuration of found) expect(threadsOf(configuration)).toBeLessThanOrEqual(budget)
    expect(new Set(found.map(({ workers, codecThreads }) => `${workers}x${codecThreads}`)).size).toBe(found.length)
  })

  it('are all there are on two CPUs', () => {
    expect(configurationsWithin(2)).toEqual([
      { workers: 1, codecThreads: 1 },
      { workers: 1, codecThreads: 2 },
      { workers: 2, codecThreads: 1 },
    ])
  })
})

describe('statistics', () => {
  it('have the median in the middle, or between the two there', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  it('have a spread that an outlier does not move', () => {
    expect(medianDeviation([10, 11, 9, 10, 1000])).toBe(1)
  })

  it('know a median better the more values there are', () => {
    // π / 2 × mean distance / √n
    expect(medianError([9, 10, 11])).toBeCloseTo(((Math.PI / 2) * (2 / 3)) / Math.sqrt(3), 10)
    expect(medianError([10, 11, 10, 11, 10])).toBeGreaterThan(0)
    expect(medianError([5])).toBe(Infinity)
  })
})
