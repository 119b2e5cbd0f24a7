// Owns the choice among measured configurations: the least resources within the noise of the best, and how sure that is. Pure.
import { configurationName, sameConfiguration, threadsOf, type Configuration } from './configuration.js'
import type { Measurement } from './measurement.js'
import { median, medianError, randomIndexes } from './statistics.js'
import { fitUsl, uslThroughput, type UslModel } from './usl.js'

/** The answer for one goal. */
export interface GoalRecommendation extends Configuration {
  /** Frames per second it was measured at. */
  readonly throughput: number
  /** Throughput next to that of one worker with one codec thread; the median of the rounds' ratios, as for every other comparison. */
  readonly speedupOverOne: number
  /** Share of 1000 resamplings of the rounds that give the same answer, 0 to 1. */
  readonly confidence: number
  /** What the neighbouring choices would do to the throughput: -0.48 for 48 % less. */
  readonly oneStepOff: readonly StepOff[]
  /** Faster configurations that do not fit the memory limit. */
  readonly tooLarge: readonly TooLarge[]
  /** Fitted to one codec thread per worker; null with one number of workers. With two, κ is zero for want of knowing. */
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
/** Share of a process's memory that differs from run to run. */
const fewPages = 0.03
const resamplings = 1000
const seed = 20261
/** With at least so many numbers of workers measured, and a curve at most so far from each of them, the curve tells better than the rounds. */
const leastPointsForCurve = 2
const pointsForCurve = 4
const mostCurveResidual = 0.03

/**
 * `measurements`: of the same work in the same rounds, 1x1 among them. Without any that fits `memoryLimit` the one that needs least memory
 * is taken.
 * @throws RangeError without measurements
 */
export function recommend(measurements: readonly Measurement[], memoryLimit: number): GoalRecommendation {
  const fitting = measurements.filter(({ peakRssBytes }) => peakRssBytes <= memoryLimit)
  const eligible = fitting.length > 0 ? fitting : [smallest(measurements)]
  const points = pointsOf(measurements)
  const usl = points.length < leastPointsForCurve ? null : fitUsl(points)
  const chosen = choose(eligible, usl)
  const one = measurements.find(({ workers, codecThreads }) => workers === 1 && codecThreads === 1)
  const change = (other: Measurement): number => median(pairedRatios(other, chosen)) - 1
  const excluded = measurements.filter((other) => !eligible.includes(other) && change(other) > 0)
  return {
    workers: chosen.workers,
    codecThreads: chosen.codecThreads,
    throughput: chosen.throughput,
    speedupOverOne: one === undefined ? NaN : 1 / (1 + change(one)),
    confidence: confidence(measurements, eligible, chosen),
    oneStepOff: neighbours(measurements, chosen).map((other) => ({ ...configurationOf(other), change: change(other) })),
    tooLarge: excluded.map((other) => ({ ...configurationOf(other), peakRssBytes: other.peakRssBytes, change: change(other) })),
    usl,
    measurements,
  }
}

/** What needs least memory; of those that need as much but for a few pages, the fewest threads. */
function smallest(measurements: readonly Measurement[]): Measurement {
  const least = Math.min(...measurements.map(({ peakRssBytes }) => peakRssBytes))
  const nearly = measurements.filter(({ peakRssBytes }) => peakRssBytes <= least * (1 + fewPages))
  return nearly.reduce((found, other) => (threadsOf(other) < threadsOf(found) ? other : found), first(nearly))
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

/** `all`: those that do not fit the memory limit too, since the curve is fitted to them as well. */
function confidence(all: readonly Measurement[], eligible: readonly Measurement[], chosen: Measurement): number {
  const random = randomIndexes(seed)
  const most = Math.max(...all.map(({ samples }) => samples.length))
  const hasCurve = pointsOf(all).length >= pointsForCurve
  let same = 0
  for (let i = 0; i < resamplings; i++) {
    // The same rounds for all, so that pairs stay pairs; a configuration that was left out early has fewer to draw from.
    const draws = Array.from({ length: most }, () => random(1 << 20))
    const redrawn = new Map(all.map((measured) => [measured, redraw(measured, draws)]))
    // With fewer points choose() goes by the rounds alone.
    const curve = hasCurve ? fitUsl(pointsOf([...redrawn.values()])) : null
    const candidates = eligible.flatMap((measured) => redrawn.get(measured) ?? [])
    if (sameConfiguration(choose(candidates, curve), chosen)) same++
  }
  return same / resamplings
}

function redraw(measured: Measurement, draws: readonly number[]): Measurement {
  const { samples } = measured
  const drawn = samples.map((_, round) => samples[(draws[round] ?? 0) % samples.length] ?? NaN)
  return { ...measured, samples: drawn, throughput: median(drawn) }
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
