// Jobs that wait for each other on one engine: no consumer can stop another one for good.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, type Frame } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { ask, until } from './fixtures/ask.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

let engine: Engine
let work: Workspace
beforeAll(() => {
  engine = new Engine({ workers: 1, codecThreads: 1, cache: false })
  work = makeWorkspace()
})
afterAll(async () => {
  await engine.close()
  work.remove()
})

async function count(frames: AsyncIterable<unknown>): Promise<number> {
  let total = 0
  for await (const frame of frames) if (frame !== undefined) total++
  return total
}

describe('with one worker', () => {
  it('a consumer may await a whole other job inside its loop', async () => {
    const inner: number[] = []
    let outer = 0
    for await (const { number } of engine.sample(clips.longGop.path, { all: true })) {
      outer++
      if (number % 50 === 0) inner.push(await count(engine.sample(clips.noBFrames.path, { all: true, width: 64 })))
    }
    expect([outer, inner]).toEqual([300, [150, 150, 150, 150, 150, 150]])
  }, 30_000)

  it('loops may be nested, on the same clip too', async () => {
    const levels = [0, 0, 0]
    for await (const a of engine.sample(clips.bFrames.path, { count: 4 })) {
      levels[0] = (levels[0] ?? 0) + a.number - a.number + 1
      for await (const b of engine.sample(clips.bFrames.path, { count: 4 })) {
        levels[1] = (levels[1] ?? 0) + b.number - b.number + 1
        levels[2] = (levels[2] ?? 0) + (await engine.sampleBatch(clips.bFrames.path, { count: 3, width: 32 })).timestamps.length
      }
    }
    expect(levels).toEqual([4, 16, 48])
  }, 30_000)

  it('two loops may take turns frame by frame', async () => {
    const [a, b] = [engine.sample(clips.longGop.path, { all: true }), engine.sample(clips.bFrames.path, { all: true })]
    let pairs = 0
    for (;;) {
      const [first, second] = [await a.next(), await b.next()]
      if (first.done === true || second.done === true) break
      expect(first.value.timestamp).toBe(second.value.timestamp)
      pairs++
    }
    expect(pairs).toBe(300)
    await Promise.all([a.return(), b.return()])
  }, 30_000)

  it('a job whose consumer sleeps with few slots gives way to any number of others', async () => {
    await using small = new Engine({ workers: 1, cache: false, memoryLimit: 60_000_000 })
    const sleeping = small.sample(clips.fullHd.path, { all: true })
    await sleeping.next()
    for (let job = 0; job < 5; job++) expect((await ask(small, clips.bFrames.path, { count: 10, width: 32 })).frames).toHaveLength(10)
    expect(await count(sleeping)).toBe(59)
    await until(() => small.stats().slotsInUse === 0)
  }, 30_000)

  it('frames kept from one job do not stop another', async () => {
    const kept: Frame[] = []
    for await (const frame of engine.sample(clips.bFrames.path, { count: 30 })) kept.push(frame.keep())
    expect(await count(engine.sample(clips.bFrames.path, { all: true }))).toBe(300)
    for (const frame of kept) frame.release()
  })

  it('many jobs at once all give their frames, and the work is the same as one after another', async () => {
    const jobs = [clips.bFrames, clips.noBFrames, clips.mkv, clips.vp9, clips.openGop, clips.ts]
    const answers = await Promise.all(jobs.map(({ path }) => ask(engine, path, { all: true, width: 32 })))
    expect(answers.map(({ frames }) => frames.length)).toEqual(jobs.map(({ facts }) => facts.frames))
    await until(() => engine.stats().slotsInUse === 0)
    expect(engine.stats()).toMatchObject({ memoryInUse: 0, queueLength: 0 })
  }, 30_000)

  it('a short job does not wait for the end of a long one', async () => {
    await using fair = new Engine({ workers: 1, cache: false })
    const path = await work.encode('long.mp4', '-stream_loop', '9', '-i', clips.bFrames.path, '-c', 'copy')
    let isLongDone = false
    const long = ask(fair, path, { all: true, order: 'completion' }).then(({ frames }) => {
      isLongDone = true
      return frames.length
    })
    await until(() => fair.stats().framesConverted > 0)
    await ask(fair, clips.oneFrame.path, { all: true })
    expect(isLongDone).toBe(false)
    expect(await long).toBe(3000)
  })
})

describe('a picture that grows in mid-stream', () => {
  const small = `192x144 ${(192 * 144 * 3) / 2}`
  const large = `320x180 ${(320 * 180 * 3) / 2}`

  /** 50 frames of one size, 50 of another, in GOPs of 5. */
  async function growing(): Promise<string> {
    const picture = (size: string): string[] => ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=2`]
    const x264 = [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      '-x264-params',
      'keyint=5:min-keyint=5:scenecut=0:bframes=0',
    ]
    const first = await work.encode('small.ts', ...picture('192x144'), ...x264)
    const second = await work.encode('large.ts', ...picture('320x180'), ...x264, '-output_ts_offset', '2')
    return work.encode('growing.ts', '-i', `concat:${first}|${second}`, '-c', 'copy')
  }

  it.each([
    { workers: 1, order: 'timestamp' },
    { workers: 2, order: 'timestamp' },
    { workers: 1, order: 'completion' },
    { workers: 2, order: 'completion' },
  ] as const)(
    'comes whole, with $workers workers in the order of $order',
    async ({ workers, order }) => {
      const path = await growing()
      for (const memoryLimit of [400_000, 100_000_000]) {
        await using engine = new Engine({ workers, cache: false, memoryLimit })
        const { frames } = await ask(engine, path, { all: true, pixelFormat: 'source', order })
        const sizes = frames.sort((a, b) => a.number - b.number).map(({ width, height, data }) => `${width}x${height} ${data.byteLength}`)
        expect(sizes).toEqual([...new Array<string>(50).fill(small), ...new Array<string>(50).fill(large)])
      }
    },
    15_000,
  )

  it('may shrink too', async () => {
    const { frames } = await ask(engine, clips.sizeChange.path, { all: true, pixelFormat: 'source' })
    const sizes = frames.map(({ width, height, data }) => `${width}x${height} ${data.byteLength}`)
    expect(sizes).toEqual([...new Array<string>(25).fill(large), ...new Array<string>(25).fill(small)])
  })
})
