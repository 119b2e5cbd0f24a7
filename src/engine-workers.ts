// Owns how many workers an engine has: a number given, what was measured on this host, a rule, or what is best at the moment.
import type { ResolvedEngine } from './options/engine.js'
import type { Scheduler } from './pool/scheduler.js'
import { AdaptiveWorkers } from './tune/adaptive-workers.js'
import { threadsOf } from './tune/configuration.js'
import { CpuMeter } from './tune/cpu-meter.js'
import type { HostLimits } from './tune/host-limits.js'
import { hostIdentity, readProfile } from './tune/profile.js'

export interface ChosenWorkers {
  readonly workers: number
  /** CPUs that workers and their codec threads may keep busy. */
  readonly cpuBudget: number
  /** For whoever wonders. */
  readonly why: string
}

const adaptIntervalMs = 250
/** A task of an adaptive engine is short, about half a second of a core (150 frames of 1080p): only between tasks can it change its mind. */
export const adaptiveTaskPixels = 3e8

/**
 * A number given stands. 'auto' takes what was measured on this host; without a profile, one worker for each CPU that the limits grant, of
 * which a plan uses as many as its stream has GOPs to share out and memory has room for.
 */
export function chooseWorkers({ workers, logger }: ResolvedEngine, limits: HostLimits, ffmpeg: string): ChosenWorkers {
  if (typeof workers === 'number') return { workers, cpuBudget: workers, why: 'as asked for' }
  const granted = { workers: limits.cpuBudget, cpuBudget: limits.cpuBudget }
  if (workers === 'adaptive') return { ...granted, why: 'at most, one for each CPU granted' }
  const found = readProfile(hostIdentity(limits, ffmpeg))
  if (found.profile === null) {
    if (found.note !== null) logger.warn(found.note)
    return { ...granted, why: 'one for each CPU granted' }
  }
  const measured = Object.values(found.profile.jobs)
  const most = (values: readonly number[]): number => Math.min(limits.cpuBudget, Math.max(1, ...values))
  return {
    workers: most(measured.map((configuration) => configuration.workers)),
    cpuBudget: most(measured.map(threadsOf)),
    why: `as measured, ${found.path}`,
  }
}

/** Lets the scheduler's active workers follow throughput, other processes and memory, from its first job on. */
export function adaptWorkers(scheduler: Scheduler, { cpuBudget, cpus, memoryBytes }: HostLimits): AdaptiveWorkers {
  const meter = new CpuMeter()
  const adaptive = new AdaptiveWorkers({
    most: cpuBudget,
    cpus,
    read: () => {
      const { user, system } = process.cpuUsage()
      return {
        atSeconds: performance.now() / 1000,
        work: scheduler.liveCounters().framesDecoded,
        busySeconds: scheduler.busyMs.reduce((sum, ms) => sum + ms, 0) / 1000,
        jobsBegun: scheduler.jobsBegun,
        ownCpuSeconds: (user + system) / 1e6,
        allCpuSeconds: meter.seconds(),
        memoryPressure: process.memoryUsage.rss() / memoryBytes,
      }
    },
    hasWork: () => scheduler.runs.length > 0,
    setActive: (workers) => {
      if (workers !== scheduler.activeWorkers) scheduler.activeWorkers = workers
    },
    startTimer: (look) => {
      const timer = setInterval(look, adaptIntervalMs).unref()
      return () => clearInterval(timer)
    },
  })
  scheduler.onBegin = () => adaptive.start()
  return adaptive
}
