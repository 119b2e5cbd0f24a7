// Owns the rows of the piece of work that measures a video: all sides are timed in turn, and each one's curves of the first round are proven.
// @ts-check
import { basename } from 'node:path'
import { probeVideo } from '../ffmpeg.mjs'
import { askedTimes, proveAlike, proveTimes } from './analyze-proof.mjs'
import { analyzeWays, framemillAnalysis } from './analyze-ways.mjs'
import { failedRow, measuredFigures, modeRow } from './mode-rows.mjs'
import { missingRow } from './rows.mjs'
import { timed } from './timing.mjs'

/** @typedef {import('./analyze-work.mjs').AnalyzeWork} AnalyzeWork */
/** @typedef {import('./analyze-work.mjs').Asked} Asked */
/** @typedef {import('./analyze-ways.mjs').Curves} Curves */
/** @typedef {import('./analyze-ways.mjs').Way} Way */
/** @typedef {import('./rows.mjs').Row} Row */
/** @typedef {import('./timing.mjs').Measured} Measured */

/**
 * @typedef {Way & { curves: Curves, runs: Measured[] }} OwnSide
 * @typedef {Way & { correlation: number, runs: Measured[] }} ProvenSide
 * @typedef {Way & { error: Error }} FailedSide
 */

/** Seconds after which a run is taken to hang. */
const mostSeconds = 1800

/**
 * @param {AnalyzeWork} work @param {AnalyzeWork['clips'][number]} clip @param {string} file
 * @param {readonly import('./index.mjs').ToldPeer[]} peers @param {import('./rows.mjs').Settings} settings
 * @returns {Promise<import('./index.mjs').ClipResult>}
 */
export async function measureAnalysis(work, clip, file, peers, { pairs, say }) {
  const video = await probeVideo(file)
  const described = {
    clip: clip.name,
    title: clip.title,
    subject: `${basename(file)}: ${video.codec} ${video.width}x${video.height}, ${video.end.toFixed(0)} s`,
  }
  const isThere = (/** @type {Way} */ { peer }) => peers.some(({ name, told }) => name === peer && 'about' in told)
  /** @type {Row[]} */
  const rows = []
  let frames = 0
  for (const asked of work.measures) {
    const expected = askedTimes(video, asked)
    frames += expected.length
    const ways = analyzeWays().filter((way) => way.asked === asked && isThere(way))
    try {
      const own = await proveOwn(framemillAnalysis(asked), file, expected)
      say(`framemill ${asked}: ${expected.length} pictures`)
      rows.push(...(await rowsBeside(own, ways, file, expected, pairs, say)))
    } catch (error) {
      return { ...described, frames: 0, failure: `${asked}: ${error instanceof Error ? error.message : String(error)}`, rows: [] }
    }
  }
  const missing = peers.flatMap(({ told, ...peer }) =>
    'missing' in told && analyzeWays().some((way) => way.peer === peer.name) ? [missingRow(peer, told.missing)] : [],
  )
  return { ...described, frames, failure: null, rows: [...rows, ...missing] }
}

/**
 * @param {OwnSide} own @param {readonly Way[]} ways @param {string} file @param {readonly number[]} expected @param {number} pairs
 * @param {(line: string) => void} say
 * @returns {Promise<Row[]>}
 */
async function rowsBeside(own, ways, file, expected, pairs, say) {
  /** @type {(ProvenSide | FailedSide)[]} */
  const theirs = []
  for (const way of ways) {
    const side = await prove(way, own, file, expected)
    say(`${way.peer} ${way.name}: ${'error' in side ? side.error.message : `curves correlate by ${side.correlation.toFixed(3)}`}`)
    theirs.push(side)
  }
  const proven = theirs.flatMap((side) => ('error' in side ? [] : [side]))
  // The run that was proven is the first round.
  for (let round = 1; round < pairs; round++)
    for (const side of [own, ...proven]) if (round < 2 || !side.isSlow) side.runs.push(await timed(side.command(file), mostSeconds))
  return theirs.map((side) => ('error' in side ? failedRow(side, own.name) : measuredRow(side, own)))
}

/** Throws where our own curves are not of what was asked for. @param {Way} way @param {string} file @param {readonly number[]} expected @returns {Promise<OwnSide>} */
async function proveOwn(way, file, expected) {
  const run = await timed(way.command(file), mostSeconds)
  const curves = way.read(run.output)
  proveTimes(curves, expected, way.asked)
  return { ...way, curves, runs: [run] }
}

/** @param {Way} way @param {OwnSide} own @param {string} file @param {readonly number[]} expected @returns {Promise<ProvenSide | FailedSide>} */
async function prove(way, own, file, expected) {
  try {
    const run = await timed(way.command(file), mostSeconds)
    const curves = way.read(run.output)
    proveTimes(curves, expected, way.asked)
    return { ...way, correlation: proveAlike(own.curves, curves), runs: [run] }
  } catch (error) {
    return { ...way, error: error instanceof Error ? error : new Error(String(error)) }
  }
}

/** @param {ProvenSide} side @param {OwnSide} own @returns {Row} */
function measuredRow(side, own) {
  const figures = measuredFigures(own.runs, side.runs)
  if (figures === null) return failedRow({ ...side, error: new Error('there is no time') }, own.name)
  return { ...modeRow(side, own.name), status: 'measured', likeness: { correlation: side.correlation }, figures }
}
