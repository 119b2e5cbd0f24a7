// Owns PySceneDetect's ThresholdDetector: a scene ends where the picture grows dark (or bright), the next begins where it comes back.
import type { ThresholdMethod } from '../options/scenes.js'
import type { PictureSeries } from './series.js'

interface ThresholdParameters {
  readonly threshold: number
  readonly method: ThresholdMethod
  readonly fadeBias: number
  readonly addFinalScene: boolean
}

/** Rows of the frames that may begin a scene, ascending. A frame that is missing changes nothing. */
export function thresholdCuts(
  { brightness, count }: PictureSeries,
  { threshold, method, fadeBias, addFinalScene }: ThresholdParameters,
): number[] {
  const cuts: number[] = []
  let isOut: boolean | null = null
  let outRow = 0
  for (let row = 0; row < count; row++) {
    const level = brightness[row] ?? NaN
    if (Number.isNaN(level)) continue
    const nowOut = method === 'floor' ? level < threshold : level >= threshold
    if (nowOut && isOut !== true) outRow = row
    // A video that begins in the dark has no scene before it that could have ended.
    if (!nowOut && isOut === true && outRow > 0) cuts.push(Math.trunc((row + outRow + Math.trunc(fadeBias * (row - outRow))) / 2))
    isOut = nowOut
  }
  if (isOut === true && addFinalScene && outRow > 0) cuts.push(outRow)
  return cuts
}
