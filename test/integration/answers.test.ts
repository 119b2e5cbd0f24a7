// What is answered from the measurements of real files: clips whose truth is known because ffmpeg made them so, and ffmpeg's own detectors.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  detectBeats,
  detectBlack,
  detectFreeze,
  detectSilence,
  Engine,
  findDuplicates,
  findHighlights,
  type Analysis,
  type AnalyzeOptions,
  type Highlight,
  type PictureSeries,
  type SoundSeries,
} from '../../dist/index.js'
import { fileUrl, runTool } from '../oracle/ffmpeg-command.js'

let folder: string
let engine: Engine

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framemill-answers-'))
  engine = new Engine({ workers: 2, cache: false })
})
afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true, force: true })
})

/** Runs ffmpeg into a file of that name. */
async function made(name: string, args: readonly string[]): Promise<string> {
  const path = join(folder, name)
  expect(await runTool('ffmpeg', ['-y', ...args, path])).toMatchObject({ succeeded: true })
  return path
}

const lavfi = (graph: string): string[] => ['-f', 'lavfi', '-i', graph]

async function pictures(path: string, options: AnalyzeOptions = {}): Promise<PictureSeries> {
  const { pictures: series } = await engine.analyze(path, { ...options, audio: false })
  if (series === null) throw new Error('Expected pictures')
  return series
}

async function sound(path: string): Promise<SoundSeries> {
  const { sound: series } = await engine.analyze(path, { video: false })
  if (series === null) throw new Error('Expected sound')
  return series
}

/** What a detector of ffmpeg writes into the metadata of frames, in seconds. */
async function detected(path: string, filter: string, key: string): Promise<number[]> {
  const isSound = filter.startsWith('silence')
  const print = isSound ? ['-af', `${filter},ametadata=print:file=-`] : ['-vf', `${filter},metadata=print:file=-`]
  const { stdout } = await runTool('ffmpeg', ['-i', fileUrl(path), ...print, '-f', 'null', '-'])
  return [...stdout.matchAll(new RegExp(`${key}=([\\d.]+)`, 'g'))].map(([, seconds]) => Number(seconds))
}

const near = (times: readonly number[], digits: number): unknown[] => times.map((time) => expect.closeTo(time, digits))

describe('beats of click tracks', () => {
  const seconds = 20
  const first = 0.31

  it.each([
    { tempo: 60, name: 'slow.mkv', codec: ['-c:a', 'pcm_s16le'] },
    { tempo: 97, name: 'walking.mp4', codec: ['-c:a', 'aac'] },
    { tempo: 140.5, name: 'fast.mkv', codec: ['-c:a', 'flac'] },
    { tempo: 180, name: 'fastest.mkv', codec: ['-c:a', 'pcm_s16le'] },
  ])('at $tempo a minute in $name are all within 20 ms, and the tempo within 1 %', async ({ tempo, name, codec }) => {
    const period = 60 / tempo
    const click = `if(gte(t,${first})*lt(mod(t-${first},${period}),0.03),0.5*sin(2*PI*880*t),0)`
    const inputs = [...lavfi('color=s=64x36:r=5'), ...lavfi(`aevalsrc='${click}':s=44100`)]
    const path = await made(name, [...inputs, '-t', String(seconds), '-c:v', 'libx264', ...codec])
    const found = detectBeats(await sound(path))
    const times = Array.from({ length: Math.ceil((seconds - first) / period) }, (_, k) => first + k * period)
    const distance = (time: number, others: readonly number[]): number => Math.min(...others.map((other) => Math.abs(other - time)))
    expect(Math.abs(found.tempo / tempo - 1)).toBeLessThan(0.01)
    expect(Math.max(...times.map((time) => distance(time, found.beats)))).toBeLessThan(0.02)
    expect(Math.max(...found.beats.map((time) => distance(time, times)))).toBeLessThan(0.02)
  })
})

describe("detections, against ffmpeg's own", () => {
  it('silence begins and ends where silencedetect says', async () => {
    const quiet = 'between(t,3,6.2)+between(t,8,9)+between(t,11.05,13.5)'
    const path = await made('pauses.mkv', [...lavfi(`aevalsrc='if(${quiet},0,0.3*sin(2*PI*300*t))':s=44100:d=16`), '-c:a', 'pcm_s16le'])
    const series = await sound(path)
    for (const duration of [2, 0.5]) {
      const filter = `silencedetect=d=${duration}`
      const [starts, ends] = [await detected(path, filter, 'silence_start'), await detected(path, filter, 'silence_end')]
      const found = detectSilence(series, { duration })
      expect(starts).toHaveLength(duration === 2 ? 2 : 3)
      expect(found).toHaveLength(starts.length)
      for (const [i, { start, end }] of found.entries()) {
        expect(Math.abs(start - (starts[i] ?? NaN))).toBeLessThan(0.011)
        expect(Math.abs(end - (ends[i] ?? NaN))).toBeLessThan(0.011)
      }
    }
  })

  it('black and frozen parts begin and end where blackdetect and freezedetect say', async () => {
    const parts = [
      'testsrc2=d=3',
      'color=black:d=2.6',
      'testsrc2=d=2',
      'smptebars=d=3.2',
      'testsrc2=d=2',
      'color=black:d=1',
      'testsrc2=d=1',
    ]
    const labels = parts.map((_, i) => `[${i}]`).join('')
    const graph = `${labels}concat=n=${parts.length},format=yuv420p`
    const inputs = parts.flatMap((part) => lavfi(`${part}:s=320x180:r=25`))
    const path = await made('parts.mp4', [...inputs, '-filter_complex', graph, '-c:v', 'libx264', '-preset', 'fast'])
    const series = await pictures(path, { all: true })
    const black = detectBlack(series)
    // Frames are marked whatever the duration.
    const [blackStarts, blackEnds] = [await detected(path, 'blackdetect', 'black_start'), await detected(path, 'blackdetect', 'black_end')]
    const long = blackStarts.map((start, i) => [start, blackEnds[i] ?? NaN] as const).filter(([start, end]) => end - start >= 2)
    expect(long).toHaveLength(1)
    expect(black.map(({ start, end }) => [start, end])).toEqual(long.map((range) => near(range, 3)))
    const frozen = detectFreeze(series)
    expect(frozen).toHaveLength(2)
    expect(frozen.map(({ start }) => start)).toEqual(near(await detected(path, 'freezedetect', 'freeze_start'), 3))
    expect(frozen.map(({ end }) => end)).toEqual(near(await detected(path, 'freezedetect', 'freeze_end'), 3))
  })
})

