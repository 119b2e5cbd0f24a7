// Owns the plan of analysing pictures: which frames are measured, in which tasks. Pure.
import type { NativeOutput, NativeStreamFacts } from '../native/binding.js'
import type { Grid } from '../options/sample.js'
import type { PacketIndex } from '../source/packet-index.js'
import type { AnalyzePicturesTask, DecoderRun, Segment, TaskSource } from '../tasks.js'
import { planPicture, type PictureSource } from './geometry.js'
import type { Span } from './grid.js'
import type { EngineLimits } from './parallelism.js'
import { planSampling } from './sampling.js'

/** Longest side of the pictures that are measured. */
const longestSide = 256

export interface AnalysisRequest {
  readonly source: TaskSource
  readonly stream: NativeStreamFacts
  readonly index: PacketIndex
  readonly grid: Grid
  readonly span: Span
  readonly edges: boolean
  readonly draft: boolean
  readonly engine: EngineLimits
}

export interface PlannedAnalysis {
  readonly task: AnalyzePicturesTask
  /** The place in {@link AnalysisPlan.frames} of each of the task's targets. */
  readonly places: readonly number[]
}

export interface AnalysisPlan {
  /** Frames of the index that are measured, ascending. */
  readonly frames: readonly number[]
  /** In the order of presentation. */
  readonly tasks: readonly PlannedAnalysis[]
  /** The same, the longest first where that ends sooner: in the order in which they should start. */
  readonly startOrder: readonly PlannedAnalysis[]
  /** Tasks that may run at once. */
  readonly atOnce: number
}

/**
 * Frames and decoder runs are those of sampling. Measurements of a change need the frame before, so a task holds neighbours only; the change
 * from one task to the next is measured when both are done.
 */
export function planAnalysis(request: AnalysisRequest): AnalysisPlan {
  const { stream, index, source, draft, edges } = request
  const output = smallPicture(stream)
  const plan = planSampling({ ...request, accuracy: 'exact', order: 'completion', output, slotLimit: Infinity })
  const frames = plan.frames.map(({ frame }) => frame)
  const common = { kind: 'analyze-pictures', source, streamIndex: stream.index, draft, edges, output } as const
  const { maxPixels } = request.engine
  const { codecThreads, atOnce } = plan
  const planned = plan.tasks.map(({ segments }): PlannedAnalysis => ({
    task: { ...common, maxPixels, codecThreads, runs: segments.map(runOf) },
    places: segments.flatMap((segment) => segment.frames),
  }))
  const tasks = [...planned].sort((a, b) => (a.places[0] ?? 0) - (b.places[0] ?? 0))
  const isInOrder = tasks.flatMap(({ places }) => places).every((place, i) => place === i)
  if (isInOrder || index.identity === 'ordinal') return { frames, tasks, startOrder: planned, atOnce }
  // Runs that interleave: only one decode of everything sees the frames in their order.
  const targets = frames.map((frame) => index.frames[frame] ?? NaN)
  const run: DecoderRun = { start: null, fallbacks: [], skipUnreferenced: false, plain: true, byOrdinal: false, targets }
  const whole = { task: { ...common, maxPixels, codecThreads: 1, runs: [run] }, places: frames.map((_, place) => place) }
  return { frames, tasks: [whole], startOrder: [whole], atOnce: 1 }
}

function runOf({ start, fallbacks, skipUnreferenced, plain, byOrdinal, targets }: Segment): DecoderRun {
  return { start, fallbacks, skipUnreferenced, plain, byOrdinal, targets }
}

/** As shown, no side longer than {@link longestSide}; a smaller picture keeps its size. */
export function smallPicture(stream: PictureSource): NativeOutput {
  const picture = { fit: 'fill', pixelFormat: 'rgb24', scaleFilter: 'blocks', autorotate: true, squarePixels: true, toneMap: true } as const
  const shown = planPicture({ ...picture, width: 0, height: 0 }, stream, null)
  const scale = Math.min(1, longestSide / Math.max(shown.width, shown.height))
  const side = (length: number): number => Math.max(1, Math.round(length * scale))
  return planPicture({ ...picture, width: side(shown.width), height: side(shown.height) }, stream, null)
}
