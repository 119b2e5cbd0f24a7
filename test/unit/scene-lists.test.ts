import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scenesToChapters } from '../../src/analysis/scene-chapters.js'
import { scenesToCsv } from '../../src/analysis/scene-csv.js'
import { scenesToEdl } from '../../src/analysis/scene-edl.js'
import { fileNameOf, titleOf } from '../../src/analysis/scene-list.js'
import { scenesToOtio } from '../../src/analysis/scene-otio.js'
import type { Scene } from '../../src/analysis/scenes.js'

type Rate = Readonly<{ num: number; den: number }>

/** Scenes whose first frames are these, at a constant rate from 0; the last number is the end. */
function scenesFrom(frames: readonly number[], { num, den }: Rate): Scene[] {
  const at = (frame: number): number => (frame * den) / num
  return frames.slice(0, -1).map((startFrame, index) => {
    const endFrame = frames[index + 1] ?? startFrame
    return { start: at(startFrame), end: at(endFrame), startFrame, endFrame, kind: 'cut', transition: null }
  })
}

const pal = { num: 25, den: 1 }
const ntsc = { num: 30000, den: 1001 }
const talk = scenesFrom([0, 90, 1510], pal)

describe('a source is called', () => {
  it.each([
    ['/videos/talk.mp4', 'talk.mp4', 'talk'],
    ['talk', 'talk', 'talk'],
    ['.hidden', '.hidden', '.hidden'],
    ['C:\\videos\\a.b.mkv', 'a.b.mkv', 'a.b'],
    ['https://host/path/clip.mp4?token=secret#t=1', 'clip.mp4', 'clip'],
    ['what?.mp4', 'what?.mp4', 'what?'],
    ['two\nlines.mp4', 'two lines.mp4', 'two lines'],
  ])('%j by its last part', (source, name, title) => {
    expect([fileNameOf(source), titleOf(source)]).toEqual([name, title])
  })
})

describe('CSV', () => {
  it('has the columns of PySceneDetect, frames counted from 1', () => {
    expect(scenesToCsv(talk)).toBe(
      'Scene Number,Start Frame,Start Timecode,Start Time (seconds),End Frame,End Timecode,End Time (seconds),' +
        'Length (frames),Length (timecode),Length (seconds),Kind\n' +
        '1,1,00:00:00.000,0.000,90,00:00:03.600,3.600,90,00:00:03.600,3.600,cut\n' +
        '2,91,00:00:03.600,3.600,1510,00:01:00.400,60.400,1420,00:00:56.800,56.800,cut\n',
    )
  })

  it('reads back, says how scenes begin, and writes no 60th second', () => {
    const dissolve: Scene = {
      ...{ start: 59.9996, end: 36_000, startFrame: 1500, endFrame: 900_000 },
      ...{ kind: 'dissolve', transition: { start: 59.5, end: 60.5 } },
    }
    const rows: unknown = parse(scenesToCsv([dissolve]), { columns: true })
    expect(rows).toEqual([
      expect.objectContaining({
        'Start Timecode': '00:01:00.000',
        'End Timecode': '10:00:00.000',
        'Start Frame': '1501',
        Kind: 'dissolve',
      }),
    ])
  })

  it('of no scenes is its header', () => {
    expect(scenesToCsv([])).toMatch(/^Scene Number,.*,Kind\n$/)
  })
})

describe('EDL', () => {
  it('has an event for each scene at its own place', () => {
    expect(scenesToEdl(talk, { source: '/videos/talk.mp4', frameRate: pal })).toBe(
      `TITLE: talk
FCM: NON-DROP FRAME

001  AX       V     C        00:00:00:00 00:00:03:15 00:00:00:00 00:00:03:15
* FROM CLIP NAME: talk.mp4
002  AX       V     C        00:00:03:15 00:01:00:10 00:00:03:15 00:01:00:10
* FROM CLIP NAME: talk.mp4
`,
    )
  })

  it('counts NTSC in drop-frame timecode, and says where a fade is', () => {
    const fade: Scene = {
      start: 60.06,
      end: 70,
      startFrame: 1800,
      endFrame: 2098,
      kind: 'fade',
      transition: { start: 59.5595, end: 60.56 },
    }
    const lines = scenesToEdl([fade], { source: 'talk.mp4', frameRate: ntsc }).split('\n')
    expect(lines.slice(1, 3)).toEqual(['FCM: DROP FRAME', ''])
    expect(lines[3]).toBe('001  AX       V     C        00:01:00;02 00:01:10;00 00:01:00;02 00:01:10;00')
    expect(lines[5]).toBe('* FADE 00:00:59;15 00:01:00;17')
  })

  it('leaves no gap and no overlap between events, whatever the cuts', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(cuts, fc.constantFrom(pal, ntsc, { num: 60000, den: 1001 }), (frames, rate) => {
        const borders = [0, ...frames.toSorted((a, b) => a - b)]
        const edl = scenesToEdl(scenesFrom(borders, rate), { source: 'a.mp4', frameRate: rate })
        const events = edl.split('\n').filter((line) => /^\d{3}/.test(line))
        expect(events).toHaveLength(borders.length - 1)
        const times = events.map((line) => line.slice(29).split(' '))
        for (const [index, [from, to, recordFrom, recordTo]] of times.entries()) {
          expect([recordFrom, recordTo]).toEqual([from, to])
          expect(from === to).toBe(false)
          if (index > 0) expect(from).toBe(times[index - 1]?.[1])
        }
      }),
    )
  })

  it('leaves out what spans no frame, and numbers on', () => {
    const short: Scene[] = [
      ...scenesFrom([0, 10], pal),
      { start: 0.4, end: 0.401, startFrame: 10, endFrame: 11, kind: 'cut', transition: null },
      { start: 0.401, end: 1, startFrame: 11, endFrame: 25, kind: 'cut', transition: null },
    ]
    const events = scenesToEdl(short, { source: 'a.mp4', frameRate: pal }).match(/^\d{3} .*$/gm)
    expect(events).toEqual([
      '001  AX       V     C        00:00:00:00 00:00:00:10 00:00:00:00 00:00:00:10',
      '002  AX       V     C        00:00:00:10 00:00:01:00 00:00:00:10 00:00:01:00',
    ])
  })
})

