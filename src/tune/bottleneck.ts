// Owns naming what holds a configuration back, from what was metered. Pure.
import type { Configuration } from './configuration.js'
import type { HostLimits } from './host-limits.js'
import type { Measurement } from './measurement.js'

/** What limits the throughput: CPU time, memory bandwidth, storage, the consumer of the frames, or a GOP that one worker decodes alone. */
export type BottleneckKind = 'cpu' | 'memory-bandwidth' | 'disk' | 'consumer' | 'long-gop'

export interface Bottleneck {
  readonly kind: BottleneckKind
  /** One sentence with the figures that say so. */
  readonly reason: string
}

/** Shares of a round from which on a cause is the cause. */
const muchWaiting = 0.2
const littleWork = 0.75
const mostOfTheRound = 0.7
const muchIdleInTasks = 0.25
/** CPU time per frame, next to that of one worker, from which on workers hinder each other. */
const muchInflation = 1.25

/** `one`: the same work by one worker with one codec thread. */
export function nameBottleneck(measured: Measurement, one: Measurement, limits: HostLimits): Bottleneck {
  const { workers, utilisation, slotWaitShare, longestTaskShare, cpuSeconds, wallSeconds, diskBytes } = measured
  if (slotWaitShare > muchWaiting)
    return { kind: 'consumer', reason: `workers wait for the consumer ${percent(slotWaitShare)} of the time` }
  const busySeconds = utilisation * workers * wallSeconds
  const isIdleInTasks = busySeconds > 0 && 1 - cpuSeconds / busySeconds > muchIdleInTasks && measured.codecThreads === 1
  if (diskBytes !== null && diskBytes > 0 && isIdleInTasks) {
    const rate = diskBytes / wallSeconds / 1e6
    return { kind: 'disk', reason: `workers wait for storage, which gives ${rate.toFixed(0)} MB/s` }
  }
  if (workers > 1 && utilisation < littleWork && longestTaskShare > mostOfTheRound) {
    return {
      kind: 'long-gop',
      reason: `one task takes ${percent(longestTaskShare)} of the time while others have nothing to do (workers busy ${percent(utilisation)})`,
    }
  }
  const inflation = perFrame(measured) / perFrame(one)
  if (workers > 1 && inflation > muchInflation) {
    const shared = limits.physicalCores < limits.cpus ? 'caches, memory and cores (two threads share one)' : 'caches and memory'
    return {
      kind: 'memory-bandwidth',
      reason: `a frame takes ${inflation.toFixed(2)} times the CPU time it takes one worker alone: workers share ${shared}`,
    }
  }
  const granted =
    limits.cpuQuota !== null && limits.cpuQuota < limits.cpus ? `the CPU quota of ${round(limits.cpuQuota)}` : `${limits.cpus}`
  return { kind: 'cpu', reason: `${round(cpuSeconds / wallSeconds)} of ${granted} CPU${granted === '1' ? '' : 's'} busy` }
}

function perFrame({ cpuSeconds, throughput, wallSeconds }: Measurement): number {
  return cpuSeconds / (throughput * wallSeconds)
}

/** `3 workers`, `2 workers with 4 codec threads each` */
export function describeConfiguration({ workers, codecThreads }: Configuration): string {
  const who = `${workers} worker${workers === 1 ? '' : 's'}`
  return codecThreads === 1 ? who : `${who} with ${codecThreads} codec threads${workers === 1 ? '' : ' each'}`
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100)
}
