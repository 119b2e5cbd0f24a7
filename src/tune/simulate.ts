// Owns the simulation of one run of the scheduler: which worker does which task when, given how long each part of it takes alone.
// A discrete-event simulation of pool/scheduler.ts and pool/run.ts under the same rules; pure, no clock.
//
// Between two events every busy worker moves on at the same pace: 1 with enough CPUs, `cpus / busy` with fewer (or with a CPU quota),
// divided by what `busy` workers slow each other down through shared memory and caches. An event is a frame that is finished (it takes a
// slot; without a free one the worker waits) or consumed (its slot comes free).

/** One decoder run: frames that come out of it, evenly spread over its time. */
export interface SimulatedSegment {
  /** Milliseconds of one worker with the host for itself. */
  readonly ms: number
  /** Numbers of its frames in the order of presentation. */
  readonly frames: readonly number[]
}

export interface SimulatedTask {
  readonly segments: readonly SimulatedSegment[]
}

export interface SimulatedRun {
  /** In the order in which they start, unless frames are wanted in order and slots are few: then by their first frames. */
  readonly tasks: readonly SimulatedTask[]
  /** Tasks that may run at once. */
  readonly workers: number
  /** CPUs' worth of time per second; a fraction for a quota. */
  readonly cpus: number
  readonly slots: number
  /** Frames are consumed in the order of presentation. */
  readonly ordered: boolean
  /** Milliseconds between a task's end on a worker and the start of the next one there. */
  readonly handOffMs: number
  /** Milliseconds the consumer holds each frame. */
  readonly consumerMs: number
  /** Slow-down per further busy worker: n of them work at 1 / (1 + slowdown (n − 1)) of their pace alone. */
  readonly slowdown: number
}

export interface SimulatedOutcome {
  /** Milliseconds from the first task's start until the last frame is consumed. */
  readonly wallMs: number
  /** Milliseconds each worker was busy, waits for slots not counted. */
  readonly busyMs: readonly number[]
  /** Milliseconds of all workers together without a slot. */
  readonly slotWaitMs: number
}

/** A frame to come, and the work of one worker alone until then. */
interface Step {
  readonly work: number
  /** null: the task's end. */
  readonly frame: number | null
}

interface Worker {
  /** First frame of its task: the oldest task is the one with the lowest. */
  sequence: number
  steps: Step[]
  /** Work left until the next step. */
  left: number
  isWaiting: boolean
  /** When it may begin its next task. */
  readyAt: number
  busyMs: number
}

/** Milliseconds of work or time that are none: what is left of a subtraction. */
const leastWork = 1e-9

export function simulateRun(run: SimulatedRun): SimulatedOutcome {
  return new Simulation(run).outcome()
}

class Simulation {
  readonly #run: SimulatedRun
  readonly #workers: Worker[]
  readonly #queue: { readonly sequence: number; readonly steps: readonly Step[] }[]
  readonly #isScarce: boolean
  #now = 0
  #free: number
  #slotWaitMs = 0
  /** Finished and not yet with the consumer. */
  readonly #finished = new Set<number>()
  #consumed = 0
  #consumerFreeAt = 0
  #isConsuming = false

