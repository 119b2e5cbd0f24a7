// How many workers are chosen: on made-up hosts whose best number is known, whatever is measured it stays between one and the most.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HillClimber, type Observation } from '../../src/tune/hill-climber.ts'
import { SimulatedHost } from './simulated-host.ts'

/** Numbers used in each of so many windows. */
function follow(climber: HillClimber, host: SimulatedHost, windows: number): number[] {
  return Array.from({ length: windows }, () => {
    const { workers } = climber
    climber.observe(host.window(workers))
    return workers
  })
}

const curves: { name: string; throughput: (workers: number) => number }[] = [
  { name: 'grows with every worker', throughput: (n) => n },
  { name: 'grows to 4 and is flat then', throughput: (n) => Math.min(n, 4) },
  { name: 'falls beyond 6', throughput: (n) => (n <= 6 ? n : 6 - 0.3 * (n - 6)) },
  { name: 'falls from the first', throughput: (n) => 1 / n },
  { name: 'is flat', throughput: () => 1 },
  { name: 'contends for memory', throughput: (n) => n / (1 + 0.03 * (n - 1) + 0.004 * n * (n - 1)) },
  { name: 'has a serial part', throughput: (n) => n / (1 + 0.08 * (n - 1)) },
]
const sizes = [1, 2, 4, 16]
const noises = [0, 0.05, 0.1]

const scenes = curves.flatMap((curve) => sizes.flatMap((cpus) => noises.map((noise) => ({ ...curve, cpus, noise }))))

describe('throughput that', () => {
  it.each(scenes)('$name, on $cpus CPUs with noise $noise: ends within 5 % of the best number, trials included', (scene) => {
    const best = Math.max(...Array.from({ length: scene.cpus }, (_, i) => scene.throughput(i + 1)))
    for (const seed of [11, 22, 33]) {
      const climber = new HillClimber(scene.cpus, scene.cpus)
      const host = new SimulatedHost({ ...scene, seed })
      follow(climber, host, 2000)
      const last = follow(climber, host, 600)
      const reached = last.reduce((sum, workers) => sum + scene.throughput(workers), 0) / last.length
      expect(reached / best).toBeGreaterThanOrEqual(0.95)
    }
  })

  it('does not grow any more is served by fewer workers, one when one does', () => {
    const climber = new HillClimber(8, 8)
    follow(climber, new SimulatedHost({ cpus: 8, throughput: (n) => Math.min(n, 3) }), 800)
    expect(climber.workers).toBe(3)
    const single = new HillClimber(8, 8)
    follow(single, new SimulatedHost({ cpus: 8, throughput: () => 5 }), 800)
    expect(single.workers).toBe(1)
  })

  it('loses less than the band at every step down is not given up step by step', () => {
    const throughput = (n: number): number => 1 - 0.025 * (16 - n)
    const climber = new HillClimber(16, 16)
    follow(climber, new SimulatedHost({ cpus: 16, throughput }), 4000)
    expect(throughput(climber.workers)).toBeGreaterThanOrEqual(0.95)
  })

  it('needs all workers keeps them: trials come ever more rarely', () => {
    const climber = new HillClimber(2, 2)
    const used = follow(climber, new SimulatedHost({ cpus: 2, throughput: (n) => n, noise: 0.1, seed: 5 }), 4000)
    const tried = used.flatMap((workers, window) => (workers < 2 ? [window] : []))
    expect(tried.length).toBeGreaterThan(0)
    expect(tried[0]).toBeGreaterThanOrEqual(24)
    expect(tried.filter((window) => window >= 2000).length).toBeLessThanOrEqual(tried.filter((window) => window < 2000).length / 2)
    expect(used.reduce((sum, workers) => sum + workers, 0) / (2 * used.length)).toBeGreaterThan(0.99)
  })

  it('cannot be told, because there is too little to do for all workers, moves nothing', () => {
    const host = new SimulatedHost({ cpus: 8, throughput: (n) => n })
    host.mostBusy = 3
    expect(new Set(follow(new HillClimber(8, 8), host, 500))).toEqual(new Set([8]))
  })

  it('is none, as while packets are only read, moves nothing', () => {
    expect(new Set(follow(new HillClimber(4, 4), new SimulatedHost({ cpus: 4, throughput: () => 0 }), 500))).toEqual(new Set([4]))
  })
})

describe('a new job', () => {
  it('starts with all workers again', () => {
    const climber = new HillClimber(8, 8)
    follow(climber, new SimulatedHost({ cpus: 8, throughput: () => 1 }), 800)
    expect(climber.workers).toBe(1)
    climber.observe(new SimulatedHost({ cpus: 8, throughput: (n) => n }).window(1, true))
    expect(climber.workers).toBe(8)
  })
})

