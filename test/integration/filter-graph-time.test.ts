// Graphs of text, time, a second video and sound, run by the ffmpeg command on tiny pictures.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Transform } from '../../src/options/transform.ts'
import { compileFilters } from '../../src/plan/filter-graph.ts'
import { upright } from '../../src/source/display.ts'
import { runTool } from '../oracle/ffmpeg-command.ts'
import {
  makePictures,
  removePictures,
  width,
  height,
  rate,
  count,
  square,
  nasty,
  font,
  pathOf,
  ffmpeg,
  through,
  probed,
  times,
  luma,
  mean,
  firstDifference,
  source,
} from './fixtures/filtered-pictures.ts'

beforeAll(makePictures)
afterAll(removePictures)

describe('text over the picture', () => {
  const dark = { eq: { brightness: -1 } }
  it.each([nasty, '100% \\n', "  'quoted'  ", '[in];[out]', 'zwei\nZeilen', 'ünïcödé 日本', '\\', "'"])(
    'is %j to the letter',
    async (text) => {
      const { data } = await through({ ...dark, text: { text, font, size: 8, x: 0, y: 2 } })
      // The same letters out of a file, which no parser has read.
      await writeFile(pathOf('text.txt'), text)
      const drawn = `eq=brightness=-1:contrast=1:saturation=1:gamma=1,drawtext=textfile=${pathOf('text.txt')}:expansion=none:fontfile=${font}:fontsize=8:fontcolor=white:x=0:y=2`
      const raw = ['-f', 'rawvideo', '-video_size', `${width}x${height}`, '-framerate', String(rate), '-pixel_format', 'yuv444p']
      await ffmpeg(...raw, '-i', pathOf('in.yuv444p'), '-vf', drawn, '-f', 'rawvideo', pathOf('text.raw'))
      expect(Math.max(...data.subarray(0, width * height))).toBeGreaterThan(100)
      expect(firstDifference(data, await readFile(pathOf('text.raw')))).toBe('none')
    },
  )

  it('is drawn in a font of whatever path', async () => {
    await mkdir(pathOf(nasty), { recursive: true })
    const path = join(pathOf(nasty), 'font.ttf')
    await copyFile(font, path)
    const plain = await through({ text: { text: 'Ag', font } })
    expect(firstDifference((await through({ text: { text: 'Ag', font: path } })).data, plain.data)).toBe('none')
  })

  it('is in the middle near the bottom unless told otherwise', async () => {
    const spread = async (text: object): Promise<{ left: number; right: number; top: number; bottom: number }> => {
      const { data } = await through({ ...dark, text: { text: 'HHH', font, size: 6, ...text } })
      const [first = Buffer.alloc(0)] = luma(data, { width, height }, 3)
      const lit = Array.from(first).flatMap((value, index) => (value > 60 ? [index] : []))
      const [xs, ys] = [lit.map((at) => at % width), lit.map((at) => Math.floor(at / width))]
      return { left: Math.min(...xs), right: width - 1 - Math.max(...xs), top: Math.min(...ys), bottom: height - 1 - Math.max(...ys) }
    }
    const usual = await spread({})
    expect(Math.abs(usual.left - usual.right)).toBeLessThanOrEqual(2)
    expect(usual.bottom).toBeLessThanOrEqual(4)
    const corner = await spread({ x: -1, y: 1 })
    expect(corner.right).toBeLessThanOrEqual(2)
    expect(corner.top).toBeLessThanOrEqual(3)
  })

  it('has its box, and its time', async () => {
    const { data } = await through({ text: { text: 'H', font, color: '#00ff00', box: 'white@0.5', to: 0.5 } })
    const frames = luma(data, { width, height }, 3)
    const isChanged = luma(source, { width, height }, 3).map((plane, index) => !plane.equals(frames[index] ?? plane))
    expect(isChanged).toEqual([true, true, true, false, false, false, false, false, false, false])
  })
})

