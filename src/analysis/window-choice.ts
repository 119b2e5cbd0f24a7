// Owns which windows are chosen: the best first, none over another, each around what makes it good, and its ends where they cut nothing.
import type { TimeRange } from '../options/time-range.js'

/** Seconds between the starts of windows that are tried. */
export const windowStep = 0.1

/** How much of the best score a neighbour keeps to be as good: within this, where a window lies around its moment is a matter of taste. */
const asGood = 0.98

export interface WindowGrid {
  /** Seconds: where window 0 begins. */
  readonly start: number
  /** Seconds: no window goes beyond. */
  readonly end: number
  /** Seconds of a window; those that begin too late for it are shorter. */
  readonly duration: number
  /** Of window i, which begins at start + i * {@link windowStep}. */
  readonly scores: Float64Array
}

/** Starts of windows: every step, as long as at least a second of the window is left, and at least one. */
export function windowCount(start: number, end: number, duration: number): number {
  const least = Math.min(1, duration)
  return Math.max(1, Math.floor((end - start - least) / windowStep + 1e-6) + 1)
}

export function windowAt({ start, end, duration }: WindowGrid, i: number): TimeRange {
  const from = start + i * windowStep
  return { start: from, end: Math.min(end, from + duration) }
}

/**
 * The best windows that do not overlap, at most `top`, in order of their score on the grid. Of equal ones the earliest is first.
 * @param settle moves the ends of a window that was chosen; what it gives must stay within `room`
 */
export function chooseWindows(grid: WindowGrid, top: number, settle: (window: TimeRange, room: TimeRange) => TimeRange): TimeRange[] {
  const { scores } = grid
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
  const chosen: TimeRange[] = []
  for (const i of order) {
    if (chosen.length === top) break
    const window = windowAt(grid, i)
    const room = roomAround(window, chosen, grid)
    if (room === null) continue
    chosen.push(settle(windowAt(grid, centred(grid, i, room)), room))
  }
  return chosen
}

/** The free time that the window lies in; null when it overlaps a chosen one. */
function roomAround({ start, end }: TimeRange, chosen: readonly TimeRange[], grid: WindowGrid): TimeRange | null {
  const room = { start: grid.start, end: grid.end }
  for (const other of chosen) {
    // A millionth: windows may touch.
    if (other.start < end - 1e-6 && other.end > start + 1e-6) return null
    if (other.end <= start + 1e-6) room.start = Math.max(room.start, other.end)
    else room.end = Math.min(room.end, other.start)
  }
  return room
}

/**
 * The middle one of the neighbours that are about as good as window i: where a moment is shorter than the window, windows that hold it
 * early and late score alike. Where nothing limits them, or they never get worse, there is no moment to be in the middle of.
 */
function centred(grid: WindowGrid, i: number, room: TimeRange): number {
  const { scores, duration } = grid
  const best = scores[i] ?? 0
  const reach = Math.round(duration / windowStep)
  const isAsGood = (k: number): boolean => (scores[k] ?? -Infinity) >= best - (1 - asGood) * Math.abs(best)
  const fits = (k: number): boolean => {
    const window = windowAt(grid, k)
    return window.start >= room.start - 1e-6 && window.end <= room.end + 1e-6 && window.end - window.start >= duration - 1e-6
  }
  if (!fits(i)) return i
  let [first, last] = [i, i]
  while (i - first < reach && fits(first - 1) && isAsGood(first - 1)) first--
  while (last - i < reach && fits(last + 1) && isAsGood(last + 1)) last++
  const falls = [first - 1, last + 1].filter((k) => fits(k) && !isAsGood(k)).length
  return falls === 0 || last - first >= reach ? i : Math.floor((first + last) / 2)
}
