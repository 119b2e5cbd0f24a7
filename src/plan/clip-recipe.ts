// Owns the tasks that make one clip: what is encoded into spools, what is copied, how the file is put together. Pure.
import type { NativePacketRun, NativeStreamFacts, NativeTrack } from '../native/binding.js'
import type { PacketIndex } from '../source/packet-index.js'
import type { DecoderRun, EncodePicturesTask, EncodeSoundTask, EncodeSubtitlesTask, WriteFileTask } from '../tasks.js'
import type { CopyCut, SmartCut } from './clip-cut.js'
import type { ClipSource, RecipeRequest } from './clip-request.js'
import { fileOf } from './clip-file.js'
import { bytesPerPixel } from './filter-shape.js'
import { segmentsOf, tickStep, type ClipSpan } from './clip-span.js'
import { soundTrack, subtitleTracks, type SoundPlan } from './clip-sound.js'
import { containers, hides } from './containers.js'
import { videoOptions, type EdgeEncoder } from './encoder-settings.js'
import { canSkipUnreferenced } from './skipping.js'

/** Frames of the source that the file shows again, and whether they were copied. */
export interface ShownFrames {
  readonly first: number
  readonly last: number
  readonly isCopied: boolean
}

export type EncodeTask = EncodePicturesTask | EncodeSoundTask | EncodeSubtitlesTask

export interface Recipe {
  readonly encodes: readonly EncodeTask[]
  readonly write: WriteFileTask
  readonly span: ClipSpan
  readonly shown: readonly ShownFrames[]
  /** The file has packets that show frames beyond its end: seconds after which it must be told to end; null otherwise. */
  readonly endsAt: number | null
  readonly warnings: readonly string[]
}

/** Earlier places to decode from when the first frame does not come from the usual one: each costs a GOP or two. */
const mostFallbacks = 2
/** A time base has 32 bits for its numerator; where a step does not fit, the source's own ticks do. */
const mostNumerator = 2 ** 31 - 1

/** All frames are decoded and encoded, a long clip in several runs. */
export function encodeRecipe(request: RecipeRequest): Recipe {
  const { source, clip, span, filters, encoderThreads } = request
  const isWhole = !filters.isPerFrame || clip.filter !== null || source.index.identity === 'ordinal'
  const segments = isWhole ? [span] : segmentsOf(source.index, span)
  const step = stepOf(request)
  const encoder = clip.video.encoder ?? containers[clip.container].videoEncoder
  const encodes = segments.map(({ first, last }, number) =>
    encodeTask(request, { first, last }, step, {
      path: request.spool(`v${number}`),
      encoder,
      options: videoOptions(encoder, clip.video, encoderThreads),
      isTimed: filters.pace === 1 && clip.filter === null,
    }),
  )
  const track: NativeTrack = {
    streamIndex: source.stream.index,
    spool: request.spool('v0'),
    edges: '',
    keepSideData: filters.video === null && clip.filter === null,
  }
  const runs = segments.map((_, number) => spoolRun(0, request.spool(`v${number}`)))
  const shown = [{ first: span.first, last: span.last, isCopied: false }]
  return finished(request, span, { encodes, track, runs, shown, pace: filters.pace })
}

/** No frame is decoded. */
export function copyRecipe(request: RecipeRequest, { packets, span }: CopyCut): Recipe {
  const track: NativeTrack = { streamIndex: request.source.stream.index, spool: '', edges: '', keepSideData: true }
  const run = packetRun(request.source.index, span, packets)
  const shown = [{ first: span.first, last: span.last, isCopied: true }]
  const recipe = finished(request, span, { encodes: [], track, runs: [run], shown, pace: 1 })
  const { index } = request.source
  const hidesEnd = hides(request.clip.container, request.source.stream.codec) && latestOf(index, packets) >= span.end
  return hidesEnd ? { ...recipe, endsAt: index.timeline.duration(span.end - span.origin) } : recipe
}

