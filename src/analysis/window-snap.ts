// Owns where a window's ends are moved to: a change of scene or a pause close by, so that it cuts no shot and no word.
import type { TimeRange } from '../options/time-range.js'
import type { SceneChange } from './scene-changes.js'
import { lastUpTo } from './step-curve.js'

export class WindowSnap {
  readonly #starts: Float64Array
  readonly #ends: Float64Array
  readonly #seconds: number

  /** @param seconds that the start may be moved at most, and that the length may change */
  constructor(changes: readonly SceneChange[], silences: readonly TimeRange[], seconds: number) {
    this.#starts = Float64Array.from([...changes.map(({ after }) => after), ...silences.map(({ end }) => end)]).sort()
    this.#ends = Float64Array.from([...changes.map(({ before }) => before), ...silences.map(({ start }) => start)]).sort()
    this.#seconds = seconds
  }

  /**
   * The window from the nearest begin of a scene or end of a pause, to the end of a scene or begin of a pause that is nearest to keeping its
   * length. Within `room`.
   */
  settle({ start, end }: TimeRange, room: TimeRange): TimeRange {
    const length = end - start
    // A window that is shorter than was asked for must not lose itself.
    const reach = Math.min(this.#seconds, length / 4)
    const from = nearest(this.#starts, start, { start: Math.max(room.start, start - reach), end: start + reach })
    const to = Math.min(room.end, from + length)
    return { start: from, end: nearest(this.#ends, to, { start: to - reach, end: Math.min(room.end, to + reach) }) }
  }
}

/** The nearest of ascending times within the range, the earlier of two; `time` itself when there is none. */
function nearest(ascending: Float64Array, time: number, range: TimeRange): number {
  const before = lastUpTo(ascending, time)
  const near = [ascending[before], ascending[before + 1]].filter(
    (point) => point !== undefined && point >= range.start && point <= range.end,
  )
  return near.reduce<number>((best, point = best) => (best === time || Math.abs(point - time) < Math.abs(best - time) ? point : best), time)
}
