// Owns what an analysis measures: the columns of pictures and of sound, and what every value means. Types and names only; how they are
// measured stands in docs/analysis.md.

/**
 * One number for each analysed frame. All are taken from the shown picture brought to at most 256 x 256 pixels (rgb24, full range, of the
 * source's proportions); "before" is the analysed frame before. NaN: the frame could not be decoded, or has none before it.
 */
export const pictureColumns = [
  /** Mean luma (0.299 R + 0.587 G + 0.114 B), 0 to 255. */
  'luma',
  /** Mean of all samples of R, G and B, 0 to 255. */
  'brightness',
  /** Mean absolute difference of hue (0 to 179, OpenCV's) to the frame before. */
  'deltaHue',
  /** The same of saturation (0 to 255). */
  'deltaSat',
  /** The same of value, max(R, G, B) (0 to 255). */
  'deltaLum',
  /** The same of the dilated edges of the value plane (0 or 255). NaN unless edges were asked for. */
  'deltaEdges',
  /** Mean absolute difference of luma to the frame before, 0 to 255. */
  'difference',
  /** Pearson correlation of the 256-bin luma histograms of this frame and the one before, -1 to 1. */
  'histogramCorrelation',
  /** Share of the bits of a 16 x 16 perceptual hash that differ from the frame before, 0 to 1. */
  'hashDistance',
  /** Mean length of the blocks' motion vectors since the frame before, as a share of the picture's width. */
  'motion',
  /** Motion of the whole picture to the right since the frame before, as a share of its width. */
  'panX',
  /** Downwards, as a share of its height. */
  'panY',
  /** Growth of the whole picture's content since the frame before: 0.01 is one per cent larger. */
  'zoom',
  /** Mean length of what remains of the blocks' motion without pan and zoom, as a share of the picture's width. */
  'objectMotion',
  /** Variance of the Laplacian of luma. */
  'sharpness',
  /** Standard deviation of luma. */
  'contrast',
  /** Colourfulness by Hasler and Süsstrunk. */
  'colorfulness',
  /** Share of pixels with luma up to 25.5 (a tenth), 0 to 1. */
  'black',
  /** Share of pixels with luma from 229.5 (nine tenths), 0 to 1. */
  'white',
] as const

export type PictureColumn = (typeof pictureColumns)[number]

/** Bins of {@link PictureSeries.histogram}. */
export const histogramBins = 16
/** Bytes a frame has in {@link PictureSeries.layout}. */
export const layoutBytes = 96

type Columns<Name extends string> = { readonly [Key in Name]: Float32Array }

/** Measurements of pictures: entry i of every column belongs to frame i, in presentation order. The arrays lie in shared memory. */
export interface PictureSeries extends Columns<PictureColumn> {
  /** Frames analysed. */
  readonly count: number
  /** Seconds on the timeline. */
  readonly timestamp: Float64Array
  /** Position of the frame among all frames of the stream, in presentation order, 0 first. */
  readonly frame: Uint32Array
  /** Seconds on the timeline where the analysed part ends. */
  readonly end: number
  /** Every frame between the first and the last was analysed. */
  readonly isEveryFrame: boolean
  /** Luma histogram: {@link histogramBins} equal bins for each frame, as shares of 65535. */
  readonly histogram: Uint16Array
  /** What lies where: 8 x 8 means of luma by rows, then 4 x 4 of Cb, then 4 x 4 of Cr (full range, 128 is gray), for each frame. */
  readonly layout: Uint8Array
  /** 64-bit perceptual hash: the signs of 8 x 8 low frequencies of a cosine transform against their median. 0 for a frame that is missing. */
  readonly hash: BigUint64Array
}

/**
 * One number for each window of sound. NaN: there is no sound that could be decoded.
 */
export const soundColumns = [
  /** Root mean square of all channels' samples, full scale is 1. */
  'rms',
  /** Largest absolute sample of any channel, full scale is 1. */
  'peak',
  /** EBU R128 momentary loudness (the 400 ms that end with the window), LUFS; -Infinity for silence. */
  'loudness',
  /** Share of neighbouring samples of the mono mix whose signs differ, 0 to 1. */
  'zeroCrossings',
  /** Spectral centroid of the mono mix, Hz; 0 for silence. */
  'centroid',
  /** Onset strength: how much the log spectrum of the mono mix has grown since the window before, summed over bands. */
  'flux',
] as const

export type SoundColumn = (typeof soundColumns)[number]

/** Seconds that a window of {@link SoundSeries} spans: window i covers [start + i * 0.01, start + (i + 1) * 0.01). */
export const soundWindowSeconds = 0.01

/** Measurements of sound: entry i of every column belongs to window i. The arrays lie in shared memory. */
export interface SoundSeries extends Columns<SoundColumn> {
  readonly count: number
  /** Seconds on the timeline where window 0 begins. */
  readonly start: number
  readonly windowSeconds: number
}

/** A part that could not be analysed. */
export interface AnalysisGap {
  readonly kind: 'video' | 'audio'
  /** Seconds on the timeline. */
  readonly start: number
  readonly end: number
  readonly reason: string
}

/** What `engine.analyze()` gives. */
export interface Analysis {
  /** As the caller named it. */
  readonly source: string
  /** Seconds on the timeline: the part that was analysed. */
  readonly start: number
  readonly end: number
  /** Seconds from the timeline's zero to the end of the source. */
  readonly duration: number
  /** Average frames per second of the video stream; null without one. */
  readonly frameRate: { readonly num: number; readonly den: number } | null
  /** null: there is no video stream, or it was not asked for. */
  readonly pictures: PictureSeries | null
  /** null: there is no audio stream, or it was not asked for. */
  readonly sound: SoundSeries | null
  readonly gaps: readonly AnalysisGap[]
  /** Taken from the disk cache. */
  readonly isCached: boolean
}
