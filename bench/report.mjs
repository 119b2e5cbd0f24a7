// Owns how results are read by people: docs/benchmark.md, the README's table, a terminal. Numbers in documents come from here alone.
// @ts-check
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** @typedef {import('./result.mjs').StampedResult} StampedResult */
/** @typedef {import('./result.mjs').Figure} Figure */

const root = new URL('../', import.meta.url)
const resultFolder = new URL('bench/results/', root)
const startMarker = '<!-- bench:start -->'
const endMarker = '<!-- bench:end -->'
/** The order of sections; others follow by name. */
const sections = [
  'speed-b-frames',
  'speed-no-b-frames',
  'speed-vp9',
  'speed-av1',
  'speed-hevc',
  'sparse',
  'hand-off',
  'scheduler',
  'planner',
  'index',
  'cold-start',
  'memory',
  'cancel',
  'leak',
  'adaptive',
  'recommend',
  'limits',
  'model',
]

/** @param {StampedResult} result */
export function saveResult(result) {
  mkdirSync(resultFolder, { recursive: true })
  writeFileSync(new URL(`${result.scenario}.json`, resultFolder), `${JSON.stringify(result, null, 2)}\n`)
}

/** Writes the stored results into the documents that have markers for them. @returns {string[]} the documents */
export function writeReports() {
  const results = readResults()
  const documents = [
    { file: 'docs/benchmark.md', text: detailText(results) },
    { file: 'README.md', text: summaryText(results) },
  ]
  return documents.flatMap(({ file, text }) => {
    const path = fileURLToPath(new URL(file, root))
    const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const after = replaceMarked(before, text)
    if (after === null) return []
    writeFileSync(path, after)
    return [file]
  })
}

/** @returns {StampedResult[]} */
function readResults() {
  if (!existsSync(resultFolder)) return []
  const files = readdirSync(resultFolder).filter((name) => name.endsWith('.json'))
  return inSectionOrder(files.map((name) => JSON.parse(readFileSync(new URL(name, resultFolder), 'utf8'))))
}

/** @param {readonly StampedResult[]} results */
export function inSectionOrder(results) {
  const rank = (/** @type {string} */ name) => (sections.includes(name) ? sections.indexOf(name) : sections.length)
  return results.toSorted((a, b) => rank(a.scenario) - rank(b.scenario) || a.scenario.localeCompare(b.scenario))
}

/**
 * The document with what stands between its markers replaced; null when it has no markers.
 * @param {string} document @param {string} text @param {{ start: string, end: string }} [markers]
 */
export function replaceMarked(document, text, markers = { start: startMarker, end: endMarker }) {
  const start = document.indexOf(markers.start)
  const end = document.indexOf(markers.end, start)
  if (start === -1 || end === -1) return null
  return `${document.slice(0, start + markers.start.length)}\n${text.trim()}\n${document.slice(end)}`
}

/** The README's part: every figure that has a target, one line each. @param {readonly StampedResult[]} results */
export function summaryText(results) {
  const rows = results.flatMap(({ title, figures }) =>
    figures.filter(({ atMost }) => atMost !== null).map((figure) => [title, ...judgedCells(figure)]),
  )
  if (rows.length === 0) return 'Not measured yet: `npm run bench:scenarios`.'
  return [
    table(['', 'figure', 'target', 'measured', 'reached'], rows),
    `Measured on ${machinesOf(results).join('; and on ')} with \`npm run bench:scenarios\`.`,
  ].join('\n\n')
}

/** The document's part: everything. @param {readonly StampedResult[]} results */
export function detailText(results) {
  if (results.length === 0) return 'Not measured yet: `npm run bench:scenarios`.'
  return [summaryText(results), ...results.map(sectionText)].join('\n\n')
}

/** @param {StampedResult} result */
function sectionText({ title, subject, command, measuredAt, machine, checks, figures, rivals, tuning, quick }) {
  const measured = figures.map((figure) => [
    figure.name,
    number(figure[figure.judged]),
    figure.unit,
    spread(figure),
    String(figure.count),
    targetOf(figure),
    verdict(figure),
  ])
  const tried = (rivals ?? []).map(({ command: way, wallSeconds, chosen }) => [
    code(way),
    `${number(wallSeconds)} s`,
    chosen ? 'chosen' : '',
  ])
  return [
    `## ${title}`,
    ...(quick ? ['**Quick run: proves that the benchmark runs, its figures mean nothing.**'] : []),
    `${subject}.`,
    checks.map((check) => `- ${check}`).join('\n'),
    table(['figure', 'median, or worst where that is judged', 'unit', 'min .. max (deviation)', 'runs', 'target', 'reached'], measured),
    ...(tried.length > 0 ? [`Ways to call ffmpeg, timed on ${tuning ?? 'the same'}:`, table(['command', 'wall', ''], tried)] : []),
    `\`${command}\`, ${measuredAt.slice(0, 10)}, load before ${machine.loadBefore}.`,
  ].join('\n\n')
}

/** For a terminal. @param {StampedResult} result */
export function resultText({ title, subject, checks, figures, rivals }) {
  const widest = Math.max(...figures.map(({ name }) => name.length))
  const lines = figures.map((figure) => {
    const target = figure.atMost === null ? '' : `  ${targetOf(figure)}: ${verdict(figure)}`
    return `  ${figure.name.padEnd(widest)}  ${number(figure[figure.judged])} ${figure.unit}  (${spread(figure)}, n ${figure.count})${target}`
  })
  const best = rivals?.find(({ chosen }) => chosen)
  return [
    title,
    `  ${subject}`,
    ...checks.map((check) => `  - ${check}`),
    ...(best ? [`  against ${best.command}`] : []),
    ...lines,
    '',
  ].join('\n')
}

/** @param {Figure} figure */
function judgedCells(figure) {
  const measured =
    figure.judged === 'max'
      ? `${number(figure.max)} ${figure.unit} (worst of ${figure.count})`
      : `${number(figure.median)} ${figure.unit} (${number(figure.min)} .. ${number(figure.max)})`
  return [figure.name, targetOf(figure), figure.count === 1 ? `${number(figure.median)} ${figure.unit}` : measured, verdict(figure)]
}

/** @param {Figure} figure */
function targetOf({ atMost, unit, judged }) {
  return atMost === null ? '' : `${judged === 'max' ? 'worst ' : ''}at most ${number(atMost)} ${unit}`
}

/** @param {Figure} figure */
function verdict({ reached }) {
  return reached === null ? '' : reached ? 'yes' : '**no**'
}

/** @param {Figure} figure */
function spread({ min, max, deviation, p95, count }) {
  if (count === 1) return 'one run'
  return `${number(min)} .. ${number(max)} (${number(deviation)})${count >= 20 ? `, 95 % below ${number(p95)}` : ''}`
}

/** One line for each machine and set of versions that the results come from. @param {readonly { machine: StampedResult['machine'] }[]} results */
export function machinesOf(results) {
  const lines = results.map(({ machine }) => {
    const ffmpeg = machine.ffmpeg === machine.libraries ? machine.ffmpeg : `${machine.ffmpeg} (addon: ${machine.libraries})`
    return `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, FFmpeg ${ffmpeg}, framemill ${machine.framemill}`
  })
  return [...new Set(lines)]
}

/** Three significant digits, never an exponent. @param {number} value */
export function number(value) {
  const size = Math.abs(value)
  if (size >= 1000) return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
}

/** @param {string} text */
function code(text) {
  return `\`${text}\``
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
export function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
