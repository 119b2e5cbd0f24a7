// Owns what analyze() takes: user options in, resolved options out with every key set. All wording of misuse is here.
import { z } from 'zod'
import { expected } from '../errors.js'
import { parseOptions } from './parse.js'
import { frameRate, type Grid } from './sample.js'

/** How far an analysis is. */
export interface AnalyzeProgress {
  readonly phase: 'index' | 'analyze'
  /** 0 to 1. */
  readonly fraction: number
  /** Frames measured so far. */
  readonly frames: number
  readonly framesTotal: number
  /** Seconds of the source that are to be analysed. */
  readonly sourceSeconds: number
}

/** What `engine.analyze()` takes. */
export interface AnalyzeOptions {
  /** Frames per second that are measured: a number, or a fraction such as '30000/1001'. Default 2; one of fps, everyFrames and all. */
  readonly fps?: number | string | undefined
  /** Each Nth frame is measured. */
  readonly everyFrames?: number | undefined
  /** Every frame is measured, as cuts that are exact to the frame need. */
  readonly all?: boolean | undefined
  /** Seconds on the timeline. Default 0. */
  readonly start?: number | undefined
  /** Seconds on the timeline, not included. Default the end of the source. */
  readonly end?: number | undefined
  /** The container's index of the video stream; by default the one of the highest resolution. */
  readonly stream?: number | undefined
  /** The container's index of the audio stream; by default the one that players choose. */
  readonly audioStream?: number | undefined
  /** false: measure no pictures. Default true. */
  readonly video?: boolean | undefined
  /** false: measure no sound. Default true. */
  readonly audio?: boolean | undefined
  /** Measure deltaEdges too, which takes about as long as all other measurements of a picture. Default false. */
  readonly edges?: boolean | undefined
  /**
   * 'draft' leaves out the decoder's loop filter: faster, but pictures are not exactly those that are shown, and differences grow from key
   * frame to key frame. Default 'exact'.
   */
  readonly quality?: 'exact' | 'draft' | undefined
  /** Aborting it ends the work within 100 ms; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: AnalyzeProgress) => void) | undefined
}

export interface ResolvedAnalysis {
  readonly grid: Grid
  readonly start: number
  /** Infinity: the end of the source. */
  readonly end: number
  readonly stream: number | null
  readonly audioStream: number | null
  readonly video: boolean
  readonly audio: boolean
  readonly edges: boolean
  readonly draft: boolean
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: AnalyzeProgress) => void
}

const defaultFps = 2

const schema = z.strictObject({
  fps: z.union([z.number().positive(), z.string()]).optional(),
  everyFrames: z.number().int().min(1).optional(),
  all: z.boolean().optional(),
  start: z.number().min(0).optional(),
  end: z.number().optional(),
  stream: z.number().int().min(0).optional(),
  audioStream: z.number().int().min(0).optional(),
  video: z.boolean().optional(),
  audio: z.boolean().optional(),
  edges: z.boolean().optional(),
  quality: z.enum(['exact', 'draft']).optional(),
  signal: z.instanceof(AbortSignal).optional(),
  onProgress: z.custom<(progress: AnalyzeProgress) => void>((value) => typeof value === 'function', 'a function').optional(),
})

/** @throws TypeError, RangeError naming the option */
export function resolveAnalyzeOptions(options: AnalyzeOptions): ResolvedAnalysis {
  const given = parseOptions(schema, options)
  const { start = 0, end = Infinity, video = true, audio = true } = given
  if (end <= start) throw new RangeError(expected(`a number above start ${start}`, 'end', end))
  if (!video && !audio) throw new RangeError('Expected video or audio to be analysed but received false for both')
  return {
    grid: gridOf(given),
    start,
    end,
    stream: given.stream ?? null,
    audioStream: given.audioStream ?? null,
    video,
    audio,
    edges: given.edges ?? false,
    draft: given.quality === 'draft',
    signal: given.signal,
    onProgress: given.onProgress ?? (() => undefined),
  }
}

const gridNames = ['fps', 'everyFrames', 'all'] as const

function gridOf(given: z.output<typeof schema>): Grid {
  const chosen = gridNames.filter((name) => given[name] !== undefined && given[name] !== false)
  if (chosen.length > 1) throw new RangeError(`Expected one of ${gridNames.join(', ')} but received ${chosen.join(' and ')}`)
  if (given.all === true) return { kind: 'all' }
  if (given.everyFrames !== undefined) return { kind: 'everyFrames', step: given.everyFrames }
  return { kind: 'fps', ...frameRate(given.fps ?? defaultFps) }
}
