// Analysing through the public API: the same numbers whatever the split, arithmetic on pictures whose motion is known, bad input, the cache,
// and an end at any moment.
import { copyFileSync, utimesSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, pictureColumns, type Analysis, type AnalyzeProgress, type PictureSeries } from '../../dist/index.js'
import { loadBinding } from '../../dist/native/binding.js'
import { smallPicture } from '../../dist/plan/analysis.js'
import { clips } from '../fixtures/index.js'
import { ask } from './fixtures/ask.js'
import { makeWorkspace, mediaDataOf, type Workspace } from './fixtures/workspace.js'

let work: Workspace
let one: Engine
let two: Engine

beforeAll(() => {
  work = makeWorkspace()
  one = new Engine({ workers: 1, cache: false })
  two = new Engine({ workers: 2, cache: false })
})
afterAll(async () => {
  await Promise.all([one.close(), two.close()])
  work.remove()
})

function picturesOf({ pictures }: Analysis): PictureSeries {
  if (pictures === null) throw new Error('no pictures were measured')
  return pictures
}

/** Every number and mark, bit for bit. */
function bytesOf(series: PictureSeries): Record<string, string> {
  const { timestamp, frame, hash, histogram, layout } = series
  const marks = { timestamp, frame, hash, histogram, layout }
  const columns = Object.fromEntries(pictureColumns.map((name) => [name, series[name]]))
  return Object.fromEntries(
    Object.entries({ ...marks, ...columns }).map(([name, { buffer, byteOffset, byteLength }]) => [
      name,
      Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
    ]),
  )
}

/** All frames of a clip in one run of one native analyzer. */
function inOneRun(path: string, targets: Float64Array, edges: boolean): Float32Array {
  const binding = loadBinding()
  const source = { url: `file:${path}`, protocols: 'file', allowPlaylists: false }
  const stream = binding.probe(source).streams.find(({ type }) => type === 'video')
  if (stream === undefined) throw new Error('there is no video')
  const output = smallPicture(stream)
  const analyzer = new binding.Analyzer({
    ...source,
    streamIndex: stream.index,
    codecThreads: 1,
    maxPixels: 1e9,
    draft: false,
    edges,
    output,
  })
  const row = binding.analysisRow()
  const numbers = new Float32Array(targets.length * row.numbers)
  analyzer.begin({
    ...{ startPts: NaN, startDts: NaN, fromStreamStart: true, nearDts: NaN, skipUnreferenced: false },
    ...{ plain: true, showPrevious: false, byOrdinal: false, targets, until: NaN },
  })
  analyzer.step(numbers, new Uint8Array(targets.length * row.markBytes))
  analyzer.close()
  return numbers
}

