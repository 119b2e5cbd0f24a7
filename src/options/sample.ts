// Owns what sample() and sampleBatch() take: user options in, resolved options out with every key set. All wording of
// misuse is here.
import { z } from 'zod'
import { expected } from '../errors.js'
import { parseOptions } from './parse.js'

export const pixelFormats = ['rgb24', 'rgba', 'gray8', 'yuv420p', 'source'] as const
export const fits = ['contain', 'cover', 'fill', 'inside'] as const
export const scaleFilters = ['bicubic', 'bilinear', 'fast-bilinear', 'area', 'blocks', 'lanczos', 'spline', 'nearest'] as const

/**
 * How a picture fills a box of `width` x `height`: `cover` fills it and crops the rest, `contain` shows all of it between
 * black bars, `inside` shows all of it in a smaller picture, `fill` stretches.
 */
export type Fit = (typeof fits)[number]
/** Layout of a picture's pixels, as `frame.data` holds them; `source` is whatever the decoder gives. */
export type PixelFormat = (typeof pixelFormats)[number]
/**
 * How pixels are weighed when a picture is resized, by FFmpeg's names; and `blocks`, the cheapest that looks at every pixel of a much larger
 * picture: means of blocks of 2, 4 or 8 pixels a side first, then `area`.
 */
export type ScaleFilter = (typeof scaleFilters)[number]

/** `exact`: the frame on screen. `keyframe`: the key frame before it. `toleranceSeconds`: the cheapest frame that near. */
export type Accuracy = 'exact' | 'keyframe' | { readonly toleranceSeconds: number }

/** Which frames: exactly one of these. Times are seconds on the timeline, whose zero is the container's start. */
export interface GridOptions {
  /** Frames per second asked for, at start + k / fps; a number, or a fraction such as '30000/1001'. */
  readonly fps?: number | string | undefined
  /** Seconds between the times asked for. */
  readonly every?: number | undefined
  /** Each Nth frame of those between start and end. */
  readonly everyFrames?: number | undefined
  /** The centres of this many equal parts. */
  readonly count?: number | undefined
  /** These times, in any order; a time asked for twice gives two frames, decoded once. */
  readonly timestamps?: readonly number[] | undefined
  /** Positions in presentation order, 0 first. */
  readonly frameIndexes?: readonly number[] | undefined
  /** Every frame that the container marks as a random-access point. */
  readonly keyframes?: boolean | undefined
  /** Every frame. */
  readonly all?: boolean | undefined
}

/** What the frames look like. The default is what a player would show, at the size of the source. */
export interface PictureOptions {
  /** Of the result, in pixels. One of width and height alone keeps the aspect ratio. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** Default 'cover'. */
  readonly fit?: Fit | undefined
  /** Default 'rgb24'. 'source' is the decoder's own format, unconverted. */
  readonly pixelFormat?: PixelFormat | undefined
  /** Default 'bicubic'. */
  readonly scaleFilter?: ScaleFilter | undefined
  /** Turn the picture as its display matrix says. Default true. */
  readonly autorotate?: boolean | undefined
  /** Make pixels square. Default true, but for 'source'. */
  readonly squarePixels?: boolean | undefined
  /** Bring PQ and HLG to SDR when the result is rgb24, rgba or gray8. Default true. */
  readonly toneMap?: boolean | undefined
}

/** Which stream is read, and who is told how it goes. */
export interface SourceOptions {
  /** The container's index of the video stream; by default the one of the highest resolution. */
  readonly stream?: number | undefined
  /** Aborting it ends the work; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Called while the packet index is read, and after every frame. */
  readonly onProgress?: ((progress: SampleProgress) => void) | undefined
  /** Called once, after the last frame; not when the job failed or was ended early. */
  readonly onReport?: ((report: SampleReport) => void) | undefined
}

/** What `engine.sample()` takes: one grid, and how its frames are wanted. */
export interface SampleOptions extends GridOptions, PictureOptions, SourceOptions {
  /** Seconds on the timeline. Default 0. */
  readonly start?: number | undefined
  /** Seconds on the timeline, not included. Default the end of the last frame. */
  readonly end?: number | undefined
  /** Default 'exact'. Only for grids of times. */
  readonly accuracy?: Accuracy | undefined
  /** 'timestamp' (default), or 'completion': as workers finish, for speed. */
  readonly order?: 'timestamp' | 'completion' | undefined
}

/** What `engine.sampleBatch()` takes: as {@link SampleOptions}, and the form of the tensor. */
export interface BatchOptions extends Omit<SampleOptions, 'order' | 'pixelFormat'> {
  /** Default 'rgb24'. */
  readonly pixelFormat?: 'rgb24' | 'rgba' | 'gray8' | undefined
  /** Order of axes. Default 'nhwc'. */
  readonly layout?: 'nhwc' | 'nchw' | undefined
  /** Default 'uint8'. */
  readonly dtype?: 'uint8' | 'float32' | undefined
  /** float32: (pixel / 255 - mean) / std per channel. */
  readonly mean?: readonly number[] | undefined
  readonly std?: readonly number[] | undefined
}

