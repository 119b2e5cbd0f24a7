// Owns telling flashes from cuts: after a flash, the picture is what it was before.
import { isMissing, layoutDistance } from './layout.js'
import type { PictureSeries } from './series.js'

/** A change is taken back when no more than this share of it remains. */
const mostRemaining = 0.35

/**
 * The cuts that are neither the beginning nor the end of a flash.
 * @param cuts rows, ascending
 * @param isWithin whether the second of two rows follows the first within the longest flash
 */
export function withoutFlashes(pictures: PictureSeries, cuts: readonly number[], isWithin: (first: number, row: number) => boolean): number[] {
  return cuts.filter((cut) => {
    const before = cut - 1
    if (isMissing(pictures, before) || isMissing(pictures, cut)) return true
    const change = layoutDistance(pictures, before, cut)
    const isTakenBack = (a: number, b: number): boolean => !isMissing(pictures, a) && !isMissing(pictures, b) && layoutDistance(pictures, a, b) <= mostRemaining * change
    for (let after = cut + 1; after < pictures.count && isWithin(cut, after); after++) if (isTakenBack(before, after)) return false
    for (let first = before; first > 0 && isWithin(first, cut); first--) if (isTakenBack(first - 1, cut)) return false
    return true
  })
}
