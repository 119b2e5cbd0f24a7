// Owns one clip from waiting to done: tries, time limit, recovery, and what is told of it. A clip's failure is a value.
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { VideoError } from '../errors.js'
import type { ResolvedClip, ResolvedRun } from '../options/export.js'
import type { ClipReport, ClipStatus } from '../options/export-types.js'
import { canEncodeInstead, describeError, easierEncoding, mayPass } from './clip-faults.js'
import { makeClip, type MadeClip } from './clip-maker.js'
import type { MakerContext } from './maker-context.js'
import { ClipFiles, exists, identityOf, isSameFile } from './export-files.js'
import { fingerprintOf, type ExportLedger, type LedgerEntry } from './export-ledger.js'
import { TimeLimit } from './time-limit.js'

export interface ClipJobOptions extends MakerContext {
  readonly run: ResolvedRun
  readonly clip: ResolvedClip
  readonly name: string
  /** Path of the source; null where it is no file of this machine. */
  readonly sourcePath: string | null
  /** Path of the finished file. */
  readonly output: string
  /** null: nothing is recorded. */
  readonly ledger: ExportLedger | null
  /** What else the result depends on. */
  readonly versions: object
  readonly signal: AbortSignal
}

/** A try is stopped after this long, and as much more for every so many seconds of the clip. */
const usualTimeoutSeconds = 300
const timeoutPerSeconds = 600
/** Full HD; pictures of more take longer. */
const usualPixels = 1920 * 1080
const firstDelayMs = 200

export class ClipJob {
  readonly name: string
  /** Seconds of video that the clip will have. */
  readonly seconds: number
  fraction = 0
  report: ClipReport | null = null
  readonly #options: ClipJobOptions
  readonly #warnings: string[] = []
  #attempts = 0
  /** Of the latest try, once it has chosen one. */
  #mode: ClipReport['mode'] = null

  constructor(options: ClipJobOptions) {
    this.#options = options
    this.name = options.name
    const { clip, source } = options
    this.seconds = Math.max(0, Math.min(clip.end, source.index.end) - clip.start)
  }

  /** Never rejects. */
  async run(onFraction: () => void): Promise<ClipReport> {
    const startedAt = performance.now()
    const seconds = (): number => (performance.now() - startedAt) / 1000
    try {
      const { status, made, bytes } = await this.#make(onFraction)
      this.report = this.#describe(status, made, bytes, seconds(), null)
    } catch (error) {
      const isCancelled = this.#options.signal.aborted
      const told = isCancelled ? { code: 'ABORT_ERR', message: 'cancelled' } : describeError(error)
      this.report = this.#describe(isCancelled ? 'cancelled' : 'failed', null, 0, seconds(), told)
    }
    if (this.report.status !== 'cancelled') this.fraction = 1
    onFraction()
    return this.report
  }

  /** For one that was never begun. */
  cancelled(): ClipReport {
    this.report = this.#describe('cancelled', null, 0, 0, { code: 'ABORT_ERR', message: 'cancelled' })
    return this.report
  }

