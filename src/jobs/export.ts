// Owns the jobs that write clips: exportClips and transcode. Resolve, index, then each clip by itself, and one report.
import { basename, dirname, extname, resolve } from 'node:path'
import { expected } from '../errors.js'
import { resolveExport, resolveTranscode, type ResolvedClip, type ResolvedRun } from '../options/export.js'
import type { Clip, ExportOptions, ExportProgress, ExportReport, TranscodeOptions } from '../options/export-types.js'
import type { SourceInput } from '../source/location.js'
import { packageVersion } from '../version.js'
import { checkEncoders } from './encoder-check.js'
import { ClipJob, outputPath } from './clip-job.js'
import type { EngineCore } from './engine-core.js'
import { makeOutputFolder, removeLeftovers } from './export-files.js'
import { ExportLedger } from './export-ledger.js'
import { ExportReporter } from './export-report.js'
import { runSome } from './run-some.js'

/** Cuts clips out of one source, each into a file of its own. Resolves with what became of each; see {@link ExportOptions}. */
export async function exportClips(
  engine: EngineCore,
  input: SourceInput,
  clips: readonly Clip[],
  options: ExportOptions,
): Promise<ExportReport> {
  const request = resolveExport(clips, options)
  for (const clip of request.clips) checkEncoders(engine, clip, `clips.${clip.number - 1}.`)
  const folder = resolve(request.outDir)
  const wanted = namedClips(input, request.clips).map(({ clip, name }) => ({
    clip,
    name,
    output: outputPath(folder, name, clip.container),
  }))
  return runClips(engine, input, wanted, { ...request, folder, records: true })
}

/** Makes one file of one source: {@link exportClips} for a single clip, all of it unless a part is asked for. */
export async function transcode(engine: EngineCore, input: SourceInput, output: string, options: TranscodeOptions): Promise<ExportReport> {
  const { run, clip } = resolveTranscode(output, options)
  checkEncoders(engine, clip, '')
  const path = resolve(output)
  const wanted = [{ clip, name: basename(path, extname(path)), output: path }]
  return runClips(engine, input, wanted, { run, clipsAtOnce: 1, folder: dirname(path), records: run.existing === 'skip' })
}

interface WantedClip {
  readonly clip: ResolvedClip
  readonly name: string
  readonly output: string
}

interface RunOptions {
  readonly run: ResolvedRun
  readonly clipsAtOnce: number | null
  readonly folder: string
  /** What was made is recorded in the folder. */
  readonly records: boolean
}

async function runClips(engine: EngineCore, input: SourceInput, wanted: readonly WantedClip[], options: RunOptions): Promise<ExportReport> {
  const { run, clipsAtOnce, folder, records } = options
  engine.assertOpen()
  run.signal?.throwIfAborted()
  const { location, facts, stream, index } = await engine.sources.openVideo(input, null, { signal: run.signal })
  await makeOutputFolder(folder)
  await removeLeftovers(folder)
  const ledger = records ? await ExportLedger.open(folder) : null
  const source = { task: location.task, facts, stream, index }
  const stop = new AbortController()
  const signal = run.signal === undefined ? stop.signal : AbortSignal.any([run.signal, stop.signal])
  // Progress is told from timers, too, where what the user's function throws would end the process.
  const onProgress = (progress: ExportProgress): void => {
    try {
      run.onProgress(progress)
    } catch (error) {
      stop.abort(error)
    }
  }
  const versions = { framemill: packageVersion(), ffmpeg: engine.ffmpegVersion }
  const { encoderThreads, hwaccel } = run
  const common = { engine, source, sourcePath: location.path, encoderThreads, hwaccel, run, ledger, versions, signal }
  const jobs = wanted.map((one) => new ClipJob({ ...common, ...one }))
  const reporter = new ExportReporter(engine, location.name, jobs, onProgress)
  await runSome(jobs, clipsAtOnce ?? 2 * engine.workers, async (job) => {
    if (signal.aborted) job.cancelled()
    else await job.run(() => reporter.progress())
  })
  if (stop.signal.aborted) throw stop.signal.reason
  return reporter.finish()
}

/** Clips without a name get the source's and their number. @throws RangeError for two of one name, TypeError for what is no source */
function namedClips(input: SourceInput, clips: readonly ResolvedClip[]): { readonly clip: ResolvedClip; readonly name: string }[] {
  if (!(input instanceof URL) && typeof input !== 'string') throw new TypeError(expected('a path or URL', 'source', input))
  const path = input instanceof URL ? input.pathname : input.replace(/[?#].*$/, (query) => (/^https?:/i.test(input) ? '' : query))
  const stem = basename(path, extname(path)) || 'clip'
  const digits = Math.max(2, String(clips.length).length)
  const named = clips.map((clip) => ({ clip, name: clip.name ?? `${stem}-${String(clip.number).padStart(digits, '0')}` }))
  const seen = new Map<string, number>()
  for (const { clip, name } of named) {
    const file = `${name}.${clip.container}`
    const other = seen.get(file)
    if (other !== undefined) throw new RangeError(expected(`another name than clips.${other} has`, `clips.${clip.number - 1}.name`, name))
    seen.set(file, clip.number - 1)
  }
  return named
}
