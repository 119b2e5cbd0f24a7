// Owns the job that finds scenes: by measuring every frame, or only where packets hint at a cut.
import { detectScenes, type Scene } from '../analysis/scenes.js'
import type { AnalyzeProgress } from '../options/analyze.js'
import { resolveSceneJob, type DetectScenesOptions, type ResolvedSceneJob, type SceneStrategy } from '../options/detect-scenes.js'
import { looksAtEdges, resolveSceneOptions } from '../options/scenes.js'
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

/** Of the whole work, what the two steps may take before every frame is measured to verify them. */
const shareBeforeVerifying = 0.3

/** Progress of several passes as one that never falls: each goes on where the one before has come to. */
class Passes {
  readonly #tell: (progress: AnalyzeProgress) => void
  #reached = 0

  constructor(tell: (progress: AnalyzeProgress) => void) {
    this.#tell = tell
  }

  /** For the next pass, which ends at this fraction of the whole. */
  until(end: number): (progress: AnalyzeProgress) => void {
    const start = this.#reached
    return (progress) => {
      if (progress.phase === 'analyze') this.#reached = start + progress.fraction * (end - start)
      this.#tell({ ...progress, fraction: progress.phase === 'analyze' ? this.#reached : progress.fraction })
    }
  }
}

/** The scenes of one source; see {@link DetectScenesOptions}. */
export async function detectScenesOf(engine: EngineCore, input: SourceInput, options: DetectScenesOptions): Promise<SceneReport> {
  const request = resolveSceneJob(options)
  engine.assertOpen()
  if (request.strategy === 'full') return byEveryFrame(engine, input, request, null)
  const { onIndexing } = new AnalysisProgress(request.onProgress)
  const source = await engine.sources.openVideo(input, request.stream, { signal: request.signal, onIndexing })
  const passes = new Passes(request.onProgress)
  const found = await fastCuts(engine, source, { ...request, onProgress: passes.until(request.verify ? shareBeforeVerifying : 1) })
  // Cuts only, as in two steps: what is found must not hang on how it was found.
  const whole = { ...request, onProgress: passes.until(1), scenes: { ...request.scenes, transitions: false } }
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
  const [fast, actual] = [startsOf(scenes), startsOf(full.scenes)]
  const verified = { missed: [...actual].filter((frame) => !fast.has(frame)), extra: [...fast].filter((frame) => !actual.has(frame)) }
  return { ...full, strategy: 'fast', verified }
}

async function byEveryFrame(
  engine: EngineCore,
  input: SourceInput,
  { start, end, stream, quality, signal, onProgress, scenes }: ResolvedSceneJob,
  fallback: string | null,
): Promise<SceneReport> {
  const edges = looksAtEdges(scenes)
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

function startsOf(scenes: readonly Scene[]): Set<number> {
  return new Set(scenes.map(({ startFrame }) => startFrame))
}
