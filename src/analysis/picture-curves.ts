// Owns what highlights see: a curve of motion, for any window of time.
import { levelOn, quantile, scaleOf } from './robust-scale.js'
import type { PictureSeries } from './series.js'
import { StepCurve } from './step-curve.js'

export interface PictureCurves {
  /** Level of motion, 0 to 1. */
  readonly motion: StepCurve
  /** Widths of the picture per second. */
  readonly speed: StepCurve
  /** Of {@link speed}: the median of what moves; 0 when nothing does. */
  readonly usualSpeed: number
}

/** Widths of the picture per second. The noise of a camera and of coding lies below. */
const stillSpeed = 0.02
/** Differences of less do not make a moment. */
const speedSpread = 0.1

/**
 * Motion is counted per second, not per frame, so that any rate of analysed frames gives about the same. What blocks seem to move by where
 * the scene changes is no motion: the frames beside it speak for it.
 * @param isChange 1 for frames before which the scene changes
 */
export function pictureCurves(pictures: PictureSeries, isChange: Uint8Array): PictureCurves | null {
  const { count, timestamp } = pictures
  if (count < 2) return null
  const speed = speeds(pictures, isChange)
  const scale = scaleOf(speed, stillSpeed, speedSpread)
  const moving = speed.filter((value) => value > stillSpeed).sort()
  // The difference to the frame before belongs to the time since then.
  const edges = timestamp.slice(0, count)
  return {
    motion: new StepCurve(
      edges,
      speed.map((value) => (scale === null ? 0 : levelOn(scale, value))),
    ),
    speed: new StepCurve(edges, speed),
    usualSpeed: moving.length === 0 ? 0 : quantile(moving, 0.5),
  }
}

/** Entry i is of the time from frame i to frame i + 1; 0 where nothing was measured. */
function speeds({ count, timestamp, motion }: PictureSeries, isChange: Uint8Array): Float64Array {
  const measured = Float64Array.from({ length: count - 1 }, (_, i) => {
    const seconds = (timestamp[i + 1] ?? NaN) - (timestamp[i] ?? NaN)
    return seconds > 0 ? (motion[i + 1] ?? NaN) / seconds : NaN
  })
  const isMotion = (i: number): boolean => isChange[i + 1] !== 1 && !Number.isNaN(measured[i] ?? NaN)
  return measured.map((value, i) => {
    if (isChange[i + 1] !== 1) return Number.isNaN(value) ? 0 : value
    const beside = [i - 1, i + 1].filter(isMotion).map((k) => measured[k] ?? 0)
    return beside.length === 0 ? 0 : beside.reduce((sum, next) => sum + next, 0) / beside.length
  })
}
