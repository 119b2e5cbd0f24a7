// Owns the statistics of measurements: medians, their spread and how sure they are. Pure.

/** NaN for no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return (low + high) / 2
}

/** Median absolute deviation (MAD), unscaled: a spread that one outlier does not move. */
export function medianDeviation(values: readonly number[]): number {
  const middle = median(values)
  return median(values.map((value) => Math.abs(value - middle)))
}

/** √(π/2): a normal distribution's standard deviation next to its mean absolute deviation, and a median's standard error next to a mean's. */
const rootOfHalfPi = Math.sqrt(Math.PI / 2)

/**
 * Standard error of the median of `values`; Infinity with fewer than two. From their mean distance to the median: of a few values the
 * median distance is too often zero by chance.
 */
export function medianError(values: readonly number[]): number {
  if (values.length < 2) return Infinity
  const middle = median(values)
  const meanDistance = values.reduce((sum, value) => sum + Math.abs(value - middle), 0) / values.length
  return (rootOfHalfPi * rootOfHalfPi * meanDistance) / Math.sqrt(values.length)
}

/** Whole numbers below `limit`, the same for the same seed (xorshift32 by G. Marsaglia, 2003). */
export function randomIndexes(seed: number): (limit: number) => number {
  let state = seed | 0 || 1
  return (limit) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return Math.floor(((state >>> 0) / 2 ** 32) * limit)
  }
}
