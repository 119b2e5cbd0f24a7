// Owns a run of scenarios: one after the other, each in a process of its own. One that goes wrong has no result: nothing of it can be
// shown or stored.
// @ts-check
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const child = fileURLToPath(new URL('child/scenario.mjs', import.meta.url))

/**
 * @typedef {object} Turn
 * @property {string} name
 * @property {boolean} quick
 * @property {number} pairs
 * @property {string | null} file
 * @property {string} media folder of the clips
 *
 * @typedef {import('./result.mjs').Result | import('./result.mjs').Skipped} Ended
 * @typedef {{ result: Ended } | { error: string }} Outcome
 */

/**
 * Runs one scenario in a process of its own; rejects when its proof fails, it throws, or its process dies.
 * @param {Turn} turn
 * @returns {Promise<Ended>}
 */
export function runApart(turn) {
  // A group of its own lets the child end what it has started when this process goes, whatever ends it.
  const forked = fork(child, [JSON.stringify(turn)], { execArgv: ['--expose-gc'], detached: true })
  return new Promise((resolve, reject) => {
    /** @type {Outcome | undefined} */
    let outcome
    forked.on('message', (/** @type {Outcome} */ told) => (outcome = told))
    forked.on('error', reject)
    forked.on('close', (code, signal) => {
      outcome ??= { error: `its process ended with ${signal ?? `exit code ${code}`} and without a result` }
      if ('result' in outcome) resolve(outcome.result)
      else reject(new Error(outcome.error))
    })
  })
}

/**
 * Runs scenarios in turn; `keep` gets each result that was proven.
 * @param {readonly string[]} names
 * @param {(name: string) => Promise<Ended>} run
 * @param {(result: import('./result.mjs').Result) => void} keep
 * @param {(line: string) => void} say
 * @returns {Promise<number>} how many went wrong
 */
export async function takeTurns(names, run, keep, say) {
  let failed = 0
  for (const name of names) {
    const started = performance.now()
    try {
      const result = await run(name)
      if ('skipped' in result) say(`${name}: left out, ${result.skipped}`)
      else keep(result)
    } catch (error) {
      failed++
      say(`${name}: went wrong, no figures: ${error instanceof Error ? error.message : String(error)}`)
    }
    say(`${name}: took ${((performance.now() - started) / 1000).toFixed(0)} s`)
  }
  return failed
}
