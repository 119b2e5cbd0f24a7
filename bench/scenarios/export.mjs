// Exporting against the ffmpeg command: five clips out of a long video, with key frames far apart and close together, and one file encoded anew.
// @ts-check
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { probeVideo } from '../ffmpeg.mjs'
import { timeCommand } from '../measure.mjs'
import { proveClips } from '../peers/export-proof.mjs'
import { exportWays, framemillExport, partsFile } from '../peers/export-ways.mjs'
import { exportWorks } from '../peers/export-work.mjs'
import { figure } from '../result.mjs'

/** @typedef {import('../measure.mjs').Timed} Timed */
/** @typedef {import('../peers/export-proof.mjs').Proof} Proof */
/**
 * @typedef {object} Side
 * @property {string} name
 * @property {(ask: import('../peers/export-ways.mjs').Ask) => import('../measure.mjs').Command} command
 * @property {boolean} [once] so slow that one run has to do
 *
 * @typedef {{ runs: Timed[], proof: Proof }} Measured
 * @typedef {{ file: string, video: import('../peers/work.mjs').Video, parts: import('../peers/export-work.mjs').Part[], sides: Map<string, Measured> }} Sides
 */

const ours = /** @param {import('../peers/export-work.mjs').Mode} mode @returns {Side} */ (mode) => ({
  name: mode,
  command: framemillExport(mode),
})
const alone = 'one by one, -ss before -i'
const twice = 'two at once, -ss before -i'
const decodedThrough = 'one by one, -ss after -i'
const whole = 'all threads'

/** @type {import('../scenario-list.mjs').Scenario[]} */
export const exportScenarios = [
  { name: 'export-keys-5s', run: (context) => farApart(context) },
  { name: 'export-keys-1s', run: (context) => closeTogether(context) },
  { name: 'export-whole', run: (context) => wholeFile(context) },
]

/** @param {import('../scenario-list.mjs').Context} context */
async function farApart(context) {
  const measured = await measure(context, 'export5', 'keys-5s', [
    ...[ours('smart'), ours('copy'), ours('encode')],
    ...[way(alone), way(twice), { ...way(decodedThrough), once: true }],
  ])
  const best = [alone, twice].reduce((a, b) => (wallOf(measured, b) < wallOf(measured, a) ? b : a))
  return {
    ...described(measured, 'export-keys-5s', 'Export: five clips of 20 s, key frames 5 s apart'),
    figures: [
      ratio(measured, 'smart', alone, 'wallSeconds', 1 / 5),
      ratio(measured, 'copy', alone, 'wallSeconds', 1 / 40),
      ratio(measured, 'smart', decodedThrough, 'wallSeconds', 1 / 15),
      ratio(measured, 'encode', best, 'wallSeconds', 0.95),
      ratio(measured, 'encode', best, 'cpuSeconds', 1),
    ],
  }
}

/** @param {import('../scenario-list.mjs').Context} context */
async function closeTogether(context) {
  const measured = await measure(context, 'export5', 'keys-1s', [ours('smart'), ours('copy'), way(alone)])
  return {
    ...described(measured, 'export-keys-1s', 'Export: five clips of 20 s, key frames 1 s apart'),
    figures: [ratio(measured, 'smart', alone, 'wallSeconds', 1 / 12), ratio(measured, 'copy', alone, 'wallSeconds')],
  }
}

/** @param {import('../scenario-list.mjs').Context} context */
async function wholeFile(context) {
  const measured = await measure(context, 'transcode', 'medium', [ours('encode'), way(whole, true)])
  const [mine, theirs] = [proofOf(measured, 'encode'), proofOf(measured, whole)]
  return {
    ...described(measured, 'export-whole', 'Export: one file of five minutes, encoded in parts'),
    figures: [
      ratio(measured, 'encode', whole, 'wallSeconds', 0.95),
      ratio(measured, 'encode', whole, 'cpuSeconds'),
      figure('size, off from ffmpeg’s', '%', [Math.abs(mine.bytes / theirs.bytes - 1) * 100], { atMost: 2 }),
      figure('PSNR of luma, below ffmpeg’s', 'dB', [(theirs.wholePsnr ?? NaN) - (mine.wholePsnr ?? NaN)], { atMost: 0.1 }),
    ],
  }
}

