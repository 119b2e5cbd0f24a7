// Owns the two-step cut finder: pictures at every key frame first, then whole stretches where those leave a doubt or a packet stands out.
import { layoutDistance } from '../analysis/layout.js'
import { detectScenes } from '../analysis/scenes.js'
import { partOf } from '../analysis/series-part.js'
import type { PictureSeries } from '../analysis/series.js'
import type { ResolvedSceneJob } from '../options/detect-scenes.js'
import { looksAtEdges } from '../options/scenes.js'
import type { CutCandidates } from '../plan/cut-candidates.js'
import type { VideoSource } from '../source/sources.js'
import { AnalysisProgress } from './analysis-progress.js'
import { analyzePictures } from './analysis-pictures.js'
import type { EngineCore } from './engine-core.js'

/** Frames measured from each key frame on: as many as tell a flash from a scene. */
const headFrames = 8
/** Frames measured on either side of what is in doubt: as many as a detector and its checks look at. */
const around = 14
/** Mean layout differences, 0 to 255, from the head of one GOP to the head of the next. */
const certainlySame = 3
const certainlyOther = 14
/** How far a scene may move within its head and still be calm: a fade moves by more. */
const mostUnrest = 6
/** Shares of the picture for each frame: from here on it is the camera that moves. Fades and dissolves go nowhere. */
const leastPan = 0.003
const mostOwnMotion = 0.5
/** What the camera moves counts for less. */
const shareOfCamera = 0.5
/** Standard deviation of luma below which a picture is flat, as between a fade out and a fade in. */
const leastContrast = 6
/** Of all frames: where more would be measured, measuring every one is as fast and certain. */
const mostMeasured = 0.6
/** What the heads usually take of the work. */
const headShare = 0.5

interface Range {
  readonly first: number
  /** Not included. */
  readonly last: number
}

export class FastCuts {
  readonly #engine: EngineCore
  readonly #source: VideoSource
  readonly #request: ResolvedSceneJob
  readonly #candidates: CutCandidates
  readonly #range: Range
  readonly #progress: AnalysisProgress
  #framesMeasured = 0

  constructor(engine: EngineCore, source: VideoSource, request: ResolvedSceneJob, candidates: CutCandidates) {
    this.#engine = engine
    this.#source = source
    this.#request = request
    this.#candidates = candidates
    const { first, last } = source.index.framesBetween(request.start, request.end)
    this.#range = { first, last }
    this.#progress = new AnalysisProgress(request.onProgress)
    this.#progress.begin(true, false, Math.min(request.end, source.index.end) - request.start)
  }

