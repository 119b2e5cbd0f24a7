// Owns the tempo of an onset envelope: the lag at which it repeats itself.
// After D. P. W. Ellis, "Beat tracking by dynamic programming", Journal of New Music Research 36(1), 2007, section 3.2.
import type { ResolvedBeats } from '../options/beats.js'

export interface Tempo {
  /** Windows from beat to beat; not a whole number. */
  readonly period: number
  /** How much of the envelope repeats after a period: its autocorrelation, 0 to 1. */
  readonly confidence: number
}

/** Octaves: the standard deviation of tempi around the likeliest one, on the logarithmic scale that tempi are heard on. */
const priorOctaves = 0.9
/** Share of a period's autocorrelation that a half or a third of it must have to be the beat instead. */
const subdivisionShare = 0.8
/** Beats over which a period is measured at most; an error of the peak's place counts for so many times less. */
const mostPeriods = 32

/** null when nothing repeats. */
export function findTempo(envelope: Float64Array, windowSeconds: number, options: ResolvedBeats): Tempo | null {
  const self = new Autocorrelation(envelope)
  const windowsOf = (tempo: number): number => 60 / tempo / windowSeconds
  const [shortest, longest] = [windowsOf(options.maxTempo), windowsOf(options.minTempo)]
  const likeliest = windowsOf(options.startTempo)
  let [best, bestWeighted] = [0, 0]
  for (let lag = Math.floor(shortest); lag <= Math.min(Math.ceil(longest), envelope.length / 2); lag++) {
    const weighted = self.at(lag) * Math.exp(-0.5 * (Math.log2(lag / likeliest) / priorOctaves) ** 2)
    if (weighted > bestWeighted) [best, bestWeighted] = [lag, weighted]
  }
  if (best === 0) return null
  const period = refined(self, subdivided(self, self.peakNear(best, 1), shortest))
  return { period, confidence: Math.min(1, Math.max(0, self.at(Math.round(period)))) }
}

/**
 * Every multiple of the beat repeats as well as the beat does, and the prior may prefer one: 90 to the 180 that is played. A half or a third
 * is the beat where the onsets in between are about as strong.
 */
function subdivided(self: Autocorrelation, period: number, shortest: number): number {
  for (const parts of [3, 2]) {
    const shorter = self.peakNear(Math.round(period / parts), 2)
    // A hundredth: the fastest tempo is looked for too, and its period is known no better here.
    if (shorter >= 0.99 * shortest && self.at(Math.round(shorter)) >= subdivisionShare * self.at(Math.round(period)))
      return subdivided(self, shorter, shortest)
  }
  return period
}

/** Looks for the same repetition after 2, 4, 8, ... periods, as long as it is there. */
function refined(self: Autocorrelation, period: number): number {
  let result = period
  for (let periods = 2; periods <= mostPeriods; periods *= 2) {
    const expected = result * periods
    if (expected > self.count / 2) break
    const peak = self.peakNear(Math.round(expected), 3)
    if (Math.abs(peak - expected) > 3 || self.at(Math.round(peak)) < 0.5 * self.at(Math.round(period))) break
    result = peak / periods
  }
  return result
}

/** How alike an envelope is to itself some windows later: -1 to 1, its mean taken away, over the windows that both have. */
class Autocorrelation {
  readonly count: number
  readonly #centred: Float64Array
  readonly #variance: number
  readonly #known = new Map<number, number>()

  constructor(envelope: Float64Array) {
    const mean = envelope.reduce((sum, value) => sum + value, 0) / Math.max(1, envelope.length)
    this.count = envelope.length
    this.#centred = envelope.map((value) => value - mean)
    this.#variance = this.#centred.reduce((sum, value) => sum + value * value, 0) / Math.max(1, envelope.length)
  }

  at(lag: number): number {
    const known = this.#known.get(lag)
    if (known !== undefined) return known
    const terms = this.count - lag
    if (lag < 0 || terms <= 0 || this.#variance === 0) return 0
    let sum = 0
    for (let i = 0; i < terms; i++) sum += (this.#centred[i] ?? 0) * (this.#centred[i + lag] ?? 0)
    const result = sum / terms / this.#variance
    this.#known.set(lag, result)
    return result
  }

  /** The highest lag up to `reach` away, and between lags by the parabola through its neighbours. */
  peakNear(lag: number, reach: number): number {
    let best = lag
    for (let near = lag - reach; near <= lag + reach; near++) if (this.at(near) > this.at(best)) best = near
    return best + parabolaVertex(this.at(best - 1), this.at(best), this.at(best + 1))
  }
}

/** Where the parabola through three neighbouring values is highest, from the middle one; 0 when that is not the highest. */
export function parabolaVertex(before: number, middle: number, after: number): number {
  const curvature = before - 2 * middle + after
  return curvature < 0 && middle >= before && middle >= after ? (0.5 * (before - after)) / curvature : 0
}
