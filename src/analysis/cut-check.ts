// Owns what a change must be to be a cut: it lasts, and it is one step. Flashes do not last; fast motion, a dissolve, and the hue of pictures
// that have hardly any, change much from one frame to the next, but what lies where goes on changing before and after.
import { isMissing, layoutDistance } from './layout.js'
import type { PictureSeries } from './series.js'

/** A change is taken back when no more than this share of it remains. */
const mostRemaining = 0.35
/** What a cut changes at the least of what the layout changes over this many frames on either side too. */
const leastOfChange = 0.7
const around = 3
/** Where a frame between the two scenes is a mixture of both, as when frame rates were converted: of both steps, and of the larger one. */
const leastOfTwoSteps = 0.9
const leastOfLargerStep = 0.45

/**
 * The cuts around which the picture does not become what it was before.
 * @param cuts rows, ascending
 * @param isWithin whether the second of two rows follows the first within the longest flash
 */
export function withoutFlashes(
  pictures: PictureSeries,
  cuts: readonly number[],
  isWithin: (first: number, row: number) => boolean,
): number[] {
  return cuts.filter((cut) => {
    if (isUnknown(pictures, cut)) return true
    const most = mostRemaining * layoutDistance(pictures, cut - 1, cut)
    // The flash is from `first` to before `after`, and the cut within it or at either end.
    for (let first = cut; first > 0 && isWithin(first, cut); first--)
      for (let after = Math.max(cut, first + 1); after < pictures.count && isWithin(first, after); after++)
        if (!isMissing(pictures, first - 1) && !isMissing(pictures, after) && layoutDistance(pictures, first - 1, after) <= most)
          return false
    return true
  })
}

/** The cuts whose step, or two steps with a mixed frame between them, is most of what changes around them. */
export function singleSteps(pictures: PictureSeries, cuts: readonly number[]): number[] {
  return cuts.filter((cut) => {
    if (isUnknown(pictures, cut)) return true
    const before = nearest(pictures, cut - 1 - around, cut - 1)
    const after = nearest(pictures, cut + around, cut)
    const change = layoutDistance(pictures, before, after)
    const step = layoutDistance(pictures, cut - 1, cut)
    if (step >= leastOfChange * change) return true
    const twoSteps = Math.max(changeBetween(pictures, cut - 1, cut + 1), changeBetween(pictures, cut - 2, cut))
    return step >= leastOfLargerStep * change && twoSteps >= leastOfTwoSteps * change
  })
}

function changeBetween(pictures: PictureSeries, a: number, b: number): number {
  return isMissing(pictures, a) || isMissing(pictures, b) ? 0 : layoutDistance(pictures, a, b)
}

function isUnknown(pictures: PictureSeries, cut: number): boolean {
  return isMissing(pictures, cut - 1) || isMissing(pictures, cut)
}

/** The first row that is there on the way from one to another, which is. */
function nearest(pictures: PictureSeries, from: number, to: number): number {
  let row = from
  while (row !== to && isMissing(pictures, row)) row += Math.sign(to - from)
  return row
}
