// Owns what the flags of `export` and `transcode` mean together, under the names of the API, and what contradicts what. No I/O.
import type { AudioEncoding, ClipSettings, EngineOptions, TranscodeOptions, Transform, VideoEncoding } from '../index.js'
import type { Place, TextPlace } from './export-values.js'
import { Misuse } from './failure.js'

/** As parsed, under the names commander gives them. Absent: not on the command line. */
export interface SettingFlags
  extends
    Pick<ClipSettings, 'mode' | 'container' | 'filter' | 'audioFilter' | 'subtitles' | 'chapters' | 'metadata'>,
    Pick<VideoEncoding, 'encoder' | 'preset' | 'crf' | 'bitrate' | 'pixelFormat' | 'keyInterval'>,
    Pick<AudioEncoding, 'channels' | 'sampleRate'>,
    Omit<Transform, 'stack' | 'overlay' | 'text'>,
    Pick<TranscodeOptions, 'existing' | 'retries' | 'encoderThreads' | 'hwaccel'>,
    Pick<EngineOptions, 'workers' | 'memoryLimit' | 'cache' | 'allowPlaylists'> {
  encoderOption?: Readonly<Record<string, string>>
  /** copy, none, or the name of an encoder. */
  audio?: string
  audioBitrate?: number
  stack?: string
  overlay?: string
  overlayAt?: Place
  text?: string
  textAt?: TextPlace
  /** Seconds for one try of a clip. */
  timeout?: number
  json?: boolean
  report?: string
  quiet?: boolean
}

/** What a run does, but for its source, its clips and where they go. */
export interface ExportRequest {
  readonly engine: EngineOptions
  readonly settings: Omit<TranscodeOptions, 'start' | 'end' | 'title' | 'signal' | 'onProgress'>
  readonly json: boolean
  readonly report: string | undefined
  readonly quiet: boolean
}

/** @throws Misuse for what cannot be meant; values that only the API can judge are left to it */
export function resolveSettingFlags(flags: SettingFlags): ExportRequest {
  const { mode, container, filter, audioFilter, existing, retries, timeout, encoderThreads, hwaccel } = flags
  const { workers, memoryLimit, cache, allowPlaylists, json = false, report, quiet = false } = flags
  return {
    engine: { workers, memoryLimit, cache, allowPlaylists },
    settings: {
      mode,
      container,
      video: videoOf(flags),
      audio: audioOf(flags),
      transform: transformOf(flags),
      filter,
      audioFilter,
      subtitles: refused(flags.subtitles),
      chapters: refused(flags.chapters),
      metadata: refused(flags.metadata),
      existing,
      retries,
      timeoutSeconds: timeout,
      encoderThreads,
      hwaccel,
    },
    json,
    report,
    quiet,
  }
}

function videoOf({ encoder, preset, crf, bitrate, pixelFormat, keyInterval, encoderOption }: SettingFlags): VideoEncoding | undefined {
  if (crf !== undefined && bitrate !== undefined) throw new Misuse('--crf and --bitrate contradict each other: ask for a quality or a size')
  return unlessEmpty({ encoder, preset, crf, bitrate, pixelFormat, keyInterval, options: encoderOption })
}

function audioOf({ audio, audioBitrate, channels, sampleRate }: SettingFlags): ClipSettings['audio'] {
  const given = unlessEmpty({ bitrate: audioBitrate, channels, sampleRate })
  if (audio !== 'copy' && audio !== 'none') return audio === undefined ? given : { encoder: audio, ...given }
  if (given !== undefined) throw new Misuse(`--audio ${audio} encodes no sound: --audio-bitrate, --channels and --sample-rate do not apply`)
  return audio === 'copy' ? 'copy' : false
}

function transformOf(flags: SettingFlags): Transform | undefined {
  const { crop, rotate, flip, width, height, fit, background, pad, fps, speed, eq, denoise, blur } = flags
  const { fadeIn, fadeOut, volume, loudness, stack, overlay, overlayAt, text, textAt } = flags
  if (overlayAt !== undefined && overlay === undefined) throw new Misuse('--overlay-at needs --overlay FILE')
  if (textAt !== undefined && text === undefined) throw new Misuse('--text-at needs --text TEXT')
  return unlessEmpty({
    ...{ crop, rotate, flip, width, height, fit, background, fps, speed, eq, denoise, blur, fadeIn, fadeOut, volume, loudness },
    pad: pad === undefined ? undefined : { ...pad, color: background },
    stack: stack === undefined ? undefined : { source: stack },
    overlay: overlay === undefined ? undefined : { image: overlay, ...overlayAt },
    text: text === undefined ? undefined : { text, ...textAt },
  })
}

/** Of a `--no-` flag: false where it was given. Commander says true where it was not, which is the API's default and not a wish. */
function refused(flag: boolean | undefined): false | undefined {
  return flag === false ? false : undefined
}

function unlessEmpty<Settings extends object>(settings: Settings): Settings | undefined {
  return Object.values(settings).some((value) => value !== undefined) ? settings : undefined
}