/** @param {string} name @param {boolean} [isWhole] @returns {Side} */
function way(name, isWhole = false) {
  const found = exportWays(process.execPath, isWhole).find((one) => one.name === name)
  if (found === undefined) throw new Error(`Expected a way to call ffmpeg named ${name}`)
  return found
}

/**
 * All sides in turn, round after round; the files of the first round are proven, or there are no figures.
 * @param {import('../scenario-list.mjs').Context} context @param {string} workName @param {string} clipName @param {readonly Side[]} sides
 * @returns {Promise<Sides>}
 */
async function measure({ media, pairs, say }, workName, clipName, sides) {
  const work = exportWorks.find(({ name }) => name === workName)
  const clip = work?.clips.find(({ name }) => name === clipName)
  if (work === undefined || clip === undefined) throw new Error(`Expected work ${workName} with a clip ${clipName}`)
  const file = await clip.file(media)
  const video = await probeVideo(file)
  const parts = work.parts(video)
  const base = mkdtempSync(join(tmpdir(), 'bench-export-'))
  /** @type {Map<string, Measured>} */
  const measured = new Map()
  try {
    for (let round = 0; round < pairs; round++) {
      for (const side of sides) {
        if (side.once && round > 0) continue
        const folder = join(base, 'clips')
        rmSync(folder, { recursive: true, force: true })
        mkdirSync(folder)
        writeFileSync(partsFile(folder), JSON.stringify(parts.map(({ name, start, end }) => ({ name, start, end }))))
        const timed = await timeCommand(side.command({ file, folder, parts }))
        say(`${side.name}: ${timed.wallSeconds.toFixed(2)} s, CPU ${timed.cpuSeconds.toFixed(2)} s`)
        const known = measured.get(side.name) ?? { runs: [], proof: await proveClips(file, video, folder, parts, false) }
        known.runs.push(timed)
        measured.set(side.name, known)
      }
    }
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
  return { file, video, parts, sides: measured }
}

/** @param {Sides} measured @param {string} name */
function runsOf({ sides }, name) {
  const side = sides.get(name)
  if (side === undefined) throw new Error(`Expected runs of ${name}`)
  return side.runs
}

/** @param {Sides} measured @param {string} name */
function proofOf({ sides }, name) {
  const side = sides.get(name)
  if (side === undefined) throw new Error(`Expected a proof of ${name}`)
  return side.proof
}

/** @param {Sides} measured @param {string} name */
function wallOf(measured, name) {
  return Math.min(...runsOf(measured, name).map(({ wallSeconds }) => wallSeconds))
}

/**
 * Round by round; against a side that ran once, each of ours against that.
 * @param {Sides} measured @param {string} mine @param {string} theirs @param {'wallSeconds' | 'cpuSeconds'} what @param {number} [atMost]
 */
function ratio(measured, mine, theirs, what, atMost) {
  const rival = runsOf(measured, theirs)
  const samples = runsOf(measured, mine).map((run, i) => run[what] / (rival[i] ?? rival[0] ?? run)[what])
  const name = `${what === 'wallSeconds' ? 'wall' : 'CPU'} time, ${mine} / ffmpeg ${theirs}`
  return figure(name, '×', samples, atMost === undefined ? {} : { atMost })
}

/** @param {Sides} measured @param {string} scenario @param {string} title */
function described({ file, video, parts, sides }, scenario, title) {
  const seconds = parts.reduce((sum, part) => sum + part.end - part.start, 0)
  return {
    scenario,
    title,
    subject: `${basename(file)}: ${video.codec} ${video.width}x${video.height}; ${parts.length} parts, ${seconds.toFixed(0)} s together; x264 veryfast at crf 23 on both sides; whole processes, framemill's index read anew`,
    checks: [...sides].map(
      ([name, { proof, runs }]) =>
        `${name}: every clip has its frames, first and last ones the source's (luma PSNR at least ${proof.leastPsnr.toFixed(1)} dB); ${(proof.bytes / 1e6).toFixed(1)} MB; ${runs.map(({ wallSeconds }) => `${wallSeconds.toFixed(2)} s`).join(', ')}`,
    ),
  }
}
