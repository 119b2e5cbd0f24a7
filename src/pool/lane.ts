// Owns the shared memory between the main thread and one worker: cancel flag, counters, granted and finished slots.
//
//              main thread                              worker
//   grant      writes ring[grants % N], grants + 1  ->  takes ring[taken % N], taken + 1 (its own number)
//   finish     reads records[read % N]              <-  writes records[finished % N], finished + 1, published + 1
//   park       sees parked = 1                      <-  no grant left: parked = 1, published + 1, waits on `wake`
//   cancel, yield: main sets the flag, then wake + 1; the worker looks at both flags before every wait.
//
// Each word has one writer. A ring entry is written before its counter is raised, and read after the counter was seen, so
// neither side can meet a half-written entry. N outstanding grants at most, so neither ring can overtake itself.
import { NativeLaneWord, nativeLaneWordCount } from '../native/lane-words.js'
import type { Counters } from './counters.js'

const Word = {
  yield: nativeLaneWordCount,
  wake: nativeLaneWordCount + 1,
  grants: nativeLaneWordCount + 2,
  finished: nativeLaneWordCount + 3,
  published: nativeLaneWordCount + 4,
  parked: nativeLaneWordCount + 5,
  redone: nativeLaneWordCount + 6,
  readerHits: nativeLaneWordCount + 7,
  readerOpens: nativeLaneWordCount + 8,
  slotWaitUs: nativeLaneWordCount + 9,
  ring: 32,
} as const

/** Grants that may be outstanding at once. */
export const laneCapacity = 256
const recordLength = 9
const mostInt32 = 2 ** 31 - 1
const recordsOffset = (Word.ring + laneCapacity) * Int32Array.BYTES_PER_ELEMENT
const laneBytes = recordsOffset + laneCapacity * recordLength * Float64Array.BYTES_PER_ELEMENT

/** A slot that now holds a picture. */
export interface FinishedSlot {
  readonly slot: number
  /** The frame's number in the plan. */
  readonly frame: number
  readonly pts: number
  readonly isDamaged: boolean
  readonly width: number
  readonly height: number
  /** AVPixelFormat as a number. */
  readonly format: number
  readonly byteLength: number
  /** Milliseconds since the epoch, with fractions. */
  readonly finishedAt: number
}

const counterWords = {
  packetsRead: NativeLaneWord.packetsRead,
  framesDecoded: NativeLaneWord.framesDecoded,
  framesSkipped: NativeLaneWord.framesSkipped,
  framesConverted: NativeLaneWord.framesConverted,
  seeks: NativeLaneWord.seeks,
  framesEncoded: NativeLaneWord.framesEncoded,
  packetsCopied: NativeLaneWord.packetsCopied,
  redone: Word.redone,
  readerHits: Word.readerHits,
  readerOpens: Word.readerOpens,
} as const

class LaneMemory {
  readonly buffer: SharedArrayBuffer
  readonly words: Int32Array<SharedArrayBuffer>
  protected readonly records: Float64Array<SharedArrayBuffer>

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer
    this.words = new Int32Array(buffer, 0, recordsOffset / Int32Array.BYTES_PER_ELEMENT)
    this.records = new Float64Array(buffer, recordsOffset)
  }

  protected load(word: number): number {
    return Atomics.load(this.words, word)
  }
}

/** The main thread's end. One task at a time; reset() before each. */
export class Lane extends LaneMemory {
  #read = 0

  constructor() {
    super(new SharedArrayBuffer(laneBytes))
  }

  /** For a worker that is idle, only. */
  reset(stallMs: number): void {
    this.words.fill(0)
    this.#read = 0
    Atomics.store(this.words, NativeLaneWord.stallMs, stallMs)
  }

  grant(slot: number): void {
    const grants = this.load(Word.grants)
    Atomics.store(this.words, Word.ring + (grants % laneCapacity), slot)
    Atomics.store(this.words, Word.grants, grants + 1)
    this.#wake()
  }

  cancel(): void {
    Atomics.store(this.words, NativeLaneWord.cancel, 1)
    this.#wake()
  }

  /** The worker ends its task at its next wait for a slot, leaving the rest undone. */
  askToYield(): void {
    Atomics.store(this.words, Word.yield, 1)
    this.#wake()
  }

