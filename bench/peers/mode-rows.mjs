// Owns rows of peers that are measured beside one of several modes of framemill.
// @ts-check
import { OtherFrames } from './likeness.mjs'
import { sides } from './timing.mjs'

/** @typedef {import('./rows.mjs').Row} Row */
/** @typedef {import('./timing.mjs').Measured} Measured */

/** What goes wrong with a peer here is told, and fails no run. @param {{ peer: string, name: string }} side @param {string} against @returns {Row} */
export function modeRow({ peer, name }, against) {
  return {
    ...{ peer, variant: name, against, role: /** @type {const} */ ('only'), status: /** @type {const} */ ('failed'), reason: null },
    ...{ fails: false, notes: [], likeness: null, command: null, figures: null },
  }
}

/** @param {{ peer: string, name: string, error: Error }} side @param {string} against @returns {Row} */
export function failedRow(side, against) {
  const isOther = side.error instanceof OtherFrames
  return { ...modeRow(side, against), status: isOther ? 'other frames' : 'failed', reason: side.error.message }
}

/**
 * Of the rounds that both sides have run; null where there is no time.
 * @param {readonly Measured[]} own @param {readonly Measured[]} other @returns {Row['figures']}
 */
export function measuredFigures(own, other) {
  const count = Math.min(other.length, own.length)
  const runs = { ours: own.slice(0, count), theirs: other.slice(0, count) }
  const wall = sides('wall time', 's', runs, ({ wallSeconds }) => wallSeconds)
  const cpu = sides('CPU time', 's', runs, ({ cpuSeconds }) => cpuSeconds)
  const memory = sides('peak of resident memory', 'MB', runs, ({ peakBytes }) => (peakBytes === null ? NaN : peakBytes / 1e6))
  return wall === null || cpu === null ? null : { wall, cpu, memory, first: null }
}
