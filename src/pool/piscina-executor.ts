// Owns the Piscina pool: a fixed number of threads, one task at a time each, chosen by number. Piscina's own queue, abort
// signal and timeout stay unused: aborting would terminate a thread inside native code (see docs/architecture.md).
import { Piscina } from 'piscina'
import { VideoError } from '../errors.js'
import { loadBinding } from '../native/binding.js'
import type { TaskEnvelope, TaskResult } from '../tasks.js'
import type { Executor } from './executor.js'

type LoadBalancer = NonNullable<NonNullable<ConstructorParameters<typeof Piscina>[0]>['loadBalancer']>

export class PiscinaExecutor implements Executor {
  readonly workers: number
  /** Piscina's id of the thread that plays each numbered worker. */
  readonly #threads = new Map<number, number>()
  #pool: Piscina<TaskEnvelope, TaskResult> | undefined

  constructor(workers: number) {
    this.workers = workers
  }

  async run(worker: number, envelope: TaskEnvelope): Promise<TaskResult> {
    const pool = (this.#pool ??= this.#start())
    try {
      return await pool.run(Object.assign(envelope, { [Piscina.queueOptionsSymbol]: { worker } }))
    } catch (cause) {
      this.#threads.delete(worker)
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new VideoError('ERR_WORKER', `Lost worker ${worker} in a ${envelope.task.kind} task: ${why}`, { cause })
    }
  }

  async close(): Promise<void> {
    await this.#pool?.close()
  }

  #start(): Piscina<TaskEnvelope, TaskResult> {
    // Loaded here once, so that a worker finds FFmpeg's libraries already mapped (25 ms each), and a missing addon is one
    // clear error rather than one per thread.
    loadBinding()
    const pool = new Piscina<TaskEnvelope, TaskResult>({
      filename: new URL('../worker/thread.cjs', import.meta.url).href,
      minThreads: this.workers,
      maxThreads: this.workers,
      concurrentTasksPerWorker: 1,
      recordTiming: false,
      stricterFIFO: true,
      loadBalancer: this.#balance,
    })
    pool.on('error', () => undefined) // every task's own rejection says the same; without a listener Node would exit
    return pool
  }

  readonly #balance: LoadBalancer = (task, threads) => {
    const worker = wantedWorker(task)
    if (worker === undefined) return null
    const known = threads.find((thread) => thread.id === this.#threads.get(worker))
    if (known !== undefined) return known.currentUsage === 0 ? known : null
    const taken = new Set(this.#threads.values())
    const free = threads.find((thread) => thread.currentUsage === 0 && !taken.has(thread.id))
    if (free !== undefined) this.#threads.set(worker, free.id)
    return free ?? null
  }
}

function wantedWorker(task: object): number | undefined {
  const options: unknown = Reflect.get(task, Piscina.queueOptionsSymbol)
  if (typeof options !== 'object' || options === null || !('worker' in options)) return undefined
  return typeof options.worker === 'number' ? options.worker : undefined
}
