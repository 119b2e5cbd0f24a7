// sampleBatch against sample: the same pixels as one tensor, in every layout and type, in the order of the request.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, type BatchOptions, type SampleBatch } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { ask } from './fixtures/ask.js'

let engine: Engine
beforeAll(() => {
  engine = new Engine({ workers: 2, cache: false })
})
afterAll(() => engine.close())

const { path } = clips.bFrames
const size = { width: 48, height: 48 } as const

function rows(batch: SampleBatch): Buffer[] {
  const [frames = 0] = batch.shape
  const bytes = new Uint8Array(batch.data.buffer, batch.data.byteOffset, batch.data.byteLength)
  const rowBytes = bytes.byteLength / frames
  return Array.from({ length: frames }, (_, row) => Buffer.from(bytes.slice(row * rowBytes, (row + 1) * rowBytes)))
}

async function bytesOf(options: BatchOptions): Promise<{ batch: SampleBatch; rows: Buffer[] }> {
  const batch = await engine.sampleBatch(path, options)
  return { batch, rows: rows(batch) }
}

describe('sampleBatch', () => {
  it.each(['rgb24', 'rgba', 'gray8'] as const)('has the pixels of sample in %s', async (pixelFormat) => {
    const channels = { rgb24: 3, rgba: 4, gray8: 1 }[pixelFormat]
    for (const fit of ['cover', 'contain', 'fill', 'inside'] as const) {
      const options = { count: 5, ...size, fit, pixelFormat }
      const { batch, rows: found } = await bytesOf(options)
      const { frames } = await ask(engine, path, options)
      expect(found).toEqual(frames.map(({ data }) => Buffer.from(data)))
      expect([...batch.timestamps]).toEqual(frames.map(({ timestamp }) => timestamp))
      expect(batch.shape).toEqual([5, fit === 'inside' ? 27 : 48, 48, channels])
      expect(batch).toMatchObject({ layout: 'nhwc', dtype: 'uint8', missing: [], damaged: [] })
    }
  })

  it('lies in shared memory of its own', async () => {
    const { batch } = await bytesOf({ count: 3, ...size })
    expect(batch.data.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect([batch.data.byteOffset, batch.data.byteLength]).toEqual([0, batch.data.buffer.byteLength])
    expect(engine.stats()).toMatchObject({ slotsInUse: 0, memoryInUse: 0 })
  })

  it('transposes to NCHW', async () => {
    const { rows: nhwc } = await bytesOf({ count: 3, width: 31, height: 17 })
    const { batch, rows: nchw } = await bytesOf({ count: 3, width: 31, height: 17, layout: 'nchw' })
    expect(batch.shape).toEqual([3, 3, 17, 31])
    const transposed = nhwc.map((row) =>
      Buffer.from(Array.from({ length: row.length }, (_, i) => row[(i % (31 * 17)) * 3 + Math.floor(i / (31 * 17))] ?? -1)),
    )
    expect(nchw).toEqual(transposed)
  })

  it.each(['nhwc', 'nchw'] as const)('normalises to float32 in %s', async (layout) => {
    const [mean, std] = [
      [0.485, 0.456, 0.406],
      [0.229, 0.224, 0.225],
    ]
    const pixels = await engine.sampleBatch(path, { count: 2, ...size, layout })
    const floats = await engine.sampleBatch(path, { count: 2, ...size, layout, dtype: 'float32', mean, std })
    expect(floats.data).toBeInstanceOf(Float32Array)
    expect(floats.shape).toEqual(pixels.shape)
    const channelOf = (at: number): number => (layout === 'nhwc' ? at % 3 : Math.floor(at / (48 * 48)) % 3)
    const largestError = [...pixels.data].reduce((most, pixel, at) => {
      const channel = channelOf(at)
      const expected = (pixel / 255 - (mean[channel] ?? NaN)) / (std[channel] ?? NaN)
      return Math.max(most, Math.abs(expected - (floats.data[at] ?? NaN)))
    }, 0)
    expect(largestError).toBeLessThan(1e-6)
  })

  it('gives pixels / 255 as float32 without mean and std', async () => {
    const pixels = await engine.sampleBatch(path, { count: 1, ...size, pixelFormat: 'gray8' })
    const floats = await engine.sampleBatch(path, { count: 1, ...size, pixelFormat: 'gray8', dtype: 'float32' })
    expect([...floats.data]).toEqual([...pixels.data].map((pixel) => Math.fround(pixel / 255)))
  })

  it('has rows in the order of the request, repetitions included, each decoded once', async () => {
    const timestamps = [7.7, 0.2, 9.9, 0.2, 3.3, 7.71]
    const { batch, rows: found } = await bytesOf({ timestamps, ...size })
    const single = async (time: number): Promise<Buffer[]> => (await bytesOf({ timestamps: [time], ...size })).rows
    expect(found).toEqual((await Promise.all(timestamps.map(single))).flat())
    expect([...batch.timestamps].map((time) => Math.round(time * 30))).toEqual([231, 6, 297, 6, 99, 231])
    const converted = engine.stats().framesConverted
    await bytesOf({ timestamps, ...size })
    expect(engine.stats().framesConverted - converted).toBe(4)
  })

  it('takes more frames than a lane has places', async () => {
    const batch = await engine.sampleBatch(path, { all: true, width: 16, height: 9 })
    expect(batch.shape[0]).toBe(300)
    expect([...batch.timestamps].every((time, frame) => Math.abs(time - frame / 30) < 1e-9)).toBe(true)
    const { frames } = await ask(engine, path, { frameIndexes: [0, 257, 299], width: 16, height: 9 })
    const all = rows(batch)
    expect(frames.map(({ data, number }) => Buffer.compare(Buffer.from(data), all[[0, 257, 299][number] ?? 0] ?? Buffer.alloc(0)))).toEqual(
      [0, 0, 0],
    )
  })

  it('has no rows where nothing is asked for', async () => {
    const batch = await engine.sampleBatch(path, { keyframes: true, start: 0.1, end: 0.2, ...size })
    expect([batch.shape, batch.data.length, batch.timestamps.length]).toEqual([[0, 48, 48, 3], 0, 0])
  }, 10_000)

  it('has rows of one size though the picture changes its size', async () => {
    const batch = await engine.sampleBatch(clips.sizeChange.path, { frameIndexes: [0, 49], width: 64, height: 36, fit: 'fill' })
    expect(batch.shape).toEqual([2, 36, 64, 3])
    expect(batch.missing).toEqual([])
    for (const row of rows(batch)) expect(new Set(row).size).toBeGreaterThan(20)
  })

  it('turns and squares as sample does', async () => {
    for (const clip of [clips.rotated90, clips.wideSamples]) {
      const batch = await engine.sampleBatch(clip.path, { count: 2 })
      const { frames } = await ask(engine, clip.path, { count: 2 })
      expect(batch.shape.slice(1, 3)).toEqual([frames[0]?.height, frames[0]?.width])
      expect(rows(batch)).toEqual(frames.map(({ data }) => Buffer.from(data)))
    }
  })

  it('reports progress and the end', async () => {
    const done: number[] = []
    const reports: number[] = []
    const onProgress = ({ phase, done: frames }: { phase: string; done: number }): number => (phase === 'sample' ? done.push(frames) : 0)
    await engine.sampleBatch(path, { count: 4, ...size, onProgress, onReport: ({ frames }) => reports.push(frames) })
    expect([done, reports]).toEqual([[0, 1, 2, 3, 4], [4]])
  })
})
