// Owns the open readers of one worker: few, least recently used first out. A worker runs one task at a time, so the one in use is
// always the most recent.

/** Enough for one source at two thread counts and one neighbour; each holds decoder buffers, which are what costs. */
export const maxOpenReaders = 3

interface Closable {
  close(): void
}

interface Reader<Door> {
  readonly key: string
  readonly door: Door
}

/** Open doors of one kind. `Request` is what a door is opened with, and must be opened with to be used again: plain data. */
export class Readers<Request, Door extends Closable> {
  /** Most recently used last. */
  readonly #open: Reader<Door>[] = []
  readonly #make: (request: Request) => Door

  constructor(make: (request: Request) => Door) {
    this.#make = make
  }

  /** Lends a reader to `use`; a reader that threw is closed, as its state is unknown. */
  with<Value>(request: Request, onHit: (hit: boolean) => void, use: (door: Door) => Value): Value {
    const reader = this.#acquire(request, onHit)
    try {
      return use(reader.door)
    } catch (error) {
      this.#open.splice(this.#open.indexOf(reader), 1)
      reader.door.close()
      throw error
    }
  }

  #acquire(request: Request, onHit: (hit: boolean) => void): Reader<Door> {
    const key = JSON.stringify(request)
    const at = this.#open.findIndex((reader) => reader.key === key)
    const [known] = at === -1 ? [] : this.#open.splice(at, 1)
    onHit(known !== undefined)
    const reader = known ?? { key, door: this.#make(request) }
    this.#open.push(reader)
    this.#evict()
    return reader
  }

  #evict(): void {
    while (this.#open.length > maxOpenReaders) this.#open.shift()?.door.close()
  }
}
