// Owns what exportClips() and transcode() work from: settings checked and merged, with every key set. Types only.
import type { Container, ExistingFile, ExportMode, ExportProgress } from './export-types.js'
import type { Transform } from './transform.js'

/** null: not said, so that the encoder's or framemill's default holds. */
export interface ResolvedVideo {
  readonly encoder: string | null
  readonly preset: string | null
  readonly crf: number | null
  readonly bitrate: number | null
  readonly pixelFormat: string | null
  readonly keyInterval: number | null
  readonly options: readonly (readonly [string, string])[]
}

export interface ResolvedAudio {
  /** `auto`: copied where that can be exact. */
  readonly mode: 'auto' | 'copy' | 'encode' | 'none'
  readonly encoder: string | null
  readonly bitrate: number | null
  readonly channels: number | null
  readonly sampleRate: number | null
  readonly options: readonly (readonly [string, string])[]
}

export interface ResolvedClip {
  /** Position among the clips, from 1. */
  readonly number: number
  readonly name: string | null
  readonly title: string | null
  readonly start: number
  /** Infinity: to the end of the source. */
  readonly end: number
  readonly mode: ExportMode
  readonly container: Container
  readonly video: ResolvedVideo
  /** The same without the environment: the edges of a smart cut are to look like the source, not like what is usually encoded here. */
  readonly edges: ResolvedVideo
  readonly audio: ResolvedAudio
  /** null also for one that changes nothing. */
  readonly transform: Transform | null
  readonly filter: string | null
  /** null also where there is no sound. */
  readonly audioFilter: string | null
  readonly subtitles: boolean
  readonly chapters: boolean
  readonly metadata: boolean
}

export interface ResolvedRun {
  readonly existing: ExistingFile
  readonly retries: number
  readonly timeoutSeconds: number | null
  readonly encoderThreads: number
  readonly hwaccel: string
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: ExportProgress) => void
}

export interface ResolvedExport {
  readonly run: ResolvedRun
  readonly outDir: string
  readonly clipsAtOnce: number | null
  readonly clips: readonly ResolvedClip[]
}

export interface ResolvedTranscode {
  readonly run: ResolvedRun
  /** As given. */
  readonly output: string
  readonly clip: ResolvedClip
}
