// Owns what a scenario hands over: figures with their targets, and the facts a reader needs to judge them.
// @ts-check
import { median, medianDeviation, quantile } from './statistics.mjs'

/**
 * @typedef {object} Figure
 * @property {string} name
 * @property {string} unit
 * @property {number} count
 * @property {number} median
 * @property {number} min
 * @property {number} max
 * @property {number} p95
 * @property {number} deviation median distance from the median
 * @property {'median' | 'max'} judged
 * @property {number | null} atMost null: told, not judged
 * @property {boolean | null} reached
 * @property {number[]} [samples] left out when there are many
 *
 * @typedef {object} Rival
 * @property {string} name
 * @property {string} command
 * @property {number} wallSeconds
 * @property {boolean} chosen
 *
 * @typedef {object} Result
 * @property {string} scenario
 * @property {string} title
 * @property {string} subject what was measured on what
 * @property {string[]} checks what was proven before the clock counted
 * @property {Figure[]} figures
 * @property {Rival[]} [rivals] ways to call ffmpeg that were tried first
 * @property {string} [tuning] what the rivals were tried on
 *
 * @typedef {object} Skipped
 * @property {string} scenario
 * @property {string} skipped why
 *
 * @typedef {Result & {measuredAt: string, quick: boolean, command: string, machine: import('./machine.mjs').Machine}} StampedResult
 */

const mostSamplesKept = 50

/**
 * @param {string} name
 * @param {string} unit
 * @param {readonly number[]} samples
 * @param {{ atMost?: number, judged?: 'median' | 'max' }} [target]
 * @returns {Figure}
 */
export function figure(name, unit, samples, { atMost, judged = 'median' } = {}) {
  const finite = samples.filter(Number.isFinite)
  if (finite.length === 0 || finite.length < samples.length)
    throw new RangeError(`Expected finite samples of "${name}" but received ${samples.join(', ') || 'none'}`)
  const values = { median: median(samples), min: Math.min(...samples), max: Math.max(...samples), p95: quantile(samples, 0.95) }
  return {
    name,
    unit,
    count: samples.length,
    ...values,
    deviation: medianDeviation(samples),
    judged,
    atMost: atMost ?? null,
    reached: atMost === undefined ? null : values[judged] <= atMost,
    ...(samples.length <= mostSamplesKept ? { samples: [...samples] } : {}),
  }
}

/** @param {unknown} condition @param {string} claim @returns {asserts condition} */
export function verify(condition, claim) {
  if (!condition) throw new Error(`Not so: ${claim}`)
}
