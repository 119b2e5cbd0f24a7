// Owns the rows of the pieces of work that write files: each side's files are proven once, then all sides are timed in turn.
// @ts-check
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { probeVideo } from '../ffmpeg.mjs'
import { proveClips } from './export-proof.mjs'
import { exportWays, framemillExport, partsFile } from './export-ways.mjs'
import { failedRow, measuredFigures, modeRow } from './mode-rows.mjs'
import { newerNode } from './peers.mjs'
import { missingRow } from './rows.mjs'
import { timed } from './timing.mjs'

/** @typedef {import('./export-work.mjs').ExportWork} ExportWork */
/** @typedef {import('./export-work.mjs').Mode} Mode */
/** @typedef {import('./export-proof.mjs').Proof} Proof */
/** @typedef {import('./rows.mjs').Row} Row */
/** @typedef {import('./timing.mjs').Measured} Measured */

/**
 * @typedef {object} Side
 * @property {string} peer
 * @property {string} name
 * @property {(ask: import('./export-ways.mjs').Ask) => import('../measure.mjs').Command} command
 * @property {string | null} inexact
 *
 * @typedef {Side & { proof: Proof, seconds: number, runs: Measured[] }} ProvenSide
 * @typedef {Side & { error: Error }} FailedSide
 */

/** Seconds after which a run is taken to hang. */
const mostSeconds = 1800
/** Seconds from which on a side is slow: two runs of it have to do. */
const slowSeconds = 45

/**
 * @param {ExportWork} work @param {ExportWork['clips'][number]} clip @param {string} file
 * @param {readonly import('./index.mjs').ToldPeer[]} peers @param {import('./rows.mjs').Settings} settings
 * @returns {Promise<import('./index.mjs').ClipResult>}
 */
export async function measureExport(work, clip, file, peers, { pairs, say }) {
  const video = await probeVideo(file)
  const parts = work.parts(video)
  const frames = parts.reduce((sum, part) => sum + part.frames, 0)
  const base = mkdtempSync(join(tmpdir(), 'bench-export-'))
  const described = {
    clip: clip.name,
    title: clip.title,
    subject: `${basename(file)}: ${video.codec} ${video.width}x${video.height}, ${parts.length} of ${video.end.toFixed(0)} s`,
  }
  const folder = join(base, 'clips')
  /** @param {Side} side */
  const run = async (side) => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    writeFileSync(partsFile(folder), JSON.stringify(parts.map(({ name, start, end }) => ({ name, start, end }))))
    return timed(side.command({ file, folder, parts }), mostSeconds)
  }
  /** @param {Side} side @returns {Promise<ProvenSide | FailedSide>} */
  const prove = async (side) => {
    try {
      const { wallSeconds } = await run(side)
      const proof = await proveClips(file, video, folder, parts, side.inexact !== null)
      say(`${side.peer} ${side.name}: ${wallSeconds.toFixed(2)} s, ${(proof.bytes / 1e6).toFixed(2)} MB, ${proof.leastPsnr.toFixed(1)} dB`)
      return { ...side, proof, seconds: wallSeconds, runs: [] }
    } catch (error) {
      return { ...side, error: error instanceof Error ? error : new Error(String(error)) }
    }
  }
  try {
    /** @type {ProvenSide[]} */
    const ours = []
    for (const mode of work.modes) {
      const side = await prove({ peer: 'framemill', name: mode, command: framemillExport(mode), inexact: null })
      if ('error' in side) return { ...described, frames: 0, failure: `${mode}: ${side.error.message}`, rows: [] }
      ours.push(side)
    }
    const isThere = (/** @type {string} */ name) => peers.some((peer) => peer.name === name && 'about' in peer.told)
    const ways = exportWays(newerNode(), parts.length === 1)
    /** @type {(ProvenSide | FailedSide)[]} */
    const theirs = []
    for (const way of ways) if (isThere(way.peer)) theirs.push(await prove(way))
    const proven = theirs.flatMap((side) => ('error' in side ? [] : [side]))
    for (let round = 0; round < pairs; round++)
      for (const side of [...ours, ...proven]) if (round < 2 || side.seconds < slowSeconds) side.runs.push(await run(side))
    const missing = peers.flatMap(({ name, told, ...peer }) =>
      'missing' in told && ways.some((way) => way.peer === name) ? [missingRow({ name, ...peer }, told.missing)] : [],
    )
    const rows = ours.flatMap((own) => theirs.map((side) => ('error' in side ? failedRow(side, own.name) : measuredRow(side, own))))
    return { ...described, frames, failure: null, rows: [...rows, ...missing] }
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
}

/** @param {ProvenSide} side @param {ProvenSide} own @returns {Row} */
function measuredRow(side, own) {
  const figures = measuredFigures(own.runs, side.runs)
  if (figures === null) return failedRow({ ...side, error: new Error('there is no time') }, own.name)
  const { leastPsnr, medianPsnr, leastShown, mostShown } = side.proof
  const surplus = leastShown === mostShown ? `${leastShown}` : `${leastShown} to ${mostShown}`
  return {
    ...modeRow(side, own.name),
    status: 'measured',
    notes: [
      `${side.name}: ${proofText(side.proof)}; framemill's ${own.name}: ${proofText(own.proof)}`,
      ...(side.inexact === null
        ? []
        : [`${side.name} is not held to the frames that were asked for: ${side.inexact}; its clips show ${surplus} frames more`]),
    ],
    likeness: { leastPsnr, medianPsnr },
    figures,
  }
}

/** @param {Proof} proof */
function proofText({ bytes, leastPsnr, medianPsnr, wholePsnr }) {
  const all = wholePsnr === null ? '' : `, luma of all frames ${wholePsnr.toFixed(2)} dB`
  return `${(bytes / 1e6).toFixed(2)} MB, first and last frames ${leastPsnr.toFixed(1)} dB, median ${medianPsnr.toFixed(1)} dB${all}`
}
