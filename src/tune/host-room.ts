// Owns how many workers there is room for beside everybody else: CPU that other processes leave, memory that this one has left.
// Pure: each class is told what was measured, window by window, and keeps what it needs of the windows before.

/** CPU use in one window. */
export interface CpuUse {
  readonly seconds: number
  /** CPU seconds of this process. */
  readonly ownCpuSeconds: number
  /** CPU seconds of all processes on the CPUs that this one may use; null where that cannot be read. */
  readonly allCpuSeconds: number | null
}

/** How far what is left must lie from the present number, in CPUs: half of one is the border, the rest keeps from swinging across it. */
const cpuHysteresis = 0.6

/** Follows the CPUs that others leave, when two windows in a row say the same. */
export class CpuRoom {
  readonly #cpus: number
  readonly #most: number
  #workers: number
  #leftBefore: number | null = null

  /** `cpus` this process may run on, of which it should keep at most `most` busy. */
  constructor(cpus: number, most: number) {
    this.#cpus = cpus
    this.#most = most
    this.#workers = most
  }

  observe({ seconds, ownCpuSeconds, allCpuSeconds }: CpuUse): number {
    if (allCpuSeconds === null) return this.#workers
    const others = Math.max(0, allCpuSeconds - ownCpuSeconds) / seconds
    const left = Math.min(this.#most, Math.max(1, this.#cpus - others))
    const before = this.#leftBefore
    this.#leftBefore = left
    if (before !== null && this.#step(left) !== 0 && this.#step(left) === this.#step(before))
      this.#workers = Math.round((left + before) / 2)
    return this.#workers
  }

  #step(left: number): number {
    return Math.abs(left - this.#workers) < cpuHysteresis ? 0 : Math.sign(left - this.#workers)
  }
}

/** Shares of the memory limit: above the first workers are taken away, below the second they come back. */
const tightMemory = 0.9
const easyMemory = 0.85
/** Windows that one worker less is given to show. */
const windowsToShow = 4
const firstCalmWindows = 20
const mostCalmWindows = 960

/** Steps down at once when memory is tight, and back up ever more slowly when that made it tight again. */
export class MemoryRoom {
  readonly #most: number
  #workers: number
  #sinceStep = windowsToShow
  #calm = 0
  #calmNeeded = firstCalmWindows
  #hasComeBack = false

  constructor(most: number) {
    this.#most = most
    this.#workers = most
  }

  /** `pressure`: memory in use as a share of what may be used; `active`: workers that used it. */
  observe(pressure: number, active: number): number {
    this.#sinceStep++
    if (pressure > tightMemory) {
      if (this.#sinceStep > windowsToShow) this.#stepDown(active)
    } else if (pressure < easyMemory && this.#workers < this.#most && ++this.#calm >= this.#calmNeeded) {
      this.#workers++
      this.#calm = 0
      this.#hasComeBack = true
    }
    return this.#workers
  }

  #stepDown(active: number): void {
    if (this.#hasComeBack) this.#calmNeeded = Math.min(mostCalmWindows, 2 * this.#calmNeeded)
    this.#hasComeBack = false
    this.#workers = Math.max(1, Math.min(this.#workers, active) - 1)
    this.#sinceStep = 0
    this.#calm = 0
  }
}
