// What holds a configuration back, named from figures that are made up.
import { describe, expect, it } from 'vitest'
import { nameBottleneck } from '../../src/tune/bottleneck.ts'
import type { HostLimits } from '../../src/tune/host-limits.ts'
import type { Measurement } from '../../src/tune/measurement.ts'

const limits: HostLimits = { cpus: 4, physicalCores: 4, numaNodes: 1, cpuQuota: null, cpuBudget: 4, memoryBytes: 8e9 }
const one: Measurement = {
  workers: 1,
  codecThreads: 1,
  rounds: 5,
  throughput: 100,
  mad: 0,
  realtime: 1,
  wallSeconds: 4,
  cpuSeconds: 4,
  peakRssBytes: 1e8,
  utilisation: 1,
  slotWaitShare: 0,
  longestTaskShare: 0.1,
  diskBytes: 0,
  samples: [100],
}
/** Four workers, four times as fast. */
const four: Measurement = { ...one, workers: 4, throughput: 400, wallSeconds: 1 }
const name = (changes: Partial<Measurement>, host: Partial<HostLimits> = {}, others: number | null = 0) =>
  nameBottleneck({ ...four, ...changes }, one, { ...limits, ...host }, others)

describe('the bottleneck', () => {
  it('is CPU time when all CPUs are busy', () => {
    expect(name({})).toEqual({ kind: 'cpu', reason: 'it takes 4 of 4 CPUs' })
  })

  it('is the CPU quota where that is less than the CPUs', () => {
    expect(name({ cpuSeconds: 1.5 }, { cpuQuota: 1.5 })).toEqual({ kind: 'cpu', reason: 'it takes 1.5 of the CPU quota of 1.5 CPUs' })
  })

  it('is the consumer when workers wait for slots', () => {
    expect(name({ slotWaitShare: 0.4 })).toEqual({ kind: 'consumer', reason: 'workers wait for the consumer 40 % of the time' })
  })

  it('is storage when tasks wait without CPU time and bytes come from it', () => {
    expect(name({ cpuSeconds: 1, diskBytes: 2e8 })).toEqual({ kind: 'disk', reason: 'workers wait for storage, which gives 200 MB/s' })
    expect(name({ cpuSeconds: 1, diskBytes: 0 }).kind).not.toBe('disk')
    expect(name({ cpuSeconds: 1, diskBytes: null })).toEqual({ kind: 'disk', reason: 'workers wait for their source, storage or network' })
  })

  it('is not storage when a CPU quota or other processes take the time', () => {
    expect(name({ cpuSeconds: 0.5, diskBytes: 4096 }, { cpuQuota: 0.5 }).kind).toBe('cpu')
    expect(name({ cpuSeconds: 0.5, diskBytes: 2e8 }, { cpuQuota: 0.5 }).kind).toBe('cpu')
    expect(name({ cpuSeconds: 1, diskBytes: 2e8 }, {}, 3)).toEqual({ kind: 'cpu', reason: 'it takes 1 of 4 CPUs, other processes 3' })
  })

  it('is a long GOP when one task takes most of the round and the others have nothing to do', () => {
    expect(name({ utilisation: 0.4, longestTaskShare: 0.95, cpuSeconds: 1.6 }).kind).toBe('long-gop')
  })

  it('is what workers share when a frame costs more CPU time than it costs one alone', () => {
    const slowed = { throughput: 250, wallSeconds: 1.6, cpuSeconds: 6.4 }
    expect(name(slowed)).toEqual({
      kind: 'memory-bandwidth',
      reason: 'a frame takes 1.60 times the CPU time it takes one worker alone: workers share caches and memory',
    })
    expect(name(slowed, { physicalCores: 2 }).reason).toContain('two threads share one')
  })
})
