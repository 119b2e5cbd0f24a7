// Schedules worked out by hand. Letters are tasks, each column 10 ms.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { simulateRun, type SimulatedRun, type SimulatedTask } from '../../src/tune/simulate.ts'

/** One task of one decoder run each, with one frame at its end; frames numbered in this order. */
const tasksOf = (...milliseconds: readonly number[]): SimulatedTask[] =>
  milliseconds.map((ms, frame) => ({ segments: [{ ms, frames: [frame] }] }))

const usual: Omit<SimulatedRun, 'tasks'> = {
  workers: 2,
  cpus: 2,
  slots: 100,
  ordered: true,
  handOffMs: 0,
  consumerMs: 0,
  slowdown: 0,
}
const run = (tasks: readonly SimulatedTask[], changes: Partial<SimulatedRun> = {}) => simulateRun({ ...usual, tasks, ...changes })

describe('tasks on workers', () => {
  it('go one after the other on one worker', () => {
    expect(run(tasksOf(30, 20, 10), { workers: 1 })).toMatchObject({ wallMs: 60, busyMs: [60] })
  })

  it('go to whichever worker is free first', () => {
    // worker 0: AAA DD, worker 1: B CC E
    expect(run(tasksOf(30, 10, 20, 20, 10))).toMatchObject({ wallMs: 50, busyMs: [50, 40] })
  })

  it('leave workers idle when one task is longer than all others together', () => {
    // worker 0: AAAAAAAA, worker 1: B C
    expect(run(tasksOf(80, 10, 10))).toMatchObject({ wallMs: 80, busyMs: [80, 20] })
  })

  it('wait for the hand-off between two of them, but not before the first', () => {
    // worker 0: A..C, worker 1: B..D with 2 ms each
    expect(run(tasksOf(10, 10, 10, 10), { handOffMs: 2 }).wallMs).toBeCloseTo(22, 9)
  })

  it('do nothing when there are none', () => {
    expect(run([])).toEqual({ wallMs: 0, busyMs: [0, 0], slotWaitMs: 0 })
  })
})

describe('CPUs', () => {
  it('are shared when there are fewer than workers', () => {
    // Two tasks of 10 ms on half a CPU each.
    expect(run(tasksOf(10, 10), { cpus: 1 }).wallMs).toBeCloseTo(20, 9)
  })

  it('are given back when a worker has no more to do', () => {
    // Both at half speed until B's 10 ms are done at 20 ms; A has 20 of 30 ms left and the CPU for itself.
    expect(run(tasksOf(30, 10), { cpus: 1 }).wallMs).toBeCloseTo(40, 9)
  })

  it('may be a fraction, as a quota is', () => {
    expect(run(tasksOf(10), { workers: 1, cpus: 0.5 }).wallMs).toBeCloseTo(20, 9)
    expect(run(tasksOf(30, 30), { cpus: 1.5 }).wallMs).toBeCloseTo(40, 9)
  })
})

describe('shared memory', () => {
  it('slows every worker while others are busy', () => {
    // Both at 1 / 1.1 of their pace.
    expect(run(tasksOf(10, 10), { slowdown: 0.1 }).wallMs).toBeCloseTo(11, 9)
    // Together until B is done at 11 ms, A then has 10 ms left for itself.
    expect(run(tasksOf(20, 10), { slowdown: 0.1 }).wallMs).toBeCloseTo(21, 9)
  })

  it('slows nobody who is alone', () => {
    expect(run(tasksOf(10, 10), { workers: 1, slowdown: 0.5 }).wallMs).toBeCloseTo(20, 9)
  })
})

describe('slots', () => {
  const four: SimulatedTask[] = [{ segments: [{ ms: 40, frames: [0, 1, 2, 3] }] }]

  it('make a worker wait for a slow consumer', () => {
    // Frames are ready at 10, 20, ...; the consumer takes 30 ms over each. With one slot, frame k is taken when frame k - 1 is released:
    // taken at 10, 40, 70, 100; each frame's work starts when the one before is taken, so it is ready in time. The last is released at 130.
    expect(run(four, { workers: 1, slots: 1, consumerMs: 30 })).toMatchObject({ wallMs: 130, busyMs: [40], slotWaitMs: 60 })
  })

  it('let a worker run ahead as far as they go', () => {
    // All four are ready by 40; the consumer holds the first from 10 and the last until 130.
    expect(run(four, { workers: 1, slots: 4, consumerMs: 30 })).toMatchObject({ wallMs: 130, slotWaitMs: 0 })
  })

  it('go to the oldest task first where frames are wanted in order', () => {
    // B (frames 2, 3) may not take the last slots from A (frames 0, 1), which is older and slower.
    const tasks: SimulatedTask[] = [{ segments: [{ ms: 60, frames: [0, 1] }] }, { segments: [{ ms: 20, frames: [2, 3] }] }]
    // A: ready 30, 60. B starts at once (2 free, 1 reserved), gives frame 2 at 10, then waits: one slot stays reserved until A is done.
    const { wallMs, slotWaitMs } = run(tasks, { slots: 2 })
    expect(wallMs).toBeCloseTo(60, 9)
    expect(slotWaitMs).toBeCloseTo(40, 9)
  })

  it('never leave a run stuck, and no frame out', () => {
    const taskLengths = fc.array(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(
        taskLengths,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 20 }),
        fc.boolean(),
        (lengths, workers, slots, consumerMs, ordered) => {
          let frame = 0
          const inOrder = lengths.map((segments) => ({ segments: segments.map((ms) => ({ ms, frames: [frame++, frame++] })) }))
          // As a plan that starts with the longest has them.
          const tasks = inOrder.toSorted((a, b) => b.segments.length - a.segments.length)
          const work = lengths.flat().reduce((sum, ms) => sum + ms, 0)
          const { wallMs, busyMs } = run(tasks, { workers, cpus: workers, slots, consumerMs, ordered })
          expect(busyMs.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(work, 6)
          expect(wallMs).toBeGreaterThanOrEqual(Math.max(work / workers, frame * consumerMs) - 1e-6)
          expect(wallMs).toBeLessThanOrEqual(work + frame * consumerMs + 1e-6)
        },
      ),
    )
  })
})
