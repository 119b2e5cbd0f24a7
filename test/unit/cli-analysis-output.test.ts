import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { analysisJson } from '../../src/cli/analysis-json.js'
import { analysisProgressText, shownAnalysis } from '../../src/cli/analysis-progress.js'
import { analysisHeader, answerLines, gapLines } from '../../src/cli/analysis-text.js'
import { answersOf, missingAnswers } from '../../src/cli/answers.js'
import { noPictures, noSound } from '../../src/cli/empty-series.js'
import { searchNotes } from '../../src/cli/fast-scenes.js'
import { seriesCsv } from '../../src/cli/series-csv.js'
import { pictureColumns, soundColumns } from '../../src/index.js'
import type { Analysis, Highlight, PictureSeries, Scene, SoundSeries } from '../../src/index.js'

/** Three frames of two a second: nothing precedes the first, and the second could not be decoded. */
const pictures: PictureSeries = {
  ...noPictures,
  ...Object.fromEntries(pictureColumns.map((name) => [name, Float32Array.of(0, NaN, 1)])),
  count: 3,
  end: 1.5,
  timestamp: Float64Array.of(0, 0.5, 1 + 1e-9),
  frame: Uint32Array.of(0, 15, 30),
  luma: Float32Array.of(0.1, NaN, 128.5),
  motion: Float32Array.of(NaN, NaN, 0.0123456789),
  hash: BigUint64Array.of(0n, 0n, 0xfedcba9876543210n),
}

/** 1.4 s, from 0.1 s on: as loud as the tenth of a second says, the first tenth silent. */
const sound: SoundSeries = {
  ...noSound,
  ...Object.fromEntries(soundColumns.map((name) => [name, Float32Array.from({ length: 140 }, () => 0)])),
  count: 140,
  start: 0.1,
  rms: Float32Array.from({ length: 140 }, (_, index) => index % 2),
  peak: Float32Array.from({ length: 140 }, (_, index) => index / 140),
  loudness: Float32Array.from({ length: 140 }, (_, index) => (index < 100 ? -Infinity : -20)),
  flux: Float32Array.from({ length: 140 }, (_, index) => (index < 40 ? NaN : index)),
}

const analysis: Analysis = {
  source: '/videos/talk.mp4',
  ...{ start: 0, end: 1.5, duration: 1.5, frameRate: { num: 30, den: 1 } },
  ...{ pictures, sound, gaps: [], isCached: false },
}

const scene: Scene = { start: 0, end: 1.5, startFrame: 0, endFrame: 45, kind: 'cut', transition: null }
const highlight: Highlight = {
  ...{ rank: 1, start: 61, end: 81.5, score: 0.456, reason: 'loud\u001b[31m' },
  components: { loudness: 1, onsets: 0.5, scenes: 0, motion: 0.25, silence: 0 },
}

function jsonOf(...given: Parameters<typeof analysisJson>): Record<string, unknown> {
  return JSON.parse([...analysisJson(...given)].join(''))
}

describe('JSON', () => {
  const told = { source: 'talk.mp4', duration: 1.5, gaps: [] }

  it('has each part only when it was asked for, and null for one that cannot be known', () => {
    expect(jsonOf(told)).toEqual({ source: 'talk.mp4', duration: 1.5 })
    const all = jsonOf({ ...told, scenes: [scene], highlights: [highlight], silences: [], beats: null, black: undefined })
    expect(Object.keys(all)).toEqual(['source', 'duration', 'scenes', 'highlights', 'silences', 'beats'])
    expect(all).toMatchObject({ scenes: [scene], highlights: [highlight], silences: [], beats: null })
  })

  it('has the columns of the series, and null where a number is not one', () => {
    const { series } = jsonOf({ ...told, series: { pictures, sound } })
    expect(series).toMatchObject({
      timestamp: [0, 0.5, 1],
      frame: [0, 15, 30],
      luma: [0.1, null, 128.5],
      motion: [null, null, 0.01234568],
      hash: ['0000000000000000', '0000000000000000', 'fedcba9876543210'],
    })
    expect(Object.keys(Object(series))).toEqual(['timestamp', 'frame', ...pictureColumns, 'hash', 'sound'])
    const { sound: heard } = Object(series)
    expect(Object.keys(heard)).toEqual(['start', 'windowSeconds', ...soundColumns])
    expect(heard).toMatchObject({ start: 0.1, windowSeconds: 0.01 })
    expect(heard.loudness.slice(99, 101)).toEqual([null, -20])
    expect(heard.rms).toHaveLength(140)
  })

  it('is whole without pictures or sound', () => {
    expect(jsonOf({ ...told, series: { pictures: null, sound: null } })['series']).toEqual({ sound: null })
    expect(jsonOf({ ...told, series: { pictures, sound: null } })['series']).toMatchObject({ frame: [0, 15, 30], sound: null })
    expect(jsonOf({ ...told, series: { pictures: null, sound } })['series']).toMatchObject({ sound: { start: 0.1 } })
  })

  it('names gaps, and a source with quotes in its name', () => {
    const gap = { kind: 'video' as const, start: 0.5, end: 1, reason: 'it is "damaged"' }
    expect(jsonOf({ ...told, source: 'a "b".mp4', gaps: [gap] })).toEqual({ source: 'a "b".mp4', duration: 1.5, gaps: [gap] })
  })
})

