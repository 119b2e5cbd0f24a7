// Owns timed runs of the comparison: a limit for those that hang, the peak of memory, and figures of two sides.
// @ts-check
import { timeCommand } from '../measure.mjs'
import { figure } from '../result.mjs'
import { pairRatios } from '../statistics.mjs'
import { mostSeconds } from './likeness.mjs'
import { descendants, watchPeak } from './peak.mjs'

/** @typedef {import('../result.mjs').Figure} Figure */

/**
 * @typedef {object} Sides ours, theirs, and ours divided by theirs of the same pair
 * @property {Figure} ours
 * @property {Figure} theirs
 * @property {Figure} ratio
 *
 * @typedef {import('../measure.mjs').Timed & { peakBytes: number | null, firstSeconds?: number | null }} Measured
 */

/** A run, and the most memory that was in use at once. @param {import('../measure.mjs').Command} command @param {number} [seconds] @returns {Promise<Measured>} */
export async function timed(command, seconds) {
  let stop = () => /** @type {number | null} */ (null)
  const run = await limited(command, seconds, (pid) => (stop = watchPeak(pid))).finally(() => (stop = hold(stop())))
  return { ...run, peakBytes: stop() }
}

/** One that hangs is stopped, and has failed. @param {import('../measure.mjs').Command} command @param {number} [seconds] @param {(pid: number) => void} [onStart] */
export async function limited(command, seconds = mostSeconds, onStart = () => undefined) {
  /** @type {NodeJS.Timeout | undefined} */
  let limit
  return timeCommand(command, {
    onStart: (pid) => {
      onStart(pid)
      limit = setTimeout(() => descendants(pid).forEach((child) => process.kill(child, 'SIGKILL')), seconds * 1000)
    },
  }).finally(() => clearTimeout(limit))
}

/** @template Value @param {Value} value */
function hold(value) {
  return () => value
}

/**
 * @param {string} name @param {string} unit @param {{ ours: Measured[], theirs: Measured[] }} runs @param {(run: Measured) => number} value
 * @returns {Sides | null} null where somebody did not tell, or ran too short a time for it
 */
export function sides(name, unit, runs, value) {
  const [ours, theirs] = [runs.ours.map(value), runs.theirs.map(value)]
  if (![...ours, ...theirs].every((value) => Number.isFinite(value) && value > 0)) return null
  return { ours: figure(name, unit, ours), theirs: figure(name, unit, theirs), ratio: figure(name, '×', pairRatios(ours, theirs)) }
}