  get isParked(): boolean {
    return this.load(Word.parked) === 1
  }

  get progressPermille(): number {
    return this.load(NativeLaneWord.progressPermille)
  }

  /** Finished slots not taken before, oldest first. */
  takeFinished(): FinishedSlot[] {
    const taken: FinishedSlot[] = []
    for (const finished = this.load(Word.finished); this.#read < finished; this.#read++) {
      const at = (this.#read % laneCapacity) * recordLength
      const [slot = 0, frame = 0, pts = 0, damaged = 0, width = 0, height = 0, format = 0, byteLength = 0, finishedAt = 0] =
        this.records.subarray(at, at + recordLength)
      taken.push({ slot, frame, pts, isDamaged: damaged === 1, width, height, format, byteLength, finishedAt })
    }
    return taken
  }

  counters(): Counters {
    const read = (name: keyof typeof counterWords): number => this.load(counterWords[name])
    return {
      packetsRead: read('packetsRead'),
      framesDecoded: read('framesDecoded'),
      framesSkipped: read('framesSkipped'),
      framesConverted: read('framesConverted'),
      seeks: read('seeks'),
      framesEncoded: read('framesEncoded'),
      packetsCopied: read('packetsCopied'),
      redone: read('redone'),
      readerHits: read('readerHits'),
      readerOpens: read('readerOpens'),
      slotWaitMs: this.load(Word.slotWaitUs) / 1000,
    }
  }

  /** What published() is compared with. */
  get publishedCount(): number {
    return this.load(Word.published)
  }

  /** Settles when the worker has finished a slot or parked since `seen` was read. */
  async published(seen: number): Promise<void> {
    const wait = Atomics.waitAsync(this.words, Word.published, seen)
    if (wait.async) await wait.value
  }

  /** Lets a pending published() settle, when the task is over. */
  announce(): void {
    Atomics.add(this.words, Word.published, 1)
    Atomics.notify(this.words, Word.published)
  }

  #wake(): void {
    Atomics.add(this.words, Word.wake, 1)
    Atomics.notify(this.words, Word.wake)
  }
}

/** The worker's end. */
export class WorkerLane extends LaneMemory {
  #taken = 0

  /** A granted slot, waiting for one if need be; null when the task should end early. */
  takeSlot(): number | null {
    for (;;) {
      const wake = this.load(Word.wake)
      if (this.isCancelled) return null
      if (this.#taken < this.load(Word.grants)) {
        Atomics.store(this.words, Word.parked, 0)
        return Atomics.load(this.words, Word.ring + (this.#taken++ % laneCapacity))
      }
      if (this.load(Word.yield) === 1) return null
      Atomics.store(this.words, Word.parked, 1)
      this.#publish()
      const since = performance.now()
      Atomics.wait(this.words, Word.wake, wake)
      this.#addSlotWait(performance.now() - since)
    }
  }

  get isCancelled(): boolean {
    return this.load(NativeLaneWord.cancel) !== 0
  }

  finish(slot: FinishedSlot): void {
    const finished = this.load(Word.finished)
    const { frame, pts, isDamaged, width, height, format, byteLength, finishedAt } = slot
    this.records.set(
      [slot.slot, frame, pts, isDamaged ? 1 : 0, width, height, format, byteLength, finishedAt],
      (finished % laneCapacity) * recordLength,
    )
    Atomics.store(this.words, Word.finished, finished + 1)
    this.#publish()
  }

  /** Where the task stands, 0 to 1. */
  set progress(fraction: number) {
    Atomics.store(this.words, NativeLaneWord.progressPermille, Math.round(Math.max(0, Math.min(1, fraction)) * 1000))
  }

  count(word: 'redone' | 'readerHits' | 'readerOpens'): void {
    Atomics.add(this.words, Word[word], 1)
  }

  #addSlotWait(milliseconds: number): void {
    const total = this.load(Word.slotWaitUs) + Math.round(milliseconds * 1000)
    Atomics.store(this.words, Word.slotWaitUs, Math.min(total, mostInt32))
  }

  #publish(): void {
    Atomics.add(this.words, Word.published, 1)
    Atomics.notify(this.words, Word.published)
  }
}
