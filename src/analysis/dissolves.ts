// Owns finding dissolves: while one picture is mixed into another, every part of the picture goes its own straight way from what it was to
// what it will be, all of them at the same time.
import { isFlat, type Span } from './fades.js'
import { isMissing, layoutDistance } from './layout.js'
import { layoutBytes, type PictureSeries } from './series.js'

/** Seconds that a dissolve may take: each is tried. */
const durations = [0.28, 0.4, 0.56, 0.8, 1.12, 1.6, 2.2, 3]
/** Rows that a dissolve has at the least. */
const leastRows = 4
/** Seconds before and after it in which the picture is to stay as it is. */
const rest = 0.2
const leastRest = 2
/** Share of all change that the straight way explains. */
const leastExplained = 0.6
/** Root mean square of what the parts of the layout change by, 0 to 255. */
const leastChange = 18
/** Mean absolute difference of the layouts of both ends, below which the change is not worth being fitted. */
const leastDistance = leastChange / 4
/** Mean way of the camera from frame to frame, as a share of the picture's width: a faster one shows other pictures too. */
const mostPan = 0.025
/** Of the variance of both sides, the middle has no more than this share. */
const mostDip = 0.7
/** Of the whole change, what one step may take: more is a cut, or a flash beside it. */
const mostInOneStep = 0.35
/** Rows that are summed up at once. */
const chunkRows = 4096

interface Candidate extends Span {
  readonly merit: number
}

/** Dissolves among the rows from `from` to before `to`, ascending. */
export function findDissolves(pictures: PictureSeries, from: number, to: number): Span[] {
  const found: Candidate[] = []
  for (const run of presentRuns(pictures, from, to)) {
    const rowsPerSecond = rateOf(pictures, run.from, run.to)
    const longest = Math.ceil((Math.max(...durations) + 2 * rest) * rowsPerSecond) + 2 * leastRest
    for (let start = run.from; start < run.to; start += chunkRows)
      found.push(...candidatesIn(pictures, start, Math.min(run.to, start + chunkRows + longest), rowsPerSecond))
  }
  const kept: Candidate[] = []
  for (const one of found.sort((a, b) => b.merit - a.merit))
    if (kept.every(({ first, last }) => one.first >= last || one.last <= first)) kept.push(one)
  return kept.sort((a, b) => a.first - b.first).map(({ first, middle, last }) => ({ first, middle, last }))
}

/** Runs without missing rows. */
function presentRuns(pictures: PictureSeries, from: number, to: number): { readonly from: number; readonly to: number }[] {
  const runs: { readonly from: number; readonly to: number }[] = []
  let start = from
  for (let row = from; row <= to; row++) {
    if (row < to && !isMissing(pictures, row)) continue
    if (row - start > leastRows + 2 * leastRest) runs.push({ from: start, to: row })
    start = row + 1
  }
  return runs
}

function rateOf({ timestamp }: PictureSeries, from: number, to: number): number {
  const seconds = (timestamp[to - 1] ?? 0) - (timestamp[from] ?? 0)
  return seconds > 0 ? (to - from - 1) / seconds : 0
}

function candidatesIn(pictures: PictureSeries, from: number, to: number, rowsPerSecond: number): Candidate[] {
  const sums = new LayoutSums(pictures, from, to)
  const found: Candidate[] = []
  for (const seconds of durations) {
    const rows = Math.round(seconds * rowsPerSecond)
    if (rows < leastRows) continue
    const around = Math.max(leastRest, Math.round(rest * rowsPerSecond))
    for (let first = from + leastRest; first + rows <= to - leastRest; first++) {
      const last = first + rows
      const before = Math.min(around, first - from)
      const after = Math.min(around, to - last)
      const whole = layoutDistance(pictures, first - 1, last)
      if (whole < leastDistance) continue
      const { change, explained } = sums.ramp(first - from, rows, before, after)
      if (change < leastChange || explained < leastExplained) continue
      // Those are fades.
      if (isFlat(pictures, first - 1) || isFlat(pictures, last)) continue
      if (largestStep(pictures, first - 1, last) > mostInOneStep * whole) continue
      if (panOf(pictures, first, last) > mostPan) continue
      const dip = dipOf(pictures, first, last, before, after)
      if (dip > mostDip) continue
      found.push({ first, middle: Math.floor((first + last) / 2), last, merit: explained * (1 - dip) })
    }
  }
  return found
}

