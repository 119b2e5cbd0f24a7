// A run recorded here and replayed elsewhere: plans and times are made up, the outcome is arithmetic.
import { describe, expect, it } from 'vitest'
import { Trace } from '../../src/measure/trace.ts'
import type { PlanOutline } from '../../src/plan/outline.ts'
import { segmentKey } from '../../src/plan/outline.ts'
import type { TaskRecord } from '../../src/pool/scheduler.ts'
import { taskOf } from './fake-executor.ts'

/** Tasks of one decoder run each; run n starts at tick n × 100 and gives frame n, as taskOf() has it. */
function outline(frames: readonly number[], workers: number, cost = 10): PlanOutline {
  const tasks = frames.map((frame) => [{ key: segmentKey(null, [frame * 10]), cost, frames: [frame] }])
  return { tasks, atOnce: workers, slots: frames.length, frames: frames.length }
}

function record(frame: number, ms: number, handOffMs = 0, source = 'clip'): TaskRecord {
  const value = { kind: 'sample', status: 'done', neededBytes: 0, missing: [], segmentMs: [ms] } as const
  return { task: taskOf([frame], source), result: { ok: true, value }, startedAt: 1000, endedAt: 1000 + ms + handOffMs }
}

/** Four frames are asked for, of eight in the file. */
function traced(ms: readonly number[], handOffMs = 0): Trace {
  const trace = new Trace()
  trace.onPlan({
    source: 'clip',
    outline: outline([0, 1, 2, 3], 1),
    ordered: true,
    planFor: ({ workers, span }) => outline(span === undefined ? [0, 1, 2, 3] : [0, 1, 2, 3, 4, 5, 6, 7], workers),
  })
  for (const [frame, time] of ms.entries()) trace.onTask(record(frame, time, handOffMs))
  return trace
}

const alone = { slowdown: 0, tracedSlowdown: 1, whole: false }

describe('a trace', () => {
  it('adds up the time of decoder runs and knows the longest task', () => {
    const trace = traced([10, 40, 10, 20], 2)
    expect(trace.serviceMs).toBe(80)
    expect(trace.longestTaskMs).toBe(42)
  })

  it('is replayed on one worker as it was', () => {
    expect(traced([10, 40, 10, 20]).simulate({ workers: 1, cpus: 1 }, alone)).toEqual({ wallMs: 80, frames: 4 })
  })

  it('is replayed on two: 10 + 10 + 20 beside 40', () => {
    expect(traced([10, 40, 10, 20]).simulate({ workers: 2, cpus: 2 }, alone).wallMs).toBeCloseTo(40, 9)
  })

  it('keeps the hand-off between tasks', () => {
    // Three of them between four tasks.
    expect(traced([10, 10, 10, 10], 2).simulate({ workers: 1, cpus: 1 }, alone).wallMs).toBeCloseTo(46, 9)
  })

  it('takes out the slow-down of the workers it was traced with, and puts in that of those to be', () => {
    const trace = traced([11, 11, 11, 11])
    expect(trace.simulate({ workers: 1, cpus: 1 }, { slowdown: 0.1, tracedSlowdown: 1.1, whole: false }).wallMs).toBeCloseTo(40, 9)
    expect(trace.simulate({ workers: 2, cpus: 2 }, { slowdown: 0.1, tracedSlowdown: 1.1, whole: false }).wallMs).toBeCloseTo(22, 9)
  })

  it('takes the typical time per packet for what it has not seen', () => {
    // Known: 10, 12, 14, 60 ms for 10 packets each; median 13. The other four take 13 each.
    expect(traced([10, 12, 14, 60]).simulate({ workers: 1, cpus: 1 }, { ...alone, whole: true })).toEqual({
      wallMs: expect.closeTo(96 + 4 * 13, 9),
      frames: 8,
    })
  })

  it('keeps the runs of several files apart, though they have the same names', () => {
    const trace = traced([10, 10, 10, 10])
    const other = outline([0, 1, 2, 3], 1)
    trace.onPlan({ source: 'other', outline: other, ordered: true, planFor: () => other })
    for (const frame of [0, 1, 2, 3]) trace.onTask(record(frame, 100, 0, 'other'))
    expect(trace.serviceMs).toBe(440)
    expect(trace.simulate({ workers: 1, cpus: 1 }, alone)).toEqual({ wallMs: 440, frames: 8 })
  })

  it('forgets when told to', () => {
    const trace = traced([10, 10, 10, 10])
    trace.clear()
    expect(trace.serviceMs).toBe(0)
    expect(trace.simulate({ workers: 1, cpus: 1 }, alone)).toEqual({ wallMs: 0, frames: 0 })
  })
})
