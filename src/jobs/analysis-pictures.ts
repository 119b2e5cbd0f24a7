// Owns analysing pictures: tasks through the scheduler, their rows into columns, what changed from one task to the next, and what is missing.
import { histogramBins, layoutBytes, pictureColumns, type AnalysisGap, type PictureSeries } from '../analysis/series.js'
import { VideoError } from '../errors.js'
import { planAnalysis, type AnalysisPlan, type AnalysisRequest, type PlannedAnalysis } from '../plan/analysis.js'
import type { AnalyzedPictures } from '../tasks.js'
import { AnalysisBorders } from './analysis-borders.js'
import type { EngineCore } from './engine-core.js'
import { runSome } from './run-some.js'
import { allocatePictures, type PictureArrays } from './series-memory.js'
import { WeightedProgress } from './weighted-progress.js'

export interface PicturesOptions {
  readonly signal: AbortSignal | undefined
  /** How many frames are measured. */
  readonly onFrames: (done: number, total: number) => void
}

export interface AnalyzedVideo {
  readonly series: PictureSeries
  readonly gaps: readonly AnalysisGap[]
}

/** Bytes of a row's marks, as native/av/picture_measures.h has them: hash, layout, histogram. */
const hashBytes = 8
const markBytes = hashBytes + layoutBytes + 2 * histogramBins

/** A task that could not be run. */
interface Failed {
  readonly kind: 'failed'
  readonly error: VideoError
}

/** @throws VideoError when no frame could be measured; the signal's reason */
export async function analyzePictures(engine: EngineCore, request: AnalysisRequest, options: PicturesOptions): Promise<AnalyzedVideo> {
  const plan = planAnalysis(request)
  const columns = allocatePictures(plan.frames.length)
  const { index } = request
  for (const [place, frame] of plan.frames.entries()) {
    columns.timestamp[place] = index.timestamp(frame)
    columns.frame[place] = frame
  }
  const results = await runTasks(engine, request, plan, { ...options, columns })
  const gaps = gapsOf(request, plan, results, columns)
  const failure = results.find((result) => result.kind === 'failed')
  const isEmpty = plan.frames.length > 0 && columns.luma.every((value) => Number.isNaN(value))
  if (isEmpty) {
    if (failure?.kind === 'failed') throw failure.error
    const { name } = request.source
    throw new VideoError('ERR_DECODE', `Cannot analyze "${name}": none of the ${plan.frames.length} frames could be decoded`, {
      path: name,
    })
  }
  const isEveryFrame = plan.frames.every((frame, i) => i === 0 || frame === (plan.frames[i - 1] ?? 0) + 1)
  const end = Math.min(request.span.end, index.end)
  return { series: { ...columns, count: plan.frames.length, end, isEveryFrame }, gaps }
}

type Result = Pick<AnalyzedPictures, 'kind' | 'reason'> | Failed

/** Results in the order of the plan's tasks. Rows are placed as they come, so that no more than the tasks at work hold any. */
async function runTasks(
  engine: EngineCore,
  request: AnalysisRequest,
  plan: AnalysisPlan,
  { columns, ...options }: PicturesOptions & { readonly columns: PictureArrays },
): Promise<Result[]> {
  const results = new Map<PlannedAnalysis, Result>()
  const borders = new AnalysisBorders(engine, request, plan, columns)
  const total = plan.frames.length
  const progress = new WeightedProgress(total, (fraction) => options.onFrames(Math.round(fraction * total), total))
  const stop = new AbortController()
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal])
  const run = async (planned: PlannedAnalysis): Promise<void> => {
    const onFraction = progress.part(planned.places.length)
    try {
      const value = await engine.scheduler.once(planned.task, { signal, onProgress: (permille) => onFraction(permille / 1000) })
      place(planned, value, columns)
      results.set(planned, { kind: value.kind, reason: value.reason })
      await borders.add(planned, { first: value.first, last: value.last }, signal)
    } catch (error) {
      const isOfFrames = error instanceof VideoError && error.code === 'ERR_DECODE'
      if (!isOfFrames) throw error
      results.set(planned, { kind: 'failed', error })
      await borders.add(planned, null, signal)
    }
    onFraction(1)
  }
  try {
    await runSome(plan.startOrder, plan.atOnce, run)
  } catch (error) {
    stop.abort(error)
    throw error
  }
  return plan.tasks.map((planned) => {
    const result = results.get(planned)
    if (result === undefined) throw new TypeError('Expected a result for every task')
    return result
  })
}

function place({ places }: PlannedAnalysis, { numbers, marks }: AnalyzedPictures, columns: PictureArrays): void {
  const width = pictureColumns.length
  for (const [i, name] of pictureColumns.entries()) {
    const column = columns[name]
    for (const [row, at] of places.entries()) column[at] = numbers[row * width + i] ?? NaN
  }
  for (const [row, at] of places.entries()) {
    const own = new DataView(marks.buffer, marks.byteOffset + row * markBytes, markBytes)
    columns.hash[at] = own.getBigUint64(0, true)
    for (let i = 0; i < layoutBytes; i++) columns.layout[at * layoutBytes + i] = own.getUint8(hashBytes + i)
    for (let i = 0; i < histogramBins; i++) {
      columns.histogram[at * histogramBins + i] = own.getUint16(hashBytes + layoutBytes + 2 * i, true)
    }
  }
}

/** Neighbouring frames that could not be decoded, each run as one gap. */
function gapsOf({ index, span }: AnalysisRequest, plan: AnalysisPlan, results: readonly Result[], columns: PictureArrays): AnalysisGap[] {
  const gaps: AnalysisGap[] = []
  let open: { start: number; reason: string } | null = null
  for (const [i, { places }] of plan.tasks.entries()) {
    const result = results[i]
    const reason = result?.kind === 'failed' ? result.error.message : (result?.reason ?? '')
    for (const at of places) {
      const isMissing = Number.isNaN(columns.luma[at])
      const time = columns.timestamp[at] ?? 0
      if (isMissing) open ??= { start: time, reason }
      else if (open !== null) {
        gaps.push({ kind: 'video', ...open, end: time })
        open = null
      }
    }
  }
  if (open !== null) gaps.push({ kind: 'video', ...open, end: Math.min(span.end, index.end) })
  return gaps
}
