// Owns detectFreeze(): where the picture stays the same for long enough.
import { mustBeSeries } from './given.js'
import { resolveNoiseOptions, type FreezeOptions } from '../options/detections.js'
import type { TimeRange } from '../options/time-range.js'
import { layoutBytes, type PictureSeries } from './series.js'

/** Luma of one frame's layout: 8 x 8 means. */
const layoutLuma = 64

/**
 * Frozen parts, by the rule of FFmpeg's freezedetect: for at least `duration`, no picture differs from the part's first one by more than
 * `noise` in the mean. A part ends with the first picture that does, or where the pictures end.
 *
 * The mean difference to the frame before is measured; that to the part's first frame is known from below, by the difference of mean luma
 * and that of the layout, which a slow fade or drift exceeds although each step is small.
 * @throws TypeError, RangeError naming the option
 */
export function detectFreeze(pictures: PictureSeries, options: FreezeOptions = {}): TimeRange[] {
  mustBeSeries(pictures, 'a PictureSeries', 'pictures')
  const { noise, duration } = resolveNoiseOptions(options)
  const { count, difference, luma, timestamp } = pictures
  const tolerance = noise * 255
  const ranges: TimeRange[] = []
  let reference = 0
  // A frame's time is a rounded number of ticks: so the millionth.
  for (let i = 1; i <= count; i++) {
    const isSame =
      i < count &&
      (difference[i] ?? NaN) <= tolerance &&
      Math.abs((luma[i] ?? NaN) - (luma[reference] ?? NaN)) <= tolerance &&
      // Every mean of a layout is rounded by up to a half: together they may differ by 1 more than the pictures.
      layoutDifference(pictures.layout, reference, i) <= tolerance + 1
    if (isSame) continue
    const [start, end] = [timestamp[reference] ?? pictures.end, timestamp[i] ?? pictures.end]
    // One picture that is shown for long is frozen too, where nothing was left out between it and the next.
    const isKnown = i - reference > 1 || (pictures.isEveryFrame && !Number.isNaN(luma[reference]))
    if (isKnown && end - start >= duration - 1e-6) ranges.push({ start, end })
    reference = i
  }
  return ranges
}

/** Mean absolute difference of the luma of two layouts; never above that of the pictures but for rounding. */
function layoutDifference(layout: Uint8Array, one: number, other: number): number {
  let sum = 0
  for (let k = 0; k < layoutLuma; k++) sum += Math.abs((layout[one * layoutBytes + k] ?? 0) - (layout[other * layoutBytes + k] ?? 0))
  return sum / layoutLuma
}
