// Owns the open readers of one worker: few, least recently used first out. A worker runs one task at a time, so the one in use is
// always the most recent.
import type { NativeBinding, NativeSampler } from '../native/binding.js'
import type { SampleTask, SurveyTask } from '../tasks.js'

/** Enough for one source at two thread counts and one neighbour; each holds decoder buffers, which are what costs. */
export const maxOpenReaders = 3

interface Reader {
  readonly key: string
  readonly sampler: NativeSampler
}

/** What a reader must have been opened with to be reused. */
export interface ReaderRequest {
  readonly source: (SampleTask | SurveyTask)['source']
  readonly streamIndex: number
  readonly codecThreads: number
  readonly maxPixels: number
}

export class Readers {
  /** Most recently used last. */
  readonly #open: Reader[] = []
  readonly #binding: NativeBinding

  constructor(binding: NativeBinding) {
    this.#binding = binding
  }

  /** Lends a reader to `use`; a reader that threw is closed, as its state is unknown. */
  with<Value>(request: ReaderRequest, onHit: (hit: boolean) => void, use: (sampler: NativeSampler) => Value): Value {
    const reader = this.#acquire(request, onHit)
    try {
      return use(reader.sampler)
    } catch (error) {
      this.#open.splice(this.#open.indexOf(reader), 1)
      reader.sampler.close()
      throw error
    }
  }

  #acquire({ source, streamIndex, codecThreads, maxPixels }: ReaderRequest, onHit: (hit: boolean) => void): Reader {
    const key = JSON.stringify([source, streamIndex, codecThreads, maxPixels])
    const at = this.#open.findIndex((reader) => reader.key === key)
    const [known] = at === -1 ? [] : this.#open.splice(at, 1)
    onHit(known !== undefined)
    const reader = known ?? { key, sampler: new this.#binding.Sampler({ ...source, streamIndex, codecThreads, maxPixels }) }
    this.#open.push(reader)
    this.#evict()
    return reader
  }

  #evict(): void {
    while (this.#open.length > maxOpenReaders) this.#open.shift()?.sampler.close()
  }
}
