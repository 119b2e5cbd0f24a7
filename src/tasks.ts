// Owns the words between planner, scheduler and worker: tasks and their results. Types only; plain data that survives a
// structured clone and may run anywhere, twice, in any order.
import type { VideoErrorCode } from './errors.js'
import type {
  NativeOutput,
  NativePacketRun,
  NativePacketTable,
  NativePictureOutput,
  NativeRemux,
  NativeSound,
  NativeSoundGap,
  NativeSoundPart,
  NativeSource,
  NativeSourceFacts,
  NativeSubtitles,
  NativeTrack,
} from './native/binding.js'

/** A source as a worker opens it. `identity` changes with the file's size and time, so a stale reader is never reused. */
export interface TaskSource extends NativeSource {
  readonly identity: string
  /** As the user named it, for messages. */
  readonly name: string
}

/** A key packet; NaN where the container has no such timestamp. */
export interface KeyPoint {
  readonly pts: number
  readonly dts: number
}

export interface ProbeTask {
  readonly kind: 'probe'
  readonly source: TaskSource
}

export interface ScanTask {
  readonly kind: 'scan'
  readonly source: TaskSource
  readonly streamIndex: number
}

/** Decodes without converting, to learn which frames exist from `start` (null: the first packet) through `until` ticks. */
export interface SurveyTask {
  readonly kind: 'survey'
  readonly source: TaskSource
  readonly streamIndex: number
  readonly maxPixels: number
  readonly start: KeyPoint | null
  readonly until: number
}

/** Targets of one decoder run. */
export interface Segment {
  readonly start: KeyPoint | null
  /** Earlier places to begin at when a plain decode from `start` does not give every target, nearest first. null: the first packet. */
  readonly fallbacks: readonly (KeyPoint | null)[]
  /** From here on, reading on to `start` is cheaper than seeking; NaN: from the start of the file too. */
  readonly nearDts: number
  readonly skipUnreferenced: boolean
  readonly plain: boolean
  /** A target without a frame of its own shows the frame before it. */
  readonly showPrevious: boolean
  readonly byOrdinal: boolean
  /** Presentation ticks (or ordinals), ascending. */
  readonly targets: readonly number[]
  /** The frame each target is, by the plan's numbering; as long as `targets`. */
  readonly frames: readonly number[]
}

export interface SampleTask {
  readonly kind: 'sample'
  readonly source: TaskSource
  readonly streamIndex: number
  readonly maxPixels: number
  readonly codecThreads: number
  readonly output: NativeOutput
  readonly segments: readonly Segment[]
}

/** Frames of one stream, decoded once and encoded into spools. */
export interface EncodePicturesTask {
  readonly kind: 'encode-pictures'
  readonly source: TaskSource
  readonly streamIndex: number
  readonly maxPixels: number
  readonly codecThreads: number
  /** Bytes of one picture, the larger of what is decoded and what is encoded, for the memory that many of them need. */
  readonly pictureBytes: number
  /** Ticks that become zero. */
  readonly origin: number
  readonly run: DecoderRun
  /** See NativeBinding.Transcoder. */
  readonly hardware: string
  readonly outputs: readonly NativePictureOutput[]
}

/** One run of a decoder whose frames are used in their order. */
export type DecoderRun = Pick<Segment, 'start' | 'fallbacks' | 'skipUnreferenced' | 'plain' | 'byOrdinal' | 'targets'>

/** Frames of one stream, measured. */
export interface AnalyzePicturesTask {
  readonly kind: 'analyze-pictures'
  readonly source: TaskSource
  readonly streamIndex: number
  readonly maxPixels: number
  readonly codecThreads: number
  /** Decodes faster and not exactly. */
  readonly draft: boolean
  readonly edges: boolean
  /** The small picture that is measured: rgb24. */
  readonly output: NativeOutput
  /** In the order of presentation. */
  readonly runs: readonly DecoderRun[]
}

/** What changed between small pictures that different tasks decoded. */
export interface MeasureChangesTask {
  readonly kind: 'measure-changes'
  readonly source: TaskSource
  readonly width: number
  readonly height: number
  readonly edges: boolean
  /** rgb24. */
  readonly pairs: readonly { readonly before: Uint8Array<ArrayBuffer>; readonly now: Uint8Array<ArrayBuffer> }[]
}

/** The sound of a clip, encoded into a spool. */
export interface EncodeSoundTask {
  readonly kind: 'encode-sound'
  readonly source: TaskSource
  readonly sound: NativeSound
}

/** The sound of a part of a stream, measured. */
export interface AnalyzeSoundTask {
  readonly kind: 'analyze-sound'
  readonly source: TaskSource
  readonly sound: NativeSoundPart
}

/** The text subtitles of a clip in another codec, into a spool. */
export interface EncodeSubtitlesTask {
  readonly kind: 'encode-subtitles'
  readonly source: TaskSource
  readonly subtitles: NativeSubtitles
}

