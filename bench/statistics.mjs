// Owns the statistics of the benchmarks: medians and their spread, ratios of pairs, slopes. Pure.
// @ts-check

/** @param {readonly number[]} values @param {number} share 0 to 1 */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  if (sorted.length === 0) return NaN
  const at = share * (sorted.length - 1)
  const low = sorted[Math.floor(at)] ?? NaN
  const high = sorted[Math.ceil(at)] ?? NaN
  return low + (high - low) * (at - Math.floor(at))
}

/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5)
}

/** Median distance from the median: a spread that one outlier does not move. @param {readonly number[]} values */
export function medianDeviation(values) {
  const middle = median(values)
  return median(values.map((value) => Math.abs(value - middle)))
}

/**
 * One ratio per pair of runs made one after the other, so that what slows the machine for a while slows both.
 * @param {readonly number[]} ours @param {readonly number[]} theirs
 */
export function pairRatios(ours, theirs) {
  if (ours.length !== theirs.length)
    throw new RangeError(`Expected as many runs on both sides but received ${ours.length} and ${theirs.length}`)
  return ours.map((own, pair) => own / (theirs[pair] ?? NaN))
}

/**
 * Median of the slopes between all pairs of points (Theil-Sen): steps up and down, as of a garbage collector, do not tilt it.
 * @param {readonly (readonly [x: number, y: number])[]} points
 */
export function slope(points) {
  const slopes = points.flatMap(([x, y], i) => points.slice(i + 1).map(([x2, y2]) => (y2 - y) / (x2 - x)))
  return median(slopes)
}

/**
 * The same numbers in [0, 1) for the same seed.
 * @param {number} seed a whole number other than 0
 * @returns {() => number}
 */
export function randomNumbers(seed) {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
