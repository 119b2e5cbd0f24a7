// Owns the marks of an axis: round numbers and round times, as many as there is room for. Known to the page's own script too.
import { clockTime } from './times.js'

const timeSteps = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400,
]

/** Seconds between marks of which at most `most` fall into the span. */
export function timeStep(spanSeconds: number, most: number): number {
  const longest = 14400
  return timeSteps.find((step) => spanSeconds / step <= most) ?? longest * Math.ceil(spanSeconds / longest / most)
}

/** Multiples of `step` from `from` to `to`, ends included. */
export function multiples(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step - roundingSlack)
  const last = Math.floor(to / step + roundingSlack)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step)
}

/** `1:30`, with the decimals that tell marks so far apart from each other. */
export function timeMark(seconds: number, step: number): string {
  return clockTime(seconds, Math.max(0, Math.ceil(-Math.log10(step) - roundingSlack)))
}

/** The next of 1, 2, 5, 10, 20, ... times a power of ten that is not below `value`, which is above 0. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const digit = [1, 2, 5, 10].find((each) => each * power >= value * (1 - roundingSlack)) ?? 10
  return digit * power
}

// Of a multiple that the division missed by its last bit.
const roundingSlack = 1e-9
