// Owns one sampling run in flight: what workers deliver, what turned out missing, and when it is over.
import { VideoError, type VideoErrorCode } from '../errors.js'
import { abortReason } from '../pool/abort-reason.js'
import { Channel } from '../pool/channel.js'
import type { Counters } from '../pool/counters.js'
import type { FinishedSlot } from '../pool/lane.js'
import type { Run, RunEvent } from '../pool/run.js'
import type { Scheduler } from '../pool/scheduler.js'
import type { SlotPool } from '../pool/slots.js'
import { taskError } from '../pool/task-error.js'
import type { SampleTask } from '../tasks.js'

export type Delivery =
  | { readonly kind: 'finished'; readonly frame: number; readonly slot: FinishedSlot; readonly pool: SlotPool }
  | { readonly kind: 'missing'; readonly frame: number; readonly reason: string }

export interface SampleRunOptions {
  readonly tasks: readonly SampleTask[]
  readonly slots: (onFree: () => void) => SlotPool
  readonly ordered: boolean
  readonly atOnce: number
  readonly signal: AbortSignal | undefined
  /** The run is over and no slot is in use any more. */
  readonly onSlotsBack: () => void
}

/** Faults of some packets cost those frames; any other fault would meet every task alike and ends the run. */
const faultsOfFrames = new Set<VideoErrorCode | 'CANCELLED'>(['ERR_DECODE', 'ERR_WORKER'])

export class SampleRun {
  /** In the order of completion. Ends with an error when the run is aborted or cannot go on. */
  readonly deliveries: Channel<Delivery> = new Channel()
  /** The first fault that cost frames. */
  failure: VideoError | null = null
  /** No task runs any more. */
  readonly ended: Promise<void>
  readonly #run: Run
  readonly #signal: AbortSignal | undefined
  readonly #onSlotsBack: () => void
  #hasEnded = false
  #areSlotsBack = false

  constructor(scheduler: Scheduler, options: SampleRunOptions) {
    this.#signal = options.signal
    this.#onSlotsBack = options.onSlotsBack
    options.signal?.throwIfAborted()
    let markEnded: () => void = () => undefined
    this.ended = new Promise((resolve) => {
      markEnded = resolve
    })
    this.#run = scheduler.start({
      tasks: options.tasks,
      slots: options.slots,
      onSlotFree: () => this.#checkSlots(),
      ordered: options.ordered,
      atOnce: options.atOnce,
      onEvent: (event) => this.#take(event),
      onEnd: () => {
        this.#end()
        markEnded()
      },
    })
    options.signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  get counters(): Counters {
    return this.#run.counters
  }

  /** Ends the run early; frames not consumed give their slots back. */
  cancel(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.deliveries.end()
    this.#run.cancel()
    this.#dropDeliveries()
  }

  readonly #onAbort = (): void => {
    this.deliveries.end(abortReason(this.#signal))
    this.#run.cancel()
    this.#dropDeliveries()
  }

  #take(event: RunEvent): void {
    if (event.kind === 'finished') {
      this.deliveries.push({ kind: 'finished', frame: event.slot.frame, slot: event.slot, pool: event.pool })
      return
    }
    const { result, task, undone } = event
    if (result.ok) {
      if (result.value.kind !== 'sample') return
      for (const { frame, reason } of result.value.missing) this.deliveries.push({ kind: 'missing', frame, reason })
      return
    }
    const error = taskError(result.error, task)
    this.failure ??= error
    if (faultsOfFrames.has(result.error.code)) {
      for (const frame of undone) this.deliveries.push({ kind: 'missing', frame, reason: error.message })
    } else {
      this.deliveries.end(error)
      this.#run.cancel()
    }
  }

  #end(): void {
    this.#hasEnded = true
    this.#signal?.removeEventListener('abort', this.#onAbort)
    // Unless everything was delivered, the engine was closed under the run.
    this.deliveries.end(this.#run.wasCancelled ? new VideoError('ERR_CLOSED', 'The engine was closed while frames were sampled') : null)
    if (this.#run.wasCancelled) this.#dropDeliveries()
    this.#checkSlots()
  }

  #dropDeliveries(): void {
    for (const delivery of this.deliveries.takeAll()) {
      if (delivery.kind === 'finished') delivery.pool.giveBack(delivery.slot.slot)
    }
  }

  #checkSlots(): void {
    if (!this.#hasEnded || this.#areSlotsBack || this.#run.slotsInUse > 0) return
    this.#areSlotsBack = true
    this.#run.retireSlots()
    this.#onSlotsBack()
  }
}
