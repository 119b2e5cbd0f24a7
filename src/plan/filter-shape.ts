// Owns what filters need to know of pictures: shape, chroma, how other files are opened. Pure.
import type { NativeStreamFacts } from '../native/binding.js'
import type { Orientation } from '../source/display.js'
import type { FilterChain, FilterOptions } from './filter-chain.js'

type Rational = NativeStreamFacts['sampleAspectRatio']

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Shape extends Size {
  readonly sampleAspectRatio: Rational
}

/** What a graph is written for. Frames come as decoded, at times from the clip's start; width and height are as decoded too. */
export interface GraphSource extends Shape {
  /** What is done to the decoded picture to show it. */
  readonly orientation: Orientation
  /** Of the clip in the source. */
  readonly seconds: number
  /** 0: no sound. */
  readonly sampleRate: number
  /** Of the frames, or of what they are encoded as where that has less chroma: sizes are made even for it. */
  readonly pixelFormat: string
  /** FFmpeg's names; what is laid over pictures is converted to these. Default unspecified. */
  readonly colorMatrix?: string | undefined
  readonly colorRange?: string | undefined
  /** What is known of the other video of a `stack`; default upright, from zero. */
  readonly stacked?:
    | {
        readonly orientation: Orientation
        /** The container's start time. */
        readonly startSeconds: number
        /** The name under which it was opened; default {@link openedBy}. */
        readonly url?: string
      }
    | undefined
}

/** Pixels that share one chroma sample, in each direction. */
export function chromaStep(pixelFormat: string): Size {
  if (/^(?:yuvj?a?420|yuva420|nv12|nv21|p01[0-6]|vaapi|cuda)/.test(pixelFormat)) return { width: 2, height: 2 }
  if (/^(?:yuvj?a?422|nv16|nv20|p21[0-6]|y21[0-2]|yuyv|uyvy|yvyu)/.test(pixelFormat)) return { width: 2, height: 1 }
  if (/^yuvj?440/.test(pixelFormat)) return { width: 1, height: 2 }
  if (/^(?:yuvj?411|uyyvyy)/.test(pixelFormat)) return { width: 4, height: 1 }
  if (pixelFormat.startsWith('yuv410')) return { width: 4, height: 4 }
  return { width: 1, height: 1 }
}

/** Of all planes together, at least: deep formats take two bytes a sample. */
export function bytesPerPixel(pixelFormat: string): number {
  const { width, height } = chromaStep(pixelFormat)
  const samples = pixelFormat.startsWith('gray') ? 1 : 1 + 2 / (width * height)
  return samples * (isDeep(pixelFormat) ? 2 : 1)
}

function isDeep(pixelFormat: string): boolean {
  return /(?:p(?:9|1[0-6])|^p[012]1[0-6]|^y21[02])(?:le|be)?$/.test(pixelFormat)
}

/** The overlay filter's word for the format it blends in: the one that keeps the most of the picture. */
function overlayFormat(pixelFormat: string): string {
  if (/^(?:gbr|rgb|bgr|argb|abgr|0rgb|0bgr|pal8)/.test(pixelFormat)) return 'gbrp'
  if (pixelFormat.includes('444')) return 'yuv444'
  const is422 = chromaStep(pixelFormat).width === 2 && chromaStep(pixelFormat).height === 1
  return `${is422 ? 'yuv422' : 'yuv420'}${isDeep(pixelFormat) ? 'p10' : ''}`
}

/**
 * Lays one picture over another and keeps the format of the lower one: left alone, the overlay filter may give a full-range or an opaque
 * picture back as something else.
 */
export function addOverlay(chain: FilterChain, pixelFormat: string, options: FilterOptions): void {
  chain.add('overlay', { ...options, format: overlayFormat(pixelFormat) })
  if (pixelFormat !== 'pal8') chain.add('format', { pix_fmts: pixelFormat })
}

const matrices: ReadonlyMap<string, string> = new Map([
  ['bt709', 'bt709'],
  ['smpte170m', 'smpte170m'],
  ['bt470bg', 'bt470'],
  ['smpte240m', 'smpte240m'],
  ['fcc', 'fcc'],
  ['bt2020nc', 'bt2020'],
])

/** Converts an image to what it is laid over; without this its colours are those of BT.601 and limited range. */
export function addImageConversion(chain: FilterChain, { pixelFormat, colorMatrix = '', colorRange }: GraphSource): void {
  const format = overlayFormat(pixelFormat)
  if (format === 'gbrp') return
  const matrix = matrices.get(colorMatrix)
  const range = colorRange === 'pc' || pixelFormat.startsWith('yuvj') ? 'full' : 'limited'
  chain.add('scale', { ...(matrix === undefined ? {} : { out_color_matrix: matrix }), out_range: range })
  chain.add('format', { pix_fmts: format.replace(/^yuv(\d+)p?/, 'yuva$1p') })
}

/** The nearest multiple of `step`, at least one. */
export function nearest(length: number, step: number): number {
  return Math.max(step, Math.round(length / step) * step)
}

/** The multiple of `step` at or below. */
export function down(length: number, step: number): number {
  return Math.floor(length / step) * step
}

/** The multiple of `step` at or above. */
export function up(length: number, step: number): number {
  return Math.ceil(length / step) * step
}

export function canvasColor(color: string | undefined): string {
  return color ?? 'black'
}

/** The name under which FFmpeg opens this and nothing else: a bare name with a colon would be taken for a protocol. */
export function openedBy(source: string): string {
  return /^(?:https?:\/\/|file:)/i.test(source) ? source : `file:${source}`
}
