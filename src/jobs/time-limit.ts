// Owns the time limit of one try at a clip: the time in which any task of it runs. What it waits for a worker is for other clips.

export class TimeLimit {
  readonly #controller = new AbortController()
  readonly #expired: () => Error
  #leftMs: number
  #running = 0
  #since = 0
  #timer: NodeJS.Timeout | undefined

  /** `expired` makes the reason that the signal gives. */
  constructor(seconds: number, expired: () => Error) {
    this.#leftMs = seconds * 1000
    this.#expired = expired
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** To be told of each task's start and end; tasks may run side by side. */
  readonly onRunning = (isRunning: boolean): void => {
    this.#running += isRunning ? 1 : -1
    if (isRunning && this.#running === 1) {
      this.#since = performance.now()
      this.#timer = setTimeout(() => this.#controller.abort(this.#expired()), Math.max(0, this.#leftMs))
    } else if (this.#running === 0) {
      this.stop()
      this.#leftMs -= performance.now() - this.#since
    }
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
