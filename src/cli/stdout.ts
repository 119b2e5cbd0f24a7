// Owns writing to stdout at the pace of its reader.
import { once } from 'node:events'
import type { Writable } from 'node:stream'

export class Stdout {
  readonly #stream: Writable
  readonly #stopped: AbortSignal

  constructor(stream: Writable, stopped: AbortSignal) {
    this.#stream = stream
    this.#stopped = stopped
  }

  /** Writes one line of text. Returns a promise only when the reader has fallen behind; it settles when there is room again. */
  line(text: string): Promise<void> | undefined {
    return this.#stream.write(`${text}\n`) ? undefined : this.#roomAgain()
  }

  /** Hands bytes over without copying them: they may not change before the promise settles. Calls keep their order. */
  bytes(data: Uint8Array): Promise<void> {
    return writeAll(this.#stream, data, this.#stopped)
  }

  async #roomAgain(): Promise<void> {
    await once(this.#stream, 'drain', { signal: this.#stopped })
  }
}

/** Writes `data`; settles when the stream is done with it, and rejects with the signal's reason when it is aborted first. */
export function writeAll(stream: Writable, data: Uint8Array, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(stopped.reason)
    if (stopped.aborted) return onAbort()
    stopped.addEventListener('abort', onAbort, { once: true })
    stream.write(data, (error) => {
      stopped.removeEventListener('abort', onAbort)
      if (error) reject(error)
      else resolve()
    })
  })
}
