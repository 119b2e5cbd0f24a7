// Owns the shortest scene: PySceneDetect's FlashFilter, which drops cuts that follow each other too closely.
import type { FilterMode } from '../options/scenes.js'

/**
 * What remains of the cuts when scenes are to be long enough.
 * @param cuts rows, ascending
 * @param isApart whether the second of two rows is at least the shortest scene after the first
 * @param last the last row
 */
export function filterCuts(
  cuts: readonly number[],
  mode: FilterMode,
  isApart: (before: number, after: number) => boolean,
  last: number,
): number[] {
  return mode === 'suppress' ? suppressed(cuts, isApart) : mergedCuts(cuts, isApart, last)
}

/** A cut stands when it is far enough from the one kept before, or from the beginning. */
function suppressed(cuts: readonly number[], isApart: (before: number, after: number) => boolean): number[] {
  const kept: number[] = []
  for (const cut of cuts) if (isApart(kept.at(-1) ?? 0, cut)) kept.push(cut)
  return kept
}

/**
 * Of cuts that follow each other closely, the first and the last stand, the latter once nothing has changed for as long as the shortest
 * scene, and if it is that far from where the merging began. Cuts close to the beginning, before any that stands, are dropped.
 */
function mergedCuts(cuts: readonly number[], isApart: (before: number, after: number) => boolean, last: number): number[] {
  const kept: number[] = []
  let previous = 0
  let mergedFrom: number | null = null
  for (const cut of cuts) {
    // Rows between two cuts are below the threshold: the first of them that is far enough ends the merging.
    if (mergedFrom !== null && isApart(previous, cut - 1) && isApart(mergedFrom, previous)) {
      kept.push(previous)
      mergedFrom = null
    }
    if (mergedFrom === null) {
      if (isApart(previous, cut)) kept.push(cut)
      else if (kept.length > 0) mergedFrom = cut
    }
    previous = cut
  }
  if (mergedFrom !== null && isApart(previous, last) && isApart(mergedFrom, previous)) kept.push(previous)
  return kept
}
