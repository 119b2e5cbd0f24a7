// Owns detectSilence(): where sound stays below a level for long enough.
import { mustBeSeries } from './given.js'
import { resolveNoiseOptions, type SilenceOptions } from '../options/detections.js'
import type { TimeRange } from '../options/time-range.js'
import type { SoundSeries } from './series.js'

/**
 * Silent parts, by the rule of FFmpeg's silencedetect: every sample of every channel is below `noise` for at least `duration`. Known to a
 * window of 10 ms, always within the true silence. A part that could not be decoded is not silent.
 * @throws TypeError, RangeError naming the option
 */
export function detectSilence(sound: SoundSeries, options: SilenceOptions = {}): TimeRange[] {
  mustBeSeries(sound, 'a SoundSeries', 'sound')
  const { noise, duration } = resolveNoiseOptions(options)
  const { count, peak, start, windowSeconds } = sound
  const ranges: TimeRange[] = []
  // In whole windows: seconds would tell 200 windows from 2 s by a rounding error.
  const leastWindows = Math.max(1, Math.ceil(duration / windowSeconds - 1e-6))
  let first = -1
  for (let i = 0; i <= count; i++) {
    const isSilent = i < count && (peak[i] ?? NaN) < noise
    if (isSilent && first === -1) first = i
    if (isSilent || first === -1) continue
    if (i - first >= leastWindows) ranges.push({ start: start + first * windowSeconds, end: start + i * windowSeconds })
    first = -1
  }
  return ranges
}