describe('CSV', () => {
  function rowsOf(series: Parameters<typeof seriesCsv>[0]): Record<string, string>[] {
    return parse([...seriesCsv(series)].join(''), { columns: true })
  }

  it('has a row for each frame, with the sound from it to the next', () => {
    const [first, second, third, ...more] = rowsOf({ pictures, sound })
    expect(more).toEqual([])
    expect(Object.keys(first ?? {})).toEqual(['timestamp', 'frame', ...pictureColumns, 'hash', ...soundColumns])
    expect(first).toMatchObject({ timestamp: '0', frame: '0', luma: '0.1', motion: '', rms: '0.7071068', loudness: '-inf', flux: '' })
    // Windows 40 to 89, half of them at full scale.
    expect(second).toMatchObject({
      timestamp: '0.5',
      frame: '15',
      luma: '',
      rms: '0.7071068',
      flux: '64.5',
      peak: String(Number(Math.fround(89 / 140).toPrecision(7))),
    })
    expect(third).toMatchObject({ timestamp: '1', motion: '0.01234568', hash: 'fedcba9876543210', loudness: '-20' })
  })

  it('has a row for each window of sound where there are no pictures', () => {
    const rows = rowsOf({ pictures: null, sound })
    expect(rows).toHaveLength(140)
    expect(rows[1]).toEqual({
      timestamp: '0.11',
      rms: '1',
      peak: '0.007142857',
      loudness: '-inf',
      zeroCrossings: '0',
      centroid: '0',
      flux: '',
    })
  })

  it('has no columns of sound where there is none, and is empty without both', () => {
    expect(Object.keys(rowsOf({ pictures, sound: null })[0] ?? {})).toEqual(['timestamp', 'frame', ...pictureColumns, 'hash'])
    expect([...seriesCsv({ pictures: null, sound: null })].join('')).toBe('')
  })

  it('keeps every row of a long series', () => {
    const count = 2500
    const long = { ...noSound, ...Object.fromEntries(soundColumns.map((name) => [name, new Float32Array(count)])), count }
    expect(rowsOf({ pictures: null, sound: long }).map(({ timestamp }) => timestamp)).toEqual(
      Array.from({ length: count }, (_, index) => String(index / 100)),
    )
  })
})

