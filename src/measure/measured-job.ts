// Owns what a job must say of itself to be measured. A new job adds one description here, and its name in options/benchmark.ts.
import type { Engine } from '../engine.js'
import type { NativeClip } from '../native/binding.js'
import type { Part } from '../tune/measuring.js'

export interface Performed {
  /** What is counted per second: frames that came out. */
  readonly frames: number
}

export interface MeasuredJob {
  /** What its users usually have, for those who name no file. */
  readonly clip: Omit<NativeClip, 'path' | 'threads'>
  /** Does what its users do with one part of a file; with `onBytes`, shows every byte of the result in an order that never varies. */
  perform(engine: Engine, part: Part, onBytes: ((bytes: Uint8Array) => void) | null): Promise<Performed>
}
