// When the meters are looked at, and what of them reaches the hill climber; a made-up clock, made-up meters.
import { beforeEach, describe, expect, it } from 'vitest'
import { AdaptiveWorkers, type Reading } from '../../src/tune/adaptive-workers.ts'
import { SimulatedHost } from './simulated-host.ts'

const cpus = 2
let host: SimulatedHost
let total: Reading
let active: number
let hasWork: boolean
let timer: (() => void) | null
let timersStarted: number
let adaptive: AdaptiveWorkers

beforeEach(() => {
  host = new SimulatedHost({ cpus, throughput: (workers) => 100 * workers })
  total = { atSeconds: 50, work: 7, busySeconds: 3, jobsBegun: 1, ownCpuSeconds: 20, allCpuSeconds: 900, memoryPressure: 0.1 }
  active = cpus
  hasWork = true
  timer = null
  timersStarted = 0
  adaptive = new AdaptiveWorkers({
    most: cpus,
    cpus,
    read: () => total,
    hasWork: () => hasWork,
    setActive: (workers) => {
      active = workers
    },
    startTimer: (look) => {
      timer = look
      timersStarted++
      return () => {
        timer = null
      }
    },
  })
})

/** Time goes by with the workers that are active, and the timer calls after each window. */
function pass(windows: number): number[] {
  return Array.from({ length: windows }, () => {
    const used = active
    const { seconds, work, busyWorkers, ownCpuSeconds, allCpuSeconds, memoryPressure } = host.window(used)
    total = {
      ...total,
      atSeconds: total.atSeconds + seconds,
      work: total.work + work,
      busySeconds: total.busySeconds + busyWorkers * seconds,
      ownCpuSeconds: total.ownCpuSeconds + ownCpuSeconds,
      allCpuSeconds: (total.allCpuSeconds ?? 0) + (allCpuSeconds ?? 0),
      memoryPressure,
    }
    timer?.()
    return used
  })
}

describe('the timer', () => {
  it('runs while there is work, once however often work begins', () => {
    expect(timer).toBeNull()
    adaptive.start()
    adaptive.start()
    expect([timer === null, timersStarted]).toEqual([false, 1])
    hasWork = false
    pass(1)
    expect(timer).toBeNull()
    hasWork = true
    adaptive.start()
    expect([timer === null, timersStarted]).toEqual([false, 2])
  })

  it('is stopped by stop(), once and again', () => {
    adaptive.start()
    adaptive.stop()
    adaptive.stop()
    expect(timer).toBeNull()
  })
})

describe('the active workers', () => {
  it('become fewer while another process computes, and all again after it', () => {
    adaptive.start()
    expect(new Set(pass(5))).toEqual(new Set([2]))
    host.otherThreads = 1
    pass(3)
    expect(new Set(pass(10))).toEqual(new Set([1]))
    host.otherThreads = 0
    pass(3)
    expect(new Set(pass(5))).toEqual(new Set([2]))
  })

  it('are fewer where one does as much as two', () => {
    host = new SimulatedHost({ cpus, throughput: () => 100 })
    adaptive.start()
    pass(60)
    expect(active).toBe(1)
  })

  it('are fewer when memory runs short', () => {
    adaptive.start()
    host.memoryPressure = 0.99
    pass(1)
    expect(active).toBe(1)
  })

  it('are all again for a new job beside the old one', () => {
    host = new SimulatedHost({ cpus, throughput: () => 100 })
    adaptive.start()
    pass(60)
    total = { ...total, jobsBegun: total.jobsBegun + 1 }
    pass(1)
    expect(active).toBe(2)
  })

  it('are all again when the work is done, and for work that begins later, whatever went on meanwhile', () => {
    host.otherThreads = 2
    adaptive.start()
    pass(4)
    expect(active).toBe(1)
    hasWork = false
    pass(1)
    expect(active).toBe(2)
    pass(20)
    host.otherThreads = 0
    hasWork = true
    adaptive.start()
    expect(new Set(pass(5))).toEqual(new Set([2]))
  })
})

it('two calls at nearly the same moment measure one window, not a window of nothing', () => {
  adaptive.start()
  host.otherThreads = 1
  for (let window = 0; window < 4; window++) {
    pass(1)
    timer?.()
  }
  expect(active).toBe(1)
})
