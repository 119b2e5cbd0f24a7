// Owns why the work should stop before it is done: a signal, or a stdout that takes no more.
import { Interrupted, OutputError, ReaderGone } from './failure.js'

/**
 * Turns the first SIGINT or SIGTERM, and the first error of stdout, into one AbortSignal. Signal handlers are removed with the first
 * signal, so that the second has its default effect and kills the process at once.
 */
export class Stop {
  readonly #controller = new AbortController()
  readonly #onSignal = (name: NodeJS.Signals): void => {
    this.dispose()
    this.#abort(new Interrupted(`interrupted by ${name}`))
  }
  readonly #onStdoutError = (error: Error): void => {
    this.#abort(
      'code' in error && error.code === 'EPIPE'
        ? new ReaderGone('stdout was closed by its reader', { cause: error })
        : new OutputError('stdout', error),
    )
  }

  constructor() {
    process.on('SIGINT', this.#onSignal)
    process.on('SIGTERM', this.#onSignal)
    process.stdout.on('error', this.#onStdoutError)
    // A closed stderr takes messages nobody can read: no reason to fail.
    process.stderr.on('error', () => undefined)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** What really happened when work ended with `error`: after an abort, whatever the work threw only follows from it. */
  failure(error: unknown): unknown {
    return this.signal.aborted ? this.signal.reason : error
  }

  dispose(): void {
    process.off('SIGINT', this.#onSignal)
    process.off('SIGTERM', this.#onSignal)
  }

  #abort(reason: Error): void {
    if (!this.signal.aborted) this.#controller.abort(reason)
  }
}
