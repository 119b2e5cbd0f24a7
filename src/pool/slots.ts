// Owns the slots of one run: places for pictures in one SharedArrayBuffer. The main thread alone moves a slot.
//
//   free -> granted (a worker may write) -> finished (the main thread holds it) -> leased (the user reads) -> free
//
// Leases are counted, since one picture may answer several requests.
import type { SlotMemory } from '../tasks.js'
import type { SlotStore } from './slot-store.js'

/** swscale may write this far past a row, and slots start on cache lines. */
const slotSlack = 64
const cacheLine = 64

export function slotBytesFor(pictureBytes: number): number {
  return Math.ceil((pictureBytes + slotSlack) / cacheLine) * cacheLine
}

export class SlotPool {
  readonly memory: SlotMemory
  readonly count: number
  readonly #free: number[]
  readonly #leases: number[]
  readonly #onFree: () => void
  #store: SlotStore | null = null
  #highWater = 0

  /** `onFree` is called whenever a slot came back. */
  constructor(memory: SlotMemory, count: number, onFree: () => void) {
    this.memory = memory
    this.count = count
    this.#free = Array.from({ length: count }, (_, slot) => count - 1 - slot)
    this.#leases = new Array<number>(count).fill(0)
    this.#onFree = onFree
  }

  /** Slots in memory from `store`, which gets it back by {@link retire}; without a store, in memory of their own. */
  static allocate(pictureBytes: number, count: number, onFree: () => void, store: SlotStore | null = null): SlotPool {
    const slotBytes = slotBytesFor(pictureBytes)
    const bytes = slotBytes * count
    const pool = new SlotPool({ buffer: store?.take(bytes) ?? new SharedArrayBuffer(bytes), slotBytes, rows: null }, count, onFree)
    pool.#store = store
    return pool
  }

  /** Slots of another size, with memory from the same place. */
  larger(pictureBytes: number, count: number, onFree: () => void): SlotPool {
    return SlotPool.allocate(pictureBytes, count, onFree, this.#store)
  }

  /** No task writes and no user reads here any more. */
  retire(): void {
    this.#store?.giveBack(this.memory.buffer)
    this.#store = null
  }

  get free(): number {
    return this.#free.length
  }

  get inUse(): number {
    return this.count - this.#free.length
  }

  get highWater(): number {
    return this.#highWater
  }

  take(): number | undefined {
    const slot = this.#free.pop()
    if (this.inUse > this.#highWater) this.#highWater = this.inUse
    return slot
  }

  /** A slot that no lease was made of. */
  giveBack(slot: number): void {
    this.#free.push(slot)
    this.#onFree()
  }

  /** Every slot is in a user's hands: none can be filled until one is released. */
  get isAllLeased(): boolean {
    return this.#leases.every((leases) => leases > 0)
  }

  lease(slot: number, leases: number): void {
    this.#leases[slot] = leases
  }

  release(slot: number): void {
    const left = (this.#leases[slot] ?? 0) - 1
    this.#leases[slot] = left
    if (left === 0) this.giveBack(slot)
  }

  /** A view of the picture in a slot; valid until its last lease is released. */
  view(slot: number, byteLength: number): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.memory.buffer, slot * this.memory.slotBytes, byteLength)
  }
}