/** The largest timestamp among the packets. */
function latestOf({ packets }: PacketIndex, { start, count }: SmartCut['packets']): number {
  const from = Math.max(0, start)
  return packets.pts.subarray(from, from + count).reduce((latest, pts) => (pts > latest ? pts : latest), -Infinity)
}

/** `isOpen`: what is copied begins at a CRA picture. */
export function smartRecipe(request: RecipeRequest, cut: SmartCut, edges: EdgeEncoder, isOpen: boolean): Recipe {
  const { source, span } = request
  const { index } = source
  const head = { first: span.first, last: cut.copied.first }
  const tail = { first: cut.copied.last, last: span.last }
  const ends = [
    { ...head, path: request.spool('head') },
    { ...tail, path: request.spool('tail') },
  ].filter(({ first, last }) => first < last)
  const encodes = ends.map(({ first, last, path }) =>
    encodeTask(request, { first, last }, 1, { path, encoder: edges.encoder, options: edges.options, isTimed: true }),
  )
  const start = Math.max(0, cut.packets.start)
  const delay = Math.max(0, (index.packets.pts[start] ?? 0) - (index.packets.dts[start] ?? NaN)) || 0
  const hasHead = head.first < head.last
  const hasTail = tail.first < tail.last
  const runs = [
    ...(hasHead ? [{ ...spoolRun(0, request.spool('head')), delay, endsSequence: isOpen }] : []),
    packetRun(index, hasTail ? { ...span, end: NaN } : span, cut.packets),
    ...(hasTail ? [spoolRun(0, request.spool('tail'))] : []),
  ]
  const track: NativeTrack = { streamIndex: source.stream.index, spool: '', edges: ends[0]?.path ?? '', keepSideData: true }
  const shown = [
    { ...head, isCopied: false },
    { ...cut.copied, isCopied: true },
    { ...tail, isCopied: false },
  ].filter(({ first, last }) => first < last)
  return finished(request, span, { encodes, track, runs, shown, pace: 1 })
}

/** Targets of one run of the decoder, and where it begins. */
export function decoderRun({ stream, index }: ClipSource, first: number, last: number): DecoderRun {
  const isOrdinal = index.identity === 'ordinal'
  const named = isOrdinal ? [...index.sources.subarray(first, last)].sort((a, b) => a - b) : Array.from(index.frames.subarray(first, last))
  const start = index.startOf(first)
  return {
    start: isOrdinal ? null : index.keyPoint(start),
    fallbacks: isOrdinal ? [] : index.earlierStarts(start, mostFallbacks),
    skipUnreferenced: canSkipUnreferenced(stream, index),
    plain: isOrdinal || index.isAmbiguous,
    byOrdinal: isOrdinal,
    targets: named,
  }
}

interface PictureEncoding {
  readonly path: string
  readonly encoder: string
  readonly options: readonly string[]
  /** Frames come out when they went in: then the last one's end is known. */
  readonly isTimed: boolean
}

function encodeTask(
  { source, clip, span, filters, encoderThreads, hardware, maxPixels }: RecipeRequest,
  { first, last }: { readonly first: number; readonly last: number },
  step: number,
  { path, encoder, options, isTimed }: PictureEncoding,
): EncodePicturesTask {
  const { stream, index } = source
  const end = last === span.last ? span.end : (index.frames[last] ?? NaN)
  const { num, den } = stream.timeBase
  return {
    kind: 'encode-pictures',
    source: source.task,
    streamIndex: stream.index,
    maxPixels,
    codecThreads: encoderThreads,
    pictureBytes:
      Math.max(stream.width * stream.height, filters.width * filters.height) * bytesPerPixel(clip.video.pixelFormat ?? stream.pixelFormat),
    origin: span.origin,
    run: decoderRun(source, first, last),
    hardware,
    outputs: [
      {
        path,
        filter: filters.video ?? '',
        encoder,
        pixelFormat: clip.video.pixelFormat ?? '',
        timeBase: { num: num * step, den },
        frameRate: frameRateOf(source, span),
        end: isTimed ? Math.round((end - span.origin) / step) : NaN,
        threads: encoderThreads,
        options,
      },
    ],
  }
}

