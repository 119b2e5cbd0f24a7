// Graphs run by the ffmpeg command on tiny pictures: what comes out is what arithmetic on the source's own pixels says.
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Transform } from '../../src/options/transform.ts'
import { compileFilters, type CompiledFilters, type GraphSource } from '../../src/plan/filter-graph.ts'
import { upright, type Orientation } from '../../src/source/display.ts'
import { runTool } from '../oracle/ffmpeg-command.ts'

const [width, height, rate, count] = [48, 32, 5, 10]
const square = { num: 1, den: 1 }
const nasty = "a:b'c,d[e]\\f%{pts};=g %d"
const font = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'

let folder = ''
const pathOf = (name: string): string => join(folder, name)

async function ffmpeg(...args: readonly string[]): Promise<void> {
  const { succeeded, errorLines } = await runTool('ffmpeg', ['-nostdin', '-y', ...args])
  if (!succeeded) throw new Error(`ffmpeg ${args.join(' ')}\n${errorLines.join('\n')}`)
}

/** The test pictures as raw bytes. */
async function pictures(pixelFormat: string): Promise<Buffer> {
  const path = pathOf(`in.${pixelFormat}`)
  await ffmpeg(
    '-f',
    'lavfi',
    '-i',
    `testsrc2=s=${width}x${height}:r=${rate}:d=${count / rate}`,
    '-pix_fmt',
    pixelFormat,
    '-f',
    'rawvideo',
    path,
  )
  return readFile(path)
}

interface Result extends CompiledFilters {
  readonly data: Buffer
}

/** The test pictures through a transform. `from`: only those from this one on, at the times they have. */
async function through(transform: Transform, pixelFormat = 'yuv444p', source: Partial<GraphSource> = {}, from = 0): Promise<Result> {
  const facts = {
    width,
    height,
    orientation: upright,
    sampleAspectRatio: square,
    seconds: count / rate,
    sampleRate: 0,
    pixelFormat,
    ...source,
  }
  const compiled = compileFilters(transform, facts)
  const start = `trim=start_frame=${from},setsar=${facts.sampleAspectRatio.num}/${facts.sampleAspectRatio.den}`
  // A file takes the graph as it is, where a shell or the command line's own parser might not.
  await writeFile(pathOf('graph.txt'), compiled.video === null ? start : `${start},${compiled.video}`)
  const raw = ['-f', 'rawvideo', '-video_size', `${width}x${height}`, '-framerate', String(rate), '-pixel_format', pixelFormat]
  const input = ['-copyts', ...raw, '-i', pathOf(`in.${pixelFormat}`), '-filter_script:v', pathOf('graph.txt'), '-fps_mode', 'passthrough']
  await ffmpeg(...input, '-pix_fmt', pixelFormat, '-f', 'rawvideo', pathOf('out.raw'))
  lastInput = [...input, '-pix_fmt', pixelFormat]
  return { ...compiled, data: await readFile(pathOf('out.raw')) }
}

let lastInput: readonly string[] = []

/** What ffprobe says of the last result, once it is in a file that has shapes and times. */
async function ffprobe(entries: string): Promise<string> {
  await ffmpeg(...lastInput, '-c:v', 'ffv1', '-enc_time_base', '1:1000', pathOf('out.mkv'))
  return (await runTool('ffprobe', ['-show_entries', entries, '-of', 'csv=p=0', pathOf('out.mkv')])).stdout.trim()
}

const probed = (): Promise<string> => ffprobe('stream=width,height,sample_aspect_ratio')
const times = async (): Promise<number[]> => (await ffprobe('packet=pts_time')).split('\n').map(Number)

interface Size {
  readonly width: number
  readonly height: number
}

/** yuv444p pictures of `size` whose samples are those of `source` at the place that `at` says; null is black. */
function mapped(source: Buffer, size: Size, at: (x: number, y: number) => readonly [number, number] | null): Buffer {
  const frames = source.length / (3 * width * height)
  const out = Buffer.alloc(frames * 3 * size.width * size.height)
  let next = 0
  for (let plane = 0; plane < frames * 3; plane++) {
    const black = plane % 3 === 0 ? 16 : 128
    for (let y = 0; y < size.height; y++) {
      for (let x = 0; x < size.width; x++) {
        const place = at(x, y)
        out[next++] = place === null ? black : (source[plane * width * height + place[1] * width + place[0]] ?? -1)
      }
    }
  }
  return out
}