describe('time', () => {
  it('fades in from black and out to it', async () => {
    const { data } = await through({ fadeIn: 0.8, fadeOut: 0.4 })
    const levels = luma(data, { width, height }, 3).map((plane) => mean(plane) - 16)
    const full = luma(source, { width, height }, 3).map((plane) => mean(plane) - 16)
    const shares = levels.map((level, index) => level / (full[index] ?? 1))
    const expected = [0, 0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 0.5]
    expected.forEach((share, index) => expect(shares[index]).toBeCloseTo(share, 1))
    expect(Math.max(...data.subarray(0, width * height))).toBe(16)
  })

  it('runs at the speed asked for, each frame once', async () => {
    const { data } = await through({ speed: 4 })
    expect(firstDifference(data, source)).toBe('none')
    const expected = Array.from({ length: count }, (_, index) => index / rate / 4)
    ;(await times()).forEach((time, index) => expect(time).toBeCloseTo(expected[index] ?? -1, 2))
  })

  it('has the frame rate asked for', async () => {
    const { data } = await through({ fps: 10 })
    expect(data.length).toBe(source.length * 2)
    const frames = luma(data, { width, height }, 3)
    expect(frames.every((plane, index) => index % 2 === 0 || plane.equals(frames[index - 1] ?? Buffer.alloc(0)))).toBe(true)
  })

  it.each<Transform>([
    { speed: 2, eq: { gamma: 1.5 }, blur: 1, fadeIn: 0.5, fadeOut: 0.5 },
    { width: 40, height: 40, fit: 'blurred', text: { text: 'T', font, from: 0.3, to: 1.5 } },
    { rotate: 20, fadeOut: 0.7, text: { text: 'T', font, to: 0.7 } },
  ])('of %j is the same in two runs as in one', async (transform) => {
    const whole = await through(transform)
    expect(whole.isPerFrame).toBe(true)
    for (const from of [3, 8]) {
      const { data } = await through(transform, 'yuv444p', {}, from)
      expect(firstDifference(data, whole.data.subarray((whole.data.length / count) * from))).toBe('none')
    }
  })

  it('of a picture over the picture is the same in two runs as in one', async () => {
    const transform = { overlay: { image: pathOf('red.png'), from: 0.4, to: 1.2, opacity: 0.5 } }
    const whole = await through(transform)
    const { data } = await through(transform, 'yuv444p', {}, 4)
    expect(firstDifference(data, whole.data.subarray((whole.data.length / count) * 4))).toBe('none')
  })
})

describe('a stack', () => {
  it('shows the other video below, in step from where it starts, and keeps the frames of this one', async () => {
    const other = pathOf(`${nasty}.mkv`)
    const make = ['-f', 'lavfi', '-i', `testsrc2=s=${width}x${height}:r=10:d=16`, '-pix_fmt', 'yuv420p']
    await ffmpeg(...make, '-c:v', 'libx264', '-qp', '0', '-g', '40', '-bf', '2', other)
    await ffmpeg(...make, '-f', 'rawvideo', pathOf('other.raw'))
    const frames = luma(await readFile(pathOf('other.raw')), { width, height }, 1.5)
    const above = luma(await readFile(pathOf('in.yuv420p')), { width, height }, 1.5)
    for (const start of [0, 1.3, 12.7, 15.5]) {
      const { data } = await through({ width, height: height * 2, stack: { source: other, start } }, 'yuv420p')
      const planes = luma(data, { width, height: height * 2 }, 1.5)
      expect(planes.length).toBe(count)
      planes.forEach((plane, index) => {
        const expected = frames[Math.min(frames.length - 1, Math.round(start * 10) + index * 2)] ?? Buffer.alloc(0)
        expect(firstDifference(plane.subarray(0, width * height), above[index] ?? Buffer.alloc(0))).toBe('none')
        expect(`${index}: ${firstDifference(plane.subarray(width * height), expected)}`).toBe(`${index}: none`)
      })
    }
  })

  it('counts from where the other container starts', async () => {
    const make = ['-f', 'lavfi', '-i', `testsrc2=s=${width}x${height}:r=10:d=16`, '-pix_fmt', 'yuv420p']
    await ffmpeg(...make, '-c:v', 'libx264', '-qp', '0', '-g', '20', '-bf', '2', '-f', 'mpegts', pathOf('other.ts'))
    await ffmpeg(...make, '-f', 'rawvideo', pathOf('other.raw'))
    const { stdout } = await runTool('ffprobe', ['-show_entries', 'format=start_time', '-of', 'csv=p=0', pathOf('other.ts')])
    const startSeconds = Number(stdout)
    expect(startSeconds).toBeGreaterThan(1)
    const frames = luma(await readFile(pathOf('other.raw')), { width, height }, 1.5)
    for (const start of [0, 2.5, 12.5]) {
      const stack = { source: pathOf('other.ts'), start }
      const { data } = await through({ width, height: height * 2, stack }, 'yuv420p', { stacked: { orientation: upright, startSeconds } })
      const planes = luma(data, { width, height: height * 2 }, 1.5)
      expect(planes.length).toBe(count)
      planes.forEach((plane, index) => {
        const expected = frames[Math.round(start * 10) + index * 2] ?? Buffer.alloc(0)
        expect(`${index}: ${firstDifference(plane.subarray(width * height), expected)}`).toBe(`${index}: none`)
      })
    }
  })

  it('fits another shape into its half', async () => {
    const halves = 'color=white:s=40x24:r=5:d=2[a];color=black:s=40x24:r=5:d=2[b];[a][b]hstack,setsar=2'
    await ffmpeg('-f', 'lavfi', '-i', halves, '-pix_fmt', 'yuv420p', '-c:v', 'ffv1', pathOf('wide.mkv'))
    const stacked = { orientation: { transpose: true, mirrorX: true, mirrorY: false }, startSeconds: 0 }
    const { data } = await through({ width: 30, height: 50, stack: { source: pathOf('wide.mkv') } }, 'yuv420p', { stacked })
    expect(await probed()).toBe('30,50,1:1')
    const planes = luma(data, { width: 30, height: 50 }, 1.5)
    expect(planes.length).toBe(count)
    // A quarter turn clockwise puts the left half, which is white, above.
    const [first = Buffer.alloc(0)] = planes
    expect(new Set(first.subarray(26 * 30, 36 * 30))).toEqual(new Set([235]))
    expect(new Set(first.subarray(40 * 30))).toEqual(new Set([16]))
  })
})

