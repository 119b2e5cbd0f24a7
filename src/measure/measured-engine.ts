// Owns one configuration that is measured: its engine, its files, and rounds of work on them.
import { createHash, type Hash } from 'node:crypto'
import { Engine, observeEngine } from '../engine.js'
import { VideoError } from '../errors.js'
import type { Metered, OpenedSource, OpenRequest, Part, PredictRequest, Proof, Traced, Work } from '../tune/measuring.js'
import type { MeasuredJob } from './measured-job.js'
import { cpuSeconds, diskBytes, peakRssBytes } from './meters.js'
import { Trace } from './trace.js'

/** Times that work is traced: one decoder run in the way of something else is no typical one. */
const tracedRounds = 3

export class MeasuredEngine {
  readonly #job: MeasuredJob
  readonly #trace = new Trace()
  readonly #engine: Engine
  readonly #workers: number

  constructor(job: MeasuredJob, { workers, codecThreads, memoryLimit }: OpenRequest) {
    this.#job = job
    this.#workers = workers
    this.#engine = new Engine({ workers, codecThreads, memoryLimit: memoryLimit ?? undefined })
    observeEngine(this.#engine, this.#trace)
  }

  /** Throws VideoError for a file that cannot be used. */
  async describe(files: readonly string[]): Promise<OpenedSource[]> {
    const sources: OpenedSource[] = []
    for (const file of files) sources.push(await this.#describe(file))
    return sources
  }

  /** The digest does not depend on which parts end first. */
  async prove(work: Work): Promise<Proof> {
    const startedAt = performance.now()
    const hash = createHash('sha1')
    const parts = await Promise.all(work.map(async (parts) => this.#inRow(parts, createHash('sha1'))))
    for (const { digest } of parts) hash.update(digest)
    const frames = parts.reduce((sum, part) => sum + part.frames, 0)
    return { digest: hash.digest('hex'), frames, wallSeconds: (performance.now() - startedAt) / 1000 }
  }

  async measure(work: Work): Promise<Metered> {
    this.#trace.clear()
    return this.#metered(work)
  }

  async #metered(work: Work): Promise<Metered> {
    const before = { stats: this.#engine.stats(), cpu: cpuSeconds(), disk: diskBytes(), at: performance.now() }
    const rows = await Promise.all(work.map(async (parts) => this.#inRow(parts, null)))
    const wallSeconds = (performance.now() - before.at) / 1000
    const stats = this.#engine.stats()
    const disk = diskBytes()
    return {
      frames: rows.reduce((sum, { frames }) => sum + frames, 0),
      sourceSeconds: work.flat().reduce((sum, { start, end }) => sum + end - start, 0),
      wallSeconds,
      cpuSeconds: cpuSeconds() - before.cpu,
      busySeconds: (total(stats.workerBusyMs) - total(before.stats.workerBusyMs)) / 1000,
      slotWaitSeconds: (stats.slotWaitMs - before.stats.slotWaitMs) / 1000,
      longestTaskSeconds: this.#trace.longestTaskMs / 1000,
      diskBytes: disk === null || before.disk === null ? null : disk - before.disk,
      peakRssBytes: peakRssBytes(),
    }
  }

  async predict({ work, slowdown, whole, hosts }: PredictRequest): Promise<Traced> {
    this.#trace.clear()
    for (let i = 0; i < tracedRounds; i++) {
      this.#trace.startOver()
      await this.#metered(work)
    }
    const tracedSlowdown = 1 + slowdown * (this.#workers - 1)
    const predictions = hosts.map((host) => {
      const { wallMs, frames } = this.#trace.simulate(host, { slowdown, tracedSlowdown, whole })
      return { ...host, throughput: wallMs === 0 ? 0 : (frames / wallMs) * 1000 }
    })
    return { serviceSeconds: this.#trace.serviceMs / 1000, predictions }
  }

  async #describe(file: string): Promise<OpenedSource> {
    const { streams, doubts } = await this.#engine.probe(file)
    const video = streams.find((stream) => stream.type === 'video' && stream.frameCount !== null)
    if (video?.type !== 'video' || video.end === null) {
      throw new VideoError('ERR_NO_VIDEO', `Cannot measure with "${file}": ${doubts[0] ?? 'it has no video stream'}`, { path: file })
    }
    const rate = video.averageFrameRate === null ? '' : ` ${Math.round(video.averageFrameRate * 1000) / 1000} fps`
    return {
      file,
      seconds: video.end,
      gopSeconds: video.keyFrameSpacing?.median ?? video.end,
      description: `${video.width}x${video.height} ${video.codec}${rate}`,
    }
  }

  async #inRow(parts: readonly Part[], hash: Hash | null): Promise<{ frames: number; digest: string }> {
    let frames = 0
    for (const part of parts)
      frames += (await this.#job.perform(this.#engine, part, hash === null ? null : (bytes) => hash.update(bytes))).frames
    return { frames, digest: hash?.digest('hex') ?? '' }
  }
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