/** The first plane of each yuv444p or yuv420p picture. */
function luma(data: Buffer, size: Size, bytesPerPixel: number): Buffer[] {
  const [pixels, bytes] = [size.width * size.height, size.width * size.height * bytesPerPixel]
  return Array.from({ length: data.length / bytes }, (_, frame) => data.subarray(frame * bytes, frame * bytes + pixels))
}

const mean = (data: Buffer): number => data.reduce((sum, value) => sum + value, 0) / data.length
/** Compared as a whole: a difference is told by its place, not by thousands of lines. */
const firstDifference = (a: Buffer, b: Buffer): string => {
  if (a.length !== b.length) return `${a.length} bytes against ${b.length}`
  const at = a.findIndex((value, index) => value !== b[index])
  return at === -1 ? 'none' : `${a[at]} against ${b[at]} at ${at} of ${a.length}`
}

let source = Buffer.alloc(0)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framemill-graph-'))
  source = await pictures('yuv444p')
  await pictures('yuv420p')
  await pictures('rgb24')
  await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=8x6,format=rgb24', '-frames:v', '1', pathOf('red.png'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('geometry', () => {
  it('crops at the very pixel', async () => {
    const { data } = await through({ crop: { x: 7, y: 5, width: 20, height: 10 } })
    expect(
      firstDifference(
        data,
        mapped(source, { width: 20, height: 10 }, (x, y) => [x + 7, y + 5]),
      ),
    ).toBe('none')
  })

  it('crops luma at the very pixel where chroma is shared', async () => {
    const whole = await readFile(pathOf('in.yuv420p'))
    const { data } = await through({ crop: { x: 7, y: 5, width: 20, height: 10 } }, 'yuv420p')
    const cropped = luma(data, { width: 20, height: 10 }, 1.5)
    const expected = luma(whole, { width, height }, 1.5).map((plane) =>
      Buffer.from(Array.from({ length: 200 }, (_, i) => plane[(5 + Math.floor(i / 20)) * width + 7 + (i % 20)] ?? -1)),
    )
    expect(cropped.length).toBe(count)
    expect(firstDifference(Buffer.concat(cropped), Buffer.concat(expected))).toBe('none')
  })

  it.each<['horizontal' | 'vertical' | 'both', boolean, boolean]>([
    ['horizontal', true, false],
    ['vertical', false, true],
    ['both', true, true],
  ])('flips %s', async (flip, mirrorX, mirrorY) => {
    const { data } = await through({ flip })
    const expected = mapped(source, { width, height }, (x, y) => [mirrorX ? width - 1 - x : x, mirrorY ? height - 1 - y : y])
    expect(firstDifference(data, expected)).toBe('none')
  })

  it.each<[number, Size, (x: number, y: number) => readonly [number, number]]>([
    [90, { width: height, height: width }, (x, y) => [y, height - 1 - x]],
    [180, { width, height }, (x, y) => [width - 1 - x, height - 1 - y]],
    [-90, { width: height, height: width }, (x, y) => [width - 1 - y, x]],
  ])('turns by %d degrees exactly', async (rotate, size, at) => {
    const { data } = await through({ rotate })
    expect(firstDifference(data, mapped(source, size, at))).toBe('none')
  })

  const orientations = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => ({
    transpose: (bits & 4) !== 0,
    mirrorX: (bits & 2) !== 0,
    mirrorY: (bits & 1) !== 0,
  }))
  it.each<Orientation>(orientations)('shows the picture as its display matrix says: %j', async (orientation) => {
    const size = orientation.transpose ? { width: height, height: width } : { width, height }
    // The whole picture is cropped, so that there is a graph even for the upright one.
    const { data } = await through({ crop: { x: 0, y: 0, ...size } }, 'yuv444p', { orientation })
    const expected = mapped(source, size, (x, y) => {
      const [mirroredX, mirroredY] = [orientation.mirrorX ? size.width - 1 - x : x, orientation.mirrorY ? size.height - 1 - y : y]
      return orientation.transpose ? [mirroredY, mirroredX] : [mirroredX, mirroredY]
    })
    expect(firstDifference(data, expected)).toBe('none')
  })

  it('pads in the middle, or where it is told', async () => {
    const size = { width: 60, height: 40 }
    const framed = (left: number, top: number) => (x: number, y: number) =>
      x >= left && x < left + width && y >= top && y < top + height ? ([x - left, y - top] as const) : null
    expect(firstDifference((await through({ pad: size })).data, mapped(source, size, framed(6, 4)))).toBe('none')
    expect(firstDifference((await through({ pad: { ...size, x: 1, y: 0 } })).data, mapped(source, size, framed(1, 0)))).toBe('none')
  })

  it('contains all of the picture between bars', async () => {
    const { data } = await through({ width, height: 50 })
    const expected = mapped(source, { width, height: 50 }, (x, y) => (y >= 9 && y < 9 + height ? [x, y - 9] : null))
    expect(firstDifference(data, expected)).toBe('none')
  })

  it('fills what contain leaves black with a blurred copy', async () => {
    const { data } = await through({ width, height: 50, fit: 'blurred' })
    const [first = Buffer.alloc(0)] = luma(data, { width, height: 50 }, 3)
    const [plain = Buffer.alloc(0)] = luma(source, { width, height }, 3)
    expect(firstDifference(first.subarray(9 * width, 41 * width), plain)).toBe('none')
    const bar = first.subarray(0, 9 * width)
    const steps = Array.from(bar.subarray(1, width)).map((value, x) => Math.abs(value - (bar[x] ?? 0)))
    const plainSteps = Array.from(plain.subarray(1, width)).map((value, x) => Math.abs(value - (plain[x] ?? 0)))
    expect(mean(bar)).toBeGreaterThan(30)
    expect(Math.max(...steps)).toBeLessThan(Math.max(...plainSteps) / 2)
  })

  it.each<[Transform, string, Partial<GraphSource>]>([
    [{ width: 31 }, 'yuv420p', {}],
    [{ height: 15 }, 'yuv444p', {}],
    [{ width: 40, height: 40, fit: 'cover' }, 'yuv420p', {}],
    [{ width: 40, height: 40, fit: 'contain' }, 'yuv420p', {}],
    [{ width: 40, height: 40, fit: 'inside' }, 'yuv420p', {}],
    [{ width: 41, height: 39, fit: 'fill' }, 'yuv420p', {}],
    [{ width: 40, height: 60, fit: 'blurred' }, 'yuv420p', {}],
    [{ rotate: 30 }, 'yuv420p', {}],
    [{ rotate: 90 }, 'yuv420p', { sampleAspectRatio: { num: 4, den: 3 } }],
    [{ rotate: 10 }, 'yuv420p', { sampleAspectRatio: { num: 4, den: 3 } }],
    [{ blur: 1.5 }, 'yuv420p', { sampleAspectRatio: { num: 8, den: 9 } }],
    [{ eq: { gamma: 2 } }, 'yuv420p', { sampleAspectRatio: { num: 8, den: 9 } }],
    [{ width: 40, height: 40, fit: 'cover' }, 'yuv420p', { sampleAspectRatio: { num: 4, den: 3 } }],
    [{ crop: { x: 1, y: 1, width: 9, height: 9 }, rotate: 270, width: 20, pad: { width: 41, height: 41 } }, 'yuv420p', {}],
    [{ denoise: 0.5, fps: 7, speed: 1.5, eq: { brightness: 0.1, contrast: 1.2, saturation: 0, gamma: 0.9 } }, 'yuv420p', {}],
  ])('of %j in %s has the size and shape of pixels that are promised', async (transform, pixelFormat, facts) => {
    const result = await through(transform, pixelFormat, facts)
    const { num, den } = result.sampleAspectRatio
    expect(await probed()).toBe(`${result.width},${result.height},${num}:${den}`)
  })
})

