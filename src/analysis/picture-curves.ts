// Owns what highlights see: a curve of motion, for any window of time.
import { levelOn, quantile, scaleOf } from './robust-scale.js'
import type { PictureSeries } from './series.js'
import { StepCurve } from './step-curve.js'

export interface PictureCurves {
  /** Level of motion, 0 to 1. */
  readonly motion: StepCurve
  /** How far blocks move: widths of the picture per second. */
  readonly speed: Measured
  /** How much pictures change: levels of luma, per square root of a second. */
  readonly change: Measured
}

export interface Measured {
  readonly curve: StepCurve
  /** The median of what is above the floor; 0 when nothing is. */
  readonly usual: number
}

/** Where nothing moves: the noise of a camera and of coding lies below. And differences that are too small to make a moment. */
const speedScale = { floor: 0.02, spread: 0.05 }
const changeScale = { floor: 5, spread: 10 }

/**
 * Motion is how far blocks move or how much pictures change, whichever stands out more: what moves farther between two analysed frames than
 * blocks are looked for is seen by the second alone. Both are counted by time, not by frame, so that any rate of analysed frames gives about
 * the same. What differs where the scene changes is no motion: the frames beside it speak for it.
 * @param isChange 1 for frames before which the scene changes
 */
export function pictureCurves(pictures: PictureSeries, isChange: Uint8Array): PictureCurves | null {
  if (pictures.count < 2) return null
  // The difference to the frame before belongs to the time since then.
  const edges = pictures.timestamp.slice(0, pictures.count)
  const speed = perTime(pictures, isChange, (i, seconds) => (pictures.motion[i] ?? NaN) / seconds)
  // Pictures grow unlike each other by the root of the time between them, rather than in proportion to it.
  const change = perTime(pictures, isChange, (i, seconds) => changeOfShape(pictures, i) / Math.sqrt(seconds))
  const [bySpeed, byChange] = [levels(speed, speedScale), levels(change, changeScale)]
  return {
    motion: new StepCurve(
      edges,
      bySpeed.map((level, i) => Math.max(level, byChange[i] ?? 0)),
    ),
    speed: { curve: new StepCurve(edges, speed), usual: medianAbove(speed, speedScale.floor) },
    change: { curve: new StepCurve(edges, change), usual: medianAbove(change, changeScale.floor) },
  }
}

/** Mean difference of luma to the frame before, without what it has become brighter or darker by as a whole. */
function changeOfShape({ difference, luma }: PictureSeries, i: number): number {
  return Math.max(0, (difference[i] ?? NaN) - Math.abs((luma[i] ?? NaN) - (luma[i - 1] ?? NaN)))
}

/** Entry i is of the time from frame i to frame i + 1; 0 where nothing was measured. */
function perTime(
  { count, timestamp }: PictureSeries,
  isChange: Uint8Array,
  measure: (frame: number, seconds: number) => number,
): Float64Array {
  const measured = Float64Array.from({ length: count - 1 }, (_, i) => {
    const seconds = (timestamp[i + 1] ?? NaN) - (timestamp[i] ?? NaN)
    return seconds > 0 ? measure(i + 1, seconds) : NaN
  })
  const isMotion = (i: number): boolean => isChange[i + 1] !== 1 && !Number.isNaN(measured[i] ?? NaN)
  return measured.map((value, i) => {
    if (isChange[i + 1] !== 1) return Number.isNaN(value) ? 0 : value
    const beside = [i - 1, i + 1].filter(isMotion).map((k) => measured[k] ?? 0)
    return beside.length === 0 ? 0 : beside.reduce((sum, next) => sum + next, 0) / beside.length
  })
}

function levels(values: Float64Array, { floor, spread }: { readonly floor: number; readonly spread: number }): Float64Array {
  const scale = scaleOf(values, floor, spread)
  return values.map((value) => (scale === null ? 0 : levelOn(scale, value)))
}

function medianAbove(values: Float64Array, floor: number): number {
  const above = values.filter((value) => value > floor).sort()
  return above.length === 0 ? 0 : quantile(above, 0.5)
}