describe('sound', () => {
  const sampleRate = 48000
  async function heard(transform: Transform): Promise<Int16Array> {
    const facts = { width, height, orientation: upright, sampleAspectRatio: square, seconds: 2, sampleRate, pixelFormat: 'yuv420p' }
    const { audio } = compileFilters(transform, facts)
    const tone = ['-f', 'lavfi', '-i', `sine=f=500:r=${sampleRate}:d=2`]
    await ffmpeg(...tone, '-af', audio ?? 'anull', '-c:a', 'pcm_s16le', pathOf('out.wav'))
    const { stdout } = await runTool('ffprobe', ['-show_entries', 'stream=sample_rate', '-of', 'csv=p=0', pathOf('out.wav')])
    expect(stdout.trim()).toBe(String(sampleRate))
    await ffmpeg('-i', pathOf('out.wav'), '-f', 's16le', pathOf('out.pcm'))
    const bytes = await readFile(pathOf('out.pcm'))
    return Int16Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(index * 2))
  }
  const loudest = (samples: Int16Array): number => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  const risesPerSecond = (samples: Int16Array): number =>
    samples.filter((sample, index) => sample >= 0 && (samples[index - 1] ?? 0) < 0).length / (samples.length / sampleRate)

  it('is as loud as asked for', async () => {
    const plain = loudest(await heard({}))
    expect(loudest(await heard({ volume: 0.5 })) / plain).toBeCloseTo(0.5, 2)
    expect(loudest(await heard({ volume: 0 }))).toBe(0)
  })

  it('lasts as long as the pictures at any speed, at its pitch', async () => {
    for (const speed of [0.4, 1.5, 5]) {
      const samples = await heard({ speed })
      expect(Math.abs(samples.length / sampleRate - 2 / speed)).toBeLessThan(0.06)
      expect(Math.abs(risesPerSecond(samples) - 500)).toBeLessThan(25)
    }
  })

  it('fades with the pictures', async () => {
    const plain = await heard({})
    const faded = await heard({ fadeIn: 0.5, fadeOut: 0.5 })
    const share = (from: number): number =>
      loudest(faded.subarray(from * sampleRate, (from + 0.02) * sampleRate)) /
      loudest(plain.subarray(from * sampleRate, (from + 0.02) * sampleRate))
    expect(faded.length).toBe(plain.length)
    expect(share(0)).toBeLessThan(0.06)
    expect(share(0.24)).toBeCloseTo(0.51, 1)
    expect(share(1)).toBeCloseTo(1, 2)
    expect(share(1.98)).toBeLessThan(0.06)
  })

  it('has its length and rate after its loudness was changed', async () => {
    const samples = await heard({ loudness: -30 })
    expect(samples.length).toBe(2 * sampleRate)
    expect(loudest(samples)).toBeLessThan(loudest(await heard({ loudness: -14 })))
  })
})
