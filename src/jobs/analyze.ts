// Owns the analysis job: resolve, index, plan, run, merge, report. Pictures and sound are measured side by side, one decode each.
import type { Analysis, AnalysisGap, PictureSeries, SoundSeries } from '../analysis/series.js'
import { expected, VideoError, type VideoErrorCode } from '../errors.js'
import { resolveAnalyzeOptions, type AnalyzeOptions, type ResolvedAnalysis } from '../options/analyze.js'
import type { NativeSourceFacts, NativeStreamFacts } from '../native/binding.js'
import type { SourceInput } from '../source/location.js'
import type { Source, VideoSource } from '../source/sources.js'
import { analyzePictures } from './analysis-pictures.js'
import { AnalysisProgress } from './analysis-progress.js'
import { analyzeSound, soundStreamOf } from './analysis-sound.js'
import { AnalysisStore, pictureKey, soundKey, type Measured } from './analysis-store.js'
import type { EngineCore } from './engine-core.js'

/** One kind of measurement, or why there is none. */
type Part<Series> = (Measured<Series> & { readonly isCached: boolean }) | { readonly series: null; readonly error: VideoError | null }

interface Context {
  readonly engine: EngineCore
  readonly request: ResolvedAnalysis
  readonly source: Source
  /** null: there is none, or it was not asked for. */
  readonly soundStream: NativeStreamFacts | null
  readonly store: AnalysisStore
  readonly progress: AnalysisProgress
  /** The caller's, or this job's own end. */
  readonly signal: AbortSignal
}

/** The video, or what stands in its way; neither where it was not asked for. */
interface OpenedVideo {
  readonly video: VideoSource | null
  readonly error: VideoError | null
}

/** What stands in the way of one kind of measurement and leaves the other. */
const faultsOfOneKind = new Set<VideoErrorCode>(['ERR_NO_VIDEO', 'ERR_UNSUPPORTED', 'ERR_DECODE', 'ERR_TOO_LARGE'])
/** Seconds of sound that a container may count and a decoder not give, or the other way round. */
const longestPacket = 0.2

/** Measures pictures and sound of one source; see {@link AnalyzeOptions}. */
export async function analyze(engine: EngineCore, input: SourceInput, options: AnalyzeOptions): Promise<Analysis> {
  const request = resolveAnalyzeOptions(options)
  engine.assertOpen()
  request.signal?.throwIfAborted()
  const source = await engine.sources.open(input, { signal: request.signal })
  const store = new AnalysisStore(engine.cache, source.location.fingerprint)
  const stop = new AbortController()
  const signal = request.signal === undefined ? stop.signal : AbortSignal.any([request.signal, stop.signal])
  const soundStream = request.audio ? soundStreamOf(source, request.audioStream) : null
  const context = { engine, request, source, soundStream, store, progress: new AnalysisProgress(request.onProgress), signal }
  try {
    const { video, error } = await openVideo(context, input)
    const whole = video === null ? durationOf(source.facts) : video.index.end
    const last = Math.max(whole, durationOf(source.facts))
    if (last > 0 && request.start >= last)
      throw new RangeError(expected(`a number below ${last}, where "${source.location.name}" ends,`, 'start', request.start))
    const end = Math.min(request.end, whole)
    context.progress.begin(video !== null, soundStream !== null, Math.max(0, end - request.start))
    const [pictures, sound] = await Promise.all([
      video === null ? { series: null, error } : measurePictures(context, video),
      measureSound(context, video),
    ])
    // What comes from the cache runs no task that would notice.
    signal.throwIfAborted()
    return merged(context, video, pictures, sound)
  } catch (error) {
    stop.abort(error)
    throw error
  }
}

async function openVideo({ engine, request, signal, progress }: Context, input: SourceInput): Promise<OpenedVideo> {
  if (!request.video) return { video: null, error: null }
  try {
    const video = await engine.sources.openVideo(input, request.stream, { signal, onIndexing: progress.onIndexing })
    return { video, error: null }
  } catch (error) {
    if (isOfOneKind(error) && request.stream === null) return { video: null, error }
    throw error
  }
}