  constructor(run: SimulatedRun) {
    this.#run = run
    this.#free = run.slots
    this.#workers = Array.from({ length: run.workers }, () => ({
      sequence: Infinity,
      steps: [],
      left: 0,
      isWaiting: false,
      readyAt: 0,
      busyMs: 0,
    }))
    this.#queue = run.tasks.map((task) => ({ sequence: firstFrame(task), steps: stepsOf(task) }))
    const frames = run.tasks.reduce((sum, { segments }) => sum + segments.reduce((count, segment) => count + segment.frames.length, 0), 0)
    this.#isScarce = run.slots < frames
    if (run.ordered && this.#isScarce) this.#queue.sort((a, b) => a.sequence - b.sequence)
  }

  outcome(): SimulatedOutcome {
    for (;;) {
      this.#startTasks()
      this.#takeSlots()
      this.#consume()
      const busy = this.#workers.filter(({ steps, isWaiting, readyAt }) => steps.length > 0 && !isWaiting && readyAt <= this.#now)
      const pace = this.#paceOf(busy.length)
      const next = this.#timeOfNextEvent(busy, pace)
      if (next === Infinity) break
      this.#moveTo(next, busy, pace)
    }
    if (this.#workers.some(({ steps }) => steps.length > 0)) throw new RangeError('Expected slots enough for the run to end')
    return { wallMs: this.#now, busyMs: this.#workers.map(({ busyMs }) => busyMs), slotWaitMs: this.#slotWaitMs }
  }

  /** Work that each of `busy` workers does in a millisecond. */
  #paceOf(busy: number): number {
    const { cpus, slowdown } = this.#run
    return Math.min(1, cpus / busy) / (1 + slowdown * (Math.min(busy, Math.ceil(cpus)) - 1))
  }

  #startTasks(): void {
    for (const worker of this.#workers) {
      const next = this.#queue[0]
      if (next === undefined) return
      if (worker.steps.length > 0 || this.#free <= this.#reserve(next.sequence)) continue
      this.#queue.shift()
      worker.steps = [...next.steps]
      worker.sequence = next.sequence
      worker.left = next.steps[0]?.work ?? 0
      worker.readyAt = this.#now === 0 ? 0 : this.#now + this.#run.handOffMs
    }
  }

  /** Slots that a task leaves to an older one, running or queued; as in pool/run.ts. */
  #reserve(sequence: number): number {
    if (!this.#run.ordered || !this.#isScarce) return 0
    const others = [...this.#workers.filter(({ steps }) => steps.length > 0), ...this.#queue.slice(0, 1)]
    const isOldest = others.every((other) => other.sequence >= sequence)
    return isOldest ? 0 : Math.min(2, this.#run.slots - 1) || 1
  }

  /** Workers whose frame is done hand it over, oldest task first, where there is a slot. */
  #takeSlots(): void {
    const due = this.#workers.filter(({ steps, left }) => steps.length > 0 && left <= leastWork)
    for (const worker of due.sort((a, b) => a.sequence - b.sequence)) {
      for (let step = worker.steps[0]; step !== undefined && worker.left <= leastWork; step = worker.steps[0]) {
        if (step.frame !== null) {
          worker.isWaiting = this.#free <= this.#reserve(worker.sequence)
          if (worker.isWaiting) break
          this.#free--
          this.#finished.add(step.frame)
        }
        worker.steps.shift()
        worker.left = worker.steps[0]?.work ?? 0
      }
      if (worker.steps.length === 0 && worker.sequence !== Infinity) {
        worker.sequence = Infinity
        this.#startTasks()
      }
    }
  }

  #consume(): void {
    for (;;) {
      if (this.#isConsuming) {
        if (this.#consumerFreeAt > this.#now + leastWork) return
        this.#isConsuming = false
        this.#free++
        this.#startTasks()
        this.#takeSlots()
      }
      const next = this.#run.ordered ? this.#consumed : this.#finished.values().next().value
      if (next === undefined || !this.#finished.delete(next)) return
      this.#consumed++
      this.#isConsuming = true
      this.#consumerFreeAt = this.#now + this.#run.consumerMs
    }
  }

  #timeOfNextEvent(busy: readonly Worker[], pace: number): number {
    let next = this.#isConsuming ? this.#consumerFreeAt : Infinity
    for (const { left } of busy) next = Math.min(next, this.#now + left / pace)
    for (const { steps, readyAt } of this.#workers) if (steps.length > 0 && readyAt > this.#now) next = Math.min(next, readyAt)
    return next
  }

  #moveTo(time: number, busy: readonly Worker[], pace: number): void {
    const elapsed = time - this.#now
    for (const worker of busy) {
      worker.left = Math.max(0, worker.left - elapsed * pace)
      worker.busyMs += elapsed
    }
    for (const { isWaiting } of this.#workers) if (isWaiting) this.#slotWaitMs += elapsed
    this.#now = time
  }
}

function stepsOf({ segments }: SimulatedTask): Step[] {
  const steps = segments.flatMap(({ ms, frames }): Step[] =>
    frames.length === 0 ? [{ work: ms, frame: null }] : frames.map((frame) => ({ work: ms / frames.length, frame })),
  )
  return [...steps, { work: 0, frame: null }]
}

function firstFrame({ segments }: SimulatedTask): number {
  return segments.reduce((first, { frames }) => frames.reduce((least, frame) => Math.min(least, frame), first), Infinity)
}
