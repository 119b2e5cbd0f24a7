// Owns what becomes of a clip's sound and subtitles: copied, encoded or left out. Pure.
import type { NativePacketRun, NativeStreamFacts, NativeTrack } from '../native/binding.js'
import type { EncodeSoundTask, EncodeSubtitlesTask } from '../tasks.js'
import type { ClipSpan } from './clip-span.js'
import type { RecipeRequest } from './clip-request.js'
import { containers, holds, soundPreroll, textSubtitles } from './containers.js'
import { audioOptions } from './encoder-settings.js'

type Run = Pick<NativePacketRun, 'kind' | 'track'> & Partial<NativePacketRun>

export interface SoundPlan {
  readonly encodes: readonly EncodeSoundTask[]
  readonly tracks: readonly NativeTrack[]
  readonly runs: readonly Run[]
  readonly warnings: readonly string[]
}

export interface SubtitlePlan extends Omit<SoundPlan, 'encodes'> {
  readonly encodes: readonly EncodeSubtitlesTask[]
}

const none: SoundPlan = { encodes: [], tracks: [], runs: [], warnings: [] }
/** The pictures' track is 0. */
const soundNumber = 1
/** Packets that begin before the clip are moved to its start, rather than kept for decoding. */
const moveToStart = -1

/** The stream that plays by itself: the default one, else the first. */
export function chooseSound(streams: readonly NativeStreamFacts[]): NativeStreamFacts | null {
  const sounds = streams.filter(({ type, channels }) => type === 'audio' && channels > 0)
  return sounds.find(({ isDefault }) => isDefault) ?? sounds[0] ?? null
}

export function soundTrack(request: RecipeRequest, span: ClipSpan, pace: number): SoundPlan {
  const { source, clip, filters } = request
  const stream = chooseSound(source.facts.streams)
  if (clip.audio.mode === 'none' || stream === null) return none
  const { timeBase } = source.stream
  const facts = containers[clip.container]
  if (endOf(stream) <= (span.origin * timeBase.num) / timeBase.den)
    return { ...none, warnings: ['it has no sound: that of the source ends before'] }
  const end = soundEnd(clip, span, stream, timeBase)
  const filter = clip.audioFilter ?? filters.audio ?? ''
  const preroll = soundPreroll.get(stream.codec)
  const isHeld = holds(facts.audio, stream.codec)
  const isExact = facts.hasEditList && preroll !== undefined
  const copies = isHeld && (clip.audio.mode === 'copy' || (clip.audio.mode === 'auto' && isExact && filter === '' && pace === 1))
  if (copies) {
    const rough = `sound is cut between packets, as ${clip.container} cannot hide part of one`
    return {
      ...none,
      tracks: [{ streamIndex: stream.index, spool: '', edges: '', keepSideData: true }],
      runs: [{ kind: 'interval', track: soundNumber, from: span.origin, to: end, timeBase, preroll: isExact ? preroll : 0 }],
      warnings: isExact ? [] : [rough],
    }
  }
  if (clip.audio.mode === 'copy') return { ...none, warnings: [`sound is left out: ${clip.container} does not hold ${stream.codec}`] }
  if (!stream.hasDecoder) return { ...none, warnings: [`sound is left out: the linked FFmpeg has no decoder for ${stream.codec}`] }
  const path = request.spool('a')
  return {
    ...none,
    encodes: [
      {
        kind: 'encode-sound',
        source: source.task,
        sound: {
          streamIndex: stream.index,
          timeBase,
          start: span.origin,
          end,
          filter,
          path,
          encoder: clip.audio.encoder ?? facts.audioEncoder,
          sampleRate: clip.audio.sampleRate ?? 0,
          channels: clip.audio.channels ?? 0,
          options: audioOptions(clip.audio, stream.channels),
        },
      },
    ],
    tracks: [{ streamIndex: stream.index, spool: path, edges: '', keepSideData: false }],
    runs: [{ kind: 'spool', track: soundNumber, path }],
  }
}

/** Sound of a clip that goes to the end of its source goes on to its own end, after the last picture. */
function soundEnd(
  { end }: RecipeRequest['clip'],
  span: ClipSpan,
  stream: NativeStreamFacts,
  timeBase: NativeStreamFacts['timeBase'],
): number {
  const claimed = (endOf(stream) * timeBase.den) / timeBase.num
  return Number.isFinite(end) || !Number.isFinite(claimed) ? span.end : Math.max(span.end, Math.ceil(claimed))
}

/** Seconds in the container's own time, as it claims; infinite where it does not. */
function endOf({ startTicks, durationTicks, timeBase }: NativeStreamFacts): number {
  return durationTicks === null ? Infinity : (((startTicks ?? 0) + durationTicks) * timeBase.num) / timeBase.den
}

/** `number` is the first track's. */
export function subtitleTracks(request: RecipeRequest, span: ClipSpan, number: number): SubtitlePlan {
  const { source, clip } = request
  const { timeBase } = source.stream
  const { subtitles: codecs, subtitleEncoder } = containers[clip.container]
  const streams = clip.subtitles ? source.facts.streams.filter(({ type }) => type === 'subtitle') : []
  const kept = streams.filter(({ codec, hasDecoder }) => codecs.has(codec) || (hasDecoder && textSubtitles.has(codec)))
  const spoolOf = ({ index, codec }: NativeStreamFacts): string => (codecs.has(codec) ? '' : request.spool(`s${index}`))
  return {
    encodes: kept.flatMap((stream) =>
      codecs.has(stream.codec)
        ? []
        : {
            kind: 'encode-subtitles',
            source: source.task,
            subtitles: {
              ...{ streamIndex: stream.index, timeBase, start: span.origin, end: span.end },
              ...{ path: spoolOf(stream), encoder: subtitleEncoder },
            },
          },
    ),
    tracks: kept.map((stream) => ({ streamIndex: stream.index, spool: spoolOf(stream), edges: '', keepSideData: false })),
    runs: kept.map((stream, i) =>
      codecs.has(stream.codec)
        ? { kind: 'interval', track: number + i, from: span.origin, to: span.end, timeBase, preroll: moveToStart }
        : { kind: 'spool', track: number + i, path: spoolOf(stream) },
    ),
    warnings: streams
      .filter((stream) => !kept.includes(stream))
      .map(({ index, codec }) => `subtitles of stream ${index} are left out: ${clip.container} does not hold ${codec}`),
  }
}