  async #make(onFraction: () => void): Promise<{ status: ClipStatus; made: Made; bytes: number }> {
    const { run, output, ledger, signal, sourcePath } = this.#options
    signal.throwIfAborted()
    // Not even where files are to be replaced: what is not in the clip would be lost.
    if (sourcePath !== null && (await isSameFile(output, sourcePath))) {
      throw new VideoError('ERR_EXISTS', `Cannot write "${output}": it is the source itself`, { path: output })
    }
    const fingerprint = await this.#fingerprint()
    if (run.existing !== 'overwrite' && (await exists(output))) {
      const entry = run.existing === 'skip' ? await ledger?.find(basename(output), fingerprint) : null
      if (entry) return { status: 'skipped', made: { ...entry, reason: 'made by the same request before' }, bytes: entry.bytes }
      const why =
        run.existing === 'skip'
          ? 'there is no record that this request made it'
          : "there is such a file already (existing: 'overwrite' replaces it)"
      throw new VideoError('ERR_EXISTS', `Cannot write "${output}": ${why}`, { path: output })
    }
    const { made, files } = await this.#tries(onFraction)
    try {
      const bytes = await files.settle()
      const { mode, start, end, frames, encodedFrames } = made
      const entry: LedgerEntry = { file: basename(output), fingerprint, bytes, mode, start, end, frames, encodedFrames }
      signal.throwIfAborted()
      await ledger?.add(entry)
      await files.commit()
      return { status: 'done', made, bytes }
    } finally {
      await files.discard()
    }
  }

  /** Tries until one succeeds or nothing is left to be tried. */
  async #tries(onFraction: () => void): Promise<{ made: MadeClip; files: ClipFiles }> {
    const { run, signal } = this.#options
    let clip = this.#options.clip
    let encodeBecause: string | null = null
    for (let retries = 0; ;) {
      const files = new ClipFiles(this.#options.output)
      this.#attempts++
      this.#mode = null
      try {
        return { made: await this.#once(clip, files, encodeBecause, onFraction), files }
      } catch (error) {
        await files.discard()
        signal.throwIfAborted()
        if (encodeBecause === null && canEncodeInstead(error, clip, this.#mode)) {
          encodeBecause = `encoded instead of ${clip.mode === 'auto' ? 'copied' : 'cut smartly'}: ${describeError(error).message}`
          continue
        }
        const easier = easierEncoding(error, clip)
        if (easier !== null) {
          this.#warnings.push(`tried again with ${easier.how}: ${describeError(error).message}`)
          clip = easier.clip
          continue
        }
        if (!mayPass(error) || retries === run.retries) throw error
        retries++
        // Exponential, and spread, so that many clips do not come back at one moment.
        const pause = firstDelayMs * 2 ** (retries - 1) * (0.5 + Math.random())
        this.#warnings.push(`try ${this.#attempts} failed and was repeated after ${Math.round(pause)} ms: ${describeError(error).message}`)
        await delay(pause, undefined, { signal })
      }
    }
  }

  async #once(clip: ResolvedClip, files: ClipFiles, encodeBecause: string | null, onFraction: () => void): Promise<MadeClip> {
    const { run, signal } = this.#options
    const limit = run.timeoutSeconds ?? this.#usualTimeout()
    const message = `Cannot export "${this.name}": it was not done after ${limit} s`
    const timeout = new TimeLimit(limit, () => new VideoError('ERR_TIMEOUT', message, { path: this.#options.output }))
    try {
      return await makeClip(this.#options, clip, {
        files,
        signal: AbortSignal.any([signal, timeout.signal]),
        onRunning: timeout.onRunning,
        encodeBecause,
        onMode: (mode) => {
          this.#mode = mode
        },
        onFraction: (fraction) => {
          this.fraction = fraction
          onFraction()
        },
      })
    } finally {
      timeout.stop()
    }
  }

  #usualTimeout(): number {
    const { width, height } = this.#options.source.stream
    return usualTimeoutSeconds * (1 + this.seconds / timeoutPerSeconds) * Math.max(1, (width * height) / usualPixels)
  }

  async #fingerprint(): Promise<string> {
    const { clip, source, versions, encoderThreads } = this.#options
    const { number: _number, name: _name, ...asked } = clip
    const { overlay, text, stack } = clip.transform ?? {}
    const paths = [overlay?.image, text?.font, stack?.source].filter((path) => path !== undefined)
    const others = await Promise.all(paths.map((path) => identityOf(path)))
    return fingerprintOf({ ...asked, identity: source.task.identity, others, encoderThreads, ...versions })
  }

  #describe(status: ClipStatus, made: Made | null, bytes: number, wallSeconds: number, error: ClipReport['error']): ClipReport {
    const { clip, output, source } = this.#options
    return {
      name: this.name,
      status,
      mode: made?.mode ?? null,
      reason: made?.reason ?? error?.message ?? '',
      start: made?.start ?? clip.start,
      end: made?.end ?? Math.min(clip.end, source.index.end),
      output: made === null ? null : output,
      frames: made?.frames ?? 0,
      encodedFrames: made?.encodedFrames ?? 0,
      bytes,
      attempts: this.#attempts,
      wallSeconds,
      warnings: [...this.#warnings, ...(made?.warnings ?? [])],
      error,
    }
  }
}

type Made = Omit<MadeClip, 'warnings'> & { readonly warnings?: readonly string[] }

/** Where a clip of this name goes. */
export function outputPath(folder: string, name: string, container: string): string {
  return join(folder, `${name}.${container}`)
}
