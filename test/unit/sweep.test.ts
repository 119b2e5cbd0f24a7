// Rounds of measuring, with contenders that are made up: in which order, how many, and who is left out.
import { describe, expect, it } from 'vitest'
import type { Metered, Work } from '../../src/tune/measuring.ts'
import { sweep, type Contender, type SweepOptions } from '../../src/tune/sweep.ts'

const throughput: Work = [[{ file: 'a', start: 0, end: 1 }]]
const latency: Work = [[{ file: 'b', start: 0, end: 1 }]]

const usual: SweepOptions = {
  works: { throughput, latency },
  budgetSeconds: 60,
  leastRounds: 3,
  precision: 0.01,
  clearlyBehind: 0.85,
  onRound: () => undefined,
  onDropped: () => undefined,
}

/** A contender that takes `seconds(round)` for 100 frames and notes every visit. */
function contender(workers: number, seconds: (round: number) => number, visits: string[] = []): Contender {
  let round = 0
  return {
    configuration: { workers, codecThreads: 1 },
    async measure(work): Promise<Metered> {
      visits.push(`${workers}${work === latency ? 'L' : 'T'}`)
      const wallSeconds = seconds(Math.floor(round++ / 2))
      return {
        frames: 100,
        sourceSeconds: 1,
        wallSeconds,
        cpuSeconds: wallSeconds,
        busySeconds: wallSeconds,
        slotWaitSeconds: 0,
        longestTaskSeconds: 0,
        diskBytes: 0,
        peakRssBytes: 1,
      }
    },
  }
}

describe('a sweep', () => {
  it('visits all contenders in turn, round by round', async () => {
    const visits: string[] = []
    await sweep([contender(1, () => 1, visits), contender(2, () => 1, visits)], usual)
    const round = ['1T', '2T', '1L', '2L']
    expect(visits).toEqual([...round, ...round, ...round])
  })

  it('ends after the least number of rounds when every median is precise', async () => {
    const { throughput: series } = await sweep([contender(1, () => 2), contender(2, () => 1.9)], usual)
    expect(series.map(({ rounds }) => rounds.length)).toEqual([3, 3])
  })

  it('goes on while a median is not precise', async () => {
    // 20 % up and down for eight rounds, then steady.
    const noisy = (round: number): number => (round < 8 ? 1 + 0.2 * (round % 2) : 1)
    const { throughput: series } = await sweep([contender(1, noisy)], usual)
    expect(series[0]?.rounds.length).toBeGreaterThan(8)
  })

  it('leaves out whoever is clearly behind, and keeps what it measured of it', async () => {
    const dropped: Contender[] = []
    const noisy = (round: number): number => 1 + 0.05 * (round % 2)
    const slow = contender(1, () => 1.5)
    const { latency: series } = await sweep([slow, contender(2, (round) => (round < 9 ? noisy(round) : 1))], {
      ...usual,
      onDropped: (left) => dropped.push(left),
    })
    expect(dropped).toEqual([slow])
    expect(series[0]?.rounds).toHaveLength(3)
    expect(series[1]?.rounds.length).toBeGreaterThan(3)
  })

  it('starts no round for which there is no time left, but does the least number of them', async () => {
    const { throughput: series } = await sweep([contender(1, (round) => 1 + 0.5 * (round % 2))], { ...usual, budgetSeconds: 0 })
    expect(series[0]?.rounds).toHaveLength(3)
  })

  it('ends with the failure of a contender', async () => {
    const lost: Contender = {
      configuration: { workers: 2, codecThreads: 1 },
      measure: () => Promise.reject(new Error('its process ended')),
    }
    await expect(sweep([contender(1, () => 1), lost], usual)).rejects.toThrow('its process ended')
  })
})
