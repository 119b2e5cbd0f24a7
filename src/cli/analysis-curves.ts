// Owns the two curves of an analysis and the scales that page and chart draw them on.
import { shownSpan } from './analysis-picture.js'
import type { AnalysisPicture, ShownRange } from './analysis-picture.js'
import { roundUp } from './axis.js'
import { highest, loudnessCurve, motionCurve, quietest } from './curve.js'
import type { Curve } from './page-data.js'

export interface AnalysisCurves {
  /** What the time axis spans. */
  readonly span: ShownRange
  /** null: there are no pictures. */
  readonly motion: Curve | null
  /** Share of the picture's width, a round number of per cent; the scale begins at 0. */
  readonly motionTop: number
  /** null: there is no sound. */
  readonly loudness: Curve | null
  /** LUFS. */
  readonly loudnessBottom: number
  readonly loudnessTop: number
}

/** Of pictures that do not move. */
const leastMotionTop = 0.01

export function curvesOf(input: AnalysisPicture, mostPoints: number): AnalysisCurves {
  const span = shownSpan(input)
  const { pictures, sound } = input.series
  const motion = pictures === null ? null : motionCurve(pictures, span, mostPoints)
  const loudness = sound === null ? null : loudnessCurve(sound, span, mostPoints)
  const loudest = loudness === null ? undefined : highest(loudness)
  return {
    span,
    motion,
    motionTop: roundUp(Math.max((motion === null ? undefined : highest(motion)) ?? 0, leastMotionTop)),
    loudness,
    loudnessBottom: quietest,
    // Full scale, unless floating-point samples go beyond it.
    loudnessTop: Math.max(0, Math.ceil(loudest ?? 0)),
  }
}
