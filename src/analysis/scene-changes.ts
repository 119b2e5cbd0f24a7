// Owns where scenes change, as far as highlights need to know: at any rate of analysed frames, from their columns alone.
import type { TimeRange } from '../options/time-range.js'
import type { PictureSeries } from './series.js'

export interface SceneChange {
  /** Seconds: the last time that surely is of the scene before, and the first that surely is of the scene after. */
  readonly before: number
  readonly after: number
}

/** Seconds from one change to the next that counts: two analysed frames a second see no more, and a flash is not two changes. */
const leastSpacing = 0.4

/** Changes of the given scenes: where each but the first begins. */
export function changesOfScenes(scenes: readonly TimeRange[]): SceneChange[] {
  const starts = [...new Set(scenes.map(({ start }) => start))].sort((a, b) => a - b)
  return starts.slice(1).map((start) => ({ before: start, after: start }))
}

/**
 * Changes by the measurements. A frame counts when it differs from the one before in three ways: in content (mean of the changes of hue,
 * saturation and value), in its perceptual hash, and in its histogram of luma. A fast pan moves the first two at two frames a second, but
 * keeps its light; a lamp that is switched on moves the first and the last, but keeps its shapes.
 */
export function changesOfPictures(pictures: PictureSeries): { readonly changes: SceneChange[]; readonly isChange: Uint8Array } {
  const { count, timestamp } = pictures
  const changes: SceneChange[] = []
  const isChange = new Uint8Array(count)
  for (let i = 1; i < count; i++) {
    if (!(changeStrength(pictures, i) >= 0.5)) continue
    isChange[i] = 1
    const after = timestamp[i] ?? NaN
    const last = changes.at(-1)
    if (last !== undefined && after - last.after < leastSpacing) continue
    changes.push({ before: pictures.isEveryFrame ? after : (timestamp[i - 1] ?? after), after })
  }
  return { changes, isChange }
}

/** 0 to 1; NaN where nothing was measured. */
function changeStrength(pictures: PictureSeries, i: number): number {
  const { deltaHue, deltaSat, deltaLum, hashDistance, histogramCorrelation } = pictures
  const content = ((deltaHue[i] ?? NaN) + (deltaSat[i] ?? NaN) + (deltaLum[i] ?? NaN)) / 3
  const histogram = 1 - (histogramCorrelation[i] ?? NaN)
  return ramp(content, 12, 27) * ramp(hashDistance[i] ?? NaN, 0.15, 0.35) * ramp(histogram, 0.1, 0.3)
}

function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)))
}
