// Owns how the comparison is read by people: its part of docs/benchmark.md and of the README, and a terminal. From stored results alone.
// @ts-check
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { machinesOf, number, replaceMarked, table } from '../report.mjs'
import { analyzeWorks } from './analyze-work.mjs'
import { exportWorks } from './export-work.mjs'
import { works } from './work.mjs'

/** @typedef {import('./index.mjs').WorkResult} WorkResult */
/** @typedef {import('./index.mjs').ClipResult} ClipResult */
/** @typedef {import('./rows.mjs').Row} Row */

const root = new URL('../../', import.meta.url)
const resultFolder = new URL('bench/results/peers/', root)
const markers = { start: '<!-- peers:start -->', end: '<!-- peers:end -->' }
const notYet = 'Not measured yet: `npm run bench:peers`.'

/** @param {WorkResult} result */
export function saveWork(result) {
  mkdirSync(resultFolder, { recursive: true })
  writeFileSync(new URL(`${result.work}.json`, resultFolder), `${JSON.stringify(result, null, 2)}\n`)
}

/** Writes the stored results into the documents that have markers for them. @returns {string[]} the documents */
export function writePeerReports() {
  const results = readWorks()
  const documents = [
    { file: 'docs/benchmark.md', text: peerDetail(results) },
    { file: 'README.md', text: peerSummary(results) },
  ]
  return documents.flatMap(({ file, text }) => {
    const path = fileURLToPath(new URL(file, root))
    const after = replaceMarked(readFileSync(path, 'utf8'), text, markers)
    if (after === null) return []
    writeFileSync(path, after)
    return [file]
  })
}

/** @returns {WorkResult[]} in the order of the works */
function readWorks() {
  if (!existsSync(resultFolder)) return []
  const stored = readdirSync(resultFolder).filter((name) => name.endsWith('.json'))
  const results = stored.map((name) => /** @type {WorkResult} */ (JSON.parse(readFileSync(new URL(name, resultFolder), 'utf8'))))
  const rank = (/** @type {WorkResult} */ { work }) => [...works, ...exportWorks, ...analyzeWorks].findIndex(({ name }) => name === work)
  return results.toSorted((a, b) => rank(a) - rank(b))
}

/** The README's part: each piece of work and clip a line, each peer at its best a column. @param {readonly WorkResult[]} results */
export function peerSummary(results) {
  if (results.length === 0) return notYet
  const peers = peersOf(results)
  const lines = results.flatMap(({ title, clips }) =>
    clips.flatMap(({ title: clip, rows }) =>
      modesOf(rows).map((mode) => [
        `${title}: ${clip}${mode === undefined ? '' : `, ${mode}`}`,
        ...peers.map(({ name }) => shortCell(rows.filter(({ peer, against }) => peer === name && against === mode))),
      ]),
    ),
  )
  return [
    table(['', ...peers.map(({ title }) => title)], lines),
    'framemill divided by each alternative at its best on the same work and cores: wall time / CPU time. Below 1 framemill needs less; **bold**: more.',
    `Measured on ${machinesOf(results).join('; and on ')} with \`npm run bench:peers\`; details in [docs/benchmark.md](docs/benchmark.md).`,
  ].join('\n\n')
}

/** The document's part: everything. @param {readonly WorkResult[]} results */
export function peerDetail(results) {
  if (results.length === 0) return notYet
  return [
    ['Who was measured:', ...peersOf(results, true).map(({ title, about }) => `- ${title}: ${about}`)].join('\n').replace('\n', '\n\n'),
    ...results.map(workText),
    lossesText(results),
    `Measured on ${machinesOf(results).join('; and on ')}.`,
  ].join('\n\n')
}

/** @param {WorkResult} result */
function workText({ title, clips, command, measuredAt, machine, quick }) {
  return [
    `### ${capital(title)}`,
    ...(quick ? ['**Quick run: its figures mean nothing.**'] : []),
    ...clips.map(clipMarkdown),
    `\`${command}\`, ${measuredAt.slice(0, 10)}, load before ${machine.loadBefore}.`,
  ].join('\n\n')
}

/** @param {ClipResult} result */
function clipMarkdown({ title, subject, frames, failure, rows }) {
  const head = `**${title}.** ${subject}; ${frames} frames.`
  if (failure !== null) return `${head} Our own frames are not those that were asked for, so there are no figures: ${failure}`
  const notes = [...new Set(rows.flatMap((row) => row.notes.map((note) => `- ${row.peer}: ${note}`)))]
  const commands = rows.filter(({ command }) => command !== null).map((row) => `- ${label(row)}: \`${row.command}\``)
  const cells = ['wall', 'framemill / it', 'CPU', 'framemill / it', 'peak memory', 'framemill / it', 'likeness']
  return [
    head,
    table(['', ...cells], rows.map(detailCells)),
    ...(notes.length + commands.length > 0 ? [[...notes, ...commands].join('\n')] : []),
  ].join('\n\n')
}

/** @param {Row} row */
function detailCells(row) {
  if (row.figures === null || row.likeness === null)
    return [
      label(row),
      `${row.status === 'other frames' ? 'gives other frames' : row.status}: ${brief(row.reason ?? '')}`,
      '',
      '',
      '',
      '',
      '',
      '',
    ]
  const { wall, cpu, memory, first } = row.figures
  const firstText = first === null ? '' : `, without the start of the process ${seconds(first.theirs.median)}`
  return [
    label(row),
    `${seconds(wall.theirs.median)}${firstText}`,
    `${ratioText(wall.ratio)}${first === null ? '' : `, without ${ratioText(first.ratio)}`}`,
    seconds(cpu.theirs.median),
    ratioText(cpu.ratio),
    ...(memory === null ? ['', ''] : [`${number(memory.theirs.median)} MB`, ratioText(memory.ratio)]),
    likenessText(row.likeness),
  ]
}

