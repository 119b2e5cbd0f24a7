// Owns what a window of time is worth: its components, and their weighted sum.
import type { HighlightComponent, HighlightWeights } from '../options/highlights.js'
import type { TimeRange } from '../options/time-range.js'
import type { PictureCurves } from './picture-curves.js'
import { saturating } from './robust-scale.js'
import type { SceneChange } from './scene-changes.js'
import type { SoundCurves } from './sound-curves.js'
import { lastUpTo, StepCurve } from './step-curve.js'

/** All that windows are scored by. null: not measured. */
export interface Evidence {
  readonly sound: SoundCurves | null
  readonly pictures: PictureCurves | null
  /** In order; null when neither scenes were given nor pictures measured. */
  readonly changes: readonly SceneChange[] | null
  readonly silences: readonly TimeRange[]
}

export type Components = Readonly<Record<HighlightComponent, number>>

/** Scene changes per second that give a level of a half: a shot of 4 s. */
const usualChangeRate = 0.25

/** Scores windows of one source. */
export class WindowScore {
  readonly #evidence: Evidence
  readonly #weights: HighlightWeights
  /** Sum of the weights of what was measured. */
  readonly #measuredWeight: number
  readonly #changeTimes: Float64Array
  readonly #silence: StepCurve

  constructor(evidence: Evidence, weights: HighlightWeights) {
    this.#evidence = evidence
    this.#weights = weights
    this.#measuredWeight =
      (evidence.sound === null ? 0 : weights.loudness + weights.onsets) +
      (evidence.pictures === null ? 0 : weights.motion) +
      (evidence.changes === null ? 0 : weights.scenes)
    this.#changeTimes = Float64Array.from(evidence.changes ?? [], ({ after }) => after)
    this.#silence = coverage(evidence.silences)
  }

  /** Changes of scene after the start and before the end. */
  changesWithin({ start, end }: TimeRange): number {
    // A thousandth: a window that begins or ends with a scene does not hold that scene's change.
    return Math.max(0, lastUpTo(this.#changeTimes, end - 1e-3) - lastUpTo(this.#changeTimes, start + 1e-3))
  }

  /** Each 0 to 1. A window of less than `fullSeconds` is taken as if it went on for as long, silent and still. */
  components(window: TimeRange, fullSeconds: number): Components {
    const { sound, pictures } = this.#evidence
    const seconds = Math.max(fullSeconds, window.end - window.start)
    const missing = sound === null ? 0 : 1 - (window.end - window.start) / seconds
    const mean = (curve: StepCurve | undefined): number => (curve === undefined ? 0 : curve.integral(window.start, window.end) / seconds)
    return {
      loudness: mean(sound?.loudness),
      onsets: mean(sound?.onsets),
      scenes: saturating(this.changesWithin(window) / seconds / usualChangeRate),
      motion: mean(pictures?.motion),
      silence: mean(this.#silence) + missing,
    }
  }

  /**
   * The weighted mean of what was measured, less the weighted share of silence: at most 1, and below 0 where there is little but silence.
   * Rounded to a millionth, so that sums taken over other parts of a file do not tell equal windows apart.
   */
  score({ loudness, onsets, scenes, motion, silence }: Components): number {
    const weights = this.#weights
    const sum = weights.loudness * loudness + weights.onsets * onsets + weights.scenes * scenes + weights.motion * motion
    const positive = this.#measuredWeight === 0 ? 0 : sum / this.#measuredWeight
    return Math.round((positive - weights.silence * silence) * 1e6) / 1e6
  }
}

/** 1 within the ranges, 0 between them. */
function coverage(ranges: readonly TimeRange[]): StepCurve {
  const edges: number[] = []
  const values: number[] = []
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const from = Math.max(start, edges.at(-1) ?? -Infinity)
    if (end <= from) continue
    if (edges.length > 0) values.push(0)
    edges.push(from, end)
    values.push(1)
  }
  return new StepCurve(Float64Array.from(edges), Float64Array.from(values))
}
