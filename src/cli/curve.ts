// Owns what is drawn of a column of measurements: at most a few thousand points that hide no extreme.
import type { PictureSeries, SoundSeries } from '../index.js'
import type { ShownRange } from './analysis-picture.js'
import type { Curve } from './page-data.js'

/** LUFS that silence, and all that is quieter than this, is drawn at. */
export const quietest = -60

/** Motion of the pictures, as shares of their width. */
export function motionCurve({ count, timestamp, motion }: PictureSeries, range: ShownRange, mostPoints: number): Curve {
  return drawnCurve(
    count,
    (index) => timestamp[index] ?? Number.NaN,
    (index) => motion[index] ?? Number.NaN,
    range,
    mostPoints,
  )
}

/** Momentary loudness in LUFS, each value at the end of the 400 ms that it is the loudness of. */
export function loudnessCurve({ count, start, windowSeconds, loudness }: SoundSeries, range: ShownRange, mostPoints: number): Curve {
  return drawnCurve(
    count,
    (index) => start + (index + 1) * windowSeconds,
    (index) => Math.max(loudness[index] ?? Number.NaN, quietest),
    range,
    mostPoints,
  )
}

/**
 * Measurements 0 to `count` whose times lie in the range, ends included. More than `mostPoints` are put into as many equal parts of the range,
 * each with its lowest and highest value; parts without a measurement are left out, so that the line runs on.
 * @param timeAt ascending, seconds
 * @param valueAt NaN: not measured
 */
export function drawnCurve(
  count: number,
  timeAt: (index: number) => number,
  valueAt: (index: number) => number,
  { start, end }: ShownRange,
  mostPoints: number,
): Curve {
  const shown: number[] = []
  for (let index = 0; index < count; index++) {
    const time = timeAt(index)
    if (time >= start && time <= end) shown.push(index)
  }
  if (shown.length <= mostPoints) {
    const values = shown.map((index) => measured(valueAt(index)))
    return { span: 0, time: shown.map(timeAt), low: values, high: values }
  }
  const span = (end - start) / mostPoints
  const time: number[] = []
  const low: (number | null)[] = []
  const high: (number | null)[] = []
  let part = -1
  for (const index of shown) {
    const its = Math.min(Math.floor((timeAt(index) - start) / span), mostPoints - 1)
    if (its !== part) {
      part = its
      time.push(start + part * span)
      low.push(null)
      high.push(null)
    }
    const value = measured(valueAt(index))
    if (value === null) continue
    const last = time.length - 1
    low[last] = Math.min(low[last] ?? value, value)
    high[last] = Math.max(high[last] ?? value, value)
  }
  return { span, time, low, high }
}

/** The curve with numbers short enough to be written into a file: times to the millisecond, values to four digits. */
export function shortened({ span, time, low, high }: Curve): Curve {
  const short = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(4)))
  return { span, time: time.map((seconds) => Math.round(seconds * 1000) / 1000), low: low.map(short), high: high.map(short) }
}

/** The highest value; undefined when nothing was measured. */
export function highest({ high }: Curve): number | undefined {
  return high.reduce<number | undefined>(
    (most, value) => (value === null || (most !== undefined && most >= value) ? most : value),
    undefined,
  )
}

function measured(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
