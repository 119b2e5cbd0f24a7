// Owns following the hill climber while there is work: looks at the meters a few times a second and sets the number of active workers.
// It stands still, without a timer, when nothing runs; work after that begins with all workers, as what was learned may be long out of date.
import { HillClimber } from './hill-climber.js'

/** Totals since some moment in the past; only their differences count. */
export interface Reading {
  readonly atSeconds: number
  /** Frames decoded, or another measure of the work done. */
  readonly work: number
  /** Seconds that workers have spent in tasks, added up. */
  readonly busySeconds: number
  readonly jobsBegun: number
  /** CPU seconds of this process. */
  readonly ownCpuSeconds: number
  /** CPU seconds of all processes on the CPUs that this one may use; null where that cannot be read. */
  readonly allCpuSeconds: number | null
  /** Memory in use now as a share of what may be used. */
  readonly memoryPressure: number
}

export interface AdaptiveWorkersOptions {
  /** Workers there are. */
  readonly most: number
  /** CPUs this process may run on. */
  readonly cpus: number
  readonly read: () => Reading
  /** Some task runs or waits. */
  readonly hasWork: () => boolean
  readonly setActive: (workers: number) => void
  /** Calls back every so often until the returned function is called. */
  readonly startTimer: (look: () => void) => () => void
}

/** A window that is hardly any time says nothing. */
const leastWindowSeconds = 0.02

export class AdaptiveWorkers {
  readonly #options: AdaptiveWorkersOptions
  #climber: HillClimber
  #before: Reading
  #stopTimer: (() => void) | null = null

  constructor(options: AdaptiveWorkersOptions) {
    this.#options = options
    this.#climber = new HillClimber(options.most, options.cpus)
    this.#before = options.read()
  }

  /** Begins to look, unless it does already. To be called when work begins. */
  start(): void {
    if (this.#stopTimer !== null) return
    const { most, cpus, read, startTimer } = this.#options
    this.#climber = new HillClimber(most, cpus)
    this.#before = read()
    this.#stopTimer = startTimer(() => this.#look())
  }

  stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = null
    this.#options.setActive(this.#options.most)
  }

  #look(): void {
    if (!this.#options.hasWork()) return this.stop()
    const now = this.#options.read()
    const before = this.#before
    const seconds = now.atSeconds - before.atSeconds
    if (seconds < leastWindowSeconds) return
    this.#before = now
    const allCpuSeconds = now.allCpuSeconds === null || before.allCpuSeconds === null ? null : now.allCpuSeconds - before.allCpuSeconds
    const workers = this.#climber.observe({
      seconds,
      work: now.work - before.work,
      busyWorkers: (now.busySeconds - before.busySeconds) / seconds,
      hasNewJob: now.jobsBegun > before.jobsBegun,
      ownCpuSeconds: now.ownCpuSeconds - before.ownCpuSeconds,
      allCpuSeconds,
      memoryPressure: now.memoryPressure,
    })
    this.#options.setActive(workers)
  }
}
