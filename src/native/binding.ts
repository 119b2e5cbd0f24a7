// Owns loading the addon, and its whole surface. Only src/native and src/worker may hold what it returns.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { VideoError } from '../errors.js'
import type { Rational } from '../source-types.js'

/** What libavformat may open: a URL, the protocols it may use, and whether formats that name further files are allowed. */
export interface NativeSource {
  readonly url: string
  readonly protocols: string
  readonly allowPlaylists: boolean
}

export interface NativeStreamFacts {
  readonly index: number
  readonly type: string
  readonly codec: string
  readonly codecLongName: string
  readonly codecTag: string
  readonly profile: string
  readonly hasDecoder: boolean
  readonly timeBase: Rational
  readonly startTicks: number | null
  readonly durationTicks: number | null
  readonly bitRate: number
  readonly frameCount: number
  readonly isDefault: boolean
  readonly isAttachedPicture: boolean
  readonly tags: Readonly<Record<string, string>>
  readonly width: number
  readonly height: number
  readonly sampleAspectRatio: Rational
  /** Nine fixed-point numbers, or none. */
  readonly displayMatrix: readonly number[]
  readonly averageFrameRate: Rational
  readonly nominalFrameRate: Rational
  readonly pixelFormat: string
  readonly bitDepth: number
  readonly reorderFrames: number
  readonly fieldOrder: string
  readonly colorPrimaries: string
  readonly colorTransfer: string
  readonly colorMatrix: string
  readonly colorRange: string
  readonly hasDolbyVision: boolean
  readonly maxContentNits: number | null
  readonly masteringNits: number | null
  readonly channels: number
  readonly channelLayout: string
  readonly sampleRate: number
  readonly sampleFormat: string
}

export interface NativeSourceFacts {
  readonly container: string
  readonly containerLongName: string
  readonly startMicros: number | null
  readonly durationMicros: number | null
  readonly bitRate: number
  readonly tags: Readonly<Record<string, string>>
  readonly streams: readonly NativeStreamFacts[]
  readonly chapters: readonly { readonly start: number; readonly end: number; readonly title: string }[]
}

export interface NativePacketTable {
  readonly pts: Float64Array<ArrayBuffer>
  readonly dts: Float64Array<ArrayBuffer>
  readonly duration: Float64Array<ArrayBuffer>
  readonly size: Uint32Array<ArrayBuffer>
  readonly flags: Uint8Array<ArrayBuffer>
  readonly damagedEnd: boolean
}

