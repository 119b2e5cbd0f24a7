// Owns the job that finds scenes: by measuring every frame, or only where packets hint at a cut.
import { detectScenes, type Scene } from '../analysis/scenes.js'
import { resolveSceneJob, type DetectScenesOptions, type ResolvedSceneJob, type SceneStrategy } from '../options/detect-scenes.js'
import { resolveSceneOptions } from '../options/scenes.js'
import { cutCandidates } from '../plan/cut-candidates.js'
import type { SourceInput } from '../source/location.js'
import type { VideoSource } from '../source/sources.js'
import { AnalysisProgress } from './analysis-progress.js'
import { analyze } from './analyze.js'
import type { EngineCore } from './engine-core.js'
import { FastCuts } from './fast-cuts.js'
import { scenesOfCuts } from './scene-list.js'

/** What `engine.detectScenes()` gives. */
export interface SceneReport {
  readonly source: string
  readonly scenes: readonly Scene[]
  /** How they were found. */
  readonly strategy: SceneStrategy
  /** Why every frame was measured although 'fast' was asked for; null otherwise. */
  readonly fallback: string | null
  readonly framesTotal: number
  /** Frames that were measured. */
  readonly framesMeasured: number
  /** What 'fast' by itself would have missed and made up, as first frames of scenes; null when nobody verified it. */
  readonly verified: { readonly missed: readonly number[]; readonly extra: readonly number[] } | null
}

/** The scenes of one source; see {@link DetectScenesOptions}. */
export async function detectScenesOf(engine: EngineCore, input: SourceInput, options: DetectScenesOptions): Promise<SceneReport> {
  const request = resolveSceneJob(options)
  engine.assertOpen()
  if (request.strategy === 'full') return byEveryFrame(engine, input, request, null)
  const { onIndexing } = new AnalysisProgress(request.onProgress)
  const source = await engine.sources.openVideo(input, request.stream, { signal: request.signal, onIndexing })
  const found = await fastCuts(engine, source, request)
  // Cuts only, as in two steps: what is found must not hang on how it was found.
  const whole = { ...request, scenes: { ...request.scenes, transitions: false } }
  if (typeof found === 'string') return byEveryFrame(engine, input, whole, found)
  const { first, last } = source.index.framesBetween(request.start, request.end)
  const scenes = scenesOfCuts(source.index, { first, last }, found.cuts, resolveSceneOptions(request.scenes))
  const report: SceneReport = {
    source: source.location.name,
    scenes,
    strategy: 'fast',
    fallback: null,
    framesTotal: last - first,
    framesMeasured: found.framesMeasured,
    verified: null,
  }
  if (!request.verify) return report
  const full = await byEveryFrame(engine, input, whole, null)
  const [fast, true_] = [startsOf(scenes), startsOf(full.scenes)]
  const verified = { missed: true_.filter((frame) => !fast.includes(frame)), extra: fast.filter((frame) => !true_.includes(frame)) }
  return { ...full, strategy: 'fast', verified }
}

async function byEveryFrame(
  engine: EngineCore,
  input: SourceInput,
  { start, end, stream, quality, signal, onProgress, scenes }: ResolvedSceneJob,
  fallback: string | null,
): Promise<SceneReport> {
  const edges = 'weights' in scenes && (scenes.weights?.deltaEdges ?? 0) !== 0
  const chosen = stream === null ? {} : { stream }
  const range = Number.isFinite(end) ? { start, end } : { start }
  const analysis = await analyze(engine, input, { all: true, audio: false, ...chosen, ...range, quality, edges, signal, onProgress })
  const { pictures } = analysis
  const found = pictures === null ? [] : detectScenes(pictures, scenes)
  const count = pictures?.count ?? 0
  return { source: analysis.source, scenes: found, strategy: 'full', fallback, framesTotal: count, framesMeasured: count, verified: null }
}

/** The cuts, or why packets do not tell where they are. */
async function fastCuts(
  engine: EngineCore,
  source: VideoSource,
  request: ResolvedSceneJob,
): Promise<{ readonly cuts: readonly number[]; readonly framesMeasured: number } | string> {
  const candidates = cutCandidates(source.index)
  if (candidates.doubt !== null) return candidates.doubt
  return new FastCuts(engine, source, request, candidates).find()
}

function startsOf(scenes: readonly Scene[]): number[] {
  return scenes.map(({ startFrame }) => startFrame)
}
