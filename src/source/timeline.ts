// Owns time: the one place where ticks become seconds. Timeline zero is the container's start time.
import type { NativeSourceFacts, NativeStreamFacts } from '../native/binding.js'
import type { Rational } from '../source-types.js'

/** Two times closer than this are the same: far below any frame's duration, far above the error of a double. */
const toleranceSeconds = 1e-9

export class Timeline {
  readonly timeBase: Rational
  /** Ticks of the stream's time base at timeline zero; may be a fraction when another stream starts first. */
  readonly zeroTicks: number

  constructor(timeBase: Rational, zeroTicks: number) {
    this.timeBase = timeBase
    this.zeroTicks = zeroTicks
  }

  /** Seconds on the timeline of a presentation timestamp. */
  seconds(ticks: number): number {
    return ((ticks - this.zeroTicks) * this.timeBase.num) / this.timeBase.den
  }

  /** Seconds that a number of ticks lasts. */
  duration(ticks: number): number {
    return (ticks * this.timeBase.num) / this.timeBase.den
  }

  /** The largest tick count, perhaps a fraction, that is not after `seconds`. */
  ticksAt(seconds: number): number {
    return ((seconds + toleranceSeconds) * this.timeBase.den) / this.timeBase.num + this.zeroTicks
  }

  /** As {@link ticksAt}, for bounds that a timestamp equal to them does not pass. */
  ticksBefore(seconds: number): number {
    return ((seconds - toleranceSeconds) * this.timeBase.den) / this.timeBase.num + this.zeroTicks
  }
}

/**
 * The timeline of one stream. libavformat rounds the container's start to microseconds; the stream it was taken from has it
 * exactly.
 */
export function timelineOf(source: NativeSourceFacts, stream: NativeStreamFacts): Timeline {
  const { timeBase } = stream
  const start = source.startMicros
  if (start === null) return new Timeline(timeBase, 0)
  for (const { startTicks, timeBase: base } of source.streams) {
    if (startTicks === null || base.den === 0) continue
    const micros = (startTicks * base.num * 1e6) / base.den
    if (Math.abs(micros - start) <= 1) return new Timeline(timeBase, (startTicks * base.num * timeBase.den) / (base.den * timeBase.num))
  }
  return new Timeline(timeBase, (start * timeBase.den) / (timeBase.num * 1e6))
}
