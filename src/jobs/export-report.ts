// Owns the account of one export: progress while it runs, the report at its end.
import type { ExportProgress, ExportReport } from '../options/export-types.js'
import type { ClipJob } from './clip-job.js'
import type { EngineCore } from './engine-core.js'

export class ExportReporter {
  readonly #engine: EngineCore
  readonly #source: string
  readonly #jobs: readonly ClipJob[]
  readonly #onProgress: (progress: ExportProgress) => void
  readonly #startedAt = performance.now()
  readonly #cpuBefore = process.cpuUsage()
  readonly #busyBefore: number
  readonly #countersBefore: { readonly encoded: number; readonly copied: number }

  constructor(engine: EngineCore, source: string, jobs: readonly ClipJob[], onProgress: (progress: ExportProgress) => void) {
    this.#engine = engine
    this.#source = source
    this.#jobs = jobs
    this.#onProgress = onProgress
    this.#busyBefore = busyMs(engine)
    this.#countersBefore = countersOf(engine)
  }

  progress(): void {
    const secondsTotal = this.#jobs.reduce((sum, { seconds }) => sum + seconds, 0)
    const seconds = this.#jobs.reduce((sum, job) => sum + job.seconds * job.fraction, 0)
    const ended = this.#jobs.flatMap(({ report }) => report ?? [])
    const { encoded, copied } = countersOf(this.#engine)
    this.#onProgress({
      fraction: secondsTotal > 0 ? seconds / secondsTotal : 0,
      clipsDone: ended.filter(({ status }) => status === 'done' || status === 'skipped').length,
      clipsFailed: ended.filter(({ status }) => status === 'failed').length,
      clipsTotal: this.#jobs.length,
      frames: encoded - this.#countersBefore.encoded + copied - this.#countersBefore.copied,
      seconds,
      secondsTotal,
      active: this.#jobs.filter((job) => job.report === null && job.fraction > 0).map(({ name, fraction }) => ({ name, fraction })),
    })
  }

  finish(): ExportReport {
    const clips = this.#jobs.flatMap(({ report }) => report ?? [])
    const made = clips.filter(({ status }) => status === 'done')
    const count = (status: string): number => clips.filter((clip) => clip.status === status).length
    const sum = (of: (clip: (typeof clips)[number]) => number): number => made.reduce((total, clip) => total + of(clip), 0)
    const wallSeconds = (performance.now() - this.#startedAt) / 1000
    const cpu = process.cpuUsage(this.#cpuBefore)
    const taskSeconds = (busyMs(this.#engine) - this.#busyBefore) / 1000
    const { workers } = this.#engine
    return {
      source: this.#source,
      clips,
      totals: {
        clips: clips.length,
        done: made.length,
        skipped: count('skipped'),
        failed: count('failed'),
        cancelled: count('cancelled'),
        frames: sum(({ frames }) => frames),
        encodedFrames: sum(({ encodedFrames }) => encodedFrames),
        seconds: sum(({ start, end }) => end - start),
        bytes: sum(({ bytes }) => bytes),
        wallSeconds,
        cpuSeconds: (cpu.user + cpu.system) / 1e6,
        taskSeconds,
        speedUp: taskSeconds / wallSeconds,
        workers,
        utilisation: Math.min(1, taskSeconds / (wallSeconds * workers)),
        peakMemory: process.resourceUsage().maxRSS * 1024,
      },
    }
  }
}

function busyMs({ scheduler }: EngineCore): number {
  return scheduler.busyMs.reduce((sum, ms) => sum + ms, 0)
}

function countersOf({ scheduler }: EngineCore): { encoded: number; copied: number } {
  const { framesEncoded, packetsCopied } = scheduler.liveCounters()
  return { encoded: framesEncoded, copied: packetsCopied }
}
