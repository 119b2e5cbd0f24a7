// Owns PySceneDetect's AdaptiveDetector: a cut is where a frame's score stands out from those of its neighbours, so that a camera in motion,
// all of whose frames differ much, makes none.
import type { ResolvedWeights } from '../options/scenes.js'
import { contentScores } from './content-score.js'
import type { PictureSeries } from './series.js'

interface AdaptiveParameters {
  readonly weights: ResolvedWeights
  readonly adaptiveThreshold: number
  readonly windowWidth: number
  readonly minContentVal: number
}

/** A mean below this is none: whatever stands beside it stands out by {@link mostRatio}. */
const leastMean = 0.00001
const mostRatio = 255

/** Rows of the frames that may begin a scene, ascending. */
export function adaptiveCuts(
  pictures: PictureSeries,
  { weights, adaptiveThreshold, windowWidth, minContentVal }: AdaptiveParameters,
): number[] {
  const scores = contentScores(pictures, weights)
  const cuts: number[] = []
  for (let row = windowWidth; row < scores.length - windowWidth; row++) {
    const score = scores[row] ?? NaN
    if (score >= minContentVal && ratio(score, meanAround(scores, row, windowWidth)) >= adaptiveThreshold) cuts.push(row)
  }
  return cuts
}

/** Mean of the known scores of the neighbours; NaN when there is none. */
function meanAround(scores: Float64Array, row: number, width: number): number {
  let sum = 0
  let known = 0
  for (let at = row - width; at <= row + width; at++) {
    const score = scores[at] ?? NaN
    if (at === row || Number.isNaN(score)) continue
    sum += score
    known++
  }
  return sum / known
}

function ratio(score: number, mean: number): number {
  return Math.abs(mean) < leastMean ? mostRatio : Math.min(score / mean, mostRatio)
}
