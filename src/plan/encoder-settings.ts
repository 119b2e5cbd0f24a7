// Owns how settings become options of FFmpeg's encoders: defaults, quality, threads, and what edges of a smart cut need. Pure.
import type { NativeStreamFacts } from '../native/binding.js'
import type { ResolvedAudio, ResolvedVideo } from '../options/export.js'

type Options = [string, string][]

interface EncoderFacts {
  readonly preset: string | null
  readonly crf: number | null
  /** Said besides, unless the user says otherwise. */
  readonly options: Options
}

const unknownEncoder: EncoderFacts = { preset: null, crf: null, options: [] }
const encoders: ReadonlyMap<string, EncoderFacts> = new Map([
  ['libx264', { preset: 'veryfast', crf: 23, options: [] }],
  // It prints by itself; how many threads it has it takes from its own options.
  ['libx265', { preset: 'veryfast', crf: 28, options: [] }],
  // Constant quality needs the target bit rate to be none.
  [
    'libvpx-vp9',
    {
      preset: null,
      crf: 32,
      options: [
        ['b', '0'],
        ['cpu-used', '4'],
        ['deadline', 'good'],
      ],
    },
  ],
  [
    'libvpx',
    {
      preset: null,
      crf: 10,
      options: [
        ['b', '4000000'],
        ['cpu-used', '4'],
        ['deadline', 'good'],
      ],
    },
  ],
  [
    'libaom-av1',
    {
      preset: null,
      crf: 32,
      options: [
        ['b', '0'],
        ['cpu-used', '6'],
      ],
    },
  ],
  ['libsvtav1', { preset: '8', crf: 35, options: [] }],
])

const softwareEncoders: ReadonlyMap<string, string> = new Map([
  ['h264', 'libx264'],
  ['hevc', 'libx265'],
  ['vp8', 'libvpx'],
  ['vp9', 'libvpx-vp9'],
  ['av1', 'libsvtav1'],
])

/** The encoder in software that makes what one for some hardware makes; null for any other encoder. */
export function softwareEncoder(encoder: string): string | null {
  const codec = /^(\w+?)_(?:nvenc|qsv|vaapi|amf|videotoolbox|v4l2m2m|omx|mf|vulkan|mediacodec|d3d12va)$/.exec(encoder)?.[1]
  return softwareEncoders.get(codec ?? '') ?? null
}

/** Names and values in turn, as native code takes them. */
export function videoOptions(encoder: string, video: ResolvedVideo, threads: number): string[] {
  const facts = encoders.get(encoder) ?? unknownEncoder
  const options: Options = []
  const preset = video.preset ?? facts.preset
  if (preset !== null) options.push(['preset', preset])
  if (video.bitrate !== null) options.push(['b', String(video.bitrate)])
  else options.push(...facts.options.filter(([name]) => name === 'b'))
  const crf = video.crf ?? (video.bitrate === null ? facts.crf : null)
  if (crf !== null) options.push(['crf', String(crf)])
  options.push(...facts.options.filter(([name]) => name !== 'b'))
  if (video.keyInterval !== null) options.push(['g', String(video.keyInterval)])
  return merged(encoder, options, video.options, threads)
}

/** The user's own come last and win; x265's list of its own parameters is joined to what it needs anyway. */
function merged(encoder: string, options: Options, own: ResolvedVideo['options'], threads: number): string[] {
  const all = new Map(options)
  if (encoder === 'libx265') all.set('x265-params', x265Base(threads))
  for (const [name, value] of own) {
    const before = all.get(name)
    all.set(name, name === 'x265-params' && before !== undefined ? `${before}:${value}` : value)
  }
  return [...all].flat()
}

function x265Base(threads: number): string {
  return `log-level=none:frame-threads=1:pools=${threads > 1 ? threads : 'none'}`
}

/** Some 50 dB on ordinary material, well above the 40 asked for. Edges are short: what they cost is time, not room. */
const edgeCrf = 18
const edgePreset = 'ultrafast'

const h264Profiles: ReadonlyMap<string, string> = new Map([
  ['Baseline', 'baseline'],
  ['Constrained Baseline', 'baseline'],
  ['Main', 'main'],
  ['High', 'high'],
  ['High 10', 'high10'],
  ['High 4:2:2', 'high422'],
  ['High 4:4:4 Predictive', 'high444'],
])
const hevcProfiles: ReadonlyMap<string, string> = new Map([
  ['Main', 'main'],
  ['Main 10', 'main10'],
])

export interface EdgeEncoder {
  readonly encoder: string
  readonly options: readonly string[]
}

/** Codecs whose key frames a stream may be cut at, and joined to what another encoder made. */
export const smartCodecs: ReadonlySet<string> = new Set(['h264', 'hevc', 'vp9', 'vp8'])

/**
 * What encodes frames that will stand in one stream with the source's packets: no reordering, so that decode times can follow the source's;
 * the source's profile; and for H.264 parameter sets under an id of their own. A string: why not.
 */
export function edgeEncoder(stream: NativeStreamFacts, video: ResolvedVideo, usedSetIds: readonly number[]): EdgeEncoder | string {
  const crf = String(video.crf ?? edgeCrf)
  const preset = video.preset ?? edgePreset
  const interval = String(video.keyInterval ?? 250)
  switch (stream.codec) {
    case 'h264': {
      const profile = h264Profiles.get(stream.profile)
      if (profile === undefined) return `its profile ${stream.profile || 'is not told and'} cannot be matched`
      const id = Array.from({ length: 32 }, (_, i) => i).find((candidate) => !usedSetIds.includes(candidate))
      if (id === undefined) return 'its parameter sets use every id'
      // What makes a stream High rather than a subset of it, whatever the preset.
      const transform = profile.startsWith('high') ? ':8x8dct=1' : ''
      const options = [
        'preset',
        preset,
        'profile',
        profile,
        'crf',
        crf,
        'bf',
        '0',
        'g',
        interval,
        'x264-params',
        `sps-id=${id}${transform}`,
      ]
      return { encoder: 'libx264', options }
    }
    case 'hevc': {
      const profile = hevcProfiles.get(stream.profile)
      if (profile === undefined) return `its profile ${stream.profile || 'is not told and'} cannot be matched`
      const parameters = `${x265Base(1)}:bframes=0:keyint=${interval}:open-gop=0`
      return { encoder: 'libx265', options: ['preset', preset, 'profile', profile, 'crf', crf, 'x265-params', parameters] }
    }
    case 'vp9':
      return {
        encoder: 'libvpx-vp9',
        options: ['crf', crf, 'b', '0', 'deadline', 'good', 'cpu-used', '4', 'lag-in-frames', '0', 'auto-alt-ref', '0', 'g', interval],
      }
    case 'vp8':
      return {
        encoder: 'libvpx',
        options: [
          'crf',
          '4',
          'b',
          '20000000',
          'deadline',
          'good',
          'cpu-used',
          '4',
          'lag-in-frames',
          '0',
          'auto-alt-ref',
          '0',
          'g',
          interval,
        ],
      }
    default:
      return `${stream.codec} cannot be joined to what another encoder made`
  }
}

export function audioOptions(audio: ResolvedAudio, channels: number): string[] {
  const count = audio.channels ?? channels
  const bitrate = audio.bitrate ?? (count <= 2 ? 128_000 : 128_000 + (count - 2) * 64_000)
  return [...new Map([['b', String(bitrate)], ...audio.options])].flat()
}
