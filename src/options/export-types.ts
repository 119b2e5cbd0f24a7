// Owns what exportClips() and transcode() take and tell: clips, settings, progress, report. Types only.
import type { Transform } from './transform.js'

/**
 * How a clip is made.
 *
 * - `copy`: packets only. In MP4 and MOV the clip still begins and ends at the very frame, because what decoding needs before and after is
 *   kept and hidden by the edit list; other containers are cut at key frames.
 * - `smart`: exact to the frame without hidden pictures: packets are copied, and only the frames at the edges that cannot be are encoded.
 * - `encode`: every frame is decoded and encoded.
 * - `auto`: the cheapest of these that is exact to the frame; the report says which and why.
 */
export type ExportMode = 'auto' | 'copy' | 'smart' | 'encode'

/** Kinds of files that are written. */
export type Container = 'mp4' | 'mov' | 'mkv' | 'webm'

/** What encodes the pictures, where any are encoded. */
export interface VideoEncoding {
  /** FFmpeg's name of an encoder. Default: libx264, libvpx-vp9 for webm. With `smart`, edges are encoded by the source's own codec. */
  readonly encoder?: string | undefined
  /**
   * The encoder's own word for speed against size ("veryfast"). Default: 'veryfast' for libx264 and libx265, where FRAMEMILL_PRESET does not
   * say otherwise; '8' for libsvtav1.
   */
  readonly preset?: string | undefined
  /**
   * Constant quality; lower is better. Default: FRAMEMILL_CRF, else 23 (libx264), 28 (libx265), 10 (libvpx), 32 (libvpx-vp9, libaom-av1),
   * 35 (libsvtav1), 18 for the edges of a smart cut. Given
   * with mode 'auto', all is encoded.
   */
  readonly crf?: number | undefined
  /** Bits per second instead of constant quality. */
  readonly bitrate?: number | undefined
  /** FFmpeg's name of a pixel format. Default: the source's where the encoder takes it, else the nearest it takes. */
  readonly pixelFormat?: string | undefined
  /** Frames from key frame to key frame, at most. Default: the encoder's. */
  readonly keyInterval?: number | undefined
  /** Further options by FFmpeg's names; one that the encoder does not have is an error. */
  readonly options?: Readonly<Record<string, string | number>> | undefined
}

/** What encodes the sound. */
export interface AudioEncoding {
  /** FFmpeg's name of an encoder. Default: aac, libopus for webm. Naming one, or any other setting, makes audio be encoded. */
  readonly encoder?: string | undefined
  /** Bits per second. Default 128000 for up to two channels, 64000 for each beyond. */
  readonly bitrate?: number | undefined
  readonly channels?: number | undefined
  readonly sampleRate?: number | undefined
  readonly options?: Readonly<Record<string, string | number>> | undefined
}

/** What may be said for all clips and, again, for each. */
export interface ClipSettings {
  /** Default 'auto'. */
  readonly mode?: ExportMode | undefined
  /** Default 'mp4'; transcode() takes it from the output's name. */
  readonly container?: Container | undefined
  readonly video?: VideoEncoding | undefined
  /**
   * Of the sound stream that plays by itself; others are left out. false: none. 'copy': as it is, or left out with a warning where the
   * container does not hold it. Default: copied where it can be exact, else encoded.
   */
  readonly audio?: AudioEncoding | 'copy' | false | undefined
  readonly transform?: Transform | undefined
  /** A libavfilter graph for the pictures, instead of `transform`. It may open files and URLs itself: none for strangers to write. */
  readonly filter?: string | undefined
  /** A libavfilter graph for the sound. */
  readonly audioFilter?: string | undefined
  /** Subtitle streams are carried where the container takes them and the speed stays. Default true. */
  readonly subtitles?: boolean | undefined
  /** Chapters within the clip are carried. Default true. */
  readonly chapters?: boolean | undefined
  /** Tags of the source are carried. Default true. */
  readonly metadata?: boolean | undefined
}

/** A part of a source. It holds the frames from the first at or after `start` to the last before `end`. */
export interface Clip extends ClipSettings {
  /** Seconds on the timeline. */
  readonly start: number
  /** Seconds; default the end of the source. */
  readonly end?: number | undefined
  /** File name without extension. Default: the source's name and the clip's number. */
  readonly name?: string | undefined
  /** The title tag. */
  readonly title?: string | undefined
}

/**
 * What to do about a file that is there already: `skip` leaves one alone that was made, on record, by the same request from the same source;
 * for any other it is as `error`.
 */
