// Owns one run: tasks of one job waiting to start, tasks running, and the slots they share. Knows nothing of workers;
// the scheduler asks it for work and tells it what happened.
//
// Why ordered delivery cannot deadlock: either there is a slot for every frame of the run, or tasks start in plan order and one
// that is not the oldest (of those running and queued) gets a slot only while more than a reserve stay free. So the oldest task
// always finds a slot (its frames are the next to be consumed and freed), ends, and the next one becomes the oldest.
import type { SampleEnd, SampleTask, Task, TaskResult } from '../tasks.js'
import { addCounts, noCounts, type Counters, type Tally } from './counters.js'
import { laneCapacity, type FinishedSlot, type Lane } from './lane.js'
import type { SlotPool } from './slots.js'

/** A task on a worker. */
export interface RunningTask {
  readonly task: Task
  /** Its first frame in the plan: the oldest task is the one with the lowest. */
  readonly sequence: number
  readonly lane: Lane
  /** Slots granted and not finished. */
  readonly granted: Set<number>
  readonly pool: SlotPool | null
  /** Frames (plan numbers) still to come. */
  readonly remaining: Set<number>
  askedToYield: boolean
}

interface QueuedTask {
  readonly task: Task
  readonly sequence: number
}

export type RunEvent =
  | { readonly kind: 'finished'; readonly slot: FinishedSlot; readonly pool: SlotPool }
  | { readonly kind: 'settled'; readonly task: Task; readonly result: TaskResult; readonly undone: readonly number[] }

export interface RunOptions {
  readonly tasks: readonly Task[]
  /** Makes the slots the tasks share; null for tasks that need none. */
  readonly slots: ((onFree: () => void) => SlotPool) | null
  /** Tasks that may run at once; default as many as there are workers. */
  readonly atOnce?: number | undefined
  /** Starts before other runs that wait. */
  readonly isUrgent?: boolean | undefined
  /** Frames are consumed in plan order. */
  readonly ordered: boolean
  readonly onEvent: (event: RunEvent) => void
  /** A worker takes a task. */
  readonly onStart?: (() => void) | undefined
  /** The last task settled, or the cancelled run has no task running any more. */
  readonly onEnd: () => void
  /** A slot came back. */
  readonly onSlotFree?: (() => void) | undefined
}

export class Run {
  /** Work of tasks that are over. */
  readonly counters: Tally = noCounts()
  readonly running: RunningTask[] = []
  readonly #queue: QueuedTask[]
  readonly #ordered: boolean
  readonly #atOnce: number
  readonly #onEvent: (event: RunEvent) => void
  readonly #onStart: (() => void) | undefined
  readonly #onEnd: () => void
  readonly #onFree: () => void
  readonly #pools: SlotPool[] = []
  #pool: SlotPool | null
  /** There are fewer slots than frames: then tasks start in plan order. */
  #isScarce: boolean
  #isCancelled = false
  #hasEnded = false

