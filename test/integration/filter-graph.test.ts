// Graphs run by the ffmpeg command on tiny pictures: what comes out is what arithmetic on the source's own pixels says.
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Transform } from '../../src/options/transform.ts'
import { type GraphSource } from '../../src/plan/filter-graph.ts'
import { type Orientation } from '../../src/source/display.ts'
import {
  makePictures,
  removePictures,
  width,
  height,
  count,
  nasty,
  pathOf,
  ffmpeg,
  pictures,
  through,
  probed,
  mapped,
  luma,
  mean,
  firstDifference,
  source,
  type Size,
} from './fixtures/filtered-pictures.ts'

beforeAll(makePictures)
afterAll(removePictures)

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
