// Owns a frame's score: how much its content differs from the frame before, as PySceneDetect's ContentDetector weighs it.
import { expected } from '../errors.js'
import type { ResolvedWeights } from '../options/scenes.js'
import type { PictureSeries } from './series.js'

/**
 * sum(weight * difference) / sum(|weight|) for each frame, 0 to 255. NaN where a difference that counts is not known.
 * @throws TypeError when edges are to count that were not measured
 */
export function contentScores(pictures: PictureSeries, weights: ResolvedWeights): Float64Array {
  const terms = [
    { weight: weights.deltaHue, column: pictures.deltaHue },
    { weight: weights.deltaSat, column: pictures.deltaSat },
    { weight: weights.deltaLum, column: pictures.deltaLum },
    { weight: weights.deltaEdges, column: pictures.deltaEdges },
  ].filter(({ weight }) => weight !== 0)
  if (weights.deltaEdges !== 0 && hasPictures(pictures.deltaLum) && !hasPictures(pictures.deltaEdges))
    throw new TypeError(expected('pictures whose edges were measured', 'weights.deltaEdges', weights.deltaEdges))
  const total = terms.reduce((sum, { weight }) => sum + Math.abs(weight), 0)
  return Float64Array.from({ length: pictures.count }, (_, i) =>
    terms.reduce((sum, { weight, column }) => sum + (weight * (column[i] ?? NaN)) / total, 0),
  )
}

function hasPictures(column: Float32Array): boolean {
  return column.some((value) => !Number.isNaN(value))
}
