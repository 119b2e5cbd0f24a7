// Owns finding what is between two scenes that do not follow each other by a cut: fades and dissolves.
import { findDissolves } from './dissolves.js'
import { findFades, type Span } from './fades.js'
import type { PictureSeries } from './series.js'

export interface Transition extends Span {
  readonly kind: 'fade' | 'dissolve'
}

/**
 * Fades, and dissolves between cuts and fades, ascending.
 * @param cuts rows, ascending
 */
export function findTransitions(pictures: PictureSeries, cuts: readonly number[]): Transition[] {
  const fades = findFades(pictures)
  const breaks = [...cuts.map((cut) => ({ from: cut, to: cut })), ...fades.map(({ first, last }) => ({ from: first, to: last }))].sort(
    (a, b) => a.from - b.from,
  )
  const dissolves: Span[] = []
  let from = 0
  for (const { from: end, to } of [...breaks, { from: pictures.count, to: pictures.count }]) {
    dissolves.push(...findDissolves(pictures, from, end))
    from = Math.max(from, to)
  }
  return [
    ...fades.filter(({ isWhole }) => isWhole).map(({ first, middle, last }): Transition => ({ first, middle, last, kind: 'fade' })),
    ...dissolves.map((span): Transition => ({ ...span, kind: 'dissolve' })),
  ].sort((a, b) => a.first - b.first)
}
