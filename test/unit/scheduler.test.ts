// Which task runs where and when, with a made-up executor: no order of completion can deadlock or lose a frame, every slot comes back, runs share.
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { VideoError } from '../../src/errors.ts'
import { Scheduler } from '../../src/pool/scheduler.ts'
import { slotBytesFor } from '../../src/pool/slots.ts'
import { FakeExecutor, settled } from './fake-executor.ts'
import { choices, cut, play, start } from './scheduled-jobs.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('frames in order', () => {
  it('all come, whatever the number of slots and workers and whoever is fast', async () => {
    await fc.assert(
      fc.asyncProperty(
        cut,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        choices,
        async (parts, slots, workers, order) => {
          const executor = new FakeExecutor(workers)
          const scheduler = new Scheduler(executor, 0)
          const job = start(scheduler, parts, slots)
          await play(executor, [job.consumer], order)
          expect(job.consumer.consumed).toEqual(parts.flat())
          expect([job.ended, job.run.slotsInUse, scheduler.slotsInUse, scheduler.queueLength, scheduler.runs.length]).toEqual([
            true,
            0,
            0,
            0,
            0,
          ])
          expect(scheduler.slotHighWater).toBeLessThanOrEqual(slots)
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)

  it('come with 3 slots and 2 workers though the second task is done first', async () => {
    const executor = new FakeExecutor(2)
    const scheduler = new Scheduler(executor, 0)
    const { consumer } = start(
      scheduler,
      [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
      ],
      3,
    )
    // The later task takes all it can get before the earlier one moves.
    for (let turn = 0; turn < 10; turn++) {
      const later = executor.active.find(({ frames }) => (frames[0] ?? 0) >= 4)
      if (later === undefined || !executor.step(later)) break
      await settled()
    }
    await play(executor, [consumer], [0][Symbol.iterator]())
    expect(consumer.consumed).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })
})

describe('frames as they complete', () => {
  it('all come once', async () => {
    await fc.assert(
      fc.asyncProperty(
        cut,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        choices,
        async (parts, slots, workers, order) => {
          const executor = new FakeExecutor(workers)
          const { consumer, run } = start(new Scheduler(executor, 0), parts, slots, { ordered: false })
          await play(executor, [consumer], order)
          expect([...consumer.consumed].sort((a, b) => a - b)).toEqual(parts.flat())
          expect(run.slotsInUse).toBe(0)
        },
      ),
      { numRuns: 30 },
    )
  }, 60_000)
})

describe('runs', () => {
  it('share the workers: a waiting one takes its turn before the long one goes on', async () => {
    const executor = new FakeExecutor(1)
    const scheduler = new Scheduler(executor, 0)
    const long = start(
      scheduler,
      Array.from({ length: 20 }, (_, i) => [i]),
      4,
      { source: 'long' },
    )
    const short = start(scheduler, [[0]], 4, { source: 'short' })
    await play(executor, [long.consumer, short.consumer], [0][Symbol.iterator]())
    expect(executor.started.findIndex(({ source }) => source === 'short')).toBeLessThanOrEqual(2)
    expect([long.consumer.consumed.length, short.consumer.consumed.length]).toEqual([20, 1])
  })

  it('get the worker of one whose consumer takes nothing; that one goes on when it does', async () => {
    const executor = new FakeExecutor(1)
    const scheduler = new Scheduler(executor, 0)
    const slow = start(scheduler, [[0, 1, 2, 3, 4, 5]], 2, { source: 'slow' })
    await play(executor, [], [0][Symbol.iterator]())
    expect(executor.active).toHaveLength(1)
    const other = start(scheduler, [[0, 1, 2]], 2, { source: 'other' })
    await play(executor, [other.consumer], [0][Symbol.iterator]())
    expect([other.consumer.consumed, other.ended]).toEqual([[0, 1, 2], true])
    await play(executor, [slow.consumer], [0][Symbol.iterator]())
    expect([slow.consumer.consumed, slow.ended]).toEqual([[0, 1, 2, 3, 4, 5], true])
    expect(scheduler.slotsInUse).toBe(0)
  })

  it('of several slow consumers never stop each other for good', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(cut, { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        choices,
        async (jobs, workers, order) => {
          const executor = new FakeExecutor(workers)
          const scheduler = new Scheduler(executor, 0)
          const started = jobs.map((parts, i) => start(scheduler, parts, 1 + (i % 3), { source: String(i) }))
          // One consumer after the other: none may need that an earlier one goes on.
          for (const { consumer } of [...started].reverse()) await play(executor, [consumer], order)
          await play(
            executor,
            started.map(({ consumer }) => consumer),
            order,
          )
          expect(started.map(({ consumer }) => consumer.consumed)).toEqual(jobs.map((parts) => parts.flat()))
          expect(scheduler.slotsInUse).toBe(0)
        },
      ),
      { numRuns: 30 },
    )
  }, 60_000)

  it('prefer a worker that has their source open', async () => {
    const executor = new FakeExecutor(2)
    const scheduler = new Scheduler(executor, 0)
    const [a, b] = [start(scheduler, [[0]], 1, { source: 'a' }), start(scheduler, [[0]], 1, { source: 'b' })]
    await play(executor, [a.consumer, b.consumer], [0][Symbol.iterator]())
    const first = executor.started.map(({ source, worker }) => [source, worker])
    const again = start(scheduler, [[0]], 1, { source: 'b' })
    await play(executor, [again.consumer], [0][Symbol.iterator]())
    expect(executor.started.at(-1)?.worker).toBe(Object.fromEntries(first)['b'])
  })
})

describe('cancel', () => {
  it('ends the run and brings back every slot, whenever it comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        cut,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat({ max: 60 }),
        choices,
        async (parts, slots, workers, after, order) => {
          const executor = new FakeExecutor(workers)
          const scheduler = new Scheduler(executor, 0)
          const job = start(scheduler, parts, slots)
          for (let turn = 0; turn < after; turn++) {
            const task = executor.active[(order.next().value ?? 0) % Math.max(1, executor.active.length)]
            if (task !== undefined) executor.step(task)
            if (turn % 3 === 0) job.consumer.step()
            if (turn % 2 === 0) await settled()
          }
          job.run.cancel()
          job.consumer.dropAll()
          const known = job.consumer.consumed.length
          await play(executor, [], order)
          expect([job.ended, job.consumer.waiting, job.consumer.consumed.length]).toEqual([true, 0, known])
          expect([job.run.slotsInUse, scheduler.slotsInUse, executor.active.length]).toEqual([0, 0, 0])
          const next = start(scheduler, [[0, 1]], 2)
          await play(executor, [next.consumer], order)
          expect(next.consumer.consumed).toEqual([0, 1])
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)

  it('of a run that waits for a worker ends it at once', () => {
    const executor = new FakeExecutor(1)
    const scheduler = new Scheduler(executor, 0)
    start(scheduler, [[0]], 1)
    const waiting = start(scheduler, [[0]], 1)
    waiting.run.cancel()
    expect([waiting.ended, waiting.run.slotsInUse]).toEqual([true, 0])
  })
})

describe('a picture larger than its slot', () => {
  it('is given with larger slots, and the frames before it with the small ones', async () => {
    await fc.assert(
      fc.asyncProperty(
        cut,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat({ max: 40 }),
        choices,
        async (parts, slots, workers, from, order) => {
          const executor = new FakeExecutor(workers)
          executor.bytesOf = (frame) => (frame < from ? 1 : frame < from + 5 ? 1000 : 20_000)
          const scheduler = new Scheduler(executor, 0)
          const { consumer, run } = start(scheduler, parts, slots)
          await play(executor, [consumer], order)
          expect(consumer.consumed).toEqual(parts.flat())
          expect(consumer.slotBytes.every((bytes, frame) => bytes >= executor.bytesOf(frame))).toBe(true)
          expect([run.slotsInUse, scheduler.slotsInUse]).toEqual([0, 0])
        },
      ),
      { numRuns: 40 },
    )
  }, 60_000)

  it('takes the memory that the job already has', async () => {
    const executor = new FakeExecutor(1)
    executor.bytesOf = (frame) => (frame === 0 ? 1 : slotBytesFor(300))
    const { consumer } = start(new Scheduler(executor, 0), [[0, 1, 2, 3, 4, 5]], 12)
    await play(executor, [consumer], [0][Symbol.iterator]())
    expect(consumer.consumed).toEqual([0, 1, 2, 3, 4, 5])
    expect(Math.max(...consumer.slotBytes)).toBeLessThanOrEqual(12 * slotBytesFor(1))
  })
})

describe('trouble in a task', () => {
  it('is told with the frames that it leaves undone, and the run goes on', async () => {
    const executor = new FakeExecutor(1)
    const { consumer, run } = start(
      new Scheduler(executor, 0),
      [
        [0, 1, 2],
        [3, 4],
      ],
      8,
      { ordered: false },
    )
    const [task] = executor.active
    if (task !== undefined) executor.step(task)
    await settled()
    if (task !== undefined) executor.fail(task, 'ERR_DECODE')
    await play(executor, [consumer], [0][Symbol.iterator]())
    expect(consumer.failures).toEqual([{ code: 'ERR_DECODE', undone: [1, 2] }])
    expect(consumer.consumed).toEqual([0, 3, 4])
    expect(run.slotsInUse).toBe(0)
  })

  it('with its thread is told as ERR_WORKER, and the worker is used again', async () => {
    const executor = new FakeExecutor(1)
    const { consumer } = start(new Scheduler(executor, 0), [[0], [1]], 4, { ordered: false })
    const [task] = executor.active
    if (task !== undefined) executor.lose(task)
    await play(executor, [consumer], [0][Symbol.iterator]())
    expect(consumer.failures).toEqual([{ code: 'ERR_WORKER', undone: [0] }])
    expect(consumer.consumed).toEqual([1])
  })

  it('that costs only some frames names these', async () => {
    const executor = new FakeExecutor(1)
    const { consumer, run } = start(new Scheduler(executor, 0), [[0, 1]], 4)
    const [task] = executor.active
    if (task !== undefined) executor.step(task)
    await settled()
    if (task !== undefined) executor.finish(task, [1])
    await play(executor, [consumer], [0][Symbol.iterator]())
    expect([consumer.consumed, consumer.missing, run.slotsInUse]).toEqual([[0], [1], 0])
  })
})

describe('close', () => {
  it('cancels what runs, ends the workers after the last task has returned, and refuses new work', async () => {
    const executor = new FakeExecutor(2)
    const scheduler = new Scheduler(executor, 0)
    const job = start(
      scheduler,
      [
        [0, 1],
        [2, 3],
      ],
      4,
    )
    const closing = scheduler.close()
    await settled()
    expect(executor.isClosed).toBe(false)
    for (const task of [...executor.active]) executor.step(task)
    await closing
    expect([executor.isClosed, job.ended, job.run.wasCancelled]).toEqual([true, true, true])
    expect(() => start(scheduler, [[0]], 1)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })

  it('of an idle scheduler is at once', async () => {
    const executor = new FakeExecutor(1)
    await new Scheduler(executor, 0).close()
    expect(executor.isClosed).toBe(true)
  })
})

describe('once', () => {
  const probe = {
    kind: 'probe',
    source: {
      name: 'clips/clip.mp4',
      url: 'file:/clip.mp4',
      protocols: 'file',
      allowPlaylists: false,
      identity: 'clip',
    },
  } as const

  it('rejects with the error that the task came to, in the words of its kind', async () => {
    const executor = new FakeExecutor(1)
    const answer = new Scheduler(executor, 0).once(probe)
    const [task] = executor.active
    if (task !== undefined) executor.fail(task, 'ERR_OPEN')
    await expect(answer).rejects.toBeInstanceOf(VideoError)
    await expect(answer).rejects.toMatchObject({
      code: 'ERR_OPEN',
      message: 'Cannot open "clips/clip.mp4": made to fail',
      path: 'clips/clip.mp4',
    })
  })

  it("rejects with the signal's reason at once, while the task still has to return", async () => {
    const executor = new FakeExecutor(1)
    const abort = new AbortController()
    const answer = new Scheduler(executor, 0).once(probe, { signal: abort.signal })
    const reason = new Error('enough')
    abort.abort(reason)
    await expect(answer).rejects.toBe(reason)
    expect(executor.active.map(({ lane }) => lane.isCancelled)).toEqual([true])
    await expect(new Scheduler(executor, 0).once(probe, { signal: abort.signal })).rejects.toBe(reason)
  })

  it('rejects with what its progress callback throws, and has the task end', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const executor = new FakeExecutor(1)
      const fault = new Error('mine')
      const onProgress = (): never => {
        throw fault
      }
      const answer = new Scheduler(executor, 0).once(probe, { onProgress })
      vi.advanceTimersByTime(1000)
      await expect(answer).rejects.toBe(fault)
      expect(executor.active.map(({ lane }) => lane.isCancelled)).toEqual([true])
    } finally {
      vi.useRealTimers()
    }
  })

  it('rejects with ERR_CLOSED when the scheduler is closed meanwhile', async () => {
    const executor = new FakeExecutor(1)
    const scheduler = new Scheduler(executor, 0)
    const answer = scheduler.once(probe)
    const closing = scheduler.close()
    const [task] = executor.active
    if (task !== undefined) executor.fail(task, 'CANCELLED')
    await expect(answer).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await closing
  })
})
