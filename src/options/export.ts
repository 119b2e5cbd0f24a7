// Owns how the settings of exportClips() and transcode() are merged: a clip's own, else those for all clips, else the environment's.
import { expected } from '../errors.js'
import { environmentClipsAtOnce, environmentCrf, environmentPreset } from './export-environment.js'
import { checkClip, checkNames } from './export-rules.js'
import { parseClip, parseExportOptions, parseTranscodeOptions } from './export-schema.js'
import type { ResolvedAudio, ResolvedClip, ResolvedExport, ResolvedRun, ResolvedTranscode, ResolvedVideo } from './export-resolved.js'
import type { AudioEncoding, Clip, ClipSettings, Container, ExportOptions, TranscodeOptions, VideoEncoding } from './export-types.js'

export type { ResolvedAudio, ResolvedClip, ResolvedExport, ResolvedRun, ResolvedTranscode, ResolvedVideo } from './export-resolved.js'

/** @throws TypeError, RangeError naming the option, of a clip as "clips.2.end", counted from 0 as the array is */
export function resolveExport(clips: readonly Clip[], options: ExportOptions): ResolvedExport {
  const given = parseExportOptions(options)
  if (!Array.isArray(clips)) throw new TypeError(expected('an array', 'clips', clips))
  if (clips.length === 0) throw new RangeError(expected('at least 1 clip', 'clips', clips))
  const resolved = clips.map((clip, index) => {
    const owner = `clips.${index}`
    return resolveClip(parseClip(clip, owner), given, { number: index + 1, owner })
  })
  checkNames(resolved)
  return { run: resolveRun(given), outDir: given.outDir, clipsAtOnce: given.clipsAtOnce ?? environmentClipsAtOnce(), clips: resolved }
}

/** @throws TypeError, RangeError naming the option */
export function resolveTranscode(output: string, options: TranscodeOptions): ResolvedTranscode {
  const given = parseTranscodeOptions(options)
  if (typeof output !== 'string') throw new TypeError(expected('a path', 'output', output))
  if (output === '' || output.includes('\0')) throw new RangeError(expected('a path that is not empty and has no NUL', 'output', output))
  const { start = 0, end, title } = given
  const container = given.container ?? containerOf(output)
  const named = containersByExtension.get(extensionOf(output))
  if (named !== undefined && named !== container) throw new RangeError(expected(`a name that ends in .${container}`, 'output', output))
  return { run: resolveRun(given), output, clip: resolveClip({ start, end, title, container }, given, { number: 1, owner: '' }) }
}

const containersByExtension: ReadonlyMap<string, Container> = new Map([
  ['mp4', 'mp4'],
  ['m4v', 'mp4'],
  ['mov', 'mov'],
  ['mkv', 'mkv'],
  ['webm', 'webm'],
])

function extensionOf(output: string): string {
  return /\.([^./\\]+)$/.exec(output)?.[1]?.toLowerCase() ?? ''
}

function containerOf(output: string): Container {
  const container = containersByExtension.get(extensionOf(output))
  if (container === undefined) {
    throw new RangeError(expected('a name that ends in .mp4, .m4v, .mov, .mkv or .webm, or a container,', 'output', output))
  }
  return container
}

function resolveRun(given: ExportOptions | TranscodeOptions): ResolvedRun {
  return {
    existing: given.existing ?? 'error',
    retries: given.retries ?? 2,
    timeoutSeconds: given.timeoutSeconds ?? null,
    encoderThreads: given.encoderThreads ?? 1,
    hwaccel: given.hwaccel ?? 'none',
    signal: given.signal,
    onProgress: given.onProgress ?? (() => undefined),
  }
}

