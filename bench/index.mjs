// The benchmarks: npm run bench:scenarios [-- scenario...] [--quick] [--media DIR] [--json FILE] [--pairs N] [--file FILE] [--list] [--prepare] [--report]
// @ts-check
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { fullScale, quickScale } from './clips.mjs'
import { describeMachine } from './machine.mjs'
import { defaultMediaFolder, Media } from './media.mjs'
import { resultText, saveResult, writeReports } from './report.mjs'
import { cancelScenario } from './scenarios/cancel.mjs'
import { handOffScenario } from './scenarios/hand-off.mjs'
import { leakScenario } from './scenarios/leak.mjs'
import { memoryScenario } from './scenarios/memory.mjs'
import { sparseScenario } from './scenarios/sparse.mjs'
import { speedScenarios } from './scenarios/speed.mjs'

/**
 * @typedef {object} Context
 * @property {Media} media
 * @property {boolean} quick
 * @property {number} pairs
 * @property {number} seed
 * @property {string | null} file
 * @property {(line: string) => void} say
 *
 * @typedef {object} Scenario
 * @property {string} name
 * @property {boolean} [onlyByName] left out unless asked for
 * @property {(context: Context) => Promise<import('./result.mjs').Result | import('./result.mjs').Skipped>} run
 */

/** @type {Scenario[]} */
const scenarios = [...speedScenarios, sparseScenario, handOffScenario, memoryScenario, cancelScenario, leakScenario]
const seed = 20240229

process.exitCode = await main()

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      media: { type: 'string', default: defaultMediaFolder },
      json: { type: 'string' },
      pairs: { type: 'string' },
      file: { type: 'string' },
      list: { type: 'boolean', default: false },
      prepare: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
    },
  })
  const unknown = positionals.find((name) => !scenarios.some((scenario) => scenario.name === name))
  if (values.list || unknown !== undefined) {
    if (unknown !== undefined) say(`There is no scenario "${unknown}"; there are:`)
    for (const { name } of scenarios) console.log(name)
    return unknown === undefined ? 0 : 2
  }
  if (values.report) return report()
  const quick = values.quick
  const media = new Media(values.media, quick ? quickScale : fullScale, say)
  if (values.prepare) return prepare(media)
  const pairs = Number(values.pairs ?? (quick ? 2 : 5))
  const chosen = scenarios.filter(({ name, onlyByName }) => (positionals.length === 0 ? onlyByName !== true : positionals.includes(name)))
  const machine = await describeMachine()
  /** @type {import('./result.mjs').StampedResult[]} */
  const results = []
  let failed = 0
  let saved = 0
  for (const { name, onlyByName, run } of chosen) {
    const started = performance.now()
    try {
      const result = await run({ media, quick, pairs, seed, file: values.file ?? null, say: (line) => say(`${name}: ${line}`) })
      if ('skipped' in result) {
        say(`${name}: left out, ${result.skipped}`)
        continue
      }
      const stamped = { ...result, measuredAt: new Date().toISOString(), quick, command: commandFor(name, quick, values.pairs), machine }
      results.push(stamped)
      console.log(resultText(stamped))
      if (!quick && onlyByName !== true) {
        saveResult(stamped)
        saved++
      }
    } catch (error) {
      failed++
      say(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
    say(`${name}: took ${((performance.now() - started) / 1000).toFixed(0)} s`)
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
  if (saved > 0) report()
  const missed = results.flatMap(({ figures }) => figures.filter(({ reached }) => reached === false)).length
  say(
    `${results.length} scenarios measured, ${failed} went wrong, ${missed} targets missed${quick ? ' (quick: its figures mean nothing)' : ''}`,
  )
  return failed === 0 ? 0 : 1
}

function report() {
  for (const file of writeReports()) say(`wrote ${file}`)
  return 0
}

/** Makes every clip ahead of time. @param {Media} media */
async function prepare(media) {
  for (const file of await media.all()) console.log(file)
  return 0
}

/** @param {string} name @param {boolean} quick @param {string | undefined} pairs */
function commandFor(name, quick, pairs) {
  return ['npm run bench:scenarios --', name, ...(quick ? ['--quick'] : []), ...(pairs === undefined ? [] : ['--pairs', pairs])].join(' ')
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`bench: ${line}\n`)
}
