// Owns what is known of one configuration after a sweep.
import type { Configuration } from './configuration.js'
import { median, medianDeviation } from './statistics.js'
import { rates, type Series } from './sweep.js'

/** One configuration, measured: medians over its rounds. */
export interface Measurement extends Configuration {
  readonly rounds: number
  /** Frames per second. */
  readonly throughput: number
  /** Median absolute deviation of the throughput over the rounds. */
  readonly mad: number
  /** Seconds of video per second. */
  readonly realtime: number
  /** Seconds of a round. */
  readonly wallSeconds: number
  /** User and system time of a round, of the whole process. */
  readonly cpuSeconds: number
  /** Most memory its process had resident, Node.js and libraries included. */
  readonly peakRssBytes: number
  /** Share of the time that its workers spent in tasks, 0 to 1. */
  readonly utilisation: number
  /** Share of the time that its workers waited for the consumer, 0 to 1. */
  readonly slotWaitShare: number
  /** Share of a round that its longest task took, 0 to 1. */
  readonly longestTaskShare: number
  /** Bytes read from storage in a round; null where the system does not tell. */
  readonly diskBytes: number | null
  /** Throughput of each round, the first first. */
  readonly samples: readonly number[]
}

export function measurementOf({ configuration, rounds }: Series): Measurement {
  const samples = rates(rounds)
  const typical = (value: (round: Series['rounds'][number]) => number): number => median(rounds.map(value))
  const disk = rounds.flatMap(({ diskBytes }) => (diskBytes === null ? [] : [diskBytes]))
  return {
    ...configuration,
    rounds: rounds.length,
    throughput: median(samples),
    mad: medianDeviation(samples),
    realtime: typical(({ sourceSeconds, wallSeconds }) => sourceSeconds / wallSeconds),
    wallSeconds: typical(({ wallSeconds }) => wallSeconds),
    cpuSeconds: typical(({ cpuSeconds }) => cpuSeconds),
    peakRssBytes: Math.max(...rounds.map(({ peakRssBytes }) => peakRssBytes)),
    utilisation: typical(({ busySeconds, slotWaitSeconds, wallSeconds }) =>
      Math.min(1, (busySeconds - slotWaitSeconds) / (wallSeconds * configuration.workers)),
    ),
    slotWaitShare: typical(({ slotWaitSeconds, wallSeconds }) => slotWaitSeconds / (wallSeconds * configuration.workers)),
    longestTaskShare: typical(({ longestTaskSeconds, wallSeconds }) => Math.min(1, longestTaskSeconds / wallSeconds)),
    diskBytes: disk.length === 0 ? null : median(disk),
    samples,
  }
}
