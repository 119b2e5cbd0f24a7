// framemill beside the alternatives: npm run bench:peers [-- --work sample,sparse,...] [--peer a,b] [--pairs N] [--media DIR] [--file FILE]
//   [--adapter PROGRAM] [--quick] [--json FILE] [--report]
// @ts-check
import { existsSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { fullScale, quickScale } from '../clips.mjs'
import { probeVideo } from '../ffmpeg.mjs'
import { describeMachine } from '../machine.mjs'
import { defaultMediaFolder, Media } from '../media.mjs'
import { measureAnalysis } from './analyze-rows.mjs'
import { analyzeWorks } from './analyze-work.mjs'
import { measureExport } from './export-rows.mjs'
import { exportWorks } from './export-work.mjs'
import { framemill, ownPeer, peers as allPeers } from './peers.mjs'
import { clipText, saveWork, writePeerReports } from './report.mjs'
import { missingRow, provenReference, rowsOf } from './rows.mjs'
import { works } from './work.mjs'

/**
 * @typedef {object} ClipResult
 * @property {string} clip
 * @property {string} title
 * @property {string} subject
 * @property {number} frames
 * @property {string | null} failure why our own frames are not those that were asked for
 * @property {import('./rows.mjs').Row[]} rows
 *
 * @typedef {object} WorkResult
 * @property {string} work
 * @property {string} title
 * @property {string} measuredAt
 * @property {boolean} quick
 * @property {string} command
 * @property {import('../machine.mjs').Machine} machine
 * @property {{ name: string, title: string, about: string }[]} peers
 * @property {ClipResult[]} clips
 *
 * @typedef {import('./peers.mjs').Peer & { told: { about: string } | { missing: string } }} ToldPeer
 */

process.exitCode = await main()

async function main() {
  const { values } = parseArgs({
    options: {
      work: { type: 'string' },
      peer: { type: 'string' },
      pairs: { type: 'string' },
      media: { type: 'string', default: defaultMediaFolder },
      file: { type: 'string' },
      adapter: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      report: { type: 'boolean', default: false },
    },
  })
  if (values.report) return report()
  const chosenWorks = named([...works, ...exportWorks, ...analyzeWorks], values.work, 'work')
  const chosenPeers = named(allPeers, values.peer, 'peer')
  if (chosenWorks === null || chosenPeers === null) return 2
  const { quick, file = null } = values
  const media = new Media(values.media, quick ? quickScale : fullScale, say)
  const settings = { pairs: Number(values.pairs ?? (quick ? 1 : 5)), quick, say }
  if (!(settings.pairs >= 1)) {
    say(`Expected a number of at least 1 for --pairs but received ${values.pairs}`)
    return 2
  }
  const told = await Promise.all(
    [...chosenPeers, ...values.adapter.map(ownPeer)].map(async (peer) => ({ ...peer, told: await peer.about() })),
  )
  const command = ['npm run bench:peers --', ...process.argv.slice(2)].join(' ').replace(/ --$/, '')
  const isWhole = !quick && file === null && values.peer === undefined && values.adapter.length === 0
  const shared = { quick, command, machine: await describeMachine(), peers: await describePeers(told) }
  /** @type {WorkResult[]} */
  const results = []
  for (const work of chosenWorks) {
    const started = performance.now()
    /** @type {WorkResult} */
    const result = { work: work.name, title: work.title, measuredAt: new Date().toISOString(), ...shared, clips: [] }
    const keep = (/** @type {ClipResult} */ measured) => {
      result.clips.push(measured)
      console.log(clipText(work.title, measured))
    }
    const saying = { ...settings, say: (/** @type {string} */ line) => say(`${work.name}: ${line}`) }
    if ('measures' in work) {
      for (const clip of file === null ? work.clips : [ownClip(file)])
        keep(await measureAnalysis(work, clip, await clip.file(media), told, saying))
    } else if ('parts' in work) {
      for (const clip of file === null ? work.clips : [ownClip(file)])
        keep(await measureExport(work, clip, await clip.file(media), told, saying))
    } else {
      for (const clip of file === null ? work.clips : [ownClip(file)]) {
        const lacking = clip.encoder === undefined ? null : await media.lacks(clip.encoder)
        if (lacking !== null) say(`${work.name} ${clip.name}: left out, this ffmpeg has no encoder ${lacking}`)
        else keep(await measureClip(work, clip, await clip.file(media), told, settings))
      }
    }
    results.push(result)
    say(`${work.name}: took ${((performance.now() - started) / 1000).toFixed(0)} s`)
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
  const failed = results.flatMap(({ clips }) =>
    clips.flatMap(({ failure, rows }) => [...(failure === null ? [] : [failure]), ...rows.filter(({ fails }) => fails)]),
  )
  if (isWhole && failed.length === 0) {
    for (const result of results) saveWork(result)
    report()
  }
  say(`${results.length} pieces of work, ${failed.length} rows went wrong${quick ? ' (quick: the figures mean nothing)' : ''}`)
  return failed.length === 0 ? 0 : 1
}

/**
 * @param {import('./work.mjs').Work} work @param {import('./work.mjs').Clip} clip @param {string} file
 * @param {readonly ToldPeer[]} peers @param {import('./rows.mjs').Settings} settings
 * @returns {Promise<ClipResult>}
 */
async function measureClip(work, clip, file, peers, { say: tell, ...settings }) {
  const video = await probeVideo(file)
  const end = clip.end === null || clip.end >= video.end ? null : clip.end
  const subject = { file, video, request: work.request(video, end), timesFirstFrame: work.timesFirstFrame === true }
  const say = (/** @type {string} */ line) => tell(`${work.name} ${clip.name}: ${line}`)
  const span = end === null ? 'the whole' : `the first ${end} s`
  const described = {
    clip: clip.name,
    title: clip.title,
    subject: `${basename(file)}: ${video.codec} ${video.width}x${video.height}, ${span} of ${video.end.toFixed(0)} s`,
  }
  try {
    const ours = await provenReference(subject)
    const rows = []
    for (const peer of peers)
      rows.push(
        ...('missing' in peer.told ? [missingRow(peer, peer.told.missing)] : await rowsOf(peer, subject, ours, { ...settings, say })),
      )
    return { ...described, frames: ours.length, failure: null, rows }
  } catch (error) {
    return { ...described, frames: 0, failure: error instanceof Error ? error.message : String(error), rows: [] }
  }
}

/** @param {readonly ToldPeer[]} peers */
async function describePeers(peers) {
  const own = { ...framemill, told: await framemill.about() }
  return [own, ...peers].map(({ name, title, told }) => ({
    name,
    title,
    about: 'about' in told ? told.about : `not installed: ${told.missing}`,
  }))
}

/** @param {string} file @returns {import('./work.mjs').Clip} */
function ownClip(file) {
  if (!existsSync(file)) throw new Error(`There is no file ${file}`)
  return { name: 'own', title: basename(file), file: async () => file, end: null }
}

/**
 * @template {{ name: string }} Named
 * @param {readonly Named[]} all @param {string | undefined} list @param {string} what
 * @returns {readonly Named[] | null} null, and said so, where a name is unknown
 */
function named(all, list, what) {
  if (list === undefined) return all
  const names = list.split(',')
  const unknown = names.find((name) => !all.some((one) => one.name === name))
  if (unknown === undefined) return all.filter(({ name }) => names.includes(name))
  say(`There is no ${what} "${unknown}"; there are: ${all.map(({ name }) => name).join(', ')}`)
  return null
}

function report() {
  for (const file of writePeerReports()) say(`wrote ${file}`)
  return 0
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`bench:peers: ${line}\n`)
}
