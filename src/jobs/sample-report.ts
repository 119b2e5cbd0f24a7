// Owns the account of one sampling job: progress while it runs, the report at its end.
import { VideoError } from '../errors.js'
import type { Logger } from '../options/engine.js'
import type { ResolvedSample, SampleReport } from '../options/sample.js'
import type { PlannedFrame, SamplingPlan } from '../plan/sampling.js'
import { noCounts } from '../pool/counters.js'
import { averageFrameRate } from '../source/measurements.js'
import type { VideoSource } from '../source/sources.js'
import type { EngineCore } from './engine-core.js'
import type { SampleRun } from './sample-run.js'

export class SampleReporter {
  delivered = 0
  damaged = 0
  readonly #request: ResolvedSample
  readonly #missing: { number: number; requestedTimestamp: number; reason: string }[] = []
  readonly #startedAt = performance.now()
  readonly #cpuBefore = process.cpuUsage()
  #hasWarned = false
  #total = 0
  #sourceSeconds = 0

  constructor(request: ResolvedSample) {
    this.#request = request
  }

  /** Not an error, as a release may be on its way; but a loop that keeps every frame would wait for ever without a word. */
  warnOfKeptSlots(logger: Logger, slots: number): void {
    if (this.#hasWarned || this.isComplete) return
    this.#hasWarned = true
    logger.warn(`All ${slots} slots are kept by the caller: sampling waits until one is released. Use copy(), or raise memoryLimit`)
  }

  /** Everything asked for was delivered or is known to be missing. */
  get isComplete(): boolean {
    return this.delivered + this.#missing.length === this.#total
  }

  /** The error of a job that asked for frames and got none; null when something came. */
  totalFailure(name: string, run: SampleRun): VideoError | null {
    if (this.delivered > 0 || this.#total === 0) return null
    const reason = this.#missing[0]?.reason ?? 'no reason known'
    return (
      run.failure ??
      new VideoError('ERR_DECODE', `Cannot sample "${name}": none of the ${this.#total} frames could be decoded (${reason})`, {
        path: name,
      })
    )
  }

  readonly onIndexing = (done: number): void => {
    this.#request.onProgress({ phase: 'index', done: Math.round(done * 1000), total: 1000, sourceSeconds: 0 })
  }

  planned(plan: SamplingPlan, source: VideoSource): void {
    const { start, end } = this.#request
    this.#total = plan.requests
    this.#sourceSeconds = Math.max(0, Math.min(end, source.index.end) - start)
    this.#progress()
  }

  /** `count` requests were answered with one frame. */
  answered(count: number, isDamaged: boolean): void {
    this.delivered += count
    if (isDamaged) this.damaged += count
    this.#progress()
  }

  missing(planned: PlannedFrame, reason: string): void {
    for (const { number, timestamp } of planned.requests) this.#missing.push({ number, requestedTimestamp: timestamp, reason })
    this.#progress()
  }

  finish(engine: EngineCore, { location, facts, stream, index, lost }: VideoSource, plan: SamplingPlan, run: SampleRun | null): void {
    const { start, end } = this.#request
    const counters = run?.counters ?? noCounts()
    const { first, last } = index.framesBetween(start, end)
    const cpu = process.cpuUsage(this.#cpuBefore)
    const { packetsRead, framesDecoded, framesSkipped, framesConverted, seeks, redone } = counters
    this.#request.onReport({
      source: location.name,
      frames: this.delivered,
      missing: this.#missing.sort((a, b) => a.number - b.number),
      lost: end > index.end ? lost : null,
      damaged: this.damaged,
      packetsRead,
      framesDecoded,
      framesSkipped,
      framesConverted,
      seeks,
      redone,
      framesInRange: last - first,
      workers: engine.workers,
      codecThreads: plan.codecThreads,
      wallSeconds: (performance.now() - this.#startedAt) / 1000,
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      facts: {
        container: facts.container,
        codec: stream.codec,
        width: stream.width,
        height: stream.height,
        averageFrameRate: averageFrameRate(index),
        durationSeconds: index.end,
      },
    } satisfies SampleReport)
  }

  #progress(): void {
    const done = this.delivered + this.#missing.length
    this.#request.onProgress({ phase: 'sample', done, total: this.#total, sourceSeconds: this.#sourceSeconds })
  }
}
