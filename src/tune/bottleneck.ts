// Owns naming what holds a configuration back, from what was metered. Pure.
import type { HostLimits } from './host-limits.js'
import type { Measurement } from './measurement.js'
import { percent } from './wording.js'

/** What limits the throughput: CPU time, memory bandwidth, the source (storage or network), the consumer of the frames, or a GOP that one worker decodes alone. */
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
/** CPUs of others that are worth a word. */
const toldOthers = 0.1
/** CPU time per frame, next to that of one worker, from which on workers hinder each other. */
const muchInflation = 1.25

/** Storage gives at least so much when it is what a decoder waits for. */
const leastDiskBytesPerSecond = 1e6
/** Share of the CPU time to be had from which on there is none left to wait for anything else. */
const allCpu = 0.9

/** `one`: the same work by one worker with one codec thread. `othersCpus`: CPUs that other processes kept busy; null where it is not told. */
export function nameBottleneck(measured: Measurement, one: Measurement, limits: HostLimits, othersCpus: number | null): Bottleneck {
  const { workers, utilisation, slotWaitShare, longestTaskShare, cpuSeconds, wallSeconds } = measured
  if (slotWaitShare > muchWaiting)
    return { kind: 'consumer', reason: `workers wait for the consumer ${percent(slotWaitShare, 0)} of the time` }
  if (waitsForSource(measured, limits, othersCpus ?? 0)) return { kind: 'disk', reason: sourceReason(measured) }
  if (workers > 1 && utilisation < littleWork && longestTaskShare > mostOfTheRound) {
    const share = percent(longestTaskShare, 0)
    return {
      kind: 'long-gop',
      reason: `one task takes ${share} of the time while others have nothing to do (workers busy ${percent(utilisation, 0)})`,
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
  const others = othersCpus !== null && othersCpus >= toldOthers ? `, other processes ${round(othersCpus)}` : ''
  return { kind: 'cpu', reason: `it takes ${round(cpuSeconds / wallSeconds)} of ${granted} CPU${granted === '1' ? '' : 's'}${others}` }
}

/** Tasks stand still though there are CPUs to be had, and not for want of bytes in memory. */
function waitsForSource(measured: Measurement, limits: HostLimits, othersCpus: number): boolean {
  const { workers, codecThreads, utilisation, cpuSeconds, wallSeconds, diskBytes } = measured
  const busySeconds = utilisation * workers * wallSeconds
  const isIdleInTasks = codecThreads === 1 && busySeconds > 0 && 1 - cpuSeconds / busySeconds > muchIdleInTasks
  const toBeHad = Math.min(workers, limits.cpuQuota ?? Infinity, Math.max(0, limits.cpus - othersCpus))
  const isOutOfCpu = cpuSeconds / wallSeconds > allCpu * toBeHad
  return isIdleInTasks && !isOutOfCpu && (diskBytes === null || diskBytes / wallSeconds > leastDiskBytesPerSecond)
}

function sourceReason({ diskBytes, wallSeconds }: Measurement): string {
  if (diskBytes === null) return 'workers wait for their source, storage or network'
  return `workers wait for storage, which gives ${(diskBytes / wallSeconds / 1e6).toFixed(0)} MB/s`
}

function perFrame({ cpuSeconds, throughput, wallSeconds }: Measurement): number {
  return cpuSeconds / (throughput * wallSeconds)
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100)
}