function stepOf({ source, span }: RecipeRequest): number {
  const step = tickStep(source.index, span)
  return step * source.stream.timeBase.num > mostNumerator ? 1 : step
}

/** Rate control and levels go by it; timestamps do not. */
function frameRateOf({ stream, index }: ClipSource, { first, last, origin, end }: ClipSpan): NativeStreamFacts['averageFrameRate'] {
  for (const rate of [stream.averageFrameRate, stream.nominalFrameRate]) if (rate.num > 0 && rate.den > 0) return rate
  const seconds = index.timeline.duration(end - origin)
  return seconds > 0 ? { num: Math.max(1, Math.round(((last - first) / seconds) * 1000)), den: 1000 } : { num: 25, den: 1 }
}

const emptyRun = {
  origin: 0,
  startPts: NaN,
  startDts: NaN,
  fromStreamStart: false,
  count: 0,
  dropped: new Float64Array(0),
  from: NaN,
  to: NaN,
  timeBase: { num: 1, den: 1 },
  preroll: 0,
  path: '',
  delay: 0,
  endsSequence: false,
} as const

function spoolRun(track: number, path: string): NativePacketRun {
  return { ...emptyRun, kind: 'spool', track, path }
}

function packetRun(index: PacketIndex, span: ClipSpan, { start, count, dropped }: SmartCut['packets']): NativePacketRun {
  const key = index.keyPoint(start)
  return {
    ...emptyRun,
    kind: 'indexed',
    track: 0,
    origin: span.origin,
    startPts: key?.pts ?? NaN,
    startDts: key?.dts ?? NaN,
    fromStreamStart: key === null,
    count,
    dropped: Float64Array.from(dropped),
    from: span.origin,
    to: span.end,
  }
}

interface Pictures {
  readonly encodes: readonly EncodePicturesTask[]
  readonly track: NativeTrack
  readonly runs: readonly NativePacketRun[]
  readonly shown: readonly ShownFrames[]
  readonly pace: number
}

/** Streams of which a clip has one, and those that cannot follow a change of speed. */
function leftOut({ source, clip }: RecipeRequest, pace: number): string[] {
  const count = (type: string): number => source.facts.streams.filter((stream) => stream.type === type && !stream.isAttachedPicture).length
  const [videos, sounds] = [count('video') - 1, clip.audio.mode === 'none' ? 0 : count('audio') - 1]
  const isLeft = pace !== 1 && clip.subtitles && count('subtitle') > 0
  return [
    ...(videos > 0 ? [`${further(videos, 'video stream')} left out`] : []),
    ...(sounds > 0 ? [`${further(sounds, 'sound stream')} left out`] : []),
    ...(isLeft ? ['subtitles are left out, as the speed changes'] : []),
  ]
}

function further(count: number, noun: string): string {
  return count === 1 ? `1 further ${noun} is` : `${count} further ${noun}s are`
}

function finished(request: RecipeRequest, span: ClipSpan, { encodes, track, runs, shown, pace }: Pictures): Recipe {
  const { source } = request
  const { timeline } = source.index
  const seconds = timeline.duration(span.end - span.origin)
  const sound: SoundPlan = soundTrack(request, span, pace)
  const subtitles =
    pace === 1 ? subtitleTracks(request, span, 1 + sound.tracks.length) : { encodes: [], tracks: [], runs: [], warnings: [] }
  const write: WriteFileTask = {
    kind: 'write-file',
    source: source.task,
    file: fileOf(request, span, pace),
    tracks: [track, ...sound.tracks, ...subtitles.tracks],
    runs: [...runs, ...sound.runs.map((run) => ({ ...emptyRun, ...run })), ...subtitles.runs.map((run) => ({ ...emptyRun, ...run }))],
    seconds: seconds * pace,
  }
  return {
    encodes: [...sound.encodes, ...subtitles.encodes, ...encodes],
    write,
    span,
    shown,
    endsAt: null,
    warnings: [...sound.warnings, ...subtitles.warnings, ...leftOut(request, pace)],
  }
}
