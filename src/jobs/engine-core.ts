// Owns what a job is given by its engine.
import type { NativeBinding } from '../native/binding.js'
import type { Logger } from '../options/engine.js'
import type { EngineLimits } from '../plan/parallelism.js'
import type { MemoryBudget } from '../pool/memory-budget.js'
import type { SlotStore } from '../pool/slot-store.js'
import type { Scheduler } from '../pool/scheduler.js'
import type { IndexCache } from '../source/index-cache.js'
import type { Sources } from '../source/sources.js'
import type { EngineObserver } from './observer.js'

export interface EngineCore extends EngineLimits {
  readonly scheduler: Scheduler
  readonly sources: Sources
  /** null: nothing is kept on disk. */
  readonly cache: IndexCache | null
  readonly memory: MemoryBudget
  readonly slotStore: SlotStore
  readonly logger: Logger
  readonly observer: EngineObserver | null
  readonly ffmpegVersion: string
  readonly pictureBytes: NativeBinding['pictureBytes']
  readonly encoderFacts: NativeBinding['encoderFacts']
  readonly pixelFormatName: NativeBinding['pixelFormatName']
  /** Throws ERR_CLOSED after close(). */
  assertOpen(): void
}
