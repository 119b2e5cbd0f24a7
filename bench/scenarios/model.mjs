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
const quotas = [0.5, 1, 1.5]

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
  const rounds = quick ? 2 : 7
  /** @type {import('../result.mjs').Figure[]} */
  const figures = []
  const checks = []
  for (const file of files) {
    const hosts = [{ workers: 1, cpus: 1 }, { workers: 2, cpus: 2 }, ...quotas.map((cpus) => ({ workers: 2, cpus }))]
    const command = (/** @type {number} */ workers) => ({
      program: process.execPath,
      args: [child, JSON.stringify({ file, workers, rounds, seconds: quick ? 1 : 30, hosts })],
    })
    const one = await run(command(1))
    const two = await run(command(2))
    /** @param {string} what @param {number | undefined} predicted @param {readonly number[]} measured */
    const hold = (what, predicted, measured) => {
      verify(predicted !== undefined && predicted > 0, `${what} is foretold`)
      checks.push(`${basename(file)}: ${what}: foretold ${predicted.toFixed(1)}, measured ${median(measured).toFixed(1)} frames/s`)
      const error = Math.abs(predicted / median(measured) - 1) * 100
      figures.push(figure(`${basename(file)}: ${what}, error`, '%', [error], { atMost: 10 }))
    }
    const foretold = (/** @type {Told} */ told, /** @type {number} */ workers, /** @type {number} */ cpus) =>
      told.predictions.find((host) => host.workers === workers && host.cpus === cpus)?.throughput
    hold('2 workers from a trace of 1', foretold(one, 2, 2), two.rates)
    hold('1 worker from a trace of 2', foretold(two, 1, 1), one.rates)
    hold('2 workers from their own trace', foretold(two, 2, 2), two.rates)
    for (const cpus of quotas) {
      const limited = await withCpuQuota(cpus, (wrap) => run(wrap(command(2))))
      if (limited === null) say('no CPU quota can be set here: that part is left out')
      else hold(`2 workers with a CPU quota of ${cpus}, from the trace of 1`, foretold(one, 2, cpus), limited.rates)
    }
  }
  return {
    scenario: 'model',
    title: 'Model: throughput foretold and measured',
    subject: `${files.map((file) => basename(file)).join(' and ')}; each decoder run timed once, the scheduler simulated with the plan that the other host would make; median of ${rounds} rounds measured`,
    checks: ['no prediction knows anything of the measurement it is held against', ...checks],
    figures,
  }
}

/** @param {import('../measure.mjs').Command} command @returns {Promise<Told>} */
async function run(command) {
  const { output } = await timeCommand(command, { pinned: false })
  return JSON.parse(output)
}
