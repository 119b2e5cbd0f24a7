// A made-up host for tests of the hill climber: throughput by workers, other processes that take CPU, noise from a seed.
import type { Observation } from '../../src/tune/hill-climber.ts'

export interface HostModel {
  readonly cpus: number
  /** Frames per second with so many workers, when nobody else computes. */
  readonly throughput: (workers: number) => number
  /** Standard deviation of a window's throughput, as a share. */
  readonly noise?: number
  readonly seed?: number
}

const windowSeconds = 0.25

export class SimulatedHost {
  /** Threads of other processes that would use a CPU each. */
  otherThreads = 0
  memoryPressure = 0.2
  /** Workers that have something to do, at most. */
  mostBusy = Infinity
  readonly #model: HostModel
  #state: number

  constructor(model: HostModel) {
    this.#model = model
    this.#state = model.seed ?? 1
  }

  /** Share of their CPUs that workers get: all threads have equal rights. */
  #share(workers: number): number {
    return Math.min(1, this.#model.cpus / (workers + this.otherThreads))
  }

  /** One window with so many workers. */
  window(workers: number, hasNewJob = false): Observation {
    const { throughput, noise = 0 } = this.#model
    const busyWorkers = Math.min(workers, this.mostBusy)
    const share = this.#share(busyWorkers)
    const scatter = Math.max(0, 1 + noise * this.#normal())
    return {
      seconds: windowSeconds,
      work: throughput(busyWorkers) * share * windowSeconds * scatter,
      busyWorkers,
      hasNewJob,
      ownCpuSeconds: busyWorkers * share * windowSeconds,
      allCpuSeconds: Math.min(this.#model.cpus, busyWorkers + this.otherThreads) * windowSeconds,
      memoryPressure: this.memoryPressure,
    }
  }

  /** Nearly: the sum of twelve even ones. */
  #normal(): number {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += this.#random()
    return sum
  }

  #random(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0
    return this.#state / 2 ** 32
  }
}
