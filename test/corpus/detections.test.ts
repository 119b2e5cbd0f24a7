// Silence, black and frozen parts of real clips against FFmpeg's silencedetect, blackdetect and freezedetect; vitest.config.ts leaves this file
// out without a folder FRAMEMILL_CORPUS.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detectBlack, detectFreeze, detectSilence, Engine, type Analysis } from '../../dist/index.js'
import { fileUrl } from '../oracle/ffmpeg-command.js'

const folder = join(process.env['FRAMEMILL_CORPUS'] ?? '', 'everyday')
const names = [
  'Breakthrough-PySceneDetect__testvideo.mp4',
  'Breakthrough-PySceneDetect__issue-195-aspect-ratio.mp4',
  'Zulko-moviepy__big_buck_bunny_0_30.webm',
  'meta-pytorch-torchcodec__nasa_13013.mp4',
  'shaka-project-shaka-player__hls-ts-muxed-ac3-h264_concat6.ts',
  'intel-iot-devkit-sample-videos__one-by-one-person-detection.mp4',
]

interface Range {
  readonly start: number
  readonly end: number
}

/** Seconds that a range may be off at either end, and that decide whether one is long enough to count. */
const tolerance = { silence: 0.06, picture: 0.12 }
const least = { silence: 0.2, black: 0.3, freeze: 1 }

/** Ranges of FFmpeg's that were compared. */
const compared = { silence: 0, black: 0, freeze: 0 }

let engine: Engine
beforeAll(() => {
  engine = new Engine({ workers: 2, cache: false })
})
afterAll(() => engine.close())

/** What the filter says in its log, and when it has not ended by the end: until then. */
async function told(path: string, map: string, filter: string, word: string): Promise<Range[]> {
  const args = ['-hide_banner', '-nostdin', '-i', fileUrl(path), '-map', map, ...(map.includes('a') ? ['-af'] : ['-vf']), filter]
  const child = spawn('ffmpeg', [...args, '-f', 'null', '-'], { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  for await (const chunk of child.stderr) log += String(chunk)
  const values = (edge: string): number[] =>
    [...log.matchAll(new RegExp(`${word}_${edge}: ?(-?[\\d.]+)`, 'g'))].map(([, value]) => Number(value))
  const ends = values('end')
  return values('start').map((start, i) => ({ start, end: ends[i] ?? Infinity }))
}

/** Ranges of one list, long enough to be sure, that no range of the other matches. */
function unmatched(ranges: readonly Range[], others: readonly Range[], shortest: number, within: number, fits: typeof equals): Range[] {
  return ranges.filter(
    (range) => Math.min(range.end, 1e6) - range.start > shortest + 2 * within && !others.some((other) => fits(range, other, within)),
  )
}

function equals(a: Range, b: Range, within: number): boolean {
  return Math.abs(a.start - b.start) <= within && (Math.abs(a.end - b.end) <= within || !Number.isFinite(a.end) || !Number.isFinite(b.end))
}

function isInside(a: Range, b: Range, within: number): boolean {
  return a.start >= b.start - within && (a.end <= b.end + within || !Number.isFinite(a.end))
}

async function analysisOf(path: string): Promise<Analysis> {
  return engine.analyze(path, { all: true })
}

describe.each(names)('%s', (name) => {
  const path = join(folder, name)
  let analysis: Analysis
  beforeAll(async () => {
    analysis = await analysisOf(path)
  })

  it('is silent where silencedetect says so', async () => {
    if (analysis.sound === null) {
      expect(await told(path, '0:a:0', `silencedetect=n=-30dB:d=${least.silence}`, 'silence')).toEqual([])
      return
    }
    const theirs = await told(path, '0:a:0', `silencedetect=n=-30dB:d=${least.silence}`, 'silence')
    compared.silence += theirs.length
    const ours = detectSilence(analysis.sound, { noise: -30, duration: least.silence })
    expect(unmatched(theirs, ours, least.silence, tolerance.silence, equals)).toEqual([])
    expect(unmatched(ours, theirs, least.silence, tolerance.silence, equals)).toEqual([])
  })

  it('is black where blackdetect says so', async () => {
    if (analysis.pictures === null) throw new Error('no pictures were measured')
    const theirs = await told(path, '0:v:0', `blackdetect=d=${least.black}`, 'black')
    compared.black += theirs.length
    const ours = detectBlack(analysis.pictures, { blackMinDuration: least.black })
    expect(unmatched(theirs, ours, least.black, tolerance.picture, equals)).toEqual([])
    expect(unmatched(ours, theirs, least.black, tolerance.picture, equals)).toEqual([])
  })

  it('is frozen wherever freezedetect says so', async () => {
    if (analysis.pictures === null) throw new Error('no pictures were measured')
    const theirs = await told(path, '0:v:0', `freezedetect=n=0.001:d=${least.freeze}`, 'freeze')
    compared.freeze += theirs.length
    const ours = detectFreeze(analysis.pictures, { noise: 0.001, duration: least.freeze })
    expect(unmatched(theirs, ours, least.freeze, tolerance.picture, isInside)).toEqual([])
  })
})

it('have silent, black and frozen parts to compare', () => {
  expect(
    Object.values(compared).every((count) => count > 0),
    JSON.stringify(compared),
  ).toBe(true)
})
