// Owns PySceneDetect's ContentDetector: a cut is where the score of a frame reaches the threshold.
import type { ResolvedWeights } from '../options/scenes.js'
import { contentScores } from './content-score.js'
import type { PictureSeries } from './series.js'

/** Rows of the frames that may begin a scene, ascending. */
export function contentCuts(
  pictures: PictureSeries,
  { weights, threshold }: { readonly weights: ResolvedWeights; readonly threshold: number },
): number[] {
  const cuts: number[] = []
  for (const [row, score] of contentScores(pictures, weights).entries()) if (score >= threshold) cuts.push(row)
  return cuts
}