describe('measurements', () => {
  it.each(['bFrames', 'hevcOpenGop', 'vfr', 'vp8', 'mpeg2Interlaced', 'missingTimestamps', 'sizeChange'] as const)(
    'of %s are the same with one worker and with two',
    async (name) => {
      const options = { all: true, edges: true } as const
      const [alone, shared] = await Promise.all([one.analyze(clips[name].path, options), two.analyze(clips[name].path, options)])
      expect(bytesOf(picturesOf(shared))).toEqual(bytesOf(picturesOf(alone)))
      expect(picturesOf(alone).count).toBe(clips[name].facts.frames)
    },
  )

  it('in many tasks are those of one run of one decoder', async () => {
    const pictures = picturesOf(await two.analyze(clips.bFrames.path, { all: true, edges: true }))
    const { frames } = await ask(two, clips.bFrames.path, { all: true, width: 16 })
    const numbers = inOneRun(
      clips.bFrames.path,
      Float64Array.from(frames, ({ pts }) => pts),
      true,
    )
    for (const [place, name] of pictureColumns.entries()) {
      const column = Float32Array.from({ length: pictures.count }, (_, row) => numbers[row * pictureColumns.length + place] ?? 0)
      expect([name, Buffer.from(column.buffer).toString('base64')]).toEqual([name, bytesOf(pictures)[name]])
    }
  })

  it('are of the frames that sampling gives, at their times', async () => {
    const { frames } = await ask(two, clips.vfr.path, { fps: 7, width: 16 })
    const { timestamp } = picturesOf(await two.analyze(clips.vfr.path, { fps: 7 }))
    expect([...timestamp]).toEqual([...new Set(frames.map((frame) => frame.timestamp))])
  })

  it('leave undecoded what no measured frame refers to', async () => {
    await using engine = new Engine({ workers: 1, cache: false })
    await engine.analyze(clips.bFrames.path, { fps: 2 })
    const { framesDecoded, framesSkipped, framesConverted } = engine.stats()
    expect(framesConverted).toBe(20)
    expect(framesSkipped).toBeGreaterThan(100)
    expect(framesDecoded).toBeLessThan(200)
  })

  it('of edges in pictures one pixel high are those of their edges', () => {
    const binding = loadBinding()
    const numbers = new Float32Array(binding.analysisRow().numbers)
    const [before, now] = [new Uint8Array(3 * 64), new Uint8Array(3 * 64).fill(255, 3 * 40)]
    binding.measureChange({ width: 64, height: 1, edges: true }, before, now, numbers)
    // One edge, made five pixels wide.
    expect(numbers[pictureColumns.indexOf('deltaEdges')]).toBeCloseTo((255 * 5) / 64, 3)
  })

  it('have no change before the first frame, and none for edges that were not asked for', async () => {
    const pictures = picturesOf(await one.analyze(clips.bFrames.path, { everyFrames: 30 }))
    expect([pictures.difference[0], pictures.motion[0], pictures.deltaEdges[3]]).toEqual([NaN, NaN, NaN])
    expect(pictures.difference[1]).toBeGreaterThan(0)
    expect([...pictures.frame]).toEqual([0, 30, 60, 90, 120, 150, 180, 210, 240, 270])
    expect([pictures.isEveryFrame, pictures.end]).toEqual([false, 10])
  })
})

describe('motion', () => {
  const texture = 'mandelbrot=size=640x360:rate=25:start_scale=0.6:end_scale=0.6:end_pts=1000'
  const still = ['-f', 'lavfi', '-i', texture, '-frames:v', '1']

  it('of a picture that moves to the right by a hundredth of its width is that pan', async () => {
    const image = await work.encode('texture.png', ...still)
    const filter = 'crop=480:270:x=100-4.8*n:y=40,format=yuv420p'
    const clip = await work.encode('pan.mp4', '-loop', '1', '-r', '25', '-i', image, '-vf', filter, '-frames:v', '20', '-crf', '10')
    const { panX, panY, zoom, motion, objectMotion } = picturesOf(await one.analyze(clip, { all: true }))
    for (let i = 1; i < 20; i++) {
      expect(panX[i]).toBeCloseTo(0.01, 2)
      expect(Math.abs(panY[i] ?? 1)).toBeLessThan(0.002)
      expect(Math.abs(zoom[i] ?? 1)).toBeLessThan(0.005)
      // Half of the picture is flat: no block of it is seen to move.
      expect(motion[i]).toBeGreaterThan(0.003)
      expect(objectMotion[i]).toBeLessThan(0.006)
    }
  })

  it('of a picture that grows by two per cent a frame is that zoom', async () => {
    const image = await work.encode('texture2.png', ...still)
    // Larger first: zoompan places whole pixels.
    const filter = 'scale=3840:-2,zoompan=z=pow(1.02\\,on):x=iw/2-iw/zoom/2:y=ih/2-ih/zoom/2:d=1:s=640x360:fps=25,format=yuv420p'
    const clip = await work.encode('zoom.mp4', '-loop', '1', '-r', '25', '-i', image, '-vf', filter, '-frames:v', '10', '-crf', '10')
    const { zoom, panX } = picturesOf(await one.analyze(clip, { all: true }))
    const mean = [...zoom.slice(1)].reduce((sum, value) => sum + value, 0) / 9
    expect(mean).toBeGreaterThan(0.015)
    expect(mean).toBeLessThan(0.022)
    for (let i = 1; i < 10; i++) expect(Math.abs(panX[i] ?? 1)).toBeLessThan(0.004)
  })

  it('of a still picture is none', async () => {
    const image = await work.encode('texture3.png', ...still)
    const clip = await work.encode('still.mp4', '-loop', '1', '-r', '25', '-i', image, '-vf', 'format=yuv420p', '-frames:v', '5')
    const { motion, zoom, difference } = picturesOf(await one.analyze(clip, { all: true }))
    expect([...motion.slice(1), ...zoom.slice(1)]).toEqual(new Array(8).fill(0))
    expect(Math.max(...difference.slice(1))).toBeLessThan(1)
  })
})

