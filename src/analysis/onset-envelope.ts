// Owns the onset envelope that rhythm is found in: what of the onset strength stands out of its surroundings.
import type { SoundSeries } from './series.js'

/** Seconds around a window that its onset strength is compared with. */
const surroundings = 1
/**
 * Standard deviation, in windows, of the Gaussian that onsets are blurred by. A period is no whole number of windows: without it, two onsets
 * that are 33.3 windows apart would miss each other by a third of the time.
 */
const blurWindows = 2

/**
 * One value for each window: onset strength above the mean of the second around it, blurred, in units of its own root mean square. All
 * zeros when there are no onsets.
 */
export function onsetEnvelope({ flux, windowSeconds }: SoundSeries): Float64Array {
  const strength = Float64Array.from(flux, (value) => (value > 0 && value < Infinity ? value : 0))
  const standing = blurred(aboveMean(strength, Math.round(surroundings / windowSeconds / 2)))
  const deviation = Math.sqrt(standing.reduce((sum, value) => sum + value * value, 0) / Math.max(1, standing.length))
  return deviation > 0 ? standing.map((value) => value / deviation) : standing
}

/** What each value has above the mean of those up to `half` places away; 0 where it has less. */
function aboveMean(values: Float64Array, half: number): Float64Array {
  const count = values.length
  const sums = new Float64Array(count + 1)
  for (let i = 0; i < count; i++) sums[i + 1] = (sums[i] ?? 0) + (values[i] ?? 0)
  return values.map((value, i) => {
    const [from, to] = [Math.max(0, i - half), Math.min(count, i + half + 1)]
    return Math.max(0, value - ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from))
  })
}

function blurred(values: Float64Array): Float64Array {
  const reach = 3 * blurWindows
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-0.5 * ((k - reach) / blurWindows) ** 2))
  const result = new Float64Array(values.length)
  for (const [i, value] of values.entries()) {
    if (value === 0) continue
    for (const [k, weight] of kernel.entries()) {
      const at = i + k - reach
      if (at >= 0 && at < result.length) result[at] = (result[at] ?? 0) + value * weight
    }
  }
  return result
}
