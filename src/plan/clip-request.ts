// Owns what a clip's tasks are planned from. Types only.
import type { NativeSourceFacts, NativeStreamFacts } from '../native/binding.js'
import type { ResolvedClip } from '../options/export.js'
import type { PacketIndex } from '../source/packet-index.js'
import type { TaskSource } from '../tasks.js'
import type { ClipSpan } from './clip-span.js'
import type { CompiledFilters } from './filter-graph.js'

/** What a clip is cut from. */
export interface ClipSource {
  readonly task: TaskSource
  readonly facts: NativeSourceFacts
  readonly stream: NativeStreamFacts
  readonly index: PacketIndex
}

export interface RecipeRequest {
  readonly source: ClipSource
  readonly clip: ResolvedClip
  readonly span: ClipSpan
  readonly filters: CompiledFilters
  readonly encoderThreads: number
  /** '' for software, 'auto', or FFmpeg's name of a kind of device. */
  readonly hardware: string
  readonly maxPixels: number
  /** Paths, all to be removed afterwards but the output, which is to be renamed. */
  readonly output: string
  readonly spool: (name: string) => string
}
