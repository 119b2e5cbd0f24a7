// Turned pictures against the ffmpeg command, which turns them by itself: bit for bit where nothing is scaled.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { ask } from './fixtures/ask.js'
import { ffmpegPixels, psnr } from './fixtures/ffmpeg-pixels.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

let engine: Engine
let work: Workspace
beforeAll(() => {
  engine = new Engine({ workers: 2, cache: false })
  work = makeWorkspace()
})
afterAll(async () => {
  await engine.close()
  work.remove()
})

const bytes = (320 * 180 * 3) / 2
const turned = [
  { clip: clips.rotated90, degrees: 90, size: [180, 320] },
  { clip: clips.rotated180, degrees: 180, size: [320, 180] },
  { clip: clips.rotated270, degrees: 270, size: [180, 320] },
] as const

describe.each(turned)('$clip.name', ({ clip: { path }, degrees, size: [width, height] }) => {
  it('is turned as ffmpeg turns it, bit for bit', async () => {
    const { frames } = await ask(engine, path, { all: true, pixelFormat: 'source' })
    const expected = await ffmpegPixels(path, bytes)
    expect(frames.map((frame) => [frame.width, frame.height])).toEqual(new Array(30).fill([width, height]))
    expect(frames.map(({ data }, frame) => Buffer.compare(data, expected[frame] ?? Buffer.alloc(0)))).toEqual(new Array(30).fill(0))
  })

  it('is not turned with autorotate: false', async () => {
    const { frames } = await ask(engine, path, { all: true, pixelFormat: 'source', autorotate: false })
    const upright = await ask(engine, clips.noBFrames.path, { all: true, end: 1, pixelFormat: 'source' })
    expect(frames.map(({ data }, frame) => Buffer.compare(data, upright.frames[frame]?.data ?? Buffer.alloc(0)))).toEqual(
      new Array(30).fill(0),
    )
  })

  it('is turned in every pixel format', async () => {
    const { frames: planar } = await ask(engine, path, { count: 1, pixelFormat: 'yuv420p' })
    const { frames: source } = await ask(engine, path, { count: 1, pixelFormat: 'source' })
    expect(Buffer.compare(planar[0]?.data ?? Buffer.of(0), source[0]?.data ?? Buffer.of(1))).toBe(0)
    const { frames: colored } = await ask(engine, path, { frameIndexes: [0, 1, 2] })
    const upright = await ask(engine, path, { frameIndexes: [0, 1, 2], autorotate: false })
    const expected = upright.frames.map(({ data }) => turnedBy(data, degrees))
    expect(colored.map(({ data }, i) => Buffer.compare(data, expected[i] ?? Buffer.alloc(0)))).toEqual([0, 0, 0])
  })

  it('is scaled to sizes of the turned picture', async () => {
    const { frames } = await ask(engine, path, { frameIndexes: [0], width: width / 2 })
    expect([frames[0]?.width, frames[0]?.height]).toEqual([width / 2, height / 2])
    const [expected = Buffer.alloc(0)] = await ffmpegPixels(
      path,
      (width * height * 3) / 4,
      '-vf',
      `scale=${width / 2}:${height / 2}:in_color_matrix=bt601:in_range=tv:flags=area,format=rgb24`,
      '-frames:v',
      '1',
    )
    const { frames: area } = await ask(engine, path, { frameIndexes: [0], width: width / 2, scaleFilter: 'area' })
    expect(psnr(area[0]?.data ?? new Uint8Array(), expected)).toBeGreaterThanOrEqual(24)
  })

  it('is cropped and boxed as the turned picture', async () => {
    for (const fit of ['cover', 'contain'] as const) {
      const { frames } = await ask(engine, path, { frameIndexes: [0], width: 60, height: 60, fit })
      const { data } = frames[0] ?? { data: new Uint8Array() }
      const lines = Array.from({ length: 60 }, (_, line) => line)
      const isBlack = (x: number, y: number): boolean => data.subarray((y * 60 + x) * 3, (y * 60 + x) * 3 + 3).every((value) => value === 0)
      const barred = {
        rows: lines.filter((y) => lines.every((x) => isBlack(x, y))).length,
        columns: lines.filter((x) => lines.every((y) => isBlack(x, y))).length,
      }
      const bars = fit === 'cover' ? 0 : 60 - Math.round((60 * 180) / 320)
      expect(barred).toEqual(width > height ? { rows: bars, columns: 0 } : { rows: 0, columns: bars })
    }
  })
})

/** rgb24 of 320x180, turned clockwise pixel by pixel. */
function turnedBy(pixels: Uint8Array, degrees: number): Buffer {
  const [width, height] = degrees === 180 ? [320, 180] : [180, 320]
  const result = Buffer.alloc(320 * 180 * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = degrees === 180 ? [319 - x, 179 - y] : degrees === 90 ? [y, 179 - x] : [319 - y, x]
      for (let c = 0; c < 3; c++) result[(y * width + x) * 3 + c] = pixels[(fromY * 320 + fromX) * 3 + c] ?? 0
    }
  }
  return result
}

describe('a stream whose pixel format cannot be turned by a quarter', () => {
  it('is ERR_UNSUPPORTED as it comes, and comes turned in another format', async () => {
    const upright = await work.encode('upright.mov', '-i', clips.mjpeg.path, '-c:v', 'mjpeg', '-pix_fmt', 'yuvj422p', '-frames:v', '3')
    const path = work.changed('sideways.mov', upright, (bytes) => {
      const matrix = bytes.indexOf('tkhd') + 4 + 40 // behind version, times, ids, duration, layer and volume
      for (const [i, value] of [0, 65_536, 0, -65_536, 0, 0, 0, 0, 2 ** 30].entries()) bytes.writeInt32BE(value, matrix + 4 * i)
    })
    await expect(ask(engine, path, { count: 1, pixelFormat: 'source' })).rejects.toMatchObject({
      code: 'ERR_UNSUPPORTED',
      message: expect.stringContaining('yuvj422p cannot be turned'),
    })
    const { frames } = await ask(engine, path, { count: 1 })
    expect([frames[0]?.width, frames[0]?.height]).toEqual([180, 320])
    expect((await ask(engine, path, { count: 1, pixelFormat: 'source', autorotate: false })).frames[0]?.pixelFormat).toBe('yuvj422p')
  })
})