describe('what cannot be had', () => {
  it('is no sound in a video without any, and no gap', async () => {
    const { pictures, sound, gaps } = await one.analyze(clips.bFrames.path)
    expect([pictures?.count, sound, gaps]).toEqual([20, null, []])
  })

  it('is no picture in a file of sound, and its sound is measured', async () => {
    const { pictures, sound, gaps, duration, frameRate } = await one.analyze(clips.audioOnly.path)
    expect([pictures, gaps, frameRate]).toEqual([null, [], null])
    expect(sound?.count).toBe(Math.ceil(duration * 100 - 1e-6))
  })

  it.each([
    ['whose container does not say how long it is', 'live.webm', ['-c:a', 'libopus', '-f', 'webm', '-live', '1']],
    ['whose length is guessed from the bit rate of its loud beginning', 'raw.aac', ['-c:a', 'aac', '-b:a', '192k']],
  ])('is no part of a sound %s', async (_, name, args) => {
    const path = await work.encode(name, '-f', 'lavfi', '-i', 'anoisesrc=r=48000:d=1', '-af', 'apad=pad_dur=4', ...args)
    const { sound, end } = await one.analyze(path)
    expect(sound?.count).toBeGreaterThanOrEqual(500)
    expect(sound?.count).toBeLessThan(510)
    expect(end).toBeGreaterThanOrEqual(5)
  })

  it('is no part of a sound that is longer than the pictures of a container that does not say how long it is', async () => {
    const inputs = ['-f', 'lavfi', '-i', 'testsrc=d=1:s=64x64', '-f', 'lavfi', '-i', 'sine=d=2']
    const clip = await work.encode('longer-sound.mkv', ...inputs, '-c:a', 'libopus', '-f', 'matroska', '-live', '1')
    const { pictures, sound } = await one.analyze(clip)
    expect(pictures?.end).toBeLessThan(1.1)
    expect(sound?.count).toBeGreaterThanOrEqual(200)
  })

  it('is no change in a video of one frame', async () => {
    const pictures = picturesOf(await one.analyze(clips.oneFrame.path, { all: true }))
    expect(pictures.count).toBe(1)
    expect(pictures.luma[0]).toBeGreaterThan(0)
    expect(pictures.difference[0]).toBeNaN()
  })

  it('is a damaged middle: a gap with its reason, and numbers on both sides', async () => {
    const broken = work.changed('middle.mp4', clips.noBFrames.path, (bytes) => {
      const { start, end } = mediaDataOf(bytes)
      bytes.fill(0, start + Math.floor((end - start) * 0.45), start + Math.floor((end - start) * 0.6))
    })
    const analysis = await two.analyze(broken, { all: true })
    const { luma, difference, timestamp, count } = picturesOf(analysis)
    const missing = [...timestamp].filter((_, i) => Number.isNaN(luma[i]))
    expect(missing.length).toBeGreaterThan(0)
    expect(analysis.gaps.length).toBeGreaterThan(0)
    for (const time of missing) expect(analysis.gaps.some(({ start, end }) => time >= start && time < end)).toBe(true)
    for (const { kind, reason } of analysis.gaps) expect([kind, reason.length > 0]).toEqual(['video', true])
    expect([luma[0], luma[count - 1]].some(Number.isNaN)).toBe(false)
    const after = [...luma].findLastIndex(Number.isNaN) + 1
    expect(difference[after]).not.toBeNaN()
  })

  it('is the end of a file that is cut off: a gap within the part asked for', async () => {
    const cut = clips.cutOffMp4.path
    const whole = await one.analyze(cut, { all: true })
    const from = whole.gaps.at(-1)?.start ?? NaN
    expect(whole.gaps).toEqual([{ kind: 'video', start: from, end: whole.duration, reason: 'the file is cut off' }])
    const part = await one.analyze(cut, { all: true, start: from - 1, end: from + 0.1 })
    expect(part.gaps).toEqual([{ kind: 'video', start: from, end: from + 0.1, reason: 'the file is cut off' }])
  })

  it('is everything in a file of text, said as an error', async () => {
    await expect(one.analyze(clips.text.path)).rejects.toMatchObject({ code: 'ERR_OPEN' })
    await expect(one.analyze(clips.audioOnly.path, { audio: false })).rejects.toMatchObject({ code: 'ERR_NO_VIDEO' })
    await expect(one.analyze(clips.bFrames.path, { video: false })).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED' })
    await expect(one.analyze(clips.manyStreams.path, { audioStream: 99 })).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED' })
  })
})