describe('an image over the picture', () => {
  it.each([
    [3, 5, 3, 5],
    [-2, -1, width - 10, height - 7],
  ])('is where it is told, at %d,%d', async (x, y, left, top) => {
    const whole = await readFile(pathOf('in.rgb24'))
    const { data } = await through({ overlay: { image: pathOf('red.png'), x, y } }, 'rgb24')
    const red = [255, 0, 0]
    const expected = whole.map((value, index) => {
      const pixel = Math.floor(index / 3)
      const [right, below] = [(pixel % width) - left, (Math.floor(pixel / width) % height) - top]
      return right >= 0 && right < 8 && below >= 0 && below < 6 ? (red[index % 3] ?? 0) : value
    })
    expect(firstDifference(data, Buffer.from(expected))).toBe('none')
  })

  it.each(['yuvj420p', 'nv12', 'yuv420p'])('leaves the rest of a picture in %s as it was', async (pixelFormat) => {
    const whole = luma(await pictures(pixelFormat), { width, height }, 1.5)
    const { data } = await through({ overlay: { image: pathOf('red.png'), y: height - 6 } }, pixelFormat)
    luma(data, { width, height }, 1.5).forEach((plane, index) => {
      const above = (height - 6) * width
      expect(firstDifference(plane.subarray(0, above), (whole[index] ?? plane).subarray(0, above))).toBe('none')
    })
  })

  it.each(['gif', 'jpg', 'webp', 'bmp'])('may be a %s', async (extension) => {
    await ffmpeg('-i', pathOf('red.png'), pathOf(`red.${extension}`))
    const { data } = await through({ overlay: { image: pathOf(`red.${extension}`) } }, 'rgb24')
    const seen = [1, count - 1].map((frame) => Array.from(data.subarray((frame * height + 3) * width * 3 + 9).subarray(0, 3)))
    expect(seen.every(([red = 0, green = 255, blue = 255]) => red > 240 && green < 15 && blue < 15)).toBe(true)
  })

  it.each([
    ['bt709', 'tv', 'yuv444p', [63, 102, 240]],
    ['smpte170m', 'tv', 'yuv444p', [81, 90, 240]],
    ['bt2020nc', 'tv', 'yuv444p', [74, 97, 240]],
    ['bt709', 'pc', 'yuv444p', [54, 99, 255]],
    ['smpte170m', 'pc', 'yuvj444p', [76, 85, 255]],
  ])('of pure red has the red of %s in range %s', async (colorMatrix, colorRange, pixelFormat, red) => {
    await pictures(pixelFormat)
    const { data } = await through({ overlay: { image: pathOf('red.png') } }, pixelFormat, { colorMatrix, colorRange })
    const seen = [0, 1, 2].map((plane) => data[plane * width * height + 2 * width + 2] ?? -99)
    seen.forEach((value, plane) => expect(Math.abs(value - (red[plane] ?? 0))).toBeLessThanOrEqual(2))
  })

  it('lets the picture through by its opacity', async () => {
    const whole = await readFile(pathOf('in.rgb24'))
    const { data } = await through({ overlay: { image: pathOf('red.png'), opacity: 0.25 } }, 'rgb24')
    for (const [x, y] of [
      [2, 2],
      [6, 4],
    ] as const) {
      const at = (y * width + x) * 3
      const expected = [255, 0, 0].map((red, channel) => red * 0.25 + (whole[at + channel] ?? 0) * 0.75)
      expected.forEach((value, channel) => expect(Math.abs(value - (data[at + channel] ?? -99))).toBeLessThan(3))
    }
  })

  it('has the width asked for, and its proportions', async () => {
    const { data } = await through({ overlay: { image: pathOf('red.png'), width: 16 }, eq: { brightness: -1 } }, 'yuv444p')
    const [first = Buffer.alloc(0)] = luma(data, { width, height }, 3)
    const lit = Array.from(first).flatMap((value, index) => (value > 50 ? [[index % width, Math.floor(index / width)] as const] : []))
    expect(lit.length).toBe(16 * 12)
    expect(Math.max(...lit.map(([x]) => x))).toBe(15)
    expect(Math.max(...lit.map(([, y]) => y))).toBe(11)
  })

  it('is opened whatever characters its path has', async () => {
    await mkdir(pathOf(nasty), { recursive: true })
    const image = join(pathOf(nasty), `${nasty}.png`)
    await copyFile(pathOf('red.png'), image)
    const plain = await through({ overlay: { image: pathOf('red.png') } })
    expect(firstDifference((await through({ overlay: { image } })).data, plain.data)).toBe('none')
  })

  it('is there from its first second until its last', async () => {
    const { data } = await through({ overlay: { image: pathOf('red.png'), from: 0.4, to: 1 } })
    const frames = luma(data, { width, height }, 3)
    const isChanged = luma(source, { width, height }, 3).map((plane, index) => !plane.equals(frames[index] ?? plane))
    expect(isChanged).toEqual([false, false, true, true, true, false, false, false, false, false])
  })
})

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
    const other = join(folder, `${nasty}.mkv`)
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
