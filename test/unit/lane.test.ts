// The shared memory between the main thread and a worker: hand-over in order, waking, ending early, and a two-thread torture run.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Lane, laneCapacity, WorkerLane, type FinishedSlot } from '../../dist/pool/lane.js'

const blank = { pts: 0, isDamaged: false, width: 0, height: 0, format: 0, byteLength: 0, finishedAt: 0 }

function finished(slot: number, frame: number): FinishedSlot {
  return { ...blank, slot, frame }
}

/** Both ends on one thread; a wait of the worker's end throws instead. */
function bothEnds(): { main: Lane; worker: WorkerLane } {
  vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    throw new Error('would wait')
  })
  const main = new Lane()
  main.reset(0)
  return { main, worker: new WorkerLane(main.buffer) }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a lane', () => {
  it('hands grants over in their order', () => {
    const { main, worker } = bothEnds()
    for (const slot of [5, 1, 5, 9]) main.grant(slot)
    expect([worker.takeSlot(), worker.takeSlot(), worker.takeSlot(), worker.takeSlot()]).toEqual([5, 1, 5, 9])
  })

  it('brings back everything that is known of a finished slot', () => {
    const { main, worker } = bothEnds()
    const slot = {
      slot: 3,
      frame: 700_000,
      pts: -(2 ** 52),
      isDamaged: true,
      width: 7680,
      height: 4320,
      format: 64,
      byteLength: 99_532_800,
      finishedAt: 1.7e12 + 0.125,
    }
    worker.finish(slot)
    expect(main.takeFinished()).toEqual([slot])
    expect(main.takeFinished()).toEqual([])
  })

  it('goes round its rings many times', () => {
    const { main, worker } = bothEnds()
    for (let round = 0; round < 5 * laneCapacity; round += 3) {
      for (const slot of [round, round + 1, round + 2]) main.grant(slot)
      for (let i = 0; i < 3; i++) worker.finish(finished(worker.takeSlot() ?? -1, round + i))
      expect(main.takeFinished().map(({ slot, frame }) => [slot, frame])).toEqual([0, 1, 2].map((i) => [round + i, round + i]))
    }
  })

  it('says when the worker waits for a slot, and that it waits no more', () => {
    const { main, worker } = bothEnds()
    expect(main.isParked).toBe(false)
    expect(() => worker.takeSlot()).toThrow('would wait')
    expect(main.isParked).toBe(true)
    main.grant(4)
    expect(worker.takeSlot()).toBe(4)
    expect(main.isParked).toBe(false)
  })

  it('ends a task at its next slot when cancelled, even with slots granted', () => {
    const { main, worker } = bothEnds()
    main.grant(1)
    main.cancel()
    expect([worker.takeSlot(), worker.isCancelled]).toEqual([null, true])
  })

  it('lets a task that is asked to yield use up its slots first', () => {
    const { main, worker } = bothEnds()
    main.grant(1)
    main.askToYield()
    expect([worker.takeSlot(), worker.takeSlot(), worker.isCancelled]).toEqual([1, null, false])
  })

  it('begins anew for the next task', () => {
    const { main, worker } = bothEnds()
    main.grant(1)
    worker.finish(finished(1, 1))
    worker.count('redone')
    main.cancel()
    main.reset(2500)
    const next = new WorkerLane(main.buffer)
    expect([main.takeFinished(), main.isParked, next.isCancelled, main.counters().redone]).toEqual([[], false, false, 0])
    main.grant(8)
    expect(next.takeSlot()).toBe(8)
  })

  it('counts what a worker counts', () => {
    const { main, worker } = bothEnds()
    worker.count('readerOpens')
    worker.count('readerHits')
    worker.count('readerHits')
    expect(main.counters()).toMatchObject({ readerOpens: 1, readerHits: 2, redone: 0, packetsRead: 0 })
  })

  it('counts the time that a worker waits for a slot', () => {
    const { main, worker } = bothEnds()
    main.grant(1)
    worker.takeSlot()
    expect(main.counters().slotWaitMs).toBe(0)
    // The wait ends as a real one does: with a grant.
    const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      const until = performance.now() + 3
      while (performance.now() < until);
      main.grant(2)
      return 'ok'
    })
    expect(worker.takeSlot()).toBe(2)
    wait.mockRestore()
    expect(main.counters().slotWaitMs).toBeGreaterThanOrEqual(2.9)
    main.reset(0)
    expect(main.counters().slotWaitMs).toBe(0)
  })

  it('tells the main thread of news since it last looked, at once when there were some', async () => {
    const { main, worker } = bothEnds()
    const seen = main.publishedCount
    worker.finish(finished(0, 0))
    await main.published(seen)
    const waiting = main.published(main.publishedCount)
    worker.finish(finished(0, 1))
    await waiting
    const announced = main.published(main.publishedCount)
    main.announce()
    await announced
    expect(main.takeFinished()).toHaveLength(2)
  })
})

describe('two threads on a lane', () => {
  const frames = 20_000
  const slotWords = 257

  async function run(slotCount: number, reordered: boolean): Promise<{ received: number[]; torn: number; written: number }> {
    const lane = new Lane()
    lane.reset(0)
    const slots = new SharedArrayBuffer(slotCount * slotWords * 4)
    const memory = new Int32Array(slots)
    const workerData = { buffer: lane.buffer, slots, slotWords, frames }
    const worker = new Worker(new URL('../children/lane-worker.mjs', import.meta.url), { workerData })
    const ended = once(worker, 'message')
    for (let slot = 0; slot < slotCount; slot++) lane.grant(slot)
    const received: number[] = []
    let torn = 0
    while (received.length < frames) {
      const seen = lane.publishedCount
      const news = lane.takeFinished()
      for (const { slot, frame, pts, isDamaged, byteLength } of reordered ? news.reverse() : news) {
        const words = memory.subarray(slot * slotWords, (slot + 1) * slotWords)
        const isWhole =
          words.every((word) => word === frame) && pts === frame * 7 && isDamaged === (frame % 2 === 0) && byteLength === frame
        if (!isWhole) torn++
        received.push(frame)
        lane.grant(slot)
      }
      if (news.length === 0) await lane.published(seen)
    }
    const [written] = await ended
    return { received, torn, written: Number(written) }
  }

  it.each([1, 2, 7, laneCapacity])('lose, double and tear none of 20,000 frames with %i slots', async (slotCount) => {
    const { received, torn, written } = await run(slotCount, false)
    expect([torn, written]).toEqual([0, frames])
    expect(received.every((frame, i) => frame === i)).toBe(true)
  })

  it('do not depend on the order in which slots come back', async () => {
    const { received, torn } = await run(16, true)
    expect(torn).toBe(0)
    expect([...received].sort((a, b) => a - b).every((frame, i) => frame === i)).toBe(true)
  })

  it.each([
    ['cancelled', (lane: Lane): void => lane.cancel()],
    ['asked to yield', (lane: Lane): void => lane.askToYield()],
  ])('part when the waiting worker is %s', async (_, end) => {
    const lane = new Lane()
    lane.reset(0)
    const workerData = { buffer: lane.buffer, slots: new SharedArrayBuffer(slotWords * 4), slotWords, frames }
    const worker = new Worker(new URL('../children/lane-worker.mjs', import.meta.url), { workerData })
    const ended = once(worker, 'message')
    lane.grant(0)
    for (let seen = lane.publishedCount; !lane.isParked; seen = lane.publishedCount) await lane.published(seen)
    end(lane)
    expect(await ended).toEqual([1])
  })
})