  /** Frames that begin a scene, ascending; or why the full pass is the better one. */
  async find(): Promise<{ readonly cuts: readonly number[]; readonly framesMeasured: number } | string> {
    const { keys, early, odd } = this.#candidates
    const { first, last } = this.#range
    this.#progress.beginPart(0, headShare)
    const heads = await this.#measure(keys.map((key) => ({ first: key, last: key + headFrames })))
    const rowOf = new Map(Array.from(heads.frame, (frame, row) => [frame, row]))
    const cuts: number[] = []
    const doubtful: number[] = odd.filter((frame) => frame > first && frame < last)
    for (const [i, key] of keys.entries()) {
      const before = keys[i - 1]
      if (before === undefined || key <= first || key >= last) continue
      const verdict = this.#judge(heads, rowOf.get(before), rowOf.get(key), early.has(key))
      if (verdict === 'cut') cuts.push(key)
      else if (verdict === 'doubt') doubtful.push(key)
    }
    const windows = joined(doubtful.map((frame) => ({ first: frame - around, last: frame + around })))
    const frames = windows.reduce((sum, window) => sum + window.last - window.first, 0)
    if (frames > mostMeasured * (last - first)) return `its packets leave doubt about ${frames} of ${last - first} frames`
    this.#progress.beginPart(headShare, 1)
    cuts.push(...(await this.#cutsWithin(windows)))
    return { cuts: [...new Set(cuts)].sort((a, b) => a - b), framesMeasured: this.#framesMeasured }
  }

  /** Whether a scene begins at a key frame, by the heads of its GOP and of the one before. */
  #judge(heads: PictureSeries, before: number | undefined, key: number | undefined, isEarly: boolean): 'cut' | 'same' | 'doubt' {
    if (before === undefined || key === undefined) return 'doubt'
    const endOfHead = (row: number): number => {
      let at = row
      while (at + 1 < heads.count && heads.frame[at + 1] === (heads.frame[at] ?? 0) + 1 && at - row < headFrames - 1) at++
      return at
    }
    const [lastBefore, lastHere] = [endOfHead(before), endOfHead(key)]
    if ([before, lastBefore, key, lastHere].some((row) => Number.isNaN(heads.luma[row]))) return 'doubt'
    const change = layoutDistance(heads, lastBefore, key)
    if (change < certainlySame) return 'same'
    const unrest = Math.max(unrestOf(heads, before, lastBefore), unrestOf(heads, key, lastHere))
    const isFlat = [lastBefore, key].some((row) => (heads.contrast[row] ?? 0) < leastContrast)
    return isEarly && change > certainlyOther && unrest < mostUnrest && !isFlat ? 'cut' : 'doubt'
  }

  /** Cuts that the detector finds in whole stretches. */
  async #cutsWithin(windows: readonly Range[]): Promise<number[]> {
    if (windows.length === 0) {
      this.#progress.onFrames(1, 1)
      return []
    }
    const pictures = await this.#measure(windows)
    const cuts: number[] = []
    for (let from = 0; from < pictures.count;) {
      let to = from + 1
      while (to < pictures.count && pictures.frame[to] === (pictures.frame[to - 1] ?? 0) + 1) to++
      const scenes = detectScenes(partOf(pictures, from, to), { ...this.#request.scenes, transitions: false, minSceneLen: 0 })
      cuts.push(...scenes.slice(1).map(({ startFrame }) => startFrame))
      from = to
    }
    return cuts
  }

  async #measure(ranges: readonly Range[]): Promise<PictureSeries> {
    const { first, last } = this.#range
    const frames = new Set<number>()
    for (const range of ranges) {
      for (let frame = Math.max(first, range.first); frame < Math.min(last, range.last); frame++) frames.add(frame)
    }
    const frameIndexes = [...frames].sort((a, b) => a - b)
    const { location, stream, index } = this.#source
    const { start, end, quality, signal, scenes } = this.#request
    const edges = looksAtEdges(scenes)
    const { series } = await analyzePictures(
      this.#engine,
      {
        source: location.task,
        stream,
        index,
        grid: { kind: 'frameIndexes', frameIndexes },
        span: { start, end },
        edges,
        draft: quality === 'draft',
        engine: this.#engine,
      },
      { signal, onFrames: this.#progress.onFrames },
    )
    this.#framesMeasured += series.count
    return series
  }
}

/** How far what lies where moves from one row to another; the less of it counts, the more of it is the camera's motion. */
function unrestOf(pictures: PictureSeries, from: number, to: number): number {
  let pan = 0
  let own = 0
  for (let row = from + 1; row <= to; row++) {
    pan += Math.hypot(pictures.panX[row] ?? 0, pictures.panY[row] ?? 0)
    own += pictures.objectMotion[row] ?? 0
  }
  const isCamera = pan > leastPan * (to - from) && own < mostOwnMotion * pan
  return layoutDistance(pictures, from, to) * (isCamera ? shareOfCamera : 1)
}

/** Ranges that touch as one. */
function joined(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) => a.first - b.first)
  const result: { first: number; last: number }[] = []
  for (const { first, last } of sorted) {
    const before = result.at(-1)
    if (before !== undefined && first <= before.last) before.last = Math.max(before.last, last)
    else result.push({ first, last })
  }
  return result
}