async function measurePictures({ engine, request, store, progress, signal }: Context, video: VideoSource): Promise<Part<PictureSeries>> {
  const key = pictureKey(request, video.stream.index, engine.maxPixels)
  const stored = await store.pictures(key)
  if (stored !== null) {
    progress.onFrames(stored.series.count, stored.series.count)
    return { ...stored, isCached: true }
  }
  const { location, stream, index } = video
  const { grid, edges, draft } = request
  try {
    const analyzed = await analyzePictures(
      engine,
      { source: location.task, stream, index, grid, span: request, edges, draft, engine },
      { signal, onFrames: progress.onFrames },
    )
    const measured = { series: analyzed.series, gaps: [...analyzed.gaps, ...cutOff(video, request)] }
    await store.putPictures(key, measured)
    return { ...measured, isCached: false }
  } catch (error) {
    if (!isOfOneKind(error)) throw error
    return { series: null, error }
  }
}

/** What a cut-off file lacks of the part asked for. */
function cutOff({ lost, facts }: VideoSource, request: ResolvedAnalysis): AnalysisGap[] {
  if (lost === null || request.end <= lost.from) return []
  const start = Math.max(request.start, lost.from)
  const end = Math.min(request.end, Math.max(start, durationOf(facts)))
  return [{ kind: 'video', start, end, reason: lost.reason }]
}

async function measureSound(context: Context, video: VideoSource | null): Promise<Part<SoundSeries>> {
  const { engine, request, source, soundStream, store, progress, signal } = context
  if (soundStream === null) return { series: null, error: null }
  // Of sound alone, the end that the container claims may be a guess from the bit rate; some containers claim none.
  const isKnown = video !== null && source.facts.durationMicros !== null
  const known = isKnown ? Math.max(durationOf(source.facts), video.index.end) : Infinity
  const part = { start: request.start, end: Math.min(request.end, known) }
  const key = soundKey(part, soundStream.index)
  const stored = await store.sound(key)
  if (stored !== null) {
    progress.onSound(1)
    return { ...stored, isCached: true }
  }
  try {
    const measured = await analyzeSound(engine, source, soundStream, { ...part, signal, onFraction: progress.onSound })
    await store.putSound(key, measured)
    return { ...measured, isCached: false }
  } catch (error) {
    if (!isOfOneKind(error)) throw error
    return { series: null, error }
  }
}

/** @throws VideoError when there is nothing to tell of */
function merged(
  { request, source }: Context,
  video: VideoSource | null,
  pictures: Part<PictureSeries>,
  sound: Part<SoundSeries>,
): Analysis {
  const { location, facts } = source
  if (pictures.series === null && sound.series === null) {
    throw (
      pictures.error ??
      sound.error ??
      new VideoError('ERR_UNSUPPORTED', `Cannot analyze "${location.name}": it has no sound`, { path: location.name })
    )
  }
  const soundEnd = sound.series === null ? 0 : sound.series.start + sound.series.count * sound.series.windowSeconds
  // Of sound alone, some containers guess how long it is; where all of it was measured, that is known.
  const claimed = durationOf(facts)
  const isGuess = video === null && sound.series !== null && !Number.isFinite(request.end) && Math.abs(claimed - soundEnd) > longestPacket
  const duration = isGuess ? soundEnd : Math.max(video?.index.end ?? 0, claimed, Number.isFinite(request.end) ? 0 : soundEnd)
  const end = Math.min(request.end, duration)
  const { num, den } = video?.stream.averageFrameRate ?? { num: 0, den: 1 }
  const parts: readonly (readonly [AnalysisGap['kind'], Part<PictureSeries> | Part<SoundSeries>])[] = [
    ['video', pictures],
    ['audio', sound],
  ]
  return {
    source: location.name,
    start: request.start,
    end: Math.max(request.start, end),
    duration,
    frameRate: num > 0 && den > 0 ? { num, den } : null,
    pictures: pictures.series,
    sound: sound.series,
    gaps: parts.flatMap(([kind, part]) => gapsOf(kind, part, request.start, Math.max(request.start, end))),
    isCached: parts.every(([, part]) => part.series === null || part.isCached),
  }
}

/** A stream that cannot be read is one gap; one that is not there is none. */
function gapsOf(
  kind: AnalysisGap['kind'],
  part: Part<PictureSeries> | Part<SoundSeries>,
  start: number,
  end: number,
): readonly AnalysisGap[] {
  if (part.series !== null) return part.gaps
  return part.error === null || part.error.code === 'ERR_NO_VIDEO' ? [] : [{ kind, start, end, reason: part.error.message }]
}

/** Seconds, as the container claims. */
function durationOf({ durationMicros }: NativeSourceFacts): number {
  return (durationMicros ?? 0) / 1e6
}

function isOfOneKind(error: unknown): error is VideoError {
  return error instanceof VideoError && faultsOfOneKind.has(error.code)
}
