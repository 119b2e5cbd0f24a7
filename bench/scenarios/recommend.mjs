// The recommendation: asked several times for several clips, in the quick way, which knows less, and held against the best of all configurations, measured longer.
// @ts-check
import { basename } from 'node:path'
import { configurationName, configurationsWithin } from '../../dist/tune/configuration.js'
import { Field, proveEqual } from '../../dist/tune/field.js'
import { readHostLimits } from '../../dist/tune/host-limits.js'
import { sweep } from '../../dist/tune/sweep.js'
import { latencyWork, throughputWork } from '../../dist/tune/work.js'
import { benchCommand, recommendation } from '../recommendations.mjs'
import { figure, verify } from '../result.mjs'
import { median } from '../statistics.mjs'

const goals = /** @type {const} */ (['throughput', 'latency'])

/** @type {import('../scenario-list.mjs').Scenario} */
export const recommendScenario = { name: 'recommend', run: measureRecommendations }

/** @typedef {{ workers: number, codecThreads: number }} Configuration */

/** @param {import('../scenario-list.mjs').Context} context */
async function measureRecommendations({ media, quick, say }) {
  const files = [await media.long()]
  for (const kind of /** @type {const} */ (['h264-no-b-frames', 'vp9', 'hevc'])) {
    if (!quick && (await media.lacks(kind)) === null) files.push(await media.ofKind(kind))
  }
  const runs = quick ? 1 : 5
  /** How much faster the best is than what was recommended. @type {number[]} */
  const behind = []
  /** @type {number[]} */
  const steps = []
  /** @type {number[]} */
  const seconds = []
  const answers = []
  for (const file of files) {
    /** @type {Record<(typeof goals)[number], Configuration[]>} */
    const given = { throughput: [], latency: [] }
    for (let run = 0; run < runs; run++) {
      const startedAt = performance.now()
      const answer = await recommendation(benchCommand([file, '--job', 'sample', '--quick']))
      seconds.push((performance.now() - startedAt) / 1000)
      verify(answer.type === 'recommendation' && answer.job === 'sample', 'the last line is the recommendation')
      given.throughput.push(answer)
      given.latency.push(answer.latency)
      say(
        `${basename(file)}: ${configurationName(answer)} for many, ${configurationName(answer.latency)} for one (others ${answer.othersCpus.toFixed(2)} CPUs)`,
      )
    }
    const exhaustive = await measureLonger(file, quick ? 2 : 45)
    for (const goal of goals) {
      const series = exhaustive[goal]
      const rates = series.map(({ rounds }) => median(rounds.map(({ frames, wallSeconds }) => frames / wallSeconds)))
      const best = Math.max(...rates)
      for (const configuration of given[goal])
        behind.push(best / (rates[series.findIndex((one) => isSame(one.configuration, configuration))] ?? NaN))
      steps.push(Math.max(...given[goal].flatMap((a) => given[goal].map((b) => stepsBetween(a, b)))))
      const measured = series.map(({ configuration }, i) => `${configurationName(configuration)} ${(rates[i] ?? NaN).toFixed(1)}`)
      answers.push(
        `${basename(file)}, ${goal}: recommended ${[...new Set(given[goal].map(configurationName))].join(', ')}; measured longer ${measured.join(', ')} frames/s`,
      )
    }
  }
  return {
    scenario: 'recommend',
    title: 'Recommendation: asked again and again',
    subject: `framemill bench FILE --quick, ${runs} times for each of ${files.length} clips, for many files at once and for one; then all configurations measured longer`,
    checks: ['every configuration gives the same frames, byte for byte, before it is measured', ...answers],
    figures: [
      figure('throughput of the best / of what was recommended, worst', '×', behind, { atMost: 1.03, judged: 'max' }),
      figure('steps between answers for one clip', '', steps, { atMost: 1, judged: 'max' }),
      figure('time an answer takes', 's', seconds),
    ],
  }
}

/** All configurations in turn, none left out early. @param {string} file @param {number} budgetSeconds */
async function measureLonger(file, budgetSeconds) {
  const { cpuBudget } = readHostLimits()
  const field = new Field({ job: 'sample', files: [file], configurations: configurationsWithin(cpuBudget), frameMemory: null })
  try {
    const sources = await field.open()
    const works = { throughput: throughputWork(sources, 2, cpuBudget), latency: latencyWork(sources, 2, cpuBudget) }
    await proveEqual(field.runners, [works.throughput, works.latency], {
      onProven: () => undefined,
      isNeeded: () => true,
      onLeftOut: () => undefined,
    })
    const told = { onRound: () => undefined, onDropped: () => undefined }
    return await sweep(field.runners, { works, budgetSeconds, leastRounds: 1, precision: 0, clearlyBehind: 0, ...told })
  } finally {
    await field.end()
  }
}

/** @param {Configuration} a @param {Configuration} b */
function isSame(a, b) {
  return a.workers === b.workers && a.codecThreads === b.codecThreads
}

/** Steps on the grid of what is tried. @param {Configuration} a @param {Configuration} b */
function stepsBetween(a, b) {
  const tried = configurationsWithin(readHostLimits().cpuBudget)
  const steps = (/** @type {(one: Configuration) => number} */ of) => {
    const values = [...new Set(tried.map(of))].sort((x, y) => x - y)
    return Math.abs(values.indexOf(of(a)) - values.indexOf(of(b)))
  }
  return Math.max(
    steps(({ workers }) => workers),
    steps(({ codecThreads }) => codecThreads),
  )
}