function panOf({ panX, panY }: PictureSeries, from: number, to: number): number {
  return Math.hypot(meanOf(panX, from, to), meanOf(panY, from, to))
}

function largestStep(pictures: PictureSeries, from: number, to: number): number {
  let largest = 0
  for (let row = from + 1; row <= to; row++) largest = Math.max(largest, layoutDistance(pictures, row - 1, row))
  return largest
}

/**
 * What two unrelated pictures lose when they lie on top of each other: the variance of the mixture is that of each times the square of its
 * share, in the middle half of what a straight way would have. Mean of the variance of luma and that of its Laplacian (fine detail), in the
 * middle third, as shares of the mean of both sides.
 */
function dipOf({ sharpness, contrast }: PictureSeries, first: number, last: number, before: number, after: number): number {
  const third = (last - first) / 3
  const [from, to] = [Math.round(first + third), Math.round(last - third)]
  const share = (mean: (from: number, to: number) => number): number =>
    mean(from, to) / ((mean(first - before, first) + mean(last, last + after)) / 2)
  return (share((a, b) => meanOf(sharpness, a, b)) + share((a, b) => meanSquare(contrast, a, b))) / 2
}

function meanSquare(values: Float32Array, from: number, to: number): number {
  let sum = 0
  for (let at = from; at < to; at++) sum += (values[at] ?? 0) ** 2
  return sum / (to - from)
}

function meanOf(values: Float32Array, from: number, to: number): number {
  let sum = 0
  for (let at = from; at < to; at++) sum += values[at] ?? 0
  return sum / (to - from)
}

/** Running sums of layouts, from which the fit of any window follows without looking at its rows. */
class LayoutSums {
  /** Sum of the rows before this one, and of the rows times their number, for each part of the layout. */
  readonly #sum: Float64Array
  readonly #weighted: Float64Array
  /** Sum of the squares of all parts. */
  readonly #squares: Float64Array

  constructor({ layout }: PictureSeries, from: number, to: number) {
    const rows = to - from
    this.#sum = new Float64Array((rows + 1) * layoutBytes)
    this.#weighted = new Float64Array((rows + 1) * layoutBytes)
    this.#squares = new Float64Array(rows + 1)
    for (let row = 0; row < rows; row++) {
      let squares = this.#squares[row] ?? 0
      for (let part = 0; part < layoutBytes; part++) {
        const value = layout[(from + row) * layoutBytes + part] ?? 0
        const at = row * layoutBytes + part
        this.#sum[at + layoutBytes] = (this.#sum[at] ?? 0) + value
        this.#weighted[at + layoutBytes] = (this.#weighted[at] ?? 0) + row * value
        squares += value * value
      }
      this.#squares[row + 1] = squares
    }
  }

  /**
   * Least squares of every part against a ramp: 0 for `before` rows, then rising to 1 over `rows`, then 1 for `after` rows.
   * @returns the root mean square of what the parts change by, and the share of their variance that the ramp explains
   */
  ramp(first: number, rows: number, before: number, after: number): { readonly change: number; readonly explained: number } {
    const [begin, last, end] = [first - before, first + rows, first + rows + after]
    const count = end - begin
    const rampSum = rows / 2 + after
    // Sum of ((k + 1/2) / rows)^2 for k from 0 to rows - 1, and of the ones after.
    const rampSquares = rows / 3 - 1 / (12 * rows) + after
    const rampVariance = rampSquares - (rampSum * rampSum) / count
    let explained = 0
    let means = 0
    for (let part = 0; part < layoutBytes; part++) {
      const at = (row: number): number => row * layoutBytes + part
      const all = (this.#sum[at(end)] ?? 0) - (this.#sum[at(begin)] ?? 0)
      const inside = (this.#sum[at(last)] ?? 0) - (this.#sum[at(first)] ?? 0)
      const insideWeighted = (this.#weighted[at(last)] ?? 0) - (this.#weighted[at(first)] ?? 0)
      const onRamp = (insideWeighted - (first - 0.5) * inside) / rows + (this.#sum[at(end)] ?? 0) - (this.#sum[at(last)] ?? 0)
      const covariance = onRamp - (rampSum * all) / count
      explained += (covariance * covariance) / rampVariance
      means += (all * all) / count
    }
    const variance = (this.#squares[end] ?? 0) - (this.#squares[begin] ?? 0) - means
    return { change: Math.sqrt(explained / rampVariance / layoutBytes), explained: variance > 0 ? explained / variance : 0 }
  }
}
