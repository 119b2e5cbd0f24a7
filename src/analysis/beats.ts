// Owns detectBeats(): when the beats of a piece of music fall.
// After D. P. W. Ellis, "Beat tracking by dynamic programming", Journal of New Music Research 36(1), 2007.
import { mustBeSeries } from './given.js'
import { resolveBeatOptions, type BeatOptions } from '../options/beats.js'
import { onsetEnvelope } from './onset-envelope.js'
import type { SoundSeries } from './series.js'
import { findTempo, parabolaVertex } from './tempo.js'

/** What `detectBeats()` gives. */
export interface Beats {
  /** Beats per minute; 0 when nothing repeats. */
  readonly tempo: number
  /** How regular the onsets are: their autocorrelation after one beat, 0 to 1. Below 0.1 there is hardly a beat. */
  readonly confidence: number
  /** Seconds on the timeline, ascending. */
  readonly beats: readonly number[]
}

/**
 * One tempo for the whole of `sound`, and the beats that keep to it while falling on the strongest onsets.
 * @throws TypeError, RangeError naming the option
 */
export function detectBeats(sound: SoundSeries, options: BeatOptions = {}): Beats {
  mustBeSeries(sound, 'a SoundSeries', 'sound')
  const request = resolveBeatOptions(options)
  const envelope = onsetEnvelope(sound)
  const tempo = findTempo(envelope, sound.windowSeconds, request)
  if (tempo === null) return { tempo: 0, confidence: 0, beats: [] }
  const windows = trimmed(trackBeats(envelope, tempo.period, request.tightness), envelope)
  return {
    tempo: 60 / (tempo.period * sound.windowSeconds),
    confidence: tempo.confidence,
    beats: windows.map((window) => sound.start + (peakOf(envelope, window) + 0.5) * sound.windowSeconds),
  }
}

/**
 * The windows that beats fall on: those that together have the most onset strength, less `tightness` times the squared logarithm of how much
 * each interval differs from the period.
 */
function trackBeats(envelope: Float64Array, period: number, tightness: number): number[] {
  const [nearest, farthest] = [Math.max(1, Math.round(period / 2)), Math.round(period * 2)]
  const penalty = Float64Array.from({ length: farthest + 1 }, (_, gap) => tightness * Math.log(gap / period) ** 2)
  const score = new Float64Array(envelope.length)
  const previous = new Int32Array(envelope.length).fill(-1)
  for (let i = 0; i < envelope.length; i++) {
    // A first beat has none before it: a score of 0.
    let [best, from] = [0, -1]
    for (let gap = nearest; gap <= farthest && gap <= i; gap++) {
      const value = (score[i - gap] ?? 0) - (penalty[gap] ?? 0)
      if (value > best) [best, from] = [value, i - gap]
    }
    score[i] = (envelope[i] ?? 0) + best
    previous[i] = from
  }
  return backwards(previous, lastBeat(score, period))
}

/** The best score of the last period: what came before it is worth less, as beats add up. */
function lastBeat(score: Float64Array, period: number): number {
  const from = Math.max(0, score.length - Math.ceil(period))
  let best = from
  for (let i = from; i < score.length; i++) if ((score[i] ?? 0) > (score[best] ?? 0)) best = i
  return best
}

function backwards(previous: Int32Array, last: number): number[] {
  const beats: number[] = []
  for (let at = last; at >= 0; at = previous[at] ?? -1) beats.push(at)
  return beats.reverse()
}

/** Without the beats before the first and after the last that has an onset: half as strong as the root mean square of all of them. */
function trimmed(beats: readonly number[], envelope: Float64Array): number[] {
  const strengths = beats.map((beat) => envelope[beat] ?? 0)
  const least = 0.5 * Math.sqrt(strengths.reduce((sum, value) => sum + value * value, 0) / Math.max(1, strengths.length))
  const isOnset = (value: number): boolean => value > least
  const [first, last] = [strengths.findIndex(isOnset), strengths.findLastIndex(isOnset)]
  return first === -1 ? [] : beats.slice(first, last + 1)
}

/** Between windows, where the envelope has its peak. */
function peakOf(envelope: Float64Array, window: number): number {
  return window + parabolaVertex(envelope[window - 1] ?? 0, envelope[window] ?? 0, envelope[window + 1] ?? 0)
}
