// Owns which task runs on which worker, and when. It stands in front of the executor and gives it one task per idle worker.
//
// Invariants: a lane is reset only while its worker is idle; a worker counts as idle only when its task's promise settled
// (native code has returned); runs take turns, so a long job does not starve a short one; no task starts while as many workers as are
// active have one.
import { VideoError } from '../errors.js'
import type { Task, TaskResult, TaskValue } from '../tasks.js'
import { abortReason } from './abort-reason.js'
import { addCounts, noCounts, type Counters, type Tally } from './counters.js'
import type { Executor } from './executor.js'
import { Lane } from './lane.js'
import { Run, type RunningTask, type RunOptions } from './run.js'
import { taskError } from './task-error.js'

/** Sources a worker is assumed to have open; as many as worker/readers.ts keeps. */
const rememberedSources = 3

interface WorkerState {
  readonly lane: Lane
  running: RunningTask | null
  /** Most recent last. */
  readonly sources: string[]
  busyMs: number
  busySince: number
}

/** A task that is over. */
export interface TaskRecord {
  readonly task: Task
  readonly result: TaskResult
  /** By performance.now() of the main thread. */
  readonly startedAt: number
  readonly endedAt: number
}

export interface OnceOptions {
  readonly signal?: AbortSignal | undefined
  /** Called now and then while the task runs, with the lane's progress in thousandths. */
  readonly onProgress?: ((permille: number) => void) | undefined
  /** Told when a worker takes the task, and when that has ended. */
  readonly onRunning?: ((isRunning: boolean) => void) | undefined
  /** Once aborted, rejects only when the task has really ended, so that files it writes may be removed. */
  readonly untilEnded?: boolean | undefined
  /** Comes before whatever waits: what is nearly done is to be done. */
  readonly isUrgent?: boolean | undefined
}

const progressIntervalMs = 100

type ValueOf<Kind extends Task['kind']> = Extract<TaskValue, { readonly kind: Kind }>

export class Scheduler {
  readonly counters: Tally = noCounts()
  readonly #executor: Executor
  readonly #stallMs: number
  readonly #onTask: (record: TaskRecord) => void
  readonly #workers: WorkerState[]
  readonly #runs: Run[] = []
  /** Runs that are over while users still hold frames of theirs. */
  readonly #lending = new Set<Run>()
  #slotHighWater = 0
  #activeWorkers: number
  #jobsBegun = 0
  /** When each run last started a task, by count. */
  readonly #turns = new WeakMap<Run, number>()
  #turn = 0
  #whenIdle: (() => void) | null = null
  #isClosed = false