describe('other processes', () => {
  it.each([
    { cpus: 2, others: 1, left: 1 },
    { cpus: 2, others: 5, left: 1 },
    { cpus: 4, others: 1, left: 3 },
    { cpus: 16, others: 6, left: 10 },
  ])('that keep $others of $cpus CPUs busy get them within six windows, and lose them when they are done', ({ cpus, others, left }) => {
    const climber = new HillClimber(cpus, cpus)
    const host = new SimulatedHost({ cpus, throughput: (n) => n })
    follow(climber, host, 10)
    host.otherThreads = others
    follow(climber, host, 2)
    expect(climber.workers).toBeLessThan(cpus)
    follow(climber, host, 4)
    expect(new Set(follow(climber, host, 15))).toEqual(new Set([left]))
    host.otherThreads = 0
    follow(climber, host, 4)
    expect(climber.workers).toBe(cpus)
  })

  it('that are busy for one window only change nothing', () => {
    const climber = new HillClimber(2, 2)
    const host = new SimulatedHost({ cpus: 2, throughput: (n) => n })
    const used: number[] = []
    for (let round = 0; round < 5; round++) {
      host.otherThreads = 2
      used.push(...follow(climber, host, 1))
      host.otherThreads = 0
      used.push(...follow(climber, host, 2))
    }
    expect(new Set([...used, climber.workers])).toEqual(new Set([2]))
  })

  it('that take CPUs which this one could not use anyway cost it nothing', () => {
    // A quota of 4 CPUs on a host of 64.
    const climber = new HillClimber(4, 64)
    const host = new SimulatedHost({ cpus: 64, throughput: (n) => n })
    host.otherThreads = 40
    expect(new Set(follow(climber, host, 20))).toEqual(new Set([4]))
  })

  it('cost nothing where the system does not tell of them', () => {
    const climber = new HillClimber(2, 2)
    const host = new SimulatedHost({ cpus: 2, throughput: (n) => n })
    host.otherThreads = 4
    for (let window = 0; window < 20; window++) climber.observe({ ...host.window(climber.workers), allCpuSeconds: null })
    expect(climber.workers).toBe(2)
  })
})

describe('memory', () => {
  it('that runs short costs a worker at once, and another when that did not help', () => {
    const climber = new HillClimber(8, 8)
    const host = new SimulatedHost({ cpus: 8, throughput: (n) => n })
    host.memoryPressure = 0.95
    follow(climber, host, 1)
    expect(climber.workers).toBe(7)
    follow(climber, host, 5)
    expect(climber.workers).toBe(6)
    follow(climber, host, 100)
    expect(climber.workers).toBe(1)
  })

  it('that is there again brings them back one by one, later each time it ran short of it', () => {
    const climber = new HillClimber(2, 2)
    const host = new SimulatedHost({ cpus: 2, throughput: (n) => n })
    const windowsAway = Array.from({ length: 4 }, () => {
      host.memoryPressure = 0.95
      follow(climber, host, 1)
      expect(climber.workers).toBe(1)
      host.memoryPressure = 0.5
      let windows = 0
      while (climber.workers === 1 && windows < 1000) windows += follow(climber, host, 1).length
      follow(climber, host, 10)
      return windows
    })
    expect(windowsAway[0]).toBeLessThanOrEqual(20)
    expect(windowsAway.toSorted((a, b) => a - b)).toEqual(windowsAway)
    expect(new Set(windowsAway).size).toBe(4)
  })
})

describe('whatever is measured', () => {
  const share = fc.double({ min: 0, max: 40, noNaN: true })
  const observation: fc.Arbitrary<Observation> = fc.record({
    seconds: fc.double({ min: 0.02, max: 5, noNaN: true }),
    work: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e6, noNaN: true })),
    busyWorkers: share,
    hasNewJob: fc.boolean(),
    ownCpuSeconds: share,
    allCpuSeconds: fc.option(share),
    memoryPressure: fc.double({ min: 0, max: 2, noNaN: true }),
  })

  it('the answer is a whole number from one to the most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 32 }),
        fc.integer({ min: 0, max: 32 }),
        fc.array(fc.tuple(observation, fc.boolean()), { maxLength: 300 }),
        (most, more, observations) => {
          const climber = new HillClimber(most, most + more)
          for (const [observed, isSettled] of observations) {
            // Only settled windows are compared: half of them are made so.
            const workers = climber.observe(isSettled ? { ...observed, busyWorkers: climber.workers, hasNewJob: false } : observed)
            expect(workers).toBe(climber.workers)
            expect(Number.isInteger(workers) && workers >= 1 && workers <= most).toBe(true)
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})