/** Where framemill needs more, and by how much. @param {readonly WorkResult[]} results */
function lossesText(results) {
  const lines = results.flatMap(({ title, clips }) =>
    clips.flatMap(({ title: clip, rows }) =>
      rows.flatMap((row) => {
        const { wall, cpu } = row.figures ?? { wall: null, cpu: null }
        const losses = [more('wall time', wall), more('CPU time', cpu)].filter((text) => text !== null)
        return losses.length === 0 ? [] : [`- ${title}, ${clip}, against ${label(row)}: ${losses.join(', ')}`]
      }),
    ),
  )
  return ['### Where framemill needs more', lines.length === 0 ? 'Nowhere in this table.' : lines.join('\n')].join('\n\n')
}

/** @param {string} what @param {import('./rows.mjs').Sides | null} sides */
function more(what, sides) {
  if (sides === null || sides.ratio.median <= 1) return null
  const { ours, theirs, ratio } = sides
  return `${number((ratio.median - 1) * 100)} % more ${what} (${seconds(ours.median)} instead of ${seconds(theirs.median)})`
}

/** For a terminal. @param {string} work @param {ClipResult} result */
export function clipText(work, { title, subject, frames, failure, rows }) {
  const head = `${capital(work)}: ${title}\n  ${subject}; ${frames} frames`
  if (failure !== null) return `${head}\n  NO FIGURES: framemill's own frames are not those that were asked for: ${failure}\n`
  const lines = rows.map((row) => `  ${label(row).padEnd(31)} ${rowText(row)}`)
  return [head, ...lines, ''].join('\n')
}

/** @param {Row} row */
function rowText({ status, reason, figures, likeness }) {
  if (figures === null || likeness === null) return `${status === 'other frames' ? 'gives other frames' : status}: ${reason ?? ''}`
  const { wall, cpu, memory, first } = figures
  const pair = (/** @type {import('./rows.mjs').Sides} */ { ours, theirs, ratio }, /** @type {string} */ unit) =>
    `${number(ours.median)} / ${number(theirs.median)} ${unit} = ${ratioText(ratio)}`
  const parts = [`wall ${pair(wall, 's')}`, `CPU ${pair(cpu, 's')}`]
  if (memory !== null) parts.push(`peak ${pair(memory, 'MB')}`)
  if (first !== null) parts.push(`first ${pair(first, 's')}`)
  return [...parts, 'correlation' in likeness ? likenessText(likeness) : `${likeness.leastPsnr.toFixed(1)} dB`].join(', ')
}

/** @param {NonNullable<Row['likeness']>} likeness */
function likenessText(likeness) {
  if ('correlation' in likeness) return `curves correlate by ${likeness.correlation.toFixed(3)}`
  return `${likeness.leastPsnr.toFixed(1)} dB, median ${likeness.medianPsnr.toFixed(1)} dB`
}

/** framemill's modes that rows are measured beside; undefined where there is only one. @param {readonly Row[]} rows */
function modesOf(rows) {
  const modes = [...new Set(rows.flatMap(({ against }) => against ?? []))]
  return modes.length === 0 ? [undefined] : modes
}

/** A peer at its best, or why there is nothing. @param {readonly Row[]} rows */
function shortCell(rows) {
  const row = rows.find(({ role }) => role === 'best') ?? fastest(rows) ?? rows[0]
  if (row === undefined) return ''
  if (row.figures === null) return row.status
  const { wall, cpu } = row.figures
  return [wall, cpu].map(({ ratio }) => emphasised(number(ratio.median), ratio.median > 1)).join(' / ')
}

/** @param {readonly Row[]} rows */
function fastest(rows) {
  return rows
    .filter(({ figures }) => figures !== null)
    .toSorted((a, b) => (b.figures?.wall.ratio.median ?? 0) - (a.figures?.wall.ratio.median ?? 0))[0]
}

/** @param {import('../result.mjs').Figure} ratio */
function ratioText({ median, min, max, count }) {
  const spread = count === 1 ? '' : ` (${number(min)} .. ${number(max)})`
  return `${emphasised(`${number(median)} ×`, median > 1)}${spread}`
}

/** @param {string} text @param {boolean} isMore */
function emphasised(text, isMore) {
  return isMore ? `**${text}**` : text
}

/** @param {Row} row */
function label({ peer, variant, role, against }) {
  if (against !== undefined) return `${peer}: ${variant}; framemill: ${against}`
  return role === 'best' ? `${peer}, best: ${variant}` : role === 'default' ? `${peer}, default` : peer
}

/** Milliseconds where seconds have no digits to show. @param {number} value */
function seconds(value) {
  return value < 1 ? `${number(value * 1000)} ms` : `${number(value)} s`
}

/** The first line, of a length that fits a cell. @param {string} text */
function brief(text) {
  const line = text.split('\n')[0] ?? ''
  return line.length > 200 ? `${line.slice(0, 200)} …` : line
}

/** @param {string} text */
function capital(text) {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

/** Every peer once. @param {readonly WorkResult[]} results @param {boolean} [withUs] */
function peersOf(results, withUs = false) {
  /** @type {Map<string, WorkResult['peers'][number]>} */
  const byName = new Map()
  // What was measured in one work may have been missing in another.
  for (const peer of results.flatMap(({ peers }) => peers)) {
    if (!byName.has(peer.name) || !peer.about.startsWith('not installed')) byName.set(peer.name, peer)
  }
  return [...byName.values()].filter(({ name }) => withUs || name !== 'framemill')
}
