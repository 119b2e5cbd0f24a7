// Work that is not done, by counters rather than clocks.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Engine, type SampleOptions, type SampleReport } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { ask } from './fixtures/ask.js'

let engine: Engine
beforeEach(() => {
  engine = new Engine({ workers: 1, codecThreads: 1, cache: false })
})
afterEach(() => engine.close())

async function report(path: string, options: SampleOptions): Promise<SampleReport> {
  return (await ask(engine, path, options)).report
}

describe('a clip with B-frames', () => {
  it.each([clips.bFrames, clips.hevcClosedGop, clips.hevcOpenGop, clips.longGop])(
    'at 2 frames per second has at most 0.65 of its frames decoded: $name',
    async ({ path, facts }) => {
      const { framesDecoded, framesSkipped, framesInRange, packetsRead, redone, frames } = await report(path, { fps: 2 })
      expect(framesInRange).toBe(facts.frames)
      expect(framesDecoded / framesInRange).toBeLessThanOrEqual(0.65)
      expect(framesDecoded + framesSkipped).toBeLessThanOrEqual(packetsRead)
      expect([redone, frames]).toEqual([0, Math.ceil((facts.frames / 30) * 2)])
    },
  )

  it('has every frame decoded once where all are asked for', async () => {
    const { framesDecoded, framesSkipped, framesConverted, seeks } = await report(clips.bFrames.path, { all: true })
    expect([framesDecoded, framesSkipped, framesConverted, seeks]).toEqual([300, 0, 300, 0])
  })
})

describe('key frames', () => {
  it.each([clips.bFrames, clips.noBFrames, clips.openGop, clips.hevcClosedGop, clips.vp9, clips.mkv])(
    'are all that is decoded where they are asked for: $name',
    async ({ path, facts }) => {
      const { framesDecoded, framesConverted, frames } = await report(path, { keyframes: true })
      expect([framesDecoded, framesConverted, frames]).toEqual([facts.keyFrames, facts.keyFrames, facts.keyFrames])
    },
  )

  it("are all that is decoded with accuracy 'keyframe'", async () => {
    const { framesDecoded, frames } = await report(clips.bFrames.path, { fps: 2, accuracy: 'keyframe' })
    expect([framesDecoded, frames]).toEqual([5, 20])
  })

  it('are what a tolerance saves on', async () => {
    const exact = await report(clips.bFrames.path, { every: 1.1 })
    const near = await report(clips.bFrames.path, { every: 1.1, accuracy: { toleranceSeconds: 0.6 } })
    expect(near.frames).toBe(exact.frames)
    expect(near.framesDecoded).toBeLessThan(exact.framesDecoded)
  })
})

describe('seeks', () => {
  it('are one at most for ten timestamps in one GOP', async () => {
    const timestamps = Array.from({ length: 10 }, (_, i) => 6.05 + i * 0.19)
    const { seeks, frames, framesDecoded } = await report(clips.bFrames.path, { timestamps })
    expect(frames).toBe(10)
    expect(seeks).toBeLessThanOrEqual(1)
    expect(framesDecoded).toBeLessThanOrEqual(60)
  })

  it('are none in a GOP that is read through, whatever the order of the request', async () => {
    const timestamps = [9.9, 0.1, 5, 2.5, 7.7]
    const { seeks, framesDecoded } = await report(clips.longGop.path, { timestamps })
    expect(seeks).toBe(0)
    expect(framesDecoded).toBeLessThanOrEqual(300)
  })
})

describe('decoding', () => {
  it('goes no further than the last target', async () => {
    for (const { path } of [clips.longGop, clips.noBFrames, clips.vp9, clips.lateStart]) {
      const { framesDecoded, packetsRead } = await report(path, { timestamps: [0.1] })
      expect(framesDecoded).toBeLessThanOrEqual(8) // frames 0 to 3, and what a reordering decoder holds back
      expect(packetsRead).toBeLessThanOrEqual(20)
    }
    expect((await report(clips.longGop.path, { timestamps: [0.1] })).framesDecoded).toBeLessThanOrEqual(4)
  })

  it('is done once for a frame that is asked for many times', async () => {
    const { frames, framesConverted, framesDecoded } = await report(clips.noBFrames.path, { timestamps: [1, 1, 1.01, 1, 1.02] })
    expect([frames, framesConverted, framesDecoded]).toEqual([5, 1, 1])
  })

  it('converts no frame but those asked for', async () => {
    const { framesConverted, framesDecoded } = await report(clips.vp8.path, { count: 5, width: 32 })
    expect(framesConverted).toBe(5)
    expect(framesDecoded).toBeGreaterThan(5)
  })
})

describe('a repeated request', () => {
  it('opens nothing again', async () => {
    const options = { fps: 2 } as const
    await ask(engine, clips.mkv.path, options)
    const before = engine.stats()
    const { report: second } = await ask(engine, clips.mkv.path, options)
    const after = engine.stats()
    expect(after.readerOpens).toBe(before.readerOpens)
    expect(after.readerHits).toBeGreaterThan(before.readerHits)
    expect(after.cacheHits - before.cacheHits).toBe(2) // facts and index, from memory
    expect(after.packetsRead - before.packetsRead).toBe(second.packetsRead) // no second scan
  })

  it('of a file that changed meanwhile reads the new one', async () => {
    const { copyFileSync, mkdtempSync, rmSync } = await import('node:fs')
    const folder = mkdtempSync((await import('node:os')).tmpdir() + '/framemill-test-')
    const path = `${folder}/clip.mp4`
    copyFileSync(clips.bFrames.path, path)
    expect((await ask(engine, path, { all: true })).frames).toHaveLength(300)
    copyFileSync(clips.noBFrames.path, path)
    expect((await ask(engine, path, { all: true })).frames).toHaveLength(150)
    rmSync(folder, { recursive: true })
  })

  it('of more sources than stay open opens the oldest again', async () => {
    const paths = [clips.bFrames, clips.noBFrames, clips.mkv, clips.vp9, clips.vp8].map(({ path }) => path)
    for (const path of paths) await ask(engine, path, { count: 1 })
    const before = engine.stats().readerOpens
    await ask(engine, paths[4] ?? '', { count: 1 })
    expect(engine.stats().readerOpens).toBe(before)
    await ask(engine, paths[0] ?? '', { count: 1 })
    expect(engine.stats().readerOpens).toBe(before + 1)
  })
})

describe('stats()', () => {
  it('adds up what the reports say', async () => {
    const reports = [await report(clips.bFrames.path, { fps: 2 }), await report(clips.longGop.path, { count: 7 })]
    const stats = engine.stats()
    for (const key of ['framesConverted', 'framesSkipped', 'seeks', 'redone'] as const) {
      expect(stats[key]).toBe(reports.reduce((sum, one) => sum + one[key], 0))
    }
    expect(stats).toMatchObject({ workers: 1, queueLength: 0, slotsInUse: 0, memoryInUse: 0 })
    expect(stats.slotHighWater).toBeGreaterThan(0)
    expect(stats.workerBusyMs).toHaveLength(1)
    expect(stats.workerBusyMs[0]).toBeGreaterThan(0)
  })

  it('shows the work of a job that still runs', async () => {
    for await (const { number } of engine.sample(clips.longGop.path, { all: true })) {
      if (number < 5) continue
      expect(engine.stats().framesDecoded).toBeGreaterThanOrEqual(5)
      expect(engine.stats().slotsInUse).toBeGreaterThan(0)
      break
    }
  })
})