/** How a finished picture looks; native/av/specs.h explains each field. */
export interface NativeOutput {
  readonly pixelFormat: string
  readonly width: number
  readonly height: number
  readonly imageX: number
  readonly imageY: number
  readonly imageWidth: number
  readonly imageHeight: number
  readonly cropX: number
  readonly cropY: number
  readonly cropWidth: number
  readonly cropHeight: number
  readonly scaleFilter: string
  readonly toneMap: boolean
  readonly transpose: boolean
  readonly mirrorX: boolean
  readonly mirrorY: boolean
  readonly tensor: boolean
  readonly float32: boolean
  readonly channelsFirst: boolean
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/** One run of the decoder; native/av/specs.h explains each field. NaN ticks: none. */
export interface NativeSegment {
  readonly startPts: number
  readonly startDts: number
  readonly fromStreamStart: boolean
  readonly nearDts: number
  readonly skipUnreferenced: boolean
  readonly plain: boolean
  readonly showPrevious: boolean
  readonly byOrdinal: boolean
  readonly targets: Float64Array
  readonly until: number
}

/** Answers of {@link NativeSampler.next}. */
export const Outcome = { done: 0, frame: 1, trouble: 2, missing: 3, tooSmall: 4 } as const

/** Places in the facts array of {@link NativeSampler.next}. */
export const Fact = { target: 0, pts: 1, isKey: 2, isDamaged: 3, width: 4, height: 5, format: 6, bytes: 7 } as const
export const factCount = 8

/** Throws errors with `code`, `call` and `avError`; ERR_CLOSED after close(). */
export interface NativeSampler {
  configure(output: NativeOutput): void
  begin(segment: NativeSegment): void
  /** Writes the next target into `pixels` and its {@link Fact}s into `facts`; keeps neither. null: facts only. */
  next(pixels: Uint8Array | null, facts: Float64Array): number
  lastError(): string
  close(): void
}

/** One encoded result of a transcoder, a spool file; native/av/specs.h explains each field. NaN ticks: none. */
export interface NativePictureOutput {
  readonly path: string
  readonly filter: string
  readonly encoder: string
  readonly pixelFormat: string
  readonly timeBase: Rational
  readonly frameRate: Rational
  readonly end: number
  readonly threads: number
  /** Names and values in turn. */
  readonly options: readonly string[]
}

/** Throws errors with `code`, `call` and `avError`; ERR_CLOSED after finish() or close(). */
export interface NativeTranscoder {
  begin(segment: NativeSegment): void
  /** Encodes up to that many frames more; an {@link Outcome}: frame when there are more. */
  step(frames: number): number
  /** Targets of the segment dealt with, those of them without a frame, and the kind of device that decoded ('' for software). */
  progress(): { done: number; missing: number; device: string }
  lastError(): string
  /** One entry for each output. */
  finish(): { frames: number; width: number; height: number; pixelFormat: string }[]
  close(): void
}

/** Throws errors with `code`, `call` and `avError`; ERR_CLOSED after close(). */
export interface NativeAnalyzer {
  /** Forgets the frame before: the next one has none. */
  startOver(): void
  begin(segment: NativeSegment): void
  /** Measures as many frames more as both arrays have rows for (see analysisRow); an {@link Outcome}: frame when there are more. */
  step(numbers: Float32Array, marks: Uint8Array): number
  /** Targets of the segment dealt with, and those of them without a frame. */
  progress(): { done: number; missing: number }
  /** Small rgb24 pictures of the first and the last frame since startOver(); empty where there was none. */
  ends(): { first: Uint8Array<ArrayBuffer>; last: Uint8Array<ArrayBuffer> }
  lastError(): string
  close(): void
}

/** The sound of a clip; native/av/specs.h explains each field. */
export interface NativeSound {
  readonly streamIndex: number
  readonly timeBase: Rational
  readonly start: number
  readonly end: number
  readonly filter: string
  readonly path: string
  readonly encoder: string
  readonly sampleRate: number
  readonly channels: number
  readonly options: readonly string[]
}

/** Throws errors with `code`, `call` and `avError`; ERR_CLOSED after close(). */
export interface NativeSoundTranscoder {
  /** Works through that many packets; false when all is done and the spool is whole. */
  step(packets: number): boolean
  /** Seconds of the clip that are done. */
  seconds(): number
  close(): void
}

/** The part of a stream whose sound is measured, in ticks of `timeBase`; an `end` of NaN: all there is. */
export interface NativeSoundPart {
  readonly streamIndex: number
  readonly timeBase: Rational
  readonly start: number
  readonly end: number
}

/** A part without sound that could be decoded, in seconds from the start of what is measured. */
export interface NativeSoundGap {
  readonly start: number
  readonly end: number
  readonly reason: string
}

/** Throws errors with `code`, `call` and `avError`; ERR_CLOSED after close(). */
export interface NativeSoundAnalyzer {
  /** Works through that many packets; false when all is measured. */
  step(packets: number): boolean
  /** Seconds of the part that are behind. */
  seconds(): number
  /** Seconds that the part will take, as far as the container says; NaN: it does not. */
  duration(): number
  /** Windows that were not taken yet, row by row, in the order of soundColumns of src/analysis/series.ts. NaN: no sound. */
  takeWindows(): Float32Array<ArrayBuffer>
  /** Those that hold at least one window, and one at the end where the source is damaged there; ascending. */
  gaps(): NativeSoundGap[]
  lastError(): string
  close(): void
}

/** The text subtitles of a clip in another codec; native/av/specs.h explains each field. */
export interface NativeSubtitles {
  readonly streamIndex: number
  readonly timeBase: Rational
  readonly start: number
  readonly end: number
  readonly path: string
  readonly encoder: string
}

/** A file put together from packets; native/av/specs.h explains each field. */
export interface NativeRemux {
  readonly path: string
  readonly format: string
  readonly options: readonly string[]
  readonly tags: readonly string[]
  readonly chapters: readonly { readonly start: number; readonly end: number; readonly title: string }[]
}

export interface NativeTrack {
  readonly streamIndex: number
  readonly spool: string
  readonly edges: string
  readonly keepSideData: boolean
}

export interface NativePacketRun {
  readonly kind: 'indexed' | 'interval' | 'spool'
  readonly track: number
  readonly origin: number
  readonly startPts: number
  readonly startDts: number
  readonly fromStreamStart: boolean
  readonly count: number
  readonly dropped: Float64Array
  readonly from: number
  readonly to: number
  readonly timeBase: Rational
  readonly preroll: number
  readonly path: string
  readonly delay: number
  readonly endsSequence: boolean
}

/** Throws errors with `code`, `call` and `avError`; ERR_CLOSED after finish() or close(). */
export interface NativeRemuxer {
  /** All tracks come before the first run; the track's number. */
  addTrack(track: NativeTrack): number
  addRun(run: NativePacketRun): void
  /** Writes up to that many packets; false when there are none left. */
  step(packets: number): boolean
  seconds(): number
  finish(): void
  /** Before finish(), leaves an incomplete file. */
  close(): void
}

/** What opens one stream for decoding. */
export interface NativeDecoding extends NativeSource {
  readonly streamIndex: number
  readonly codecThreads: number
  readonly maxPixels: number
}

/** A synthetic clip, an MP4 file; native/av/specs.h explains each field. Width and height are even. */
export interface NativeClip {
  /** Of a file that is created or emptied; a path, never a URL. */
  readonly path: string
  readonly width: number
  readonly height: number
  readonly frameRateNumerator: number
  readonly frameRateDenominator: number
  readonly seed: number
  readonly sceneFrames: number
  readonly pieceFrames: number
  readonly loops: number
  readonly encoder: string
  readonly keyInterval: number
  readonly bFrames: number
  readonly threads: number
}

/** Throws errors with `code`, `call` and `avError`; ERR_CLOSED from step() and finish() after finish() or close(). */
export interface NativeClipMaker {
  /** Encodes up to that many frames more of the piece; how many are done. */
  step(frames: number): number
  /** Encodes what is left of the piece, writes it `loops` times, and closes the file. `frames` counts those of the file. */
  finish(): { encoder: string; frames: number }
  /** Before finish(), leaves an incomplete file. */
  close(): void
}

export interface NativeBinding {
  versions(): { ffmpeg: string; license: string; libavcodec: number; libavformat: number; libswscale: number; libavutil: number }
  laneWords(): Record<string, number>
  /** The lane of every call that follows on this thread; null detaches. */
  useLane(words: Int32Array | null): void
  pixelFormatName(format: number): string
  /** What an encoder makes; both empty where the linked FFmpeg has none of that name. */
  encoderFacts(name: string): { type: string; codec: string }
  pictureBytes(picture: { pixelFormat: string; width: number; height: number }): number
  probe(source: NativeSource): NativeSourceFacts
  scanPackets(source: NativeSource & { readonly streamIndex: number }): NativePacketTable
  /** What the bitstream says of key packets: 0 no random-access point, 1 one, 2 one whose leading pictures are lost (open GOP). */
  randomAccess(
    options: NativeSource & { readonly streamIndex: number; readonly keys: readonly { readonly pts: number; readonly dts: number }[] },
  ): { kinds: number[]; setIds: number[] }
  /** PSNR in dB for each pair of targets; infinite for equal frames, NaN where they cannot be compared. */
  compareFrames(options: {
    readonly one: NativeDecoding
    readonly other: NativeDecoding
    readonly oneSegment: NativeSegment
    readonly otherSegment: NativeSegment
  }): Float64Array<ArrayBuffer>
  transcodeSubtitles(options: NativeSource & NativeSubtitles): void
  /** Numbers and bytes of marks that one analysed picture has. */
  analysisRow(): { numbers: number; markBytes: number }
  /** Fills those numbers of a row that tell what changed between two small rgb24 pictures. */
  measureChange(
    options: { readonly width: number; readonly height: number; readonly edges: boolean },
    before: Uint8Array,
    now: Uint8Array,
    numbers: Float32Array,
  ): void
  readonly Sampler: new (options: NativeDecoding) => NativeSampler
  readonly Analyzer: new (
    options: NativeDecoding & { readonly draft: boolean; readonly edges: boolean; readonly output: NativeOutput },
  ) => NativeAnalyzer
  readonly Transcoder: new (
    options: NativeDecoding & {
      readonly origin: number
      /** '' for none, 'auto', or FFmpeg's name of a kind of device. */
      readonly hardware: string
      readonly outputs: readonly NativePictureOutput[]
    },
  ) => NativeTranscoder
  readonly SoundTranscoder: new (options: NativeSource & NativeSound) => NativeSoundTranscoder
  readonly SoundAnalyzer: new (options: NativeSource & NativeSoundPart) => NativeSoundAnalyzer
  readonly Remuxer: new (options: NativeSource & NativeRemux) => NativeRemuxer
  readonly ClipMaker: new (clip: NativeClip) => NativeClipMaker
}

let loaded: NativeBinding | undefined

/**
 * The addon of this thread. `FRAMEMILL_ADDON` names another build of it.
 * @throws VideoError ERR_ADDON with the path tried and the command that builds it.
 */
export function loadBinding(): NativeBinding {
  return (loaded ??= load())
}

function load(): NativeBinding {
  const path = process.env['FRAMEMILL_ADDON'] ?? fileURLToPath(new URL('../../build/Release/framemill.node', import.meta.url))
  if (!existsSync(path)) {
    throw new VideoError('ERR_ADDON', `Cannot load the native addon: there is no ${path}; build it with: npm run build:native`, { path })
  }
  try {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- the contract test compares the addon with this type
    const binding: NativeBinding = createRequire(import.meta.url)(path)
    return binding
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new VideoError(
      'ERR_ADDON',
      `Cannot load the native addon ${path}: ${why}; build it for this machine with: npm run build:native`,
      {
        path,
        cause,
      },
    )
  }
}
