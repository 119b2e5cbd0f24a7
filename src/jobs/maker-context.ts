// Owns what every clip of one export is made with. Types only.
import type { ClipSource } from '../plan/clip-request.js'
import type { EngineCore } from './engine-core.js'

export interface MakerContext {
  readonly engine: EngineCore
  readonly source: ClipSource
  readonly encoderThreads: number
  /** Decoding in hardware as the user named it. */
  readonly hwaccel: string
}
