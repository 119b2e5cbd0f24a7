// Owns slot memory between jobs. A SharedArrayBuffer that nobody refers to is freed only when V8 happens to collect garbage, and
// V8 does not count shared memory when it decides to: an engine that took new memory for every job was seen to hold gigabytes. So
// memory that a job gives back serves the next one.

/** Few sizes, so that a buffer given back fits the next job; what a job does not touch of it stays unmapped. */
const leastBytes = 2 ** 20
const mostKept = 8

export class SlotStore {
  readonly #limit: number
  /** Given back longest ago first. */
  readonly #kept: SharedArrayBuffer[] = []

  /** `limit`: bytes of frames the engine may have. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Memory of at least `bytes`; what it holds is left from before. */
  take(bytes: number): SharedArrayBuffer {
    const size = sizeFor(bytes)
    const at = this.#kept.findIndex((buffer) => buffer.byteLength === size)
    const [known] = at === -1 ? [] : this.#kept.splice(at, 1)
    return known ?? new SharedArrayBuffer(size)
  }

  /** No worker and no frame may refer to it any more. */
  giveBack(buffer: SharedArrayBuffer): void {
    this.#kept.push(buffer)
    // Sizes are rounded up to twice what was asked for.
    while (this.#kept.length > mostKept || this.#keptBytes > 2 * this.#limit) this.#kept.shift()
  }

  get #keptBytes(): number {
    return this.#kept.reduce((sum, buffer) => sum + buffer.byteLength, 0)
  }
}

function sizeFor(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(bytes, leastBytes)))
}
