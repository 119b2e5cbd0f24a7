// Owns detectBlack(): where pictures stay black for long enough.
import { mustBeSeries } from './given.js'
import { resolveBlackOptions, type BlackOptions } from '../options/detections.js'
import type { TimeRange } from '../options/time-range.js'
import type { PictureSeries } from './series.js'

/**
 * Black parts, by the rule of FFmpeg's blackdetect: at least `pictureBlackRatio` of every picture's pixels are black for at least
 * `blackMinDuration`. A part begins with its first black picture and ends with the first that is not, or where the pictures end. A picture
 * that could not be decoded is not black.
 * @throws TypeError, RangeError naming the option
 */
export function detectBlack(pictures: PictureSeries, options: BlackOptions = {}): TimeRange[] {
  mustBeSeries(pictures, 'a PictureSeries', 'pictures')
  const { blackMinDuration, pictureBlackRatio } = resolveBlackOptions(options)
  const { count, black, timestamp } = pictures
  const ranges: TimeRange[] = []
  let start: number | null = null
  for (let i = 0; i <= count; i++) {
    const at = timestamp[i] ?? pictures.end
    const isBlack = i < count && (black[i] ?? NaN) >= pictureBlackRatio
    if (isBlack) start ??= at
    else if (start !== null) {
      // A frame's time is a rounded number of ticks.
      if (at - start >= blackMinDuration - 1e-6) ranges.push({ start, end: at })
      start = null
    }
  }
  return ranges
}
