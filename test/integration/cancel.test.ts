// Aborting at any moment: the call ends with the signal's reason, every slot comes back, no thread is replaced, and the engine works on.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Engine, type SampleOptions } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { ask, md5, until } from './fixtures/ask.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

let engine: Engine
let work: Workspace
/** A transport stream whose scan takes a while: ten minutes of packets. */
let longStream: string
let expected: string[]

async function digests(): Promise<string[]> {
  return (await ask(engine, clips.bFrames.path, { fps: 3, width: 64 })).frames.map(({ data }) => md5(data))
}

beforeAll(async () => {
  engine = new Engine({ workers: 2, cache: false })
  work = makeWorkspace()
  longStream = await work.encode('long.ts', '-stream_loop', '150', '-i', clips.ts.path, '-c', 'copy', '-f', 'mpegts')
  expected = await digests()
})
afterAll(async () => {
  await engine.close()
  work.remove()
})

let abort: AbortController
let reason: Error
beforeEach(() => {
  abort = new AbortController()
  reason = new Error('enough')
})

/** Samples until the end or the abort; `onFrame` may abort. */
async function consume(
  path: string,
  options: SampleOptions,
  onFrame: (count: number) => void = () => undefined,
  by = engine,
): Promise<number> {
  let count = 0
  for await (const frame of by.sample(path, { ...options, signal: abort.signal })) {
    expect(frame.isReleased).toBe(false)
    onFrame(++count)
  }
  return count
}

async function expectRecovery(of = engine): Promise<void> {
  await until(() => of.stats().slotsInUse === 0 && of.stats().queueLength === 0)
  for (let turn = 0; turn < 1000 && of.stats().memoryInUse > 0; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(of.stats().memoryInUse).toBe(0)
}

describe('an abort', () => {
  it('before the start is the answer at once', async () => {
    abort.abort(reason)
    await expect(consume(clips.bFrames.path, { all: true })).rejects.toBe(reason)
    await expect(engine.sampleBatch(clips.bFrames.path, { count: 3, signal: abort.signal })).rejects.toBe(reason)
    await expect(engine.probe(clips.bFrames.path, { signal: abort.signal })).rejects.toBe(reason)
  })

  it('right after the start ends the call, whatever it was doing', async () => {
    const calls = [
      consume(clips.fullHd.path, { all: true }),
      engine.sampleBatch(clips.longGop.path, { all: true, signal: abort.signal }),
      engine.probe(longStream, { signal: abort.signal }),
    ]
    abort.abort(reason)
    for (const end of await Promise.allSettled(calls)) expect(end).toEqual({ status: 'rejected', reason })
    await expectRecovery()
  })

  it('after any number of frames ends the loop with the reason of the signal', async () => {
    for (const order of ['timestamp', 'completion'] as const) {
      for (let after = 1; after <= 25; after += 3) {
        abort = new AbortController()
        let last = 0
        const loop = consume(clips.bFrames.path, { all: true, order }, (count) => {
          last = count
          if (count === after) abort.abort(reason)
        })
        await expect(loop).rejects.toBe(reason)
        expect(last).toBe(after) // no frame comes after the abort
        await expectRecovery()
      }
    }
  })

  it('at any report of progress ends the call', async () => {
    await using reporting = new Engine({ workers: 2, cache: false })
    for (let after = 0; after < 18; after++) {
      abort = new AbortController()
      let reports = 0
      const onProgress = (): void => {
        if (reports++ === after) abort.abort(reason)
      }
      await expect(consume(clips.longGop.path, { all: true, width: 64, onProgress }, undefined, reporting)).rejects.toBe(reason)
      await expectRecovery(reporting)
    }
  })

  it('while the consumer waits for a frame ends the wait', async () => {
    for (let turns = 0; turns < 16; turns++) {
      abort = new AbortController()
      const loop = consume(clips.fullHd.path, { all: true, width: 1280 })
      void loop.catch(() => undefined)
      for (let turn = 0; turn < turns * 3; turn++) await new Promise((resolve) => setImmediate(resolve))
      abort.abort(reason)
      await expect(loop).rejects.toBe(reason)
      await expectRecovery()
    }
  })

  it('while the packets of a long stream are read ends the reading', async () => {
    for (let after = 1; after <= 4; after++) {
      abort = new AbortController()
      let began = false
      const before = engine.stats().packetsRead
      const loop = consume(longStream, { count: 1 })
      void loop.catch(() => undefined)
      await until(() => engine.stats().packetsRead > before + after * 500)
      began = true
      abort.abort(reason)
      await expect(loop).rejects.toBe(reason)
      await expectRecovery()
      expect([began, engine.stats().packetsRead - before < 150 * 152]).toEqual([true, true])
    }
  })

  it('while a batch is decoded ends it, and the tensor is written to no more', async () => {
    for (let after = 1; after <= 20; after += 5) {
      abort = new AbortController()
      const onProgress = ({ done, phase }: { done: number; phase: string }): void => {
        if (phase === 'sample' && done >= after) abort.abort(reason)
      }
      await expect(engine.sampleBatch(clips.longGop.path, { all: true, signal: abort.signal, onProgress })).rejects.toBe(reason)
      await expectRecovery()
    }
  })

  it('while the job waits for memory ends the wait', async () => {
    await using small = new Engine({ workers: 1, cache: false, memoryLimit: 600_000 })
    const first = small.sample(clips.bFrames.path, { all: true })
    await first.next()
    let isPlanned = false
    const onProgress = ({ phase }: { phase: string }): void => {
      isPlanned ||= phase === 'sample'
    }
    const second = small.sample(clips.noBFrames.path, { all: true, signal: abort.signal, onProgress }).next()
    void second.catch(() => undefined)
    await until(() => isPlanned) // memory is what it asks for next
    await new Promise((resolve) => setImmediate(resolve))
    abort.abort(reason)
    await expect(second).rejects.toBe(reason)
    await first.return()
    await until(() => small.stats().memoryInUse === 0)
  })

  it('with a reason that is no Error ends the call with just that', async () => {
    const loop = consume(clips.bFrames.path, { all: true }, (count) => {
      if (count === 2) abort.abort('enough')
    })
    await expect(loop).rejects.toBe('enough')
  })

  it('without a reason ends the call with an AbortError', async () => {
    const loop = consume(clips.bFrames.path, { all: true }, () => abort.abort())
    await expect(loop).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('of one job leaves another alone', async () => {
    const other = ask(engine, clips.noBFrames.path, { all: true, width: 64 })
    await expect(consume(clips.longGop.path, { all: true }, (count) => count === 3 && abort.abort(reason))).rejects.toBe(reason)
    expect((await other).frames).toHaveLength(150)
  })

  it('after the last frame changes nothing', async () => {
    expect(await consume(clips.oneFrame.path, { all: true })).toBe(1)
    abort.abort(reason)
    await expectRecovery()
  })
})

describe('after all of that', () => {
  it('no thread was replaced, nothing is held, and the frames are the same', async () => {
    const { workers, workerBusyMs } = engine.stats()
    expect([workers, workerBusyMs.length]).toEqual([2, 2])
    const opened = engine.stats().readerOpens
    expect(await digests()).toEqual(expected)
    // A new thread would have to open its readers anew; these two have opened this clip before.
    expect(engine.stats().readerOpens - opened).toBeLessThanOrEqual(2)
    await expectRecovery()
  })
})
