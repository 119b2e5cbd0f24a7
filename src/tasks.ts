// Owns the words between planner, scheduler and worker: tasks and their results. Types only; plain data that survives a
// structured clone and may run anywhere, twice, in any order.
import type { VideoErrorCode } from './errors.js'
import type { NativeOutput, NativePacketTable, NativeSource, NativeSourceFacts } from './native/binding.js'

/** A source as a worker opens it. `identity` changes with the file's size and time, so a stale reader is never reused. */
export interface TaskSource extends NativeSource {
  readonly identity: string
  /** As the user named it, for messages. */
  readonly name: string
}

/** A key packet; NaN where the container has no such timestamp. */
export interface KeyPoint {
  readonly pts: number
  readonly dts: number
}

export interface ProbeTask {
  readonly kind: 'probe'
  readonly source: TaskSource
}

export interface ScanTask {
  readonly kind: 'scan'
  readonly source: TaskSource
  readonly streamIndex: number
}

/** Decodes without converting, to learn which frames exist from `start` (null: the first packet) through `until` ticks. */
export interface SurveyTask {
  readonly kind: 'survey'
  readonly source: TaskSource
  readonly streamIndex: number
  readonly maxPixels: number
  readonly start: KeyPoint | null
  readonly until: number
}

/** Targets of one decoder run. */
export interface Segment {
  readonly start: KeyPoint | null
  /** Earlier places to begin at when a plain decode from `start` does not give every target, nearest first. null: the first packet. */
  readonly fallbacks: readonly (KeyPoint | null)[]
  /** From here on, reading on to `start` is cheaper than seeking; NaN: from the start of the file too. */
  readonly nearDts: number
  readonly skipUnreferenced: boolean
  readonly plain: boolean
  /** A target without a frame of its own shows the frame before it. */
  readonly showPrevious: boolean
  readonly byOrdinal: boolean
  /** Presentation ticks (or ordinals), ascending. */
  readonly targets: readonly number[]
  /** The frame each target is, by the plan's numbering; as long as `targets`. */
  readonly frames: readonly number[]
}

export interface SampleTask {
  readonly kind: 'sample'
  readonly source: TaskSource
  readonly streamIndex: number
  readonly maxPixels: number
  readonly codecThreads: number
  readonly output: NativeOutput
  readonly segments: readonly Segment[]
}

export type Task = ProbeTask | ScanTask | SurveyTask | SampleTask

export interface TaskFailure {
  readonly code: VideoErrorCode | 'CANCELLED'
  readonly message: string
  readonly call: string
  readonly avError: number
}

/** A frame that the plan named and the stream does not have. */
export interface MissingFrame {
  readonly frame: number
  readonly reason: string
}

/** How a sample task ended. */
export interface SampleEnd {
  readonly kind: 'sample'
  /** `yielded` and `tooSmall` leave targets undone, to be sent again. */
  readonly status: 'done' | 'yielded' | 'tooSmall'
  /** Bytes of the picture that did not fit; 0 but for `tooSmall`. */
  readonly neededBytes: number
  readonly missing: readonly MissingFrame[]
  /** Milliseconds that each segment took, waits for slots included; those that were begun, in the task's order. */
  readonly segmentMs: readonly number[]
}

export type TaskValue =
  | { readonly kind: 'probe'; readonly facts: NativeSourceFacts }
  | { readonly kind: 'scan'; readonly packets: NativePacketTable }
  /** Presentation ticks of every frame, in the order of output, and whether the decoder calls it a key frame (1) or not. */
  | { readonly kind: 'survey'; readonly pts: Float64Array<ArrayBuffer>; readonly keys: Uint8Array<ArrayBuffer> }
  | SampleEnd

export type TaskResult = { readonly ok: true; readonly value: TaskValue } | { readonly ok: false; readonly error: TaskFailure }

/** Slots lent to a sample task: slot i lies at `i * slotBytes`. */
export interface SlotMemory {
  readonly buffer: SharedArrayBuffer
  readonly slotBytes: number
  /**
   * Where each frame of the plan goes, for results that have a place of their own (rows of a tensor): then a granted slot is
   * only the leave to finish one more. null: the picture goes into the granted slot.
   */
  readonly rows: readonly number[] | null
}

/** What the main thread sends to a worker. */
export interface TaskEnvelope {
  readonly task: Task
  readonly lane: SharedArrayBuffer
  readonly slots: SlotMemory | null
}
