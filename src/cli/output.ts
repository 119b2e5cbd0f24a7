// Owns what every output of `sample` must do.
import type { Frame, SampleReport } from '../index.js'

/** What an output reads of a frame. */
export type SampledFrame = Pick<
  Frame,
  'number' | 'requestedTimestamp' | 'timestamp' | 'pts' | 'isKeyFrame' | 'isDamaged' | 'width' | 'height' | 'pixelFormat' | 'data'
>

export interface Output {
  /**
   * Takes the next frame. Pixels are read before this returns, or else until the returned promise settles; the frame is kept that long.
   * Must not throw: a failure is a rejected promise.
   */
  accept(frame: SampledFrame): Promise<void> | undefined
  /** After the last frame, when every promise of accept has settled. Gives the line that tells the user what was written, if any. */
  finish(report: SampleReport): Promise<string | undefined>
  /** Instead of finish: removes whatever is unfinished. Never rejects. */
  discard(): Promise<void>
}