  /** `stallMs`: a source that gives no data for this long is given up. `onTask` is told of every task at its end. */
  constructor(executor: Executor, stallMs: number, onTask: (record: TaskRecord) => void = () => undefined) {
    this.#executor = executor
    this.#stallMs = stallMs
    this.#onTask = onTask
    this.#activeWorkers = executor.workers
    this.#workers = Array.from({ length: executor.workers }, () => ({
      lane: new Lane(),
      running: null,
      sources: [],
      busyMs: 0,
      busySince: 0,
    }))
  }

  /** Workers that may have a task, 1 to all. Tasks that run when it is lowered run to their end. */
  get activeWorkers(): number {
    return this.#activeWorkers
  }

  set activeWorkers(workers: number) {
    this.#activeWorkers = Math.max(1, Math.min(this.#workers.length, workers))
    this.pump()
  }

  /** Called when a run begins. */
  onBegin: () => void = () => undefined

  /** Runs with frames that have begun so far. */
  get jobsBegun(): number {
    return this.#jobsBegun
  }

  /** Work of all tasks, those that run included. */
  liveCounters(): Counters {
    const total = { ...this.counters }
    for (const run of this.#runs) addCounts(total, run.liveCounters())
    return total
  }

  get queueLength(): number {
    return this.#runs.reduce((sum, run) => sum + run.queued, 0)
  }

  /** Slots that are not free: with workers, waiting for the consumer, or held by users. */
  get slotsInUse(): number {
    return [...this.#runs, ...this.#lending].reduce((sum, run) => sum + run.slotsInUse, 0)
  }

  /** Most slots one run has had in use at once. */
  get slotHighWater(): number {
    return this.#runs.reduce((most, run) => Math.max(most, run.slotHighWater), this.#slotHighWater)
  }

  get runs(): readonly Run[] {
    return this.#runs
  }

  /** Milliseconds each worker has spent in tasks. */
  get busyMs(): number[] {
    const now = performance.now()
    return this.#workers.map((worker) => worker.busyMs + (worker.running === null ? 0 : now - worker.busySince))
  }

  /** Starts a run. The caller cancels it when it wants no more of it; otherwise it ends by itself. */
  start(options: RunOptions): Run {
    if (this.#isClosed) throw new VideoError('ERR_CLOSED', 'Cannot start work: the engine is closed')
    const run = new Run({
      ...options,
      onSlotFree: () => {
        if (run.slotsInUse === 0) this.#lending.delete(run)
        options.onSlotFree?.()
        this.pump()
      },
      onEnd: () => {
        this.#runs.splice(this.#runs.indexOf(run), 1)
        if (run.slotsInUse > 0) this.#lending.add(run)
        this.#slotHighWater = Math.max(this.#slotHighWater, run.slotHighWater)
        addCounts(this.counters, run.counters)
        options.onEnd()
        if (this.#runs.length === 0) this.#whenIdle?.()
      },
    })
    if (options.isUrgent === true) this.#runs.unshift(run)
    else this.#runs.push(run)
    if (options.slots !== null) this.#jobsBegun++
    this.onBegin()
    this.pump()
    return run
  }

  /** Runs one task that needs no slots. Rejects with the task's VideoError, or with the signal's reason. */
  async once<Kind extends Task['kind']>(task: Task & { readonly kind: Kind }, options: OnceOptions = {}): Promise<ValueOf<Kind>> {
    const { signal, isUrgent, onProgress, onRunning, untilEnded = false } = options
    signal?.throwIfAborted()
    const result = await new Promise<TaskResult>((resolve, reject) => {
      let isRunning = false
      const settle = (act: () => void): void => {
        if (isRunning) onRunning?.(false)
        isRunning = false
        signal?.removeEventListener('abort', onAbort)
        clearInterval(timer)
        act()
      }
      const run = this.start({
        tasks: [task],
        isUrgent,
        slots: null,
        ordered: false,
        onEvent: (event) => {
          if (event.kind === 'settled') settle(() => resolve(event.result))
        },
        onStart: () => {
          isRunning = true
          onRunning?.(true)
        },
        onEnd: () =>
          settle(() =>
            reject(signal?.aborted ? abortReason(signal) : new VideoError('ERR_CLOSED', 'The engine was closed while the task ran')),
          ),
      })
      const onAbort = (): void => {
        if (!untilEnded) settle(() => reject(abortReason(signal)))
        run.cancel()
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      const report = (): void => {
        try {
          run.running.forEach(({ lane }) => onProgress?.(lane.progressPermille))
        } catch (error) {
          // Thrown in a timer, the caller's error would end the process.
          settle(() => reject(error))
          run.cancel()
        }
      }
      const timer = onProgress === undefined ? undefined : setInterval(report, progressIntervalMs).unref()
    })
    if (!result.ok) throw taskError(result.error, task)
    if (!isOfKind<Kind>(result.value, task.kind)) throw new TypeError(`Expected the value of a ${task.kind} task`)
    return result.value
  }

  /** Starts what can be started. Called whenever a worker, a slot or a run became available. */
  pump(): void {
    for (;;) {
      const run = this.#nextRun()
      if (run === undefined) return
      const worker = this.#idleWorkerFor(run.nextSource)
      if (worker === undefined) return this.#makeRoom(run)
      this.#begin(run, worker)
    }
  }

  /** Cancels every run and ends the workers when the last task has returned. */
  async close(): Promise<void> {
    this.#isClosed = true
    const idle = new Promise<void>((resolve) => {
      this.#whenIdle = resolve
    })
    for (const run of [...this.#runs]) run.cancel()
    if (this.#runs.length > 0) await idle
    await this.#executor.close()
  }

  /** Of the runs with work to start, the one with the fewest tasks running; of these the one whose last turn is longest ago. */
  #nextRun(): Run | undefined {
    let best: Run | undefined
    for (const run of this.#runs) {
      if (run.canStart && (best === undefined || this.#comesBefore(run, best))) best = run
    }
    return best
  }

  #comesBefore(run: Run, other: Run): boolean {
    const difference = run.running.length - other.running.length
    return difference < 0 || (difference === 0 && (this.#turns.get(run) ?? 0) < (this.#turns.get(other) ?? 0))
  }

  #idleWorkerFor(source: string | undefined): WorkerState | undefined {
    const idle = this.#workers.filter((worker) => worker.running === null)
    if (this.#workers.length - idle.length >= this.#activeWorkers) return undefined
    return idle.find((worker) => source !== undefined && worker.sources.includes(source)) ?? leastBusy(idle)
  }

  /**
   * A worker that waits for a slot of a slow consumer gives way to a run that could use it; and to an older task of its own run, which came
   * back when fewer workers are active than were: the consumer may be waiting for just that one.
   */
  #makeRoom(run: Run): void {
    for (const { running } of this.#workers) {
      if (running === null || running.askedToYield || !running.lane.isParked) continue
      if (run.running.includes(running) && !run.isNextBefore(running)) continue
      running.askedToYield = true
      running.lane.askToYield()
      return
    }
  }

  #begin(run: Run, worker: WorkerState): void {
    this.#turns.set(run, ++this.#turn)
    worker.lane.reset(this.#stallMs)
    const running = run.start(worker.lane)
    worker.running = running
    worker.busySince = performance.now()
    remember(worker.sources, running.task.source.identity)
    const envelope = { task: running.task, lane: worker.lane.buffer, slots: running.pool?.memory ?? null }
    const result = this.#executor.run(this.#workers.indexOf(worker), envelope).catch(lostWorker)
    if (running.pool !== null) void this.#watch(run, running, worker)
    void result.then((settled) => {
      const endedAt = performance.now()
      worker.busyMs += endedAt - worker.busySince
      worker.running = null
      this.#onTask({ task: running.task, result: settled, startedAt: worker.busySince, endedAt })
      worker.lane.announce()
      run.settle(running, settled)
      this.pump()
    })
  }

  async #watch(run: Run, running: RunningTask, worker: WorkerState): Promise<void> {
    while (worker.running === running) {
      const seen = running.lane.publishedCount
      run.collect(running)
      if (running.lane.isParked) this.pump()
      await running.lane.published(seen)
    }
  }
}

function leastBusy(workers: readonly WorkerState[]): WorkerState | undefined {
  return workers.reduce<WorkerState | undefined>(
    (least, worker) => (least === undefined || worker.busyMs < least.busyMs ? worker : least),
    undefined,
  )
}

function remember(sources: string[], source: string): void {
  const at = sources.indexOf(source)
  if (at !== -1) sources.splice(at, 1)
  sources.push(source)
  if (sources.length > rememberedSources) sources.shift()
}

function lostWorker(error: unknown): TaskResult {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof VideoError ? error.code : 'ERR_WORKER'
  return { ok: false, error: { code, message, call: '', avError: 0 } }
}

function isOfKind<Kind extends Task['kind']>(value: TaskValue, kind: Kind): value is ValueOf<Kind> {
  return value.kind === kind
}