/** How far a job is. */
export interface SampleProgress {
  readonly phase: 'index' | 'sample'
  /** Frames, or in the 'index' phase thousandths of the file. */
  readonly done: number
  readonly total: number
  /** Seconds of the source that the total spans. */
  readonly sourceSeconds: number
}

/** What a job did, told at its end. */
export interface SampleReport {
  readonly source: string
  /** Frames delivered. */
  readonly frames: number
  /** What was asked for and could not be had. */
  readonly missing: readonly { readonly number: number; readonly requestedTimestamp: number; readonly reason: string }[]
  /** What the container promises and a cut-off file does not have; null when nothing is lost. */
  readonly lost: { readonly frames: number | null; readonly from: number; readonly reason: string } | null
  /** Frames delivered that are flagged isDamaged. */
  readonly damaged: number
  readonly packetsRead: number
  readonly framesDecoded: number
  /** Read but never decoded: no other frame refers to them, and nobody asked for them. */
  readonly framesSkipped: number
  /** Scaled or converted; a frame asked for twice counts once. */
  readonly framesConverted: number
  readonly seeks: number
  /** Decoder runs repeated plainly after trouble. */
  readonly redone: number
  /** Frames the source has between start and end. */
  readonly framesInRange: number
  readonly workers: number
  readonly codecThreads: number
  readonly wallSeconds: number
  /** CPU time of the whole process meanwhile. */
  readonly cpuSeconds: number
  /** The source, in a line. */
  readonly facts: {
    readonly container: string
    readonly codec: string
    readonly width: number
    readonly height: number
    readonly averageFrameRate: number | null
    readonly durationSeconds: number
  }
}

export type Grid =
  | { readonly kind: 'fps'; readonly num: number; readonly den: number }
  | { readonly kind: 'everyFrames'; readonly step: number }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'timestamps'; readonly timestamps: readonly number[] }
  | { readonly kind: 'frameIndexes'; readonly frameIndexes: readonly number[] }
  | { readonly kind: 'keyframes' }
  | { readonly kind: 'all' }

export interface ResolvedPicture {
  /** 0: from the other one, or the picture's own. */
  readonly width: number
  readonly height: number
  readonly fit: Fit
  readonly pixelFormat: PixelFormat
  readonly scaleFilter: ScaleFilter
  readonly autorotate: boolean
  readonly squarePixels: boolean
  readonly toneMap: boolean
}

export interface ResolvedTensor {
  readonly channelsFirst: boolean
  readonly float32: boolean
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

export interface ResolvedSample {
  readonly grid: Grid
  readonly start: number
  /** Infinity: the end of the stream. */
  readonly end: number
  readonly stream: number | null
  readonly picture: ResolvedPicture
  readonly accuracy: Accuracy
  readonly order: 'timestamp' | 'completion'
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: SampleProgress) => void
  readonly onReport: (report: SampleReport) => void
}

const maxSide = 65535
const seconds = z.number()
const side = z.number().int().min(1).max(maxSide)
const shape = {
  fps: z.union([z.number().positive(), z.string()]).optional(),
  every: seconds.positive().optional(),
  everyFrames: z.number().int().min(1).optional(),
  count: z.number().int().min(1).max(1e7).optional(),
  timestamps: z.array(seconds).min(1).readonly().optional(),
  frameIndexes: z.array(z.number().int().min(0)).min(1).readonly().optional(),
  keyframes: z.boolean().optional(),
  all: z.boolean().optional(),
  start: seconds.optional(),
  end: seconds.optional(),
  stream: z.number().int().min(0).optional(),
  width: side.optional(),
  height: side.optional(),
  fit: z.enum(fits).optional(),
  pixelFormat: z.enum(pixelFormats).optional(),
  scaleFilter: z.enum(scaleFilters).optional(),
  autorotate: z.boolean().optional(),
  squarePixels: z.boolean().optional(),
  toneMap: z.boolean().optional(),
  accuracy: z.union([z.enum(['exact', 'keyframe']), z.strictObject({ toleranceSeconds: seconds.min(0) })]).optional(),
  signal: z.instanceof(AbortSignal).optional(),
  onProgress: z.custom<(progress: SampleProgress) => void>((value) => typeof value === 'function', 'a function').optional(),
  onReport: z.custom<(report: SampleReport) => void>((value) => typeof value === 'function', 'a function').optional(),
}
const sampleSchema = z.strictObject({ ...shape, order: z.enum(['timestamp', 'completion']).optional() })
const channelValues = z.array(z.number()).min(1).max(4).readonly().optional()
const batchSchema = z.strictObject({
  ...shape,
  pixelFormat: z.enum(['rgb24', 'rgba', 'gray8']).optional(),
  layout: z.enum(['nhwc', 'nchw']).optional(),
  dtype: z.enum(['uint8', 'float32']).optional(),
  mean: channelValues,
  std: channelValues,
})

