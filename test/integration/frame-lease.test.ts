// The lease rule as a user meets it: when a frame's pixels are theirs, and when its slot goes back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, type Frame } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { ask, md5, until } from './fixtures/ask.js'

let engine: Engine
let digests: string[]
const { path } = clips.bFrames
const request = { all: true, width: 64 } as const

beforeAll(async () => {
  engine = new Engine({ workers: 2, cache: false })
  digests = (await ask(engine, path, request)).frames.map(({ data }) => md5(data))
})
afterAll(() => engine.close())

const allBack = (): Promise<void> => until(() => engine.stats().slotsInUse === 0 && engine.stats().memoryInUse === 0)

describe('a frame', () => {
  it('is released when the loop asks for the next one', async () => {
    let before: Frame | undefined
    for await (const frame of engine.sample(path, request)) {
      if (before !== undefined) {
        const held = before
        expect(held.isReleased).toBe(true)
        expect(() => held.data).toThrow(expect.objectContaining({ code: 'ERR_RELEASED' }))
        expect(() => held.copy()).toThrow(expect.objectContaining({ code: 'ERR_RELEASED' }))
      }
      expect(md5(frame.data)).toBe(digests[frame.number])
      before = frame
    }
    expect(before?.isReleased).toBe(true)
    await allBack()
  })

  it('that is kept holds its pixels through the whole job and after it', async () => {
    const kept: Frame[] = []
    for await (const frame of engine.sample(path, request)) {
      if (frame.number % 60 === 7) kept.push(frame.keep())
    }
    expect(kept.map(({ number }) => number)).toEqual([7, 67, 127, 187, 247])
    expect(engine.stats().slotsInUse).toBe(5)
    expect(kept.map(({ data }) => md5(data))).toEqual([7, 67, 127, 187, 247].map((number) => digests[number]))
    for (const frame of kept) frame.release()
    await allBack()
  })

  it('that is kept survives the end of its engine', async () => {
    const other = new Engine({ workers: 1, cache: false })
    const { value } = await other.sample(path, request).next()
    if (value === undefined) throw new Error('there is no frame')
    value.keep()
    await other.close()
    expect(md5(value.data)).toBe(digests[0])
    value.release()
    expect(other.stats().slotsInUse).toBe(0)
  })

  it('that is copied is the caller’s own', async () => {
    const { frames } = await ask(engine, path, { ...request, end: 1 })
    await allBack()
    expect(frames.map(({ data }) => md5(data))).toEqual(digests.slice(0, 30))
    expect(frames.every(({ data }) => data.buffer instanceof ArrayBuffer)).toBe(true)
  })

  it('may be released early, and by `using`', async () => {
    for await (const frame of engine.sample(path, { ...request, end: 1 })) {
      if (frame.number % 2 === 0) frame.release()
      else {
        using held = frame
        expect(held.data.byteLength).toBe(64 * 36 * 3)
      }
      expect(frame.isReleased).toBe(true)
    }
    await allBack()
  })

  it('that answers several requests is several leases on one picture', async () => {
    const kept: Frame[] = []
    for await (const frame of engine.sample(path, { timestamps: [2, 2, 2.001], width: 64 })) kept.push(frame.keep())
    expect(new Set(kept.map(({ data }) => data.byteOffset)).size).toBe(1)
    expect(engine.stats().slotsInUse).toBe(1)
    kept[0]?.release()
    kept[1]?.release()
    expect(kept.map(({ isReleased }) => isReleased)).toEqual([true, true, false])
    expect([engine.stats().slotsInUse, md5(kept[2]?.data ?? new Uint8Array())]).toEqual([1, digests[60]])
    kept[2]?.release()
    await allBack()
  })
})

describe('leaving the loop', () => {
  it('by break gives every slot back', async () => {
    for (const stop of [0, 1, 17, 100, 299]) {
      for await (const { number } of engine.sample(path, request)) if (number === stop) break
      await allBack()
    }
  })

  it('by an error gives every slot back and lets the error through', async () => {
    const loop = async (): Promise<void> => {
      for await (const { number } of engine.sample(path, request)) if (number === 5) throw new Error('of my own')
    }
    await expect(loop()).rejects.toThrow('of my own')
    await allBack()
  })

  it('in the middle of duplicates gives their slot back', async () => {
    for await (const { number } of engine.sample(path, { timestamps: [1, 1, 1, 1], width: 64 })) if (number === 1) break
    await allBack()
  })

  it('leaves what was kept to be released later', async () => {
    let kept: Frame | undefined
    for await (const frame of engine.sample(path, request)) {
      kept = frame.keep()
      break
    }
    await until(() => engine.stats().slotsInUse === 1)
    expect(md5(kept?.data ?? new Uint8Array())).toBe(digests[0])
    kept?.release()
    await allBack()
  })

  it('before it began does no work', async () => {
    const before = engine.stats()
    const frames = engine.sample(path, request)
    await frames.return()
    expect((await frames.next()).done).toBe(true)
    expect(engine.stats()).toEqual(before)
  })
})

describe('a frame’s facts', () => {
  it('are those of the frame', async () => {
    const { frames } = await ask(engine, clips.lateStart.path, { timestamps: [1.001], pixelFormat: 'yuv420p' })
    expect(frames[0]).toMatchObject({
      number: 0,
      requestedTimestamp: 1.001,
      timestamp: 1,
      width: 320,
      height: 240,
      isDamaged: false,
      pixelFormat: 'yuv420p',
    })
    expect(frames[0]?.data.byteLength).toBe((320 * 240 * 3) / 2)
  })

  it('say when the worker finished it: before now, in order', async () => {
    const times: number[] = []
    for await (const { finishedAt } of engine.sample(path, { count: 5 })) times.push(finishedAt)
    const now = performance.timeOrigin + performance.now()
    expect(times.every((time) => time > performance.timeOrigin && time <= now + 1)).toBe(true)
  })
})
