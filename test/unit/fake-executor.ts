// An executor without threads for tests of scheduling: tasks move one slot at a time, when and in which order the test says. And a consumer
// of frames in order that is as slow as the test wants it.
import { vi } from 'vitest'
import { planPicture } from '../../src/plan/geometry.ts'
import type { Executor } from '../../src/pool/executor.ts'
import { WorkerLane } from '../../src/pool/lane.ts'
import type { RunEvent } from '../../src/pool/run.ts'
import type { SampleTask, TaskEnvelope, TaskFailure, TaskResult } from '../../src/tasks.ts'
import { streamFacts } from './stream-facts.ts'

interface ActiveTask {
  readonly worker: number
  readonly envelope: TaskEnvelope
  readonly lane: WorkerLane
  readonly frames: number[]
  readonly settle: (result: TaskResult) => void
  readonly lose: (error: Error) => void
  slot: number | null
}

class WouldWait extends Error {}

export const blankFacts = { pts: 0, isDamaged: false, width: 1, height: 1, format: 0, finishedAt: 0 }

export class FakeExecutor implements Executor {
  readonly workers: number
  readonly active: ActiveTask[] = []
  /** Sequence of frames that each started task was still to give. */
  readonly started: { readonly worker: number; readonly source: string; readonly frames: readonly number[] }[] = []
  /** Bytes that the picture of a frame needs. */
  bytesOf: (frame: number) => number = () => 1
  isClosed = false

  constructor(workers: number) {
    this.workers = workers
    // A worker's wait for a slot comes back at once as an error: the task stays where it is and tries again at its next step.
    vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      throw new WouldWait()
    })
  }

  async run(worker: number, envelope: TaskEnvelope): Promise<TaskResult> {
    if (this.active.some((task) => task.worker === worker)) throw new RangeError(`Expected worker ${worker} to be idle`)
    const { task } = envelope
    const frames = task.kind === 'sample' ? task.segments.flatMap((segment) => segment.frames) : []
    this.started.push({ worker, source: task.source.identity, frames: [...frames] })
    return new Promise((settle, lose) => {
      this.active.push({ worker, envelope, lane: new WorkerLane(envelope.lane), frames, settle, lose, slot: null })
    })
  }

  close(): Promise<void> {
    if (this.active.length > 0) throw new RangeError('Expected no task to be running')
    this.isClosed = true
    return Promise.resolve()
  }

  /** Moves one task on. False when it waits for a slot. */
  step(task: ActiveTask): boolean {
    const { lane, frames, envelope } = task
    const [frame] = frames
    if (frame === undefined) return this.#end(task, 'done', 0)
    try {
      task.slot ??= lane.takeSlot()
    } catch (error) {
      if (error instanceof WouldWait) return false
      throw error
    }
    if (task.slot === null) return lane.isCancelled ? this.fail(task, 'CANCELLED') : this.#end(task, 'yielded', 0)
    const byteLength = this.bytesOf(frame)
    if (envelope.slots !== null && byteLength > envelope.slots.slotBytes) return this.#end(task, 'tooSmall', byteLength)
    lane.finish({ ...blankFacts, slot: task.slot, frame, byteLength })
    frames.shift()
    task.slot = null
    return true
  }

  fail(task: ActiveTask, code: TaskFailure['code']): boolean {
    this.#remove(task)
    task.settle({ ok: false, error: { code, message: 'made to fail', call: '', avError: 0 } })
    return true
  }

  /** The thread dies. */
  lose(task: ActiveTask): void {
    this.#remove(task)
    task.lose(new Error('the thread ended'))
  }

  /** Ends the task with what it has done, and with some frames that do not exist. */
  finish(task: ActiveTask, missing: readonly number[]): void {
    this.#remove(task)
    task.settle({
      ok: true,
      value: {
        kind: 'sample',
        status: 'done',
        neededBytes: 0,
        missing: missing.map((frame) => ({ frame, reason: 'absent' })),
        segmentMs: [],
      },
    })
  }

  #end(task: ActiveTask, status: 'done' | 'yielded' | 'tooSmall', neededBytes: number): boolean {
    this.#remove(task)
    task.settle({ ok: true, value: { kind: 'sample', status, neededBytes, missing: [], segmentMs: [] } })
    return true
  }

  #remove(task: ActiveTask): void {
    this.active.splice(this.active.indexOf(task), 1)
  }
}

/** Takes the frames of one run, in order or as they come, and releases a slot only when told to. */
export class Consumer {
  readonly consumed: number[] = []
  readonly failures: { readonly code: string; readonly undone: readonly number[] }[] = []
  readonly missing: number[] = []
  readonly slotBytes: number[] = []
  readonly #ordered: boolean
  #waiting: (RunEvent & { kind: 'finished' })[] = []

  constructor(ordered: boolean) {
    this.#ordered = ordered
  }

  readonly onEvent = (event: RunEvent): void => {
    if (event.kind === 'finished') this.#waiting.push(event)
    else if (!event.result.ok) this.failures.push({ code: event.result.error.code, undone: event.undone })
    else if (event.result.value.kind === 'sample') this.missing.push(...event.result.value.missing.map(({ frame }) => frame))
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Consumes and releases the next frame; false when it has not come yet. */
  step(): boolean {
    const at = this.#waiting.findIndex(({ slot }) => !this.#ordered || slot.frame === this.consumed.length)
    const [event] = at === -1 ? [] : this.#waiting.splice(at, 1)
    if (event === undefined) return false
    this.consumed.push(event.slot.frame)
    this.slotBytes.push(event.pool.memory.slotBytes)
    event.pool.lease(event.slot.slot, 1)
    event.pool.release(event.slot.slot)
    return true
  }

  /** Gives back what was not consumed. */
  dropAll(): void {
    for (const { pool, slot } of this.#waiting.splice(0)) pool.giveBack(slot.slot)
  }
}

/** Lets promises and waits on shared memory that can settle do so. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve))
}

const stream = streamFacts()
const picture = {
  width: 0,
  height: 0,
  fit: 'cover',
  pixelFormat: 'rgb24',
  scaleFilter: 'bicubic',
  autorotate: true,
  squarePixels: true,
  toneMap: true,
} as const
const output = planPicture(picture, stream, null)

/** A task that gives these frames, one segment. */
export function taskOf(frames: readonly number[], identity = 'clip'): SampleTask {
  const source = { name: identity, url: `file:/${identity}`, protocols: 'file', allowPlaylists: false, identity }
  const segment = {
    start: null,
    fallbacks: [],
    nearDts: NaN,
    skipUnreferenced: false,
    plain: false,
    showPrevious: false,
    byOrdinal: false,
    targets: frames.map((frame) => frame * 10),
    frames,
  }
  return { kind: 'sample', source, streamIndex: 0, maxPixels: 1, codecThreads: 1, output, segments: [segment] }
}