/** @throws TypeError, RangeError naming the option */
export function resolveSampleOptions(options: SampleOptions): ResolvedSample {
  const given = parseOptions(sampleSchema, options)
  return resolve(given, given.order ?? 'timestamp')
}

/** @throws TypeError, RangeError naming the option */
export function resolveBatchOptions(options: BatchOptions): { readonly sample: ResolvedSample; readonly tensor: ResolvedTensor } {
  const given = parseOptions(batchSchema, options)
  const channels = { rgb24: 3, rgba: 4, gray8: 1 }[given.pixelFormat ?? 'rgb24']
  const float32 = given.dtype === 'float32'
  for (const name of ['mean', 'std'] as const) {
    const values = given[name]
    if (values === undefined) continue
    if (!float32) throw new RangeError(`Expected dtype 'float32' for ${name}: uint8 pixels are not normalised`)
    if (values.length !== channels) throw new RangeError(expected(`${channels} numbers, one per channel,`, name, values))
  }
  if (given.std?.includes(0)) throw new RangeError(expected('numbers other than 0', 'std', given.std))
  const padded = (values: readonly number[] | undefined, fill: number): number[] => [0, 1, 2, 3].map((channel) => values?.[channel] ?? fill)
  const tensor = { channelsFirst: given.layout === 'nchw', float32, mean: padded(given.mean, 0), deviation: padded(given.std, 1) }
  return { sample: resolve(given, 'completion'), tensor }
}

type Given = Omit<SampleOptions, 'order'>

function resolve(given: Given, order: ResolvedSample['order']): ResolvedSample {
  const grid = resolveGrid(given)
  const { start = 0, end = Infinity } = given
  if (end <= start) throw new RangeError(`Expected an end after start ${start} but received ${end}`)
  const named = grid.kind === 'timestamps' || grid.kind === 'frameIndexes'
  if (named && (given.start !== undefined || given.end !== undefined)) {
    throw new RangeError(`Expected no start or end together with ${grid.kind}, which names every frame itself`)
  }
  const countsFrames = grid.kind === 'everyFrames' || grid.kind === 'frameIndexes' || grid.kind === 'all' || grid.kind === 'keyframes'
  if (countsFrames && given.accuracy !== undefined && given.accuracy !== 'exact') {
    throw new RangeError(`Expected accuracy 'exact' together with ${grid.kind}, which names frames rather than times`)
  }
  return {
    grid,
    start,
    end,
    stream: given.stream ?? null,
    picture: resolvePicture(given),
    accuracy: given.accuracy ?? 'exact',
    order,
    signal: given.signal,
    onProgress: given.onProgress ?? (() => undefined),
    onReport: given.onReport ?? (() => undefined),
  }
}

const gridNames = ['fps', 'every', 'everyFrames', 'count', 'timestamps', 'frameIndexes', 'keyframes', 'all'] as const

function resolveGrid(given: Given): Grid {
  const chosen = gridNames.filter((name) => given[name] !== undefined && given[name] !== false)
  if (chosen.length !== 1) {
    const but = chosen.length === 0 ? 'none' : chosen.join(' and ')
    throw new RangeError(`Expected exactly one of ${gridNames.join(', ')} but received ${but}`)
  }
  if (given.fps !== undefined) return { kind: 'fps', ...frameRate(given.fps) }
  if (given.every !== undefined) return { kind: 'fps', num: 1, den: given.every }
  if (given.everyFrames !== undefined) return { kind: 'everyFrames', step: given.everyFrames }
  if (given.count !== undefined) return { kind: 'count', count: given.count }
  if (given.timestamps !== undefined) return { kind: 'timestamps', timestamps: given.timestamps }
  if (given.frameIndexes !== undefined) return { kind: 'frameIndexes', frameIndexes: given.frameIndexes }
  return given.keyframes === true ? { kind: 'keyframes' } : { kind: 'all' }
}

/** @throws RangeError */
export function frameRate(fps: number | string): { num: number; den: number } {
  if (typeof fps === 'number') return { num: fps, den: 1 }
  const parts = /^(\d+(?:\.\d+)?)(?:\/(\d+(?:\.\d+)?))?$/.exec(fps.trim())
  const [num, den] = [Number(parts?.[1]), Number(parts?.[2] ?? 1)]
  if (!(num > 0 && den > 0)) throw new RangeError(expected("a number above 0 or a fraction such as '30000/1001'", 'fps', fps))
  return { num, den }
}

function resolvePicture(given: Given): ResolvedPicture {
  const pixelFormat = given.pixelFormat ?? 'rgb24'
  return {
    width: given.width ?? 0,
    height: given.height ?? 0,
    fit: given.fit ?? 'cover',
    pixelFormat,
    scaleFilter: given.scaleFilter ?? 'bicubic',
    autorotate: given.autorotate ?? true,
    squarePixels: given.squarePixels ?? pixelFormat !== 'source',
    toneMap: given.toneMap ?? true,
  }
}
