// The benchmarks: npm run bench:scenarios [-- scenario...] [--quick] [--media DIR] [--json FILE] [--pairs N] [--file FILE] [--list] [--prepare] [--report]
// @ts-check
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { fullScale, quickScale, tinyScale } from './clips.mjs'
import { describeMachine } from './machine.mjs'
import { defaultMediaFolder, Media } from './media.mjs'
import { resultText, saveResult, writeReports } from './report.mjs'
import { say } from './say.mjs'
import { scenarios } from './scenario-list.mjs'
import { runApart, takeTurns } from './turns.mjs'

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
  if (values.prepare) return prepare(values.media, quick)
  const pairs = Number(values.pairs ?? (quick ? 2 : 5))
  const chosen = scenarios.filter(({ name, onlyByName }) => (positionals.length === 0 ? onlyByName !== true : positionals.includes(name)))
  const machine = await describeMachine()
  /** @type {import('./result.mjs').StampedResult[]} */
  const results = []
  let saved = 0
  const keep = (/** @type {import('./result.mjs').Result} */ result) => {
    const { scenario: name } = result
    const stamped = { ...result, measuredAt: new Date().toISOString(), quick, command: commandFor(name, quick, values.pairs), machine }
    results.push(stamped)
    console.log(resultText(stamped))
    if (quick || chosen.some((scenario) => scenario.name === name && scenario.onlyByName)) return
    saveResult(stamped)
    saved++
  }
  const run = (/** @type {string} */ name) => runApart({ name, quick, pairs, file: values.file ?? null, media: values.media })
  const names = chosen.map(({ name }) => name)
  const failed = await takeTurns(names, run, keep, say)
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

/** Makes every clip ahead of time. @param {string} folder @param {boolean} quick */
async function prepare(folder, quick) {
  const files = await new Media(folder, quick ? quickScale : fullScale, say).all()
  for (const file of [...files, await new Media(folder, tinyScale, say).short()]) console.log(file)
  return 0
}

/** @param {string} name @param {boolean} quick @param {string | undefined} pairs */
function commandFor(name, quick, pairs) {
  return ['npm run bench:scenarios --', name, ...(quick ? ['--quick'] : []), ...(pairs === undefined ? [] : ['--pairs', pairs])].join(' ')
}
