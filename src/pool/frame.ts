// Owns the frame: a lease on a slot, as users hold it.
import { VideoError } from '../errors.js'

/** What is known of a sampled frame besides its pixels. */
export interface FrameFacts {
  /** Position in the request: the k-th time, index or frame asked for. */
  readonly number: number
  /** The time asked for, in seconds on the timeline; the frame's own where none was asked for. */
  readonly requestedTimestamp: number
  /** When the frame comes on screen, in seconds on the timeline. */
  readonly timestamp: number
  /** The same in ticks of the stream's time base, as the container has it. */
  readonly pts: number
  /** The container marks it as a random-access point. */
  readonly isKeyFrame: boolean
  /** libavcodec concealed part of it, or decoded it after an error. */
  readonly isDamaged: boolean
  readonly width: number
  readonly height: number
  /** FFmpeg's name of the pixel format. */
  readonly pixelFormat: string
}

/** A frame whose pixels belong to the caller. */
export interface OwnedFrame extends FrameFacts {
  /** As {@link Frame.data}. */
  readonly data: Uint8Array<ArrayBuffer>
}

/**
 * A lease on pixels in shared memory. It ends with `release()`, or by itself when the loop asks for the next frame, unless
 * `keep()` was called. After that, `data` throws ERR_RELEASED; views taken from it before would show another frame.
 */
export class Frame implements FrameFacts {
  readonly number: number
  readonly requestedTimestamp: number
  readonly timestamp: number
  readonly pts: number
  readonly isKeyFrame: boolean
  readonly isDamaged: boolean
  readonly width: number
  readonly height: number
  readonly pixelFormat: string
  /** When the worker finished it, in milliseconds since the epoch. */
  readonly finishedAt: number
  #data: Uint8Array<SharedArrayBuffer> | null
  #isKept = false
  readonly #release: () => void

  /** @internal */
  constructor(facts: FrameFacts, finishedAt: number, data: Uint8Array<SharedArrayBuffer>, release: () => void) {
    this.number = facts.number
    this.requestedTimestamp = facts.requestedTimestamp
    this.timestamp = facts.timestamp
    this.pts = facts.pts
    this.isKeyFrame = facts.isKeyFrame
    this.isDamaged = facts.isDamaged
    this.width = facts.width
    this.height = facts.height
    this.pixelFormat = facts.pixelFormat
    this.finishedAt = finishedAt
    this.#data = data
    this.#release = release
  }

  /**
   * Tightly packed planes, as `ffmpeg -f rawvideo` writes them: rgb24, rgba and gray8 are one plane of width x height;
   * yuv420p is Y, then U and V of half the size, rounded up.
   * @throws VideoError ERR_RELEASED after release
   */
  get data(): Uint8Array<SharedArrayBuffer> {
    return this.#held()
  }

  /** The lease has ended. */
  get isReleased(): boolean {
    return this.#data === null
  }

  /** Holds the slot past the current turn of the loop. The caller must release() it; slots are few. */
  keep(): this {
    this.#held()
    this.#isKept = true
    return this
  }

  /** The frame with its pixels copied into memory of the caller's own. */
  copy(): OwnedFrame {
    const { number, requestedTimestamp, timestamp, pts, isKeyFrame, isDamaged, width, height, pixelFormat } = this
    const data = new Uint8Array(this.data)
    return { number, requestedTimestamp, timestamp, pts, isKeyFrame, isDamaged, width, height, pixelFormat, data }
  }

  /** Ends the lease. Idempotent. */
  release(): void {
    if (this.#data === null) return
    this.#data = null
    this.#release()
  }

  /** @internal The loop moved on. */
  releaseUnlessKept(): void {
    if (!this.#isKept) this.release()
  }

  /** release(), for `using`. */
  [Symbol.dispose](): void {
    this.release()
  }

  #held(): Uint8Array<SharedArrayBuffer> {
    if (this.#data === null) {
      throw new VideoError('ERR_RELEASED', `Cannot read frame ${this.number}: it was released; call keep() or copy() to hold it longer`)
    }
    return this.#data
  }
}
