// Which way a clip is made: the cheapest that is exact, and the reason in words.
import { describe, expect, it } from 'vitest'
import type { NativeStreamFacts } from '../../src/native/binding.ts'
import type { Clip, Container } from '../../src/options/export-types.ts'
import { chooseMode, type ChosenMode } from '../../src/plan/clip-mode.ts'
import { containers, hides, holds, soundPreroll } from '../../src/plan/containers.ts'
import { PacketIndex } from '../../src/source/packet-index.ts'
import { requestFor } from './clip-requests.ts'
import { range } from './clip-streams.ts'
import { indexOf, packetTable, tenths } from './packet-tables.ts'

/** Four seconds with a key frame each second, nothing reordered. */
const steady = indexOf(range(0, 40).map((pts) => ({ pts, dts: pts, isKey: pts % 10 === 0 })))

function choose(clip: Partial<Clip>, stream: Partial<NativeStreamFacts> = {}, index = steady, filters = false): ChosenMode {
  const request = requestFor(index, { clip, stream })
  return chooseMode(request.clip, request.source.stream, index, request.span, filters)
}

describe('auto', () => {
  it('copies where the edit list can hide what a decoder needs besides', () => {
    expect(choose({ start: 0.5, end: 1.5 })).toEqual({ mode: 'copy', reason: 'packets are copied and the edit list cuts to the frame' })
    expect(choose({ start: 0.5, end: 1.5, container: 'mov' }).mode).toBe('copy')
  })

  it('copies into other containers only from a key frame', () => {
    expect(choose({ start: 1, end: 2, container: 'mkv' }).mode).toBe('copy')
    expect(choose({ start: 1.1, end: 2, container: 'mkv' })).toEqual({
      mode: 'smart',
      reason: 'mkv cannot hide pictures, so only the edges are encoded',
    })
  })

  it('copies into other containers only to an end that no packet shows a frame beyond', () => {
    const reordered = indexOf([{ pts: 0, isKey: true }, { pts: 3 }, { pts: 1 }, { pts: 2 }, { pts: 4 }])
    expect(choose({ start: 0, end: 0.4, container: 'mkv' }, {}, reordered).mode).toBe('copy')
    expect(choose({ start: 0, end: 0.2, container: 'mkv' }, {}, reordered).mode).toBe('smart')
  })

  it('does not copy what an edit list hides into a container that would show it', () => {
    const edited = indexOf(range(0, 20).map((pts) => ({ pts, isKey: pts === 0, isHidden: pts < 5 })))
    expect(choose({ end: 1, container: 'mkv' }, {}, edited).mode).toBe('smart')
    expect(choose({ end: 1, container: 'mp4' }, {}, edited).mode).toBe('copy')
    expect(choose({ end: 1, container: 'mkv', mode: 'copy' }, {}, edited)).toEqual({
      mode: 'encode',
      reason: "the source's edit list hides pictures that mkv would show",
    })
  })

  it('does not copy a first frame that is to be shown for less long', () => {
    const still = indexOf([0, 1, 2, 30, 31].map((pts) => ({ pts, isKey: true })))
    expect(choose({ start: 1, end: 3.1 }, {}, still).mode).toBe('smart')
  })

  it.each([
    ['AV1, whose decoders show what is hidden, cannot be joined', { codec: 'av1' }, 'av1 cannot be joined to what another encoder made'],
    ['interlaced pictures are not', { fieldOrder: 'tt' }, 'it is interlaced, which edges would not be'],
  ])('encodes where copying is not exact: %s', (_, stream, reason) => {
    const told = `mkv cannot hide its pictures, and ${reason}`
    expect(choose({ start: 0.5, container: 'mkv' }, stream)).toEqual({ mode: 'encode', reason: told })
  })
})

describe('any mode', () => {
  it.each<[string, Partial<Clip>, string]>([
    ['filters', { filter: 'hflip' }, 'the pictures are changed'],
    ['an encoder', { video: { encoder: 'libx265' } }, 'the encoder libx265 was asked for'],
    ['a bit rate', { video: { bitrate: 1e6 } }, 'a bit rate was asked for'],
    ['a pixel format', { video: { pixelFormat: 'yuv444p' } }, 'a pixel format was asked for'],
    ['options of an encoder', { video: { options: { tune: 'film' } } }, 'encoder options were given'],
  ])('encodes where %s were asked for', (_, clip, reason) => {
    expect(choose({ start: 1, ...clip })).toEqual({ mode: 'encode', reason })
  })

  it('encodes where the settings compile to filters', () => {
    expect(choose({ start: 1 }, {}, steady, true)).toEqual({ mode: 'encode', reason: 'the pictures are changed' })
  })

  it.each<[string, Partial<NativeStreamFacts>, PacketIndex, string]>([
    ['the container does not hold', { codec: 'wmv3' }, steady, 'mp4 does not hold wmv3'],
    ['has no key frame', {}, indexOf([{ pts: 0 }, { pts: 1 }]), 'it has no key frame'],
    [
      'two packets claim one timestamp of',
      {},
      indexOf([{ pts: 0, isKey: true }, { pts: 0 }, { pts: 1 }]),
      'several of its packets share a timestamp',
    ],
    ['names its frames by counting only', {}, counted(), 'its packets have no timestamps to cut by'],
  ])('encodes what %s', (_, stream, index, reason) => {
    for (const mode of ['auto', 'copy', 'smart'] as const) expect(choose({ mode }, stream, index)).toEqual({ mode: 'encode', reason })
  })

  it('is the one that was asked for, where it can be', () => {
    for (const mode of ['copy', 'smart', 'encode'] as const) expect(choose({ mode, start: 0.5 })).toEqual({ mode, reason: 'as asked for' })
    expect(choose({ mode: 'smart' }, { codec: 'mpeg4' }).mode).toBe('encode')
  })
})

describe('containers', () => {
  it('hold what they encode by default, and hide only where an edit list says so', () => {
    for (const name of ['mp4', 'mov', 'mkv', 'webm'] as const satisfies Container[]) {
      const { video, audio, videoEncoder, audioEncoder, hasEditList } = containers[name]
      expect(holds(video, videoEncoder === 'libx264' ? 'h264' : 'vp9')).toBe(true)
      expect(holds(audio, audioEncoder === 'aac' ? 'aac' : 'opus')).toBe(true)
      expect([hides(name, 'h264'), hides(name, 'av1')]).toEqual([hasEditList, false])
    }
    expect([holds(containers.webm.video, 'h264'), holds(containers.mkv.video, 'anything')]).toEqual([false, true])
  })

  it('have a number of packets to decode before the first for each sound that is cut exactly', () => {
    expect([soundPreroll.get('aac'), soundPreroll.get('flac'), soundPreroll.get('vorbis')]).toEqual([3, 0, undefined])
    for (const packets of soundPreroll.values()) expect(packets).toBeGreaterThanOrEqual(0)
  })
})

function counted(): PacketIndex {
  const table = packetTable([{ pts: NaN, isKey: true }, { pts: NaN }])
  return new PacketIndex(tenths, table, { pts: Float64Array.of(0, 1), ordinals: Float64Array.of(0, 1), keys: Uint8Array.of(1, 0) })
}