describe('duplicates', () => {
  it('are told from other videos, made smaller, coded worse and cut shorter', async () => {
    const sources = ['mandelbrot=', 'testsrc2=', 'life=mold=10:ratio=0.1:', 'gradients=seed=7:']
    const fast = ['-c:v', 'libx264', '-preset', 'veryfast']
    const originals = await Promise.all(
      sources.map((source, i) => made(`${i}.mp4`, [...lavfi(`${source}s=192x108:r=12.5`), '-t', '12', ...fast])),
    )
    const [zoom = '', test = ''] = originals
    const small = await made('small.mp4', ['-i', zoom, '-vf', 'scale=128:72', ...fast, '-crf', '36'])
    const late = await made('late.mkv', ['-ss', '3.3', '-i', zoom, ...fast, '-crf', '28'])
    const early = await made('early.mp4', ['-i', test, '-t', '8', '-vf', 'scale=320:180', ...fast])
    const paths = [...originals, small, late, early]
    const items = await Promise.all(paths.map(async (name) => ({ name, pictures: await pictures(name, { fps: 4 }) })))
    const groups = findDuplicates(items)
    expect(groups.map(({ names }) => names)).toEqual([[zoom, small, late], [test, early]]) // prettier-ignore
    const shift = groups[0]?.pairs.find(({ first, second }) => first === zoom && second === late)?.offset
    expect(Math.abs((shift ?? 0) + 3.3)).toBeLessThan(0.3)
  })
})

describe('highlights of ten minutes with five events', () => {
  const events = [[40, 52], [155.5, 166], [271, 289], [402.3, 414], [548, 556]] as const // prettier-ignore
  const inEvent = (time: string): string => events.map(([from, to]) => `between(${time},${from},${to})`).join('+')
  // The longer film is to hold the very pictures of the shorter one.
  const lossless = ['-c:v', 'ffv1', '-c:a', 'flac']
  let film: string
  let analysis: Analysis

  beforeAll(async () => {
    // Stripes: slow, and in events fast, with another slant every second. A hum, and in events four bursts of noise a second.
    const slant = `(1+mod(floor(T)*7,5)*gt(${inEvent('T')},0))`
    const stripes = `128+90*sin((X*${slant}+Y*(6-${slant}))/7+T*if(${inEvent('T')},25,0.3))`
    const inputs = [
      ...lavfi(`color=gray:s=64x36:r=5,format=gray,geq=lum='${stripes}'`),
      ...lavfi(`aevalsrc='if(${inEvent('t')},0.5*(2*random(0)-1)*lt(mod(t,0.25),0.1),0.02*sin(2*PI*220*t))':s=8000`),
    ]
    film = await made('film.mkv', [
      ...inputs,
      '-t',
      '600',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'flac',
    ])
    analysis = await engine.analyze(film)
  })

  /** Numbers of the events that lie in each highlight. */
  const held = (highlights: readonly Highlight[]): number[][] =>
    highlights.map(({ start, end }) =>
      [...events.keys()].filter((i) => start <= (events[i]?.[0] ?? 0) + 1 && end >= (events[i]?.[1] ?? 0) - 1),
    )

  it('are the five events, by all measurements and by either kind alone', () => {
    for (const given of [analysis, { ...analysis, sound: null }, { ...analysis, pictures: null }]) {
      const found = findHighlights(given, { duration: 20, top: 5 })
      expect(held(found).flat().sort()).toEqual([0, 1, 2, 3, 4])
    }
  })

  it('keep their order when two silent, still minutes follow', async () => {
    const pad = ['-vf', 'tpad=stop_mode=clone:stop_duration=120', '-af', 'apad=pad_dur=120']
    const longer = await made('longer.mkv', ['-i', film, ...pad, ...lossless])
    const padded = await engine.analyze(longer)
    expect(padded.end).toBeGreaterThan(analysis.end + 119)
    expect(held(findHighlights(padded))).toEqual(held(findHighlights(analysis)))
  })
})
