// Owns the choice among measured configurations: the least resources within the noise of the best, and how sure that is. Pure.
import { configurationName, sameConfiguration, threadsOf, type Configuration } from './configuration.js'
import type { Measurement } from './measurement.js'
import { median, medianError, randomIndexes } from './statistics.js'
import { fitUsl, uslThroughput, type UslModel } from './usl.js'

/** The answer for one goal. */
export interface GoalRecommendation extends Configuration {
  /** Frames per second it was measured at. */
  readonly throughput: number
  /** Throughput next to that of one worker with one codec thread. */
  readonly speedupOverOne: number
  /** Share of 1000 resamplings of the rounds that give the same answer, 0 to 1. */
  readonly confidence: number
  /** What the neighbouring choices would do to the throughput: -0.48 for 48 % less. */
  readonly oneStepOff: readonly StepOff[]
  /** Faster configurations that do not fit the memory limit. */
  readonly tooLarge: readonly TooLarge[]
  readonly usl: UslModel | null
  readonly measurements: readonly Measurement[]
}

export interface StepOff extends Configuration {
  readonly change: number
}

export interface TooLarge extends Configuration {
  readonly peakRssBytes: number
  readonly change: number
}

/** A configuration is as good as the best when it is behind by less than twice the error of their ratio, but in any case by at least and at most: */
const leastTolerance = 0.01
const mostTolerance = 0.02
const resamplings = 1000
const seed = 20261
/** With at least so many numbers of workers measured, and a curve at most so far from each of them, the curve tells better than the rounds. */
const pointsForCurve = 4
const mostCurveResidual = 0.03

/**
 * `measurements`: of the same work in the same rounds, 1x1 among them. Without any that fits `memoryLimit` the one that needs least memory
 * is taken.
 * @throws RangeError without measurements
 */
export function recommend(measurements: readonly Measurement[], memoryLimit: number): GoalRecommendation {
  const fitting = measurements.filter(({ peakRssBytes }) => peakRssBytes <= memoryLimit)
  const smallest = measurements.toSorted((a, b) => a.peakRssBytes - b.peakRssBytes).slice(0, 1)
  const eligible = fitting.length > 0 ? fitting : smallest
  const usl = fitUsl(pointsOf(measurements))
  const chosen = choose(eligible, usl)
  const one = measurements.find(({ workers, codecThreads }) => workers === 1 && codecThreads === 1)
  const change = (other: Measurement): number => other.throughput / chosen.throughput - 1
  const excluded = measurements.filter((other) => !eligible.includes(other) && other.throughput > chosen.throughput)
  return {
    workers: chosen.workers,
    codecThreads: chosen.codecThreads,
    throughput: chosen.throughput,
    speedupOverOne: one === undefined ? NaN : median(pairedRatios(chosen, one)),
    confidence: confidence(eligible, usl, chosen),
    oneStepOff: neighbours(measurements, chosen).map((other) => ({ ...configurationOf(other), change: change(other) })),
    tooLarge: excluded.map((other) => ({ ...configurationOf(other), peakRssBytes: other.peakRssBytes, change: change(other) })),
    usl,
    measurements,
  }
}

/** Points of the curve: codec threads share a decoder, which is another law. */
export function pointsOf(measurements: readonly Measurement[]): { workers: number; throughput: number; error: number }[] {
  return measurements
    .filter(({ codecThreads }) => codecThreads === 1)
    .map(({ workers, throughput, samples }) => ({ workers, throughput, error: Math.min(throughput, medianError(samples)) }))
}

function choose(eligible: readonly Measurement[], usl: UslModel | null): Measurement {
  const curve = usl !== null && usl.worstResidual <= mostCurveResidual && pointsOf(eligible).length >= pointsForCurve ? usl : null
  const level = (measured: Measurement): number =>
    curve !== null && measured.codecThreads === 1 ? uslThroughput(curve, measured.workers) : measured.throughput
  const best = eligible.reduce((found, other) => (level(other) > level(found) ? other : found), first(eligible))
  const asGood = eligible.filter((other) => {
    const ratio = curve === null ? median(pairedRatios(other, best)) : level(other) / level(best)
    return ratio >= 1 - tolerance(other, best)
  })
  return asGood.reduce((found, other) => (isCheaper(other, found) ? other : found), best)
}

function tolerance(measured: Measurement, best: Measurement): number {
  return Math.min(mostTolerance, Math.max(leastTolerance, 2 * medianError(pairedRatios(measured, best))))
}

/** Fewer threads; with as many, less CPU time for a frame. */
function isCheaper(a: Measurement, b: Measurement): boolean {
  const threads = threadsOf(a) - threadsOf(b)
  return threads < 0 || (threads === 0 && a.cpuSeconds < b.cpuSeconds)
}

/** Round by round, as far as both were measured: what slowed the machine for a while slowed both. */
function pairedRatios(a: Measurement, b: Measurement): number[] {
  return a.samples.slice(0, b.samples.length).map((sample, round) => sample / (b.samples[round] ?? NaN))
}

function confidence(eligible: readonly Measurement[], usl: UslModel | null, chosen: Measurement): number {
  const random = randomIndexes(seed)
  let same = 0
  for (let i = 0; i < resamplings; i++) {
    // The same rounds for all, so that pairs stay pairs; a configuration that was dropped has fewer to draw from.
    const draws = Array.from({ length: Math.max(...eligible.map(({ samples }) => samples.length)) }, () => random(1 << 20))
    const drawn = eligible.map((measured) => {
      const samples = measured.samples.map((_, round) => measured.samples[(draws[round] ?? 0) % measured.samples.length] ?? NaN)
      return { ...measured, samples, throughput: median(samples) }
    })
    if (sameConfiguration(choose(drawn, usl), chosen)) same++
  }
  return same / resamplings
}

/** The next fewer and the next more workers with as many codec threads, and the next fewer and more codec threads with as many workers. */
function neighbours(measurements: readonly Measurement[], chosen: Configuration): Measurement[] {
  const nearest = (others: readonly Measurement[], distance: (other: Measurement) => number): Measurement[] => {
    const below = others.filter((other) => distance(other) < 0).toSorted((a, b) => distance(b) - distance(a))
    const above = others.filter((other) => distance(other) > 0).toSorted((a, b) => distance(a) - distance(b))
    return [...below.slice(0, 1), ...above.slice(0, 1)]
  }
  const sameThreads = measurements.filter(({ codecThreads }) => codecThreads === chosen.codecThreads)
  const sameWorkers = measurements.filter(({ workers }) => workers === chosen.workers)
  return [
    ...nearest(sameThreads, ({ workers }) => workers - chosen.workers),
    ...nearest(sameWorkers, ({ codecThreads }) => codecThreads - chosen.codecThreads),
  ]
}

function configurationOf({ workers, codecThreads }: Configuration): Configuration {
  return { workers, codecThreads }
}

function first(measurements: readonly Measurement[]): Measurement {
  const [found] = measurements
  if (found === undefined)
    throw new RangeError(`Expected at least one measurement, such as ${configurationName({ workers: 1, codecThreads: 1 })}`)
  return found
}