describe('misuse', () => {
  it.each([
    [{ fps: 2, all: true }, 'Expected one of fps, everyFrames, all but received fps and all'],
    [{ fps: -1 }, 'Expected a number above 0 for fps but received -1 of type number'],
    [{ start: 5, end: 4 }, 'Expected a number above start 5 for end but received 4 of type number'],
    [{ video: false, audio: false }, 'Expected video or audio to be analysed but received false for both'],
    [{ quality: 'fast' }, 'Expected one of exact, draft for quality but received "fast" of type string'],
    [{ scenes: true }, 'Unknown option "scenes"'],
  ])('of %j is told before any work', async (options, message) => {
    await expect(one.analyze(clips.text.path, JSON.parse(JSON.stringify(options)))).rejects.toThrow(message)
  })
})

describe('a part', () => {
  it('that begins where the source has ended is told', async () => {
    const message = `Expected a number below 10, where "${clips.bFrames.path}" ends, for start but received 10 of type number`
    await expect(one.analyze(clips.bFrames.path, { start: 10 })).rejects.toThrow(message)
  })
})

describe('the cache', () => {
  it('gives the same numbers without decoding, until the options or the file change', async () => {
    const clip = work.path('cached.mp4')
    copyFileSync(clips.manyStreams.path, clip)
    const cache = work.path('cache')
    const once = async (options: { fps?: number } = {}): Promise<{ analysis: Analysis; decoded: number }> => {
      await using engine = new Engine({ workers: 1, cache })
      const analysis = await engine.analyze(clip, options)
      return { analysis, decoded: engine.stats().framesDecoded }
    }
    const first = await once()
    const second = await once()
    expect([first.analysis.isCached, second.analysis.isCached, second.decoded]).toEqual([false, true, 0])
    expect({ ...second.analysis, isCached: false }).toEqual(first.analysis)
    expect(bytesOf(picturesOf(second.analysis))).toEqual(bytesOf(picturesOf(first.analysis)))
    expect((await once({ fps: 3 })).analysis.isCached).toBe(false)
    utimesSync(clip, 1, 1)
    expect((await once()).analysis.isCached).toBe(false)
  })
})

describe('on its way', () => {
  it('ends with the reason of an abort, even if all comes from the cache', async () => {
    await using engine = new Engine({ workers: 1, cache: work.path('cache-abort') })
    await engine.analyze(clips.bFrames.path)
    const abort = new AbortController()
    const reason = new Error('enough')
    const onProgress = (): void => abort.abort(reason)
    await expect(engine.analyze(clips.bFrames.path, { signal: abort.signal, onProgress })).rejects.toBe(reason)
  })

  it('is told as a fraction that never falls and ends at one', async () => {
    const told: AnalyzeProgress[] = []
    await two.analyze(clips.manyStreams.path, { all: true, onProgress: (progress) => told.push(progress) })
    const fractions = told.filter(({ phase }) => phase === 'analyze').map(({ fraction }) => fraction)
    expect(fractions.every((fraction, i) => fraction >= (fractions[i - 1] ?? 0))).toBe(true)
    expect(fractions.at(-1)).toBeCloseTo(1, 6)
  })

  it('ends with the reason of an abort, and the engine works on', async () => {
    const abort = new AbortController()
    const reason = new Error('enough')
    const onProgress = ({ phase }: AnalyzeProgress): void => {
      if (phase === 'analyze') abort.abort(reason)
    }
    await expect(two.analyze(clips.manyStreams.path, { all: true, signal: abort.signal, onProgress })).rejects.toBe(reason)
    expect(picturesOf(await two.analyze(clips.bFrames.path)).count).toBe(20)
  })
})
