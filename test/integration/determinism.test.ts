// The same request gives the same bytes, whatever the workers, the codec threads, the order and the cache.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, type SampleOptions } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { ask, md5 } from './fixtures/ask.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

let work: Workspace
let reference: Engine
let others: { name: string; engine: Engine }[]
beforeAll(() => {
  work = makeWorkspace()
  reference = new Engine({ workers: 1, codecThreads: 1, cache: false })
  others = [
    { name: '2 workers', engine: new Engine({ workers: 2, codecThreads: 1, cache: false }) },
    {
      name: '3 workers with 2 codec threads, with a cache',
      engine: new Engine({ workers: 3, codecThreads: 2, cache: work.path('cache') }),
    },
    {
      name: '1 worker with 2 codec threads and few slots',
      engine: new Engine({ workers: 1, codecThreads: 2, cache: false, memoryLimit: 1_000_000 }),
    },
  ]
})
afterAll(async () => {
  await Promise.all([reference, ...others.map(({ engine }) => engine)].map((engine) => engine.close()))
  work.remove()
})

const sources = [
  clips.bFrames,
  clips.longGop,
  clips.openGop,
  clips.interlaced,
  clips.hevcOpenGop,
  clips.vp8,
  clips.vp9,
  clips.lateStart,
  clips.missingTimestamps,
  clips.vfr,
  clips.equalTimestamps,
  clips.editList,
  clips.timestampWrap,
  clips.gif,
  clips.sizeChange,
  clips.damagedTs,
]
const seconds = fc.double({ min: 0, max: 10.5, noNaN: true })
const grid: fc.Arbitrary<SampleOptions> = fc.oneof(
  fc.record({ fps: fc.constantFrom<number | string>(0.7, 3, '30000/1001', 12) }),
  fc.record({ count: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ everyFrames: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ timestamps: fc.array(seconds, { minLength: 1, maxLength: 12 }) }),
  fc.record({ keyframes: fc.constant(true) }),
)
const picture: fc.Arbitrary<SampleOptions> = fc.record({
  width: fc.integer({ min: 1, max: 200 }),
  height: fc.integer({ min: 1, max: 120 }),
  fit: fc.constantFrom('cover', 'contain', 'fill', 'inside'),
  pixelFormat: fc.constantFrom('rgb24', 'rgba', 'gray8', 'yuv420p'),
  scaleFilter: fc.constantFrom('bicubic', 'bilinear', 'nearest', 'area'),
})

/** One line for each answer to the request, by its number. */
async function fingerprints(engine: Engine, path: string, options: SampleOptions): Promise<string[]> {
  const { frames, report } = await ask(engine, path, options)
  const lines = frames.map(({ number, timestamp, width, height, isKeyFrame, isDamaged, data }) =>
    [number, timestamp, `${width}x${height}`, isKeyFrame, isDamaged, md5(data)].join(' '),
  )
  return [...lines, ...report.missing.map(({ number }) => `${number} missing`)].sort((a, b) => parseInt(a, 10) - parseInt(b, 10))
}

describe('a request', () => {
  it('gives the same frames from every engine', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sources), grid, picture, async ({ path }, frames, pixels) => {
        const options = { ...frames, ...pixels }
        const expected = await fingerprints(reference, path, options)
        for (const { name, engine } of others) expect([name, ...(await fingerprints(engine, path, options))]).toEqual([name, ...expected])
      }),
      { numRuns: 30, endOnFailure: true },
    )
  }, 60_000)

  it('gives the same frames as they complete and in order, once and again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sources), grid, async ({ path }, frames) => {
        const options: SampleOptions = { ...frames, width: 40 }
        const expected = await fingerprints(reference, path, options)
        for (const { engine } of others.slice(0, 2)) {
          expect(await fingerprints(engine, path, { ...options, order: 'completion' })).toEqual(expected)
          expect(await fingerprints(engine, path, options)).toEqual(expected)
        }
      }),
      { numRuns: 14, endOnFailure: true },
    )
  }, 60_000)

  it('gives the frames of a part as it gives those of the whole', async () => {
    const whole = await fingerprints(reference, clips.bFrames.path, { all: true, width: 40 })
    const withoutNumber = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/^\d+ /, ''))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 299 }), fc.integer({ min: 1, max: 60 }), async (first, length) => {
        const range = { start: first / 30, end: (first + length) / 30 }
        const part = await fingerprints(others[0]?.engine ?? reference, clips.bFrames.path, { all: true, width: 40, ...range })
        expect(withoutNumber(part)).toEqual(withoutNumber(whole.slice(first, first + length)))
      }),
      { numRuns: 15, endOnFailure: true },
    )
  }, 60_000)
})
