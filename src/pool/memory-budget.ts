// Owns admission by memory: slot memory is granted before it is allocated, first come first served.
import { VideoError } from '../errors.js'
import { abortReason } from './abort-reason.js'

interface Waiter {
  readonly least: number
  readonly most: number
  readonly admit: (bytes: number) => void
  readonly refuse: (error: Error) => void
}

export class MemoryBudget {
  readonly limit: number
  #used = 0
  readonly #waiting: Waiter[] = []
  #isClosed = false

  /** `limit` in bytes. */
  constructor(limit: number) {
    this.limit = limit
  }

  get used(): number {
    return this.#used
  }

  /**
   * Waits for at least `least` bytes and takes up to `most` of them, but beyond `least` no more than half of what is left: a job started
   * inside another's loop must find room. The caller gives the answer back with release().
   * @throws VideoError ERR_MEMORY when `least` can never be had; the signal's reason when aborted while waiting
   */
  async acquire(least: number, most: number, signal: AbortSignal | undefined): Promise<number> {
    signal?.throwIfAborted()
    this.#assertOpen()
    if (least > this.limit) {
      throw new VideoError(
        'ERR_MEMORY',
        `Cannot start: the frames in flight need ${megabytes(least)} and the memory limit is ${megabytes(this.limit)}; raise memoryLimit or ask for smaller frames`,
      )
    }
    if (this.#waiting.length === 0 && this.#left >= least) return this.#take(least, most)
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
        reject(abortReason(signal))
        this.#admit() // whoever waited behind it may fit
      }
      const waiter: Waiter = {
        least,
        most,
        admit: (bytes) => {
          signal?.removeEventListener('abort', onAbort)
          resolve(bytes)
        },
        refuse: (error) => {
          signal?.removeEventListener('abort', onAbort)
          reject(error)
        },
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiting.push(waiter)
    })
  }

  /** Rejects whoever waits, and every later acquire(), with ERR_CLOSED. */
  close(): void {
    this.#isClosed = true
    for (const waiter of this.#waiting.splice(0)) waiter.refuse(closedError())
  }

  #assertOpen(): void {
    if (this.#isClosed) throw closedError()
  }

  release(bytes: number): void {
    this.#used -= bytes
    this.#admit()
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#left >= next.least; next = this.#waiting[0]) {
      this.#waiting.shift()
      next.admit(this.#take(next.least, next.most))
    }
  }

  get #left(): number {
    return this.limit - this.#used
  }

  #take(least: number, most: number): number {
    const bytes = Math.min(most, Math.max(least, Math.floor(this.#left / 2)))
    this.#used += bytes
    return bytes
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function closedError(): VideoError {
  return new VideoError('ERR_CLOSED', 'The engine was closed while a job waited for memory')
}
