// What becomes of a clip's sound and subtitles: copied where that is exact, encoded, or left out with a word.
import { describe, expect, it } from 'vitest'
import type { NativeStreamFacts } from '../../src/native/binding.ts'
import type { Clip } from '../../src/options/export-types.ts'
import { chooseSound, soundTrack, subtitleTracks, type SoundPlan } from '../../src/plan/clip-sound.ts'
import { requestFor, soundFacts } from './clip-requests.ts'
import { range } from './clip-streams.ts'
import { indexOf } from './packet-tables.ts'
import { streamFacts } from './stream-facts.ts'

const index = indexOf(range(0, 40).map((pts) => ({ pts, dts: pts, isKey: true })))

function plan(clip: Partial<Clip>, sound: Partial<NativeStreamFacts> = {}, pace = 1): SoundPlan {
  const request = requestFor(index, { clip: { start: 1, end: 2, ...clip }, others: [soundFacts(sound)] })
  return soundTrack(request, request.span, pace)
}
const way = ({ encodes, tracks }: SoundPlan): string => (tracks.length === 0 ? 'none' : encodes.length === 0 ? 'copied' : 'encoded')

describe('the sound of a clip', () => {
  it('is the stream that plays by itself, or the first', () => {
    const [first, second] = [soundFacts({ index: 1, isDefault: false }), soundFacts({ index: 2 })]
    expect(chooseSound([streamFacts(), first, second])?.index).toBe(2)
    expect(chooseSound([streamFacts(), first])?.index).toBe(1)
    expect(chooseSound([streamFacts(), soundFacts({ channels: 0 })])).toBeNull()
  })

  it('is copied with the packets before it that decoding needs, where an edit list hides them', () => {
    const { encodes, tracks, runs, warnings } = plan({})
    expect([encodes, warnings]).toEqual([[], []])
    expect(tracks).toEqual([{ streamIndex: 1, spool: '', edges: '', keepSideData: true }])
    expect(runs).toEqual([{ kind: 'interval', track: 1, from: 10, to: 20, timeBase: { num: 1, den: 10 }, preroll: 3 }])
  })

  it.each<[string, Partial<Clip>, Partial<NativeStreamFacts>, number]>([
    ['nothing hides a part of a packet', { container: 'mkv' }, {}, 1],
    ['it is filtered', { audioFilter: 'volume=2' }, {}, 1],
    ['it plays faster', {}, {}, 0.5],
    ['the container does not hold it', {}, { codec: 'vorbis' }, 1],
    ['how it overlaps is not known', { container: 'mkv' }, { codec: 'vorbis' }, 1],
    ['a setting was given', { audio: { bitrate: 96_000 } }, {}, 1],
  ])('is encoded where %s', (_, clip, sound, pace) => {
    expect(way(plan(clip, sound, pace))).toBe('encoded')
  })

  it('is encoded for exactly the time of the pictures, as asked for', () => {
    const { encodes, runs } = plan({ audio: { encoder: 'libopus', channels: 1, sampleRate: 24_000 }, audioFilter: 'volume=2' })
    expect(encodes).toEqual([
      {
        kind: 'encode-sound',
        source: expect.objectContaining({ name: '/clip.mp4' }),
        sound: {
          streamIndex: 1,
          timeBase: { num: 1, den: 10 },
          start: 10,
          end: 20,
          filter: 'volume=2',
          path: 'spool-a',
          encoder: 'libopus',
          sampleRate: 24_000,
          channels: 1,
          options: ['b', '128000'],
        },
      },
    ])
    expect(runs).toEqual([{ kind: 'spool', track: 1, path: 'spool-a' }])
  })

  it('is copied roughly where that was asked for, and said to be', () => {
    const { runs, warnings } = plan({ audio: 'copy', container: 'mkv' })
    expect(runs[0]?.preroll).toBe(0)
    expect(warnings).toEqual(['sound is cut between packets, as mkv cannot hide part of one'])
  })

  it('is left out, with a word where it was not asked to be', () => {
    expect(plan({ audio: false })).toMatchObject({ tracks: [], warnings: [] })
    expect(plan({ audio: 'copy', container: 'webm' }).warnings).toEqual(['sound is left out: webm does not hold aac'])
    expect(plan({}, { codec: 'ac4', hasDecoder: false }).warnings).toEqual(['sound is left out: the linked FFmpeg has no decoder for ac4'])
    const silent = requestFor(index)
    expect(soundTrack(silent, silent.span, 1)).toMatchObject({ tracks: [], warnings: [] })
  })
})

describe('subtitles', () => {
  const others = ['mov_text', 'subrip', 'hdmv_pgs_subtitle'].map((codec, i) =>
    streamFacts({ index: 2 + i, type: 'subtitle', codec, hasDecoder: true }),
  )

  it('come along where the container holds them, numbered after the sound, moved to the clip’s start', () => {
    const request = requestFor(index, { clip: { start: 1, end: 2 }, others })
    const { tracks, runs, warnings } = subtitleTracks(request, request.span, 2)
    expect(tracks.map(({ streamIndex }) => streamIndex)).toEqual([2, 3])
    expect(runs[0]).toMatchObject({ kind: 'interval', track: 2, from: 10, to: 20, preroll: -1 })
    expect(warnings).toEqual(['subtitles of stream 4 are left out: mp4 does not hold hdmv_pgs_subtitle'])
  })

  it('of text are put into the codec that the container holds', () => {
    const request = requestFor(index, { clip: { start: 1, end: 2 }, others })
    const { encodes, tracks, runs } = subtitleTracks(request, request.span, 2)
    expect(encodes.map(({ kind, subtitles }) => [kind, subtitles.streamIndex, subtitles.encoder, subtitles.start, subtitles.end])).toEqual([
      ['encode-subtitles', 3, 'mov_text', 10, 20],
    ])
    expect(runs[1]).toMatchObject({ kind: 'spool', track: 3, path: tracks[1]?.spool })
  })

  it('stay away where they are not wanted', () => {
    const request = requestFor(index, { clip: { subtitles: false }, others })
    expect(subtitleTracks(request, request.span, 1)).toEqual({ encodes: [], tracks: [], runs: [], warnings: [] })
  })
})