/** A file put together from packets of the source and of spools. */
export interface WriteFileTask {
  readonly kind: 'write-file'
  readonly source: TaskSource
  readonly file: NativeRemux
  readonly tracks: readonly NativeTrack[]
  readonly runs: readonly NativePacketRun[]
  /** For progress: how long the file will be. */
  readonly seconds: number
}

/** What the bitstream says of key packets. */
export interface InspectTask {
  readonly kind: 'inspect'
  readonly source: TaskSource
  readonly streamIndex: number
  readonly keys: readonly KeyPoint[]
}

/** Frames of the source and of another file, compared one by one. */
export interface CompareTask {
  readonly kind: 'compare'
  readonly source: TaskSource
  readonly streamIndex: number
  readonly maxPixels: number
  readonly run: DecoderRun
  readonly other: { readonly source: TaskSource; readonly streamIndex: number; readonly run: DecoderRun }
}

export type Task =
  | ProbeTask
  | ScanTask
  | SurveyTask
  | SampleTask
  | EncodePicturesTask
  | AnalyzePicturesTask
  | MeasureChangesTask
  | EncodeSoundTask
  | AnalyzeSoundTask
  | EncodeSubtitlesTask
  | WriteFileTask
  | InspectTask
  | CompareTask

export interface TaskFailure {
  readonly code: VideoErrorCode | 'CANCELLED'
  readonly message: string
  readonly call: string
  readonly avError: number
}

/** A frame that the plan named and the stream does not have. */
export interface MissingFrame {
  readonly frame: number
  readonly reason: string
}

/** How a sample task ended. */
export interface SampleEnd {
  readonly kind: 'sample'
  /** `yielded` and `tooSmall` leave targets undone, to be sent again. */
  readonly status: 'done' | 'yielded' | 'tooSmall'
  /** Bytes of the picture that did not fit; 0 but for `tooSmall`. */
  readonly neededBytes: number
  readonly missing: readonly MissingFrame[]
  /** Milliseconds that each segment took, waits for slots included; those that were begun, in the task's order. */
  readonly segmentMs: readonly number[]
}

export type TaskValue =
  | { readonly kind: 'probe'; readonly facts: NativeSourceFacts }
  | { readonly kind: 'scan'; readonly packets: NativePacketTable }
  /** Presentation ticks of every frame, in the order of output, and whether the decoder calls it a key frame (1) or not. */
  | { readonly kind: 'survey'; readonly pts: Float64Array<ArrayBuffer>; readonly keys: Uint8Array<ArrayBuffer> }
  | SampleEnd
  | EncodedPictures
  | AnalyzedPictures
  /** One row for each pair; only what tells of a change is filled. */
  | { readonly kind: 'measure-changes'; readonly numbers: Float32Array<ArrayBuffer> }
  | { readonly kind: 'encode-sound' }
  | AnalyzedSound
  | { readonly kind: 'encode-subtitles' }
  | { readonly kind: 'write-file' }
  /** See NativeBinding.randomAccess. */
  | { readonly kind: 'inspect'; readonly kinds: readonly number[]; readonly setIds: readonly number[] }
  /** See NativeBinding.compareFrames. */
  | { readonly kind: 'compare'; readonly psnr: Float64Array<ArrayBuffer> }

export interface EncodedPictures {
  readonly kind: 'encode-pictures'
  readonly outputs: readonly { readonly frames: number; readonly width: number; readonly height: number; readonly pixelFormat: string }[]
  /** Targets without a frame, and FFmpeg's words for why. */
  readonly missing: number
  readonly reason: string
  /** The kind of device that decoded; '' for software. */
  readonly device: string
}

/** One row for each target of the task, in their order; a target without a frame has NaN. See NativeBinding.Analyzer. */
export interface AnalyzedPictures {
  readonly kind: 'analyze-pictures'
  readonly numbers: Float32Array<ArrayBuffer>
  readonly marks: Uint8Array<ArrayBuffer>
  readonly first: Uint8Array<ArrayBuffer>
  readonly last: Uint8Array<ArrayBuffer>
  readonly missing: number
  /** FFmpeg's words for what is missing. */
  readonly reason: string
}

/** See NativeSoundAnalyzer: `windows` row by row, gaps in seconds from the start of the part. */
export interface AnalyzedSound {
  readonly kind: 'analyze-sound'
  readonly windows: Float32Array<ArrayBuffer>
  readonly gaps: readonly NativeSoundGap[]
}

export type TaskResult = { readonly ok: true; readonly value: TaskValue } | { readonly ok: false; readonly error: TaskFailure }

/** Slots lent to a sample task: slot i lies at `i * slotBytes`. */
export interface SlotMemory {
  readonly buffer: SharedArrayBuffer
  readonly slotBytes: number
  /**
   * Where each frame of the plan goes, for results that have a place of their own (rows of a tensor): then a granted slot is
   * only the leave to finish one more. null: the picture goes into the granted slot.
   */
  readonly rows: readonly number[] | null
}

/** What the main thread sends to a worker. */
export interface TaskEnvelope {
  readonly task: Task
  readonly lane: SharedArrayBuffer
  readonly slots: SlotMemory | null
}
