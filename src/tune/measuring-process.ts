// Owns one process that is measured: its start, one request at a time, its end. A process of its own, so that its CPU time and its
// peak memory are those of one configuration and nothing else.
import { fork, type ChildProcess } from 'node:child_process'
import { VideoError, videoErrorCodes } from '../errors.js'
import { parseMessage, replySchemas, type Failure, type Replies, type Request } from './measuring.js'

const script = new URL('../measure/entry.js', import.meta.url)

interface Asked {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  readonly onProgress: (done: number) => void
}

export class MeasuringProcess {
  readonly #child: ChildProcess
  readonly #gone: Promise<void>
  #asked: Asked | null = null
  #hasEnded = false

  constructor() {
    // Its stdout and stderr go to our stderr, where nothing is parsed; the arguments of this process (--inspect) are not for it.
    this.#child = fork(script, [], { execArgv: [], stdio: ['ignore', 2, 2, 'ipc'] })
    this.#child.on('message', (message) => this.#take(message))
    this.#gone = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#end(error.message, resolve))
      this.#child.once('exit', (code, signal) => this.#end(`it ended with ${signal ?? `exit code ${code ?? 'unknown'}`}`, resolve))
    })
  }

  /** One request at a time. Rejects with the VideoError, TypeError or RangeError of the process, or ERR_WORKER when it is gone. */
  async ask<Kind extends keyof Replies>(
    request: Request & { readonly kind: Kind },
    onProgress: (done: number) => void = () => undefined,
  ): Promise<Replies[Kind]> {
    if (this.#asked !== null) throw new RangeError('Expected the earlier request to be answered')
    if (this.#hasEnded) throw lost('it has ended')
    const answer = await new Promise<unknown>((resolve, reject) => {
      this.#asked = { resolve, reject, onProgress }
      this.#child.send(request, (error) => {
        if (error !== null) this.#settle(({ reject: refuse }) => refuse(lost(error.message)))
      })
    })
    return replySchemas[request.kind].parse(answer)
  }

  /** Ends the process, whatever it does. Idempotent; settles when it is gone. */
  async end(): Promise<void> {
    if (!this.#hasEnded) this.#child.kill('SIGKILL')
    await this.#gone
  }

  #take(content: unknown): void {
    // An error of a listener is the caller's to hear of, by the request that it listens to.
    try {
      const message = parseMessage(content)
      if (message.type === 'progress') this.#asked?.onProgress(message.done)
      else if (message.type === 'reply') this.#settle(({ resolve }) => resolve(message.value))
      else this.#settle(({ reject }) => reject(errorOf(message.failure)))
    } catch (error) {
      this.#settle(({ reject }) => reject(error))
    }
  }

  #settle(act: (asked: Asked) => void): void {
    const asked = this.#asked
    this.#asked = null
    if (asked !== null) act(asked)
  }

  #end(why: string, resolve: () => void): void {
    this.#hasEnded = true
    this.#settle(({ reject }) => reject(lost(why)))
    resolve()
  }
}

/**
 * Does `work` and then ends processes; at once when the signal is aborted.
 * @throws the signal's reason when it is aborted, before or meanwhile
 */
export async function endingWith<Value>(
  processes: { end(): Promise<void> },
  signal: AbortSignal | undefined,
  work: () => Promise<Value>,
): Promise<Value> {
  const onAbort = (): void => void processes.end()
  try {
    signal?.throwIfAborted()
    signal?.addEventListener('abort', onAbort, { once: true })
    const value = await work()
    signal?.throwIfAborted()
    return value
  } catch (error) {
    signal?.throwIfAborted() // whatever went wrong after that followed from it
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await processes.end()
  }
}

function lost(why: string): VideoError {
  return new VideoError('ERR_WORKER', `Lost a process that was being measured: ${why}`)
}

function errorOf({ name, code, message, path, call, avError }: Failure): Error {
  if (name === 'TypeError') return new TypeError(message)
  if (name === 'RangeError') return new RangeError(message)
  const known = videoErrorCodes.find((one) => one === code) ?? 'ERR_WORKER'
  return new VideoError(known, message, { path: path ?? undefined, call: call ?? undefined, avError: avError ?? undefined })
}