  constructor(options: RunOptions) {
    this.#ordered = options.ordered
    this.#atOnce = options.atOnce ?? Infinity
    this.#queue = options.tasks.map((task, position) => ({ task, sequence: firstFrame(task) ?? position }))
    this.#onFree = () => {
      this.grant()
      options.onSlotFree?.()
    }
    this.#pool = options.slots?.(this.#onFree) ?? null
    if (this.#pool !== null) this.#pools.push(this.#pool)
    const frames = options.tasks.reduce((sum, task) => sum + frameCount(task), 0)
    this.#isScarce = this.#pool !== null && this.#pool.count < frames
    if (this.#ordered && this.#isScarce) this.#queue.sort((a, b) => a.sequence - b.sequence)
    this.#onEvent = options.onEvent
    this.#onStart = options.onStart
    this.#onEnd = options.onEnd
  }

  get queued(): number {
    return this.#queue.length
  }

  /** Work of tasks that are over and, so far, of those that run. */
  liveCounters(): Counters {
    const total = { ...this.counters }
    for (const { lane } of this.running) addCounts(total, lane.counters())
    return total
  }

  get wasCancelled(): boolean {
    return this.#isCancelled
  }

  /** Slots that are not free, those of users included. */
  get slotsInUse(): number {
    return this.#pools.reduce((sum, pool) => sum + pool.inUse, 0)
  }

  /** Gives the memory of all slots back; none may be in use. */
  retireSlots(): void {
    for (const pool of this.#pools) pool.retire()
  }

  get slotHighWater(): number {
    return this.#pools.reduce((most, pool) => Math.max(most, pool.highWater), 0)
  }

  /** Slots that a task leaves free for the oldest one, queued or running, when it is another. */
  #reserve(pool: SlotPool, sequence: number): number {
    if (!this.#ordered || !this.#isScarce) return 0
    const isOldest = [this.running[0], this.#queue[0]].every((other) => other === undefined || other.sequence >= sequence)
    return isOldest ? 0 : Math.min(2, pool.count - 1) || 1
  }

  get canStart(): boolean {
    const next = this.#queue[0]
    if (next === undefined || this.running.length >= this.#atOnce) return false
    if (this.#pool === null) return true
    return this.#pool.free > this.#reserve(this.#pool, next.sequence)
  }

  /** The source of the task that would start next. */
  get nextSource(): string | undefined {
    return this.#queue[0]?.task.source.identity
  }

  /** The task that would start next is older than this one. */
  isNextBefore({ sequence }: RunningTask): boolean {
    const next = this.#queue[0]
    return next !== undefined && next.sequence < sequence
  }

  /** Takes the next task; canStart must be true. */
  start(lane: Lane): RunningTask {
    const next = this.#queue.shift()
    if (next === undefined) throw new RangeError('Expected a queued task')
    const { task, sequence } = next
    const remaining = new Set(task.kind === 'sample' ? task.segments.flatMap((segment) => segment.frames) : [])
    const running: RunningTask = { task, sequence, lane, granted: new Set(), pool: this.#pool, remaining, askedToYield: false }
    const after = this.running.findIndex((other) => other.sequence > sequence)
    this.running.splice(after === -1 ? this.running.length : after, 0, running)
    this.#onStart?.()
    this.grant()
    return running
  }

  /** Hands out free slots, oldest task first. */
  grant(): void {
    for (const running of this.running) {
      const { pool } = running
      if (pool === null) continue
      // Enough in advance that a worker does not wait for the main thread between two frames.
      const ahead = Math.min(laneCapacity, Math.max(2, Math.floor(pool.count / (2 * this.running.length))))
      const keepFree = this.#reserve(pool, running.sequence)
      while (running.granted.size < Math.min(ahead, running.remaining.size) && pool.free > keepFree) {
        const slot = pool.take()
        if (slot === undefined) break
        running.granted.add(slot)
        running.lane.grant(slot)
      }
    }
  }

  /** Takes what the worker finished since the last call. */
  collect(running: RunningTask): void {
    const { pool } = running
    if (pool === null) return
    for (const slot of running.lane.takeFinished()) {
      running.granted.delete(slot.slot)
      running.remaining.delete(slot.frame)
      if (this.#isCancelled) pool.giveBack(slot.slot)
      else this.#onEvent({ kind: 'finished', slot, pool })
    }
    this.grant()
  }

  /** The task is over and its worker idle again. */
  settle(running: RunningTask, result: TaskResult): void {
    this.collect(running)
    this.running.splice(this.running.indexOf(running), 1)
    addCounts(this.counters, running.lane.counters())
    const { task } = running
    if (!this.#isCancelled) {
      const end = result.ok && result.value.kind === 'sample' ? result.value : undefined
      if (task.kind === 'sample' && end !== undefined && end.status !== 'done') this.#sendAgain(running, task, end)
      else this.#onEvent({ kind: 'settled', task, result, undone: result.ok ? [] : [...running.remaining] })
    }
    // Only now: a slot that comes free starts the next task, which must see an unfinished older one back in the queue.
    for (const slot of running.granted) running.pool?.giveBack(slot)
    this.grant()
    this.#endWhenIdle()
  }

  /** No task starts any more; running ones end at their next look at the lane. */
  cancel(): void {
    if (this.#isCancelled) return
    this.#isCancelled = true
    this.#queue.length = 0
    for (const { lane } of this.running) lane.cancel()
    this.#endWhenIdle()
  }

  #endWhenIdle(): void {
    if (this.#hasEnded || this.#queue.length > 0 || this.running.length > 0) return
    this.#hasEnded = true
    this.#onEnd()
  }

  #sendAgain(running: RunningTask, task: SampleTask, end: SampleEnd): void {
    const missing = new Set(end.missing.map(({ frame }) => frame))
    for (const frame of missing) running.remaining.delete(frame)
    if (missing.size > 0) {
      const part: SampleTask = { ...task, segments: [] }
      this.#onEvent({ kind: 'settled', task: part, result: { ok: true, value: { ...end, status: 'done' } }, undone: [] })
    }
    if (end.status === 'tooSmall') this.#grow(end.neededBytes)
    const before = this.#queue.findIndex((queued) => queued.sequence > running.sequence)
    const again = { task: withFrames(task, running.remaining), sequence: running.sequence }
    this.#queue.splice(before === -1 ? this.#queue.length : before, 0, again)
    // Larger slots are fewer: from here on there may not be one for every frame.
    if (end.status === 'tooSmall') this.#isScarce = true
    if (this.#isScarce) this.#queue.sort((a, b) => a.sequence - b.sequence)
  }

  /** A picture larger than a slot came in mid-stream: from here on slots are larger and, in the same memory, fewer. */
  #grow(bytes: number): void {
    const old = this.#pool
    if (old === null || old.memory.slotBytes >= bytes) return
    const count = Math.max(1, Math.floor((old.count * old.memory.slotBytes) / bytes))
    this.#pool = old.larger(bytes, count, this.#onFree)
    this.#pools.push(this.#pool)
  }
}

function frameCount(task: Task): number {
  return task.kind === 'sample' ? task.segments.reduce((sum, { frames }) => sum + frames.length, 0) : 0
}

function firstFrame(task: Task): number | undefined {
  if (task.kind !== 'sample') return undefined
  return task.segments.reduce<number | undefined>(
    (first, { frames }) => frames.reduce((least, frame) => Math.min(least, frame), first ?? Infinity),
    undefined,
  )
}

function withFrames(task: SampleTask, frames: ReadonlySet<number>): SampleTask {
  const segments = task.segments.flatMap((segment) => {
    const kept = segment.frames.flatMap((frame, i) => (frames.has(frame) ? [i] : []))
    if (kept.length === 0) return []
    const pick = (values: readonly number[]): number[] => kept.flatMap((i) => values[i] ?? [])
    return [{ ...segment, targets: pick(segment.targets), frames: pick(segment.frames) }]
  })
  return { ...task, segments }
}
