// How many workers may have a task, changed at any time: no task is lost, none waits for ever.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Scheduler } from '../../src/pool/scheduler.ts'
import { slotBytesFor } from '../../src/pool/slots.ts'
import { FakeExecutor, settled, taskOf } from './fake-executor.ts'
import { choices, cut, play, start } from './scheduled-jobs.ts'

describe('active workers', () => {
  const eachAlone = (count: number): number[][] => Array.from({ length: count }, (_, i) => [i])

  it('are all of them unless told otherwise', () => {
    const executor = new FakeExecutor(3)
    const scheduler = new Scheduler(executor, 0)
    start(scheduler, eachAlone(9), 9)
    expect([scheduler.activeWorkers, executor.active.length]).toEqual([3, 3])
  })

  it('that become fewer end no task: none starts until enough have ended', async () => {
    const executor = new FakeExecutor(3)
    const scheduler = new Scheduler(executor, 0)
    const { consumer } = start(
      scheduler,
      [
        [0, 1],
        [2, 3],
        [4, 5],
        [6, 7],
        [8, 9],
      ],
      10,
    )
    scheduler.activeWorkers = 1
    const running = [...executor.active]
    expect([running.length, running.some(({ lane }) => lane.isCancelled)]).toEqual([3, false])
    const seen: number[] = []
    for (const task of running) {
      while (executor.active.includes(task)) executor.step(task)
      await settled()
      seen.push(executor.active.length)
    }
    expect(seen).toEqual([2, 1, 1])
    expect(executor.started).toHaveLength(4)
    await play(executor, [consumer], [0][Symbol.iterator]())
    expect(consumer.consumed).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('that become more start tasks at once, up to as many as there are, and never fewer than one', () => {
    const executor = new FakeExecutor(4)
    const scheduler = new Scheduler(executor, 0)
    scheduler.activeWorkers = 0
    start(scheduler, eachAlone(9), 9)
    expect([scheduler.activeWorkers, executor.active.length]).toEqual([1, 1])
    scheduler.activeWorkers = 3
    expect(executor.active).toHaveLength(3)
    scheduler.activeWorkers = 99
    expect([scheduler.activeWorkers, executor.active.length]).toEqual([4, 4])
  })

  it('may change at any time: every frame comes, in order, also of pictures too large for their slots and beside another run', async () => {
    const limits = fc.infiniteStream(fc.tuple(fc.nat({ max: 8 }), fc.integer({ min: 1, max: 4 })))
    await fc.assert(
      fc.asyncProperty(
        cut,
        cut,
        fc.integer({ min: 1, max: 6 }),
        fc.nat({ max: 40 }),
        choices,
        limits,
        async (parts, otherParts, slots, from, order, changes) => {
          const executor = new FakeExecutor(4)
          executor.bytesOf = (frame) => (frame < from ? 1 : 1000)
          const scheduler = new Scheduler(executor, 0)
          const jobs = [start(scheduler, parts, slots), start(scheduler, otherParts, slots, { source: 'other' })]
          const changing = (function* () {
            for (const choice of order) {
              const { value } = changes.next()
              // Now and then only, so that tasks of before and after meet.
              if (value !== undefined && value[0] === 0) scheduler.activeWorkers = value[1]
              yield choice
            }
          })()
          await play(
            executor,
            jobs.map(({ consumer }) => consumer),
            changing,
          )
          expect(jobs.map(({ consumer }) => consumer.consumed)).toEqual([parts.flat(), otherParts.flat()])
          expect([scheduler.slotsInUse, scheduler.queueLength, scheduler.runs.length]).toEqual([0, 0, 0])
        },
      ),
      { numRuns: 150 },
    )
  }, 60_000)

  it('give their place to an older task of the run that came back, while a younger one waits for the same consumer', async () => {
    const executor = new FakeExecutor(2)
    executor.bytesOf = (frame) => (frame === 0 ? slotBytesFor(300) : 1)
    const scheduler = new Scheduler(executor, 0)
    const { consumer } = start(
      scheduler,
      [
        [0, 1, 2],
        [3, 4, 5, 6, 7, 8],
      ],
      6,
    )
    const [older, younger] = executor.active
    while (younger !== undefined && executor.step(younger)) await settled() // until it has to wait
    expect(younger?.lane.isCancelled).toBe(false)
    scheduler.activeWorkers = 1
    if (older !== undefined) executor.step(older) // comes back: its picture needs a larger slot
    await play(executor, [consumer], [0][Symbol.iterator]())
    expect(consumer.consumed).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('count the jobs that have frames and tell when a run begins', async () => {
    const executor = new FakeExecutor(1)
    const scheduler = new Scheduler(executor, 0)
    let begun = 0
    scheduler.onBegin = () => begun++
    start(scheduler, [[0]], 1)
    const probing = scheduler.once({ kind: 'probe', source: taskOf([0]).source })
    expect([begun, scheduler.jobsBegun]).toEqual([2, 1])
    const refused = expect(probing).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    const closing = scheduler.close()
    for (const task of [...executor.active]) executor.step(task)
    await refused
    await closing
  })
})
