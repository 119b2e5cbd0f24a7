// How settings become options of FFmpeg's encoders: defaults, who wins, and what the edges of a smart cut must have.
import { describe, expect, it } from 'vitest'
import type { AudioEncoding, VideoEncoding } from '../../src/options/export-types.ts'
import { audioOptions, edgeEncoder, videoOptions } from '../../src/plan/encoder-settings.ts'
import { clipOf } from './clip-requests.ts'
import { range } from './clip-streams.ts'
import { streamFacts } from './stream-facts.ts'

function named(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(range(0, values.length / 2).map((i) => [values[2 * i] ?? '', values[2 * i + 1] ?? '']))
}
const videoOf = (encoder: string, video: VideoEncoding = {}, threads = 1): Record<string, string> =>
  named(videoOptions(encoder, clipOf({ video }).video, threads))
const audioOf = (audio: AudioEncoding, channels: number): Record<string, string> => named(audioOptions(clipOf({ audio }).audio, channels))

describe('options of a video encoder', () => {
  it('are a quality and a speed of its own where nothing is said', () => {
    expect(videoOf('libx264')).toEqual({ preset: 'veryfast', crf: '23' })
    expect(videoOf('libvpx-vp9')).toMatchObject({ b: '0', crf: '32' })
    expect(videoOf('mpeg4')).toEqual({})
  })

  it('are the bit rate instead of a quality where one is given', () => {
    expect(videoOf('libx264', { bitrate: 5e5 })).toEqual({ preset: 'veryfast', b: '500000' })
    expect(videoOf('libvpx-vp9', { bitrate: 5e5 })).toMatchObject({ b: '500000' })
    expect(videoOf('libvpx-vp9', { bitrate: 5e5 })).not.toHaveProperty('crf')
  })

  it('are the user’s own in the end', () => {
    expect(videoOf('libx264', { preset: 'slow', crf: 30, keyInterval: 48, options: { crf: 12, tune: 'grain' } })).toEqual({
      preset: 'slow',
      crf: '12',
      g: '48',
      tune: 'grain',
    })
  })

  it('join lists of x265 parameters, which has no threads but those it is told', () => {
    expect(videoOf('libx265')['x265-params']).toBe('log-level=none:frame-threads=1:pools=none')
    expect(videoOf('libx265', { options: { 'x265-params': 'aq-mode=3' } }, 4)['x265-params']).toBe(
      'log-level=none:frame-threads=1:pools=4:aq-mode=3',
    )
  })
})

describe('the encoder of edges', () => {
  const edges = (
    stream: Parameters<typeof streamFacts>[0],
    ids: number[] = [],
    video: VideoEncoding = {},
  ): Record<string, string> | string => {
    const found = edgeEncoder(streamFacts(stream), clipOf({ video }).video, ids)
    return typeof found === 'string' ? found : { encoder: found.encoder, ...named(found.options) }
  }

  it('makes H.264 of the same profile, without reordering, under an id that the stream does not use', () => {
    expect(edges({ profile: 'High' }, [0, 1, 3])).toMatchObject({
      encoder: 'libx264',
      profile: 'high',
      bf: '0',
      'x264-params': 'sps-id=2:8x8dct=1',
    })
    expect(edges({ profile: 'Constrained Baseline' })).toMatchObject({ profile: 'baseline', 'x264-params': 'sps-id=0' })
  })

  it('makes closed HEVC GOPs without reordering', () => {
    expect(edges({ codec: 'hevc', profile: 'Main 10' })).toMatchObject({
      encoder: 'libx265',
      profile: 'main10',
      'x265-params': expect.stringContaining(':bframes=0:keyint=250:open-gop=0'),
    })
  })

  it.each(['vp8', 'vp9'])('makes %s without hidden frames', (codec) => {
    expect(edges({ codec })).toMatchObject({ 'lag-in-frames': '0', 'auto-alt-ref': '0' })
  })

  it('takes the quality, speed and key interval that were asked for', () => {
    expect(edges({ profile: 'Main' }, [], { crf: 30, preset: 'slow', keyInterval: 12 })).toMatchObject({
      crf: '30',
      preset: 'slow',
      g: '12',
    })
  })

  it('is none where the stream cannot be matched, and says why', () => {
    expect(edges({ profile: 'Hi444 Intra' })).toBe('its profile Hi444 Intra cannot be matched')
    expect(edges({ profile: '' })).toBe('its profile is not told and cannot be matched')
    expect(edges({ codec: 'hevc', profile: 'Rext' })).toBe('its profile Rext cannot be matched')
    expect(edges({ profile: 'High' }, range(0, 32))).toBe('its parameter sets use every id')
    expect(edges({ codec: 'mpeg4' })).toBe('mpeg4 cannot be joined to what another encoder made')
  })
})

describe('options of an audio encoder', () => {
  it('grow with the channels, which may be others than the source’s', () => {
    expect([audioOf({}, 1), audioOf({}, 2), audioOf({}, 6)]).toEqual([{ b: '128000' }, { b: '128000' }, { b: '384000' }])
    expect(audioOf({ channels: 2 }, 6)).toEqual({ b: '128000' })
  })

  it('are what was asked for', () => {
    expect(audioOf({ bitrate: 64_000 }, 6)).toEqual({ b: '64000' })
    expect(audioOf({ options: { b: 32_000, cutoff: 15_000 } }, 2)).toEqual({ b: '32000', cutoff: '15000' })
  })
})