describe('tables', () => {
  it('list what was found, each with its times', () => {
    const black = [{ start: 3600, end: 3602.25 }]
    const beats = { tempo: 119.98, confidence: 0.876, beats: [1, 2] }
    expect(answerLines({ scenes: [scene], highlights: [highlight], silences: [], beats, black, freezes: null })).toEqual([
      '1 scene',
      '  1     0:00.000 -    0:01.500      1.5 s  cut',
      '1 highlight',
      '  1     1:01.000 -    1:21.500     20.5 s    0.46  loud?[31m',
      'no silences',
      '2 beats, 120.0 a minute (confidence 0.88)',
      '1 black part',
      '  1  1:00:00.000 - 1:00:02.250      2.3 s',
    ])
  })

  it('say that there is none of a kind', () => {
    expect(answerLines({ scenes: [], beats: { tempo: 0, confidence: 0, beats: [] } })).toEqual(['no scenes', 'no beats'])
  })

  it('are headed by what was measured, and how long that took', () => {
    expect(analysisHeader(analysis, 6.43)).toBe('talk.mp4  30 fps 0:01.5  ->  3 frames and 0:01.4 of sound, analysed in 6.4 s')
    expect(analysisHeader({ ...analysis, pictures: null, frameRate: null, isCached: true }, 0.1)).toBe(
      'talk.mp4  0:01.5  ->  0:01.4 of sound, measured before',
    )
    expect(analysisHeader({ ...analysis, pictures: null, sound: null }, 0.04)).toBe('talk.mp4  30 fps 0:01.5  ->  nothing, analysed in 0 s')
  })

  it('say of scenes that packets told how little was looked at, or why all was', () => {
    const search = { strategy: 'fast' as const, fallback: null, framesTotal: 18_000, framesMeasured: 312, verified: null }
    const nothing = { ...analysis, pictures: null, sound: null }
    expect(analysisHeader(nothing, 0.84, search)).toBe('talk.mp4  30 fps 0:01.5  ->  scenes of 312 of 18,000 frames, analysed in 0.8 s')
    expect(searchNotes(search)).toEqual([])
    expect(searchNotes({ ...search, fallback: 'it has\none key frame', verified: { missed: [5], extra: [] } })).toEqual([
      'every frame was looked at: it has?one key frame',
      'verified by every frame (cuts only): the two steps had missed 1 and made up 0',
    ])
  })

  it('say what could not be decoded, of much the first few', () => {
    const gaps = Array.from({ length: 5 }, (_, start) => ({ kind: 'audio' as const, start, end: start + 0.5, reason: 'damaged' }))
    expect(gapLines(gaps.slice(0, 1))).toEqual(['audio could not be analysed from 0:00.000 to 0:00.500: damaged'])
    expect(gapLines(gaps)).toHaveLength(4)
    expect(gapLines(gaps).at(-1)).toBe('and 2 more gaps')
  })
})

describe('answers', () => {
  const asked = { scenes: {}, highlights: {}, silences: { noise: undefined, duration: undefined }, beats: true, black: true, freezes: true }

  it('of a source without sound or pictures are those that the other gives, and the rest is named', () => {
    const silent = answersOf({ ...analysis, sound: null }, asked)
    expect(silent).toMatchObject({ silences: null, beats: null, black: [], freezes: expect.any(Array) })
    expect(silent.highlights).toHaveLength(1)
    expect(missingAnswers(silent)).toEqual(['no audio stream: silences, beats cannot be found'])
    const blind = answersOf({ ...analysis, pictures: null }, asked)
    expect(blind).toMatchObject({ scenes: null, black: null, freezes: null, beats: { beats: expect.any(Array) } })
    expect(missingAnswers(blind)).toEqual(['no video stream: scenes, black parts, frozen parts cannot be found'])
    expect(missingAnswers(answersOf({ ...analysis, pictures: null, sound: null }, { highlights: {} }))).toEqual([
      'neither video nor audio: highlights cannot be found',
    ])
  })

  it('are none where nothing was asked', () => {
    expect(Object.values(answersOf(analysis, {})).every((answer) => answer === undefined)).toBe(true)
    expect(missingAnswers(answersOf({ ...analysis, pictures: null, sound: null }, {}))).toEqual([])
  })
})

it('tells how far it is, with frames where any are measured', () => {
  const told = { phase: 'analyze' as const, fraction: 0.5, frames: 600, framesTotal: 1200, sourceSeconds: 600 }
  expect(analysisProgressText(shownAnalysis(told), 10, 0)).toBe('analyzing   50 %  600/1200 frames  60 frames/s  30x realtime  ETA 0:10')
  expect(analysisProgressText(shownAnalysis({ ...told, frames: 0, framesTotal: 0 }), 10, 0)).toBe(
    'analyzing   50 %  30x realtime  ETA 0:10',
  )
  expect(analysisProgressText(shownAnalysis({ ...told, phase: 'index' }), 10, 0)).toBe('indexing   50 %  ETA 0:10')
})