export type ExistingFile = 'error' | 'overwrite' | 'skip'

interface RunSettings {
  /** Default 'error'. */
  readonly existing?: ExistingFile | undefined
  /** How often a clip is tried again after a fault that may pass. Default 2. */
  readonly retries?: number | undefined
  /**
   * Seconds of work after which one try of a clip is stopped; what it waits for a worker does not count. Default 300, as much again for
   * every ten minutes of the clip, and in proportion where pictures are larger than Full HD.
   */
  readonly timeoutSeconds?: number | undefined
  /**
   * Threads inside each decoder and encoder. Default 1: clips, and parts of long ones, are encoded side by side, and with one thread an encoder
   * gives the same packets on every host. More help where a single clip cannot be cut: a short one, or one whose filters remember frames.
   */
  readonly encoderThreads?: number | undefined
  /** Decoding in hardware: 'none' (default), 'auto', or FFmpeg's name of a kind of device. Falls back to software with a warning. */
  readonly hwaccel?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** What it throws ends the export: finished clips stay, and the promise rejects with it. */
  readonly onProgress?: ((progress: ExportProgress) => void) | undefined
}

/** What all clips share, and where they go. */
export interface ExportOptions extends ClipSettings, RunSettings {
  /** Folder of the outputs; made where it is missing. */
  readonly outDir: string
  /** Clips at work at once. Default: FRAMEMILL_EXPORT_WORKERS, else as many as workers can be kept busy with. */
  readonly clipsAtOnce?: number | undefined
}

/** As for a clip, of the whole source unless a part is named. */
export interface TranscodeOptions extends ClipSettings, RunSettings {
  /** Seconds on the timeline; default 0. */
  readonly start?: number | undefined
  /** Seconds; default the end. */
  readonly end?: number | undefined
  readonly title?: string | undefined
}

/** Where an export stands. */
export interface ExportProgress {
  /** Of all clips, 0 to 1, by seconds of video. */
  readonly fraction: number
  readonly clipsDone: number
  readonly clipsFailed: number
  readonly clipsTotal: number
  /** Frames encoded and packets copied so far, of all pictures. */
  readonly frames: number
  /** Seconds of video written so far, and in all. */
  readonly seconds: number
  readonly secondsTotal: number
  /** The clips at work, in their order. */
  readonly active: readonly { readonly name: string; readonly fraction: number }[]
}

/** `skipped`: the file was there already, made by the same request. */
export type ClipStatus = 'done' | 'skipped' | 'failed' | 'cancelled'

/** What became of one clip. */
export interface ClipReport {
  readonly name: string
  readonly status: ClipStatus
  /** How it was made; null when it was not. */
  readonly mode: Exclude<ExportMode, 'auto'> | null
  /** Why it was made so. */
  readonly reason: string
  /** Seconds on the source's timeline of what the file shows: its first frame, and the end of its last one. */
  readonly start: number
  readonly end: number
  /** Path of the file; null when there is none. */
  readonly output: string | null
  /** Frames shown. */
  readonly frames: number
  /** Of these, the ones that were encoded. */
  readonly encodedFrames: number
  readonly bytes: number
  readonly attempts: number
  readonly wallSeconds: number
  /** What was done otherwise than asked, and what recovery was tried. */
  readonly warnings: readonly string[]
  /** `code` is that of a VideoError, ABORT_ERR when cancelled, ERR_USAGE for settings that this source does not allow, or ERR_UNEXPECTED. */
  readonly error: { readonly code: string; readonly message: string } | null
}

/** What became of all clips, in their order, and what it took. */
export interface ExportReport {
  readonly source: string
  readonly clips: readonly ClipReport[]
  readonly totals: {
    readonly clips: number
    readonly done: number
    readonly skipped: number
    readonly failed: number
    readonly cancelled: number
    readonly frames: number
    readonly encodedFrames: number
    /** Seconds of video in the files. */
    readonly seconds: number
    readonly bytes: number
    readonly wallSeconds: number
    readonly cpuSeconds: number
    /** Seconds that all tasks took, added up: what one worker would have taken. */
    readonly taskSeconds: number
    /** taskSeconds / wallSeconds. */
    readonly speedUp: number
    readonly workers: number
    /** Share of the time in which workers had a task, 0 to 1. */
    readonly utilisation: number
    /** Peak resident set size of the process in bytes. */
    readonly peakMemory: number
  }
}
