// Analysing against OpenCV as people first write it, against OpenCV at its best, against ffmpeg's scdet, and against plain sampling.
// @ts-check
import { basename } from 'node:path'
import { probeVideo } from '../ffmpeg.mjs'
import { benchmarkCores, timeCommand } from '../measure.mjs'
import { ownCommand, ownOutcome } from '../own-side.mjs'
import { askedTimes, proveAlike, proveTimes } from '../peers/analyze-proof.mjs'
import { analyzeWays, framemillAnalysis } from '../peers/analyze-ways.mjs'
import { highlightRate } from '../peers/analyze-work.mjs'
import { peers } from '../peers/peers.mjs'
import { figure } from '../result.mjs'

/** @typedef {import('../measure.mjs').Timed} Timed */
/** @typedef {import('../peers/analyze-ways.mjs').Way} Way */

/**
 * @typedef {object} Side
 * @property {string} name
 * @property {Way['kind'] | 'highlights' | 'scenes' | 'sampling'} kind of several ways of a kind only the fastest goes on after the first round
 * @property {string} readable the way, for people to repeat it
 * @property {boolean} isSlow
 * @property {import('../measure.mjs').Command} command
 * @property {(timed: Timed) => string} prove what was proven of a run; throws where it gave something else
 *
 * @typedef {{ side: Side, proven: string, runs: Timed[] }} Measured
 */

/** Rounds of a side that takes minutes. */
const slowRounds = 2
const title = 'Analyze: ten minutes with sound, for highlights and for scenes'

/** @type {import('../scenario-list.mjs').Scenario} */
export const analyzeScenario = { name: 'analyze', run: measureAnalyze }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureAnalyze({ media, quick, pairs, say }) {
  const file = await media.longWithSound()
  const video = await probeVideo(file)
  const opencv = await peers.find(({ name }) => name === 'opencv')?.about()
  const lacking = opencv !== undefined && 'missing' in opencv ? opencv.missing : null
  if (lacking !== null) say(`OpenCV is left out: ${lacking}`)
  const measured = await runAll(sidesOf(file, video, waysFor(quick, lacking === null)), pairs, say)
  const against = (/** @type {Side['kind']} */ mine, /** @type {Side['kind']} */ kind, /** @type {number} */ atMost) =>
    ratio(fastestOf(measured, mine), fastestOf(measured, kind), atMost)
  return {
    scenario: 'analyze',
    title,
    subject: `${basename(file)}: ${video.codec} ${video.width}x${video.height}, ${video.ticks.length} frames; highlights: ${highlightRate} pictures a second and all sound, scenes: every picture; whole processes on the same ${benchmarkCores} cores, framemill's index read anew`,
    checks: [
      ...measured.map(
        ({ side, proven, runs }) =>
          `${side.name} (\`${side.readable}\`): ${proven}; ${runs.map((run) => `${run.wallSeconds.toFixed(2)} s`).join(', ')}`,
      ),
      ...(lacking === null ? [] : [`OpenCV was left out: ${lacking}`]),
    ],
    figures: [
      ...(lacking === null ? [against('highlights', 'two-passes', 1 / 4.5), against('highlights', 'one-pass', 0.55)] : []),
      against('highlights', 'sampling', 1.15),
      against('scenes', 'scdet', 0.8),
    ],
  }
}

/** @param {boolean} quick one way of each kind @param {boolean} hasOpencv */
function waysFor(quick, hasOpencv) {
  const ways = analyzeWays().filter(({ peer }) => hasOpencv || peer !== 'opencv')
  return quick ? ways.filter(({ kind }, number) => ways.findIndex((way) => way.kind === kind) === number) : ways
}

/** @param {string} file @param {import('../peers/work.mjs').Video} video @param {readonly Way[]} ways @returns {Side[]} */
function sidesOf(file, video, ways) {
  /** What ours gave first: everybody else's curves are compared with it. @type {Map<string, import('../peers/analyze-ways.mjs').Curves>} */
  const ours = new Map()
  const prove = (/** @type {Way} */ { asked, read }, /** @type {Timed} */ { output }) => {
    const [curves, expected] = [read(output), askedTimes(video, asked)]
    proveTimes(curves, expected, asked)
    const own = ours.get(asked)
    if (own === undefined) ours.set(asked, curves)
    const alike = own === undefined ? '' : `, curves correlate with framemill's by ${proveAlike(own, curves).toFixed(3)}`
    return `${expected.length} pictures at the times that ffprobe's packets give${alike}`
  }
  const own = (/** @type {import('../peers/analyze-work.mjs').Asked} */ asked) => {
    const way = framemillAnalysis(asked)
    return {
      ...{ name: asked, kind: asked, isSlow: false, command: way.command(file), readable: way.readable },
      prove: (/** @type {Timed} */ timed) => prove(way, timed),
    }
  }
  const frames = askedTimes(video, 'highlights').length
  /** @type {import('../../dist/index.js').SampleOptions} */
  const options = { fps: highlightRate, width: 256, pixelFormat: 'gray8' }
  const sampling = ownCommand({ file, engine: { workers: benchmarkCores }, options })
  return [
    own('highlights'),
    {
      ...{
        name: 'plain sampling',
        kind: 'sampling',
        isSlow: false,
        command: sampling,
        readable: `engine.sample(FILE, ${JSON.stringify(options)})`,
      },
      prove: (timed) => `${ownOutcome(timed, frames).frames} pictures, 256 wide, gray`,
    },
    own('scenes'),
    ...ways.map((way) => ({
      ...{ name: `${way.peer}, ${way.name}`, kind: way.kind, isSlow: way.isSlow, command: way.command(file) },
      readable: way.readable,
      prove: (/** @type {Timed} */ timed) => prove(way, timed),
    })),
  ]
}

/** All sides in turn, round after round; every run is proven. @param {readonly Side[]} sides @param {number} pairs @param {(line: string) => void} say */
async function runAll(sides, pairs, say) {
  /** @type {Measured[]} */
  const measured = sides.map((side) => ({ side, proven: '', runs: [] }))
  for (let round = 0; round < pairs; round++) {
    const inIt = measured.filter(
      (one) => round === 0 || (fastestOf(measured, one.side.kind) === one && (!one.side.isSlow || round < slowRounds)),
    )
    for (const one of inIt) {
      const timed = await timeCommand(one.side.command)
      one.proven = one.side.prove(timed)
      one.runs.push(timed)
      say(`${one.side.name}: ${timed.wallSeconds.toFixed(2)} s, CPU ${timed.cpuSeconds.toFixed(2)} s`)
    }
  }
  return measured
}

/** By the first round, which all were in. @param {readonly Measured[]} measured @param {Side['kind']} kind */
function fastestOf(measured, kind) {
  const [fastest] = measured
    .filter(({ side }) => side.kind === kind)
    .toSorted((a, b) => (a.runs[0]?.wallSeconds ?? Infinity) - (b.runs[0]?.wallSeconds ?? Infinity))
  if (fastest === undefined) throw new Error(`Expected a side of kind ${kind}`)
  return fastest
}

/** Round by round; a round that a slow side left out is compared with its first. @param {Measured} mine @param {Measured} theirs @param {number} atMost */
function ratio(mine, theirs, atMost) {
  const samples = mine.runs.map(
    ({ wallSeconds }, i) => wallSeconds / (theirs.runs[i] ?? theirs.runs[0] ?? { wallSeconds: NaN }).wallSeconds,
  )
  return figure(`wall time, ${mine.side.name} / ${theirs.side.name}`, '×', samples, { atMost })
}