function resolveClip(own: Clip, shared: ClipSettings, { number, owner }: { number: number; owner: string }): ResolvedClip {
  const audio = resolveAudio(own.audio, shared.audio)
  const container = own.container ?? shared.container ?? 'mp4'
  // Two ways of saying one thing: a clip that says either does not have the other from the options.
  const change = own.transform === undefined && own.filter === undefined ? shared : own
  const video = resolveVideo(own.video, shared.video)
  const asked: ResolvedClip = {
    number,
    name: own.name ?? null,
    title: own.title ?? null,
    start: own.start,
    end: own.end ?? Infinity,
    mode: own.mode ?? shared.mode ?? 'auto',
    container,
    video,
    edges: video,
    audio,
    transform: hasValues(change.transform) ? change.transform : null,
    filter: change.filter ?? null,
    audioFilter: audio.mode === 'none' ? null : (own.audioFilter ?? shared.audioFilter ?? null),
    subtitles: own.subtitles ?? shared.subtitles ?? true,
    chapters: own.chapters ?? shared.chapters ?? true,
    metadata: own.metadata ?? shared.metadata ?? true,
  }
  checkClip(asked, owner)
  return { ...asked, video: withEnvironment(asked) }
}

function hasValues<Value extends object>(value: Value | undefined): value is Value {
  return value !== undefined && Object.values(value).some((one) => one !== undefined)
}

function resolveVideo(own: VideoEncoding = {}, shared: VideoEncoding = {}): ResolvedVideo {
  const quality = own.crf === undefined && own.bitrate === undefined ? shared : own
  return {
    encoder: own.encoder ?? shared.encoder ?? null,
    preset: own.preset ?? shared.preset ?? null,
    crf: quality.crf ?? null,
    bitrate: quality.bitrate ?? null,
    pixelFormat: own.pixelFormat ?? shared.pixelFormat ?? null,
    keyInterval: own.keyInterval ?? shared.keyInterval ?? null,
    options: pairs(own.options ?? shared.options),
  }
}

/** Others have no such option, or a scale of their own. */
const encodersWithCrf = new Set(['libx264', 'libx265', 'libvpx', 'libvpx-vp9', 'libaom-av1', 'libsvtav1'])

/** Presets are the encoder's own words, so the environment's is for the two encoders that share theirs. */
function withEnvironment({ video, container, mode }: ResolvedClip): ResolvedVideo {
  if (mode === 'copy' || mode === 'smart') return video
  const { encoder, bitrate } = video
  const knowsCrf = encoder === null || encodersWithCrf.has(encoder)
  const knowsPreset = encoder === null ? container !== 'webm' : encoder === 'libx264' || encoder === 'libx265'
  return {
    ...video,
    preset: video.preset ?? (knowsPreset ? environmentPreset() : null),
    crf: video.crf ?? (bitrate === null && knowsCrf ? environmentCrf() : null),
  }
}

function resolveAudio(own: ClipSettings['audio'], shared: ClipSettings['audio']): ResolvedAudio {
  const chosen = own ?? shared
  const unset = { encoder: null, bitrate: null, channels: null, sampleRate: null, options: [] }
  if (chosen === false) return { mode: 'none', ...unset }
  if (chosen === 'copy') return { mode: 'copy', ...unset }
  const first: AudioEncoding = chosen ?? {}
  const second: AudioEncoding = typeof shared === 'object' ? shared : {}
  const encoding = {
    encoder: first.encoder ?? second.encoder ?? null,
    bitrate: first.bitrate ?? second.bitrate ?? null,
    channels: first.channels ?? second.channels ?? null,
    sampleRate: first.sampleRate ?? second.sampleRate ?? null,
    options: pairs(first.options ?? second.options),
  }
  const { options, ...rest } = encoding
  const isAsked = options.length > 0 || Object.values(rest).some((value) => value !== null)
  return { mode: isAsked ? 'encode' : 'auto', ...encoding }
}

function pairs(options: Readonly<Record<string, string | number>> = {}): (readonly [string, string])[] {
  return Object.entries(options).map(([name, value]) => [name, String(value)])
}