describe('OpenTimelineIO', () => {
  /** Paths of every object that is not as the schemas of OpenTimelineIO 0.15 to 0.17 have it. */
  function wrong(value: unknown, path = '$'): string[] {
    if (Array.isArray(value)) return value.flatMap((item: unknown, index) => wrong(item, `${path}[${index}]`))
    if (typeof value !== 'object' || value === null) return []
    const fields = new Map(Object.entries(value))
    const schema: unknown = fields.get('OTIO_SCHEMA')
    const required = typeof schema === 'string' ? schemas[schema] : path.endsWith('.metadata') || free.test(path) ? [] : undefined
    const missing =
      required === undefined ? [`${path} is no known object`] : required.filter((key) => !fields.has(key)).map((key) => `${path}.${key}`)
    return [...missing, ...[...fields].flatMap(([key, inner]) => wrong(inner, `${path}.${key}`))]
  }
  const free = /\.metadata\..*$|\.media_references$/
  const item = ['metadata', 'name', 'source_range', 'effects', 'markers', 'enabled']
  const schemas: Readonly<Record<string, readonly string[]>> = {
    'Timeline.1': ['metadata', 'name', 'global_start_time', 'tracks'],
    'Stack.1': [...item, 'children'],
    'Track.1': [...item, 'children', 'kind'],
    'Clip.2': [...item, 'media_references', 'active_media_reference_key'],
    'ExternalReference.1': ['metadata', 'name', 'available_range', 'target_url'],
    'TimeRange.1': ['start_time', 'duration'],
    'RationalTime.1': ['rate', 'value'],
  }

  it('is made of its schemas and nothing else', () => {
    const timeline: unknown = JSON.parse(scenesToOtio(talk, { source: 'talk.mp4', frameRate: pal, hasSound: true }))
    expect(wrong(timeline)).toEqual([])
  })

  it('has a clip of the source for each scene, in whole frames', () => {
    const info = { source: 'talk.mp4', frameRate: ntsc, mediaUrl: 'file:///videos/talk.mp4', duration: 100.1 }
    const { name, tracks } = JSON.parse(scenesToOtio(scenesFrom([0, 90, 1510], ntsc), info))
    expect([name, tracks.children.length, tracks.children[0].kind]).toEqual(['talk', 1, 'Video'])
    const time = (value: number): object => ({ OTIO_SCHEMA: 'RationalTime.1', rate: 30000 / 1001, value })
    const range = (from: number, length: number): object => ({ OTIO_SCHEMA: 'TimeRange.1', start_time: time(from), duration: time(length) })
    const media = expect.objectContaining({ target_url: 'file:///videos/talk.mp4', available_range: range(0, 3000) })
    expect(tracks.children[0].children).toEqual([
      expect.objectContaining({ name: 'Scene 1', source_range: range(0, 90), media_references: { DEFAULT_MEDIA: media } }),
      expect.objectContaining({ name: 'Scene 2', source_range: range(90, 1420), media_references: { DEFAULT_MEDIA: media } }),
    ])
  })

  it('has a track of sound where there is sound', () => {
    const { tracks } = JSON.parse(scenesToOtio(talk, { source: 'talk.mp4', frameRate: pal, hasSound: true }))
    expect(tracks.children.map(({ kind, children }: { kind: string; children: unknown[] }) => [kind, children.length])).toEqual([
      ['Video', 2],
      ['Audio', 2],
    ])
  })
})

describe('chapters', () => {
  it('for FFmpeg are told in microseconds', () => {
    expect(scenesToChapters(scenesFrom([0, 1, 30], ntsc))).toBe(
      `;FFMETADATA1

[CHAPTER]
TIMEBASE=1/1000000
START=0
END=33367
title=Scene 1

[CHAPTER]
TIMEBASE=1/1000000
START=33367
END=1001000
title=Scene 2
`,
    )
  })

  it('for the web and for Matroska are told in milliseconds', () => {
    expect(scenesToChapters(talk, 'webvtt')).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:03.600\nScene 1\n\n00:00:03.600 --> 00:01:00.400\nScene 2\n',
    )
    expect(scenesToChapters(talk, 'ogm')).toBe(
      'CHAPTER01=00:00:00.000\nCHAPTER01NAME=Scene 1\nCHAPTER02=00:00:03.600\nCHAPTER02NAME=Scene 2\n',
    )
  })
})
