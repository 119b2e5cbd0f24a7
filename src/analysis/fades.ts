// Owns finding fades: the picture loses its contrast step by step, is of one colour for a while, and another gains its contrast step by step.
import { isMissing } from './layout.js'
import type { PictureSeries } from './series.js'

/** Rows of frames: the first that is mixed, the middle, and the first after it that is not mixed. */
export interface Span {
  readonly first: number
  readonly middle: number
  readonly last: number
}

/** Standard deviation of luma up to which a picture is of one colour. */
const flatContrast = 5
/** And where so much of it is black, or white: the rest may be a station's sign or a line of text. */
const markedContrast = 12
const markedShare = 0.95
/** Contrast has to rise by this share over {@link stride} rows to be still on its way. */
const leastRise = 0.03
const stride = 3
/** Rows between the picture of one colour and the one with its full contrast: fewer is a cut. */
const leastSteps = 2
/** Of the full contrast: a step is below this. */
const stepShare = 0.85

export interface Fade extends Span {
  /** There are a fade-out and a fade-in; otherwise, a cut or the end of the pictures on one side. */
  readonly isWhole: boolean
}

/** Fades, ascending; among them those of one side only, which begin no scene. */
export function findFades(pictures: PictureSeries): Fade[] {
  const { contrast, count } = pictures
  const fades: Fade[] = []
  let row = 0
  while (row < count) {
    if (!isFlat(pictures, row)) {
      row++
      continue
    }
    const from = row
    while (row < count && (isFlat(pictures, row) || isMissing(pictures, row))) row++
    const before = rise(contrast, from - 1, -1)
    const after = rise(contrast, row, 1)
    if (before === null && after === null) continue
    const isWhole = before !== null && after !== null
    fades.push({ first: before ?? from, middle: Math.floor((from + row) / 2), last: after ?? row, isWhole })
  }
  return fades
}

/** Of one colour, or nearly. */
export function isFlat({ contrast, black, white }: PictureSeries, row: number): boolean {
  const own = contrast[row] ?? NaN
  return own <= flatContrast || (own <= markedContrast && Math.max(black[row] ?? 0, white[row] ?? 0) >= markedShare)
}

/** The row where contrast has stopped rising, from `start` on in this direction; null when it is there at once, or there are no rows. */
function rise(contrast: Float32Array, start: number, direction: 1 | -1): number | null {
  const at = (row: number): number => contrast[row] ?? NaN
  let row = start
  while (at(row + stride * direction) > at(row) * (1 + leastRise)) row += direction
  const top = Math.max(at(row), at(row + direction) || 0, at(row + 2 * direction) || 0)
  let steps = 0
  for (let step = start; step !== row + direction && at(step) < stepShare * top; step += direction) steps++
  return steps < leastSteps ? null : row
}
