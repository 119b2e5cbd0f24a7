// The scaling model: throughput foretold by simulating the scheduler on a recorded trace, held against what is measured, on other
// numbers of workers and under CPU quotas.
// @ts-check
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withCpuQuota } from '../limited.mjs'
import { timeCommand } from '../measure.mjs'
import { figure, verify } from '../result.mjs'
import { median } from '../statistics.mjs'

const child = fileURLToPath(new URL('../child/model.mjs', import.meta.url))
/** CPU quotas, and the workers that framemill would have under each. */
const quotas = [
  { cpus: 0.5, workers: 1 },
  { cpus: 1, workers: 1 },
  { cpus: 1.5, workers: 2 },
]

/** @type {import('../scenario-list.mjs').Scenario} */
export const modelScenario = { name: 'model', run: measureModel }

/**
 * @typedef {object} Told what bench/child/model.mjs prints
 * @property {number[]} rates frames per second of each round
 * @property {{ workers: number, cpus: number, throughput: number }[]} predictions
 */

/** @param {import('../scenario-list.mjs').Context} context */
async function measureModel({ media, quick, say }) {
  const files = quick ? [await media.long()] : [await media.long(), await media.ofKind('h264-no-b-frames')]
  const turns = quick ? 1 : 3
  const hosts = [{ workers: 1, cpus: 1 }, { workers: 2, cpus: 2 }, ...quotas]
  /** @type {import('../result.mjs').Figure[]} */
  const figures = []
  for (const file of files) {
    const command = (/** @type {number} */ workers) => ({
      program: process.execPath,
      args: [child, JSON.stringify({ file, workers, rounds: 2, seconds: quick ? 1 : 30, hosts })],
    })
    /** Errors of each turn, in which everything is measured anew: the machine drifts. @type {Map<string, number[]>} */
    const errors = new Map()
    for (let turn = 0; turn < turns; turn++) {
      const one = await run(command(1))
      const two = await run(command(2))
      /** @param {string} what @param {Told} told @param {{ workers: number, cpus: number }} host @param {Told} measured */
      const hold = (what, told, { workers, cpus }, measured) => {
        const predicted = told.predictions.find((other) => other.workers === workers && other.cpus === cpus)?.throughput
        verify(predicted !== undefined && predicted > 0, `${what} is foretold`)
        say(`${basename(file)}: ${what}: foretold ${predicted.toFixed(1)}, measured ${median(measured.rates).toFixed(1)} frames/s`)
        errors.set(what, [...(errors.get(what) ?? []), Math.abs(predicted / median(measured.rates) - 1) * 100])
      }
      hold('2 workers from a trace of 1', one, { workers: 2, cpus: 2 }, two)
      hold('1 worker from a trace of 2', two, { workers: 1, cpus: 1 }, one)
      hold('2 workers from their own trace', two, { workers: 2, cpus: 2 }, two)
      for (const quota of quotas) {
        const limited = await withCpuQuota(quota.cpus, (wrap) => run(wrap(command(quota.workers))))
        if (limited === null) say('no CPU quota can be set here: that part is left out')
        else hold(`${quota.workers} workers under a CPU quota of ${quota.cpus} from a trace of 1 without`, one, quota, limited)
      }
    }
    for (const [what, values] of errors) figures.push(figure(`${basename(file)}: ${what}, error`, '%', values, { atMost: 10 }))
  }
  return {
    scenario: 'model',
    title: 'Model: throughput foretold and measured',
    subject: `${files.map((file) => basename(file)).join(' and ')}; decoder runs timed three times, the scheduler simulated with the plan that the other host would make; ${turns} turns of tracing and measuring`,
    checks: ['no prediction knows anything of the measurement it is held against, but for those from their own trace'],
    figures,
  }
}

/** @param {import('../measure.mjs').Command} command @returns {Promise<Told>} */
async function run(command) {
  const { output } = await timeCommand(command, { pinned: false })
  return JSON.parse(output)
}
