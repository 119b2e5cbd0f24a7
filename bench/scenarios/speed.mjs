// Speed of a whole file at 2 frames per second, against ffmpeg at its best on the same cores: one scenario for each kind of video.
// @ts-check
import { basename } from 'node:path'
import { compareFrames, expectedTicks } from '../compare.mjs'
import { probeVideo, rawToStdout, readable, sampleCommand, waysToSample } from '../ffmpeg.mjs'
import { benchmarkCores, runPairs, timeCommand, timeCommands } from '../measure.mjs'
import { ownCommand, ownOutcome, withEngine } from '../own-side.mjs'
import { figure, verify } from '../result.mjs'
import { pairRatios } from '../statistics.mjs'

const fps = 2
const width = 640
const engineOptions = { workers: benchmarkCores }

/**
 * @typedef {object} Kind
 * @property {string} name
 * @property {string} title
 * @property {import('../media.mjs').ClipKind | 'long' | 'own'} clip
 * @property {{ wall?: number, cpu?: number }} targets ratios to ffmpeg
 */

/** @type {Kind[]} */
const kinds = [
  { name: 'speed-b-frames', title: 'Speed: H.264 with B-frames', clip: 'long', targets: { wall: 0.6, cpu: 0.7 } },
  { name: 'speed-no-b-frames', title: 'Speed: H.264 without B-frames', clip: 'h264-no-b-frames', targets: { wall: 1 } },
  { name: 'speed-vp9', title: 'Speed: VP9', clip: 'vp9', targets: { wall: 1 } },
  { name: 'speed-av1', title: 'Speed: AV1', clip: 'av1', targets: { wall: 1 } },
  { name: 'speed-hevc', title: 'Speed: HEVC with B-frames', clip: 'hevc', targets: { wall: 1 } },
  { name: 'speed-file', title: 'Speed: a file of your own', clip: 'own', targets: {} },
]

/** @type {import('../scenario-list.mjs').Scenario[]} */
export const speedScenarios = kinds.map((kind) => ({
  name: kind.name,
  onlyByName: kind.clip === 'own',
  run: (context) => measureSpeed(kind, context),
}))

/** @param {Kind} kind @param {import('../scenario-list.mjs').Context} context */
async function measureSpeed({ name, title, clip, targets }, { media, quick, pairs, file: ownFile, say }) {
  const lacking = clip === 'long' || clip === 'own' ? null : await media.lacks(clip)
  if (lacking !== null) return { scenario: name, skipped: `this ffmpeg has no encoder ${lacking}` }
  if (clip === 'own' && ownFile === null) throw new Error(`${name} needs --file FILE`)
  const file = clip === 'own' ? (ownFile ?? '') : await (clip === 'long' ? media.long() : media.ofKind(clip))
  const video = await probeVideo(file)
  const expected = expectedTicks(video, fps)
  const { rivals, best } = await fastestWay(file, video, quick, say)
  const command = sampleCommand(best, file, { width, matrix: video.matrix, frames: expected.length })
  say(`fastest: ${readable(command, file)}`)

  const compared = await proveSame(file, best, video.matrix, expected)
  say(`${compared.frames} frames, all at least ${compared.leastPsnr.toFixed(1)} dB alike`)
  const own = ownCommand({ file, engine: engineOptions, options: { fps, width } })
  /** @type {import('../../dist/index.js').SampleReport | undefined} */
  let report
  const runs = await runPairs(
    pairs,
    async () => {
      const timed = await timeCommand(own)
      ;({ report } = ownOutcome(timed, expected.length))
      return timed
    },
    () => timeCommand(command),
  )
  verify(report !== undefined, 'there is a report')

  const wall = { ours: runs.ours.map((run) => run.wallSeconds), theirs: runs.theirs.map((run) => run.wallSeconds) }
  const cpu = { ours: runs.ours.map((run) => run.cpuSeconds), theirs: runs.theirs.map((run) => run.cpuSeconds) }
  const halves = clip === 'long' ? [(await twoCommands(file, best, expected.length)).wallSeconds] : []
  const shareDecoded = report.framesDecoded / report.framesInRange
  return {
    scenario: name,
    title,
    subject: `${describe(file, video)}; fps ${fps}, ${width} wide, rgb24: ${expected.length} frames; ${engineOptions.workers} workers against ffmpeg on the same ${benchmarkCores} cores`,
    checks: [
      `${expected.length} frames from both; presentation times equal those that ffprobe's packets give for k / ${fps}`,
      `every frame compared with ffmpeg's: PSNR at least ${compared.leastPsnr.toFixed(1)} dB, median ${compared.medianPsnr.toFixed(1)} dB (100: identical)`,
      `framemill decoded ${report.framesDecoded} of ${report.framesInRange} frames (${(shareDecoded * 100).toFixed(0)} %), ${report.codecThreads} codec threads per worker`,
    ],
    figures: [
      figure('wall time, framemill', 's', wall.ours),
      figure('wall time, ffmpeg', 's', wall.theirs),
      figure('wall time, framemill / ffmpeg', '×', pairRatios(wall.ours, wall.theirs), optional(targets.wall)),
      figure('CPU time, framemill', 's', cpu.ours),
      figure('CPU time, ffmpeg', 's', cpu.theirs),
      figure('CPU time, framemill / ffmpeg', '×', pairRatios(cpu.ours, cpu.theirs), optional(targets.cpu)),
      ...halves.map((seconds) => figure('wall time, two ffmpeg at once, half of the file each', 's', [seconds])),
    ],
    rivals,
    tuning: `the first ${tuningSeconds(video)} s`,
  }
}

/** @param {number | undefined} atMost */
function optional(atMost) {
  return atMost === undefined ? {} : { atMost }
}

/** @typedef {Awaited<ReturnType<typeof probeVideo>>} Video */

/** Long enough to tell the ways apart. @param {Video} video */
function tuningSeconds({ end }) {
  return Math.min(end > 300 ? 20 : 10, Math.floor(end))
}

/** Ways near enough to the fastest to deserve a second look. */
const finalists = 3

/**
 * Every way to call ffmpeg, timed on the first part of the file, and the fastest ones twice more.
 * @param {string} file @param {Video} video @param {boolean} quick two ways only @param {(line: string) => void} say
 */
async function fastestWay(file, video, quick, say) {
  const all = waysToSample({ fps, frameStep: constantStep(video) })
  const ways = quick ? [...all.slice(0, 1), ...all.slice(-1)] : all
  const tried = []
  for (const way of ways) {
    const command = sampleCommand(way, file, { width, matrix: video.matrix, seconds: tuningSeconds(video) })
    say(`trying ${way.name}`)
    const { wallSeconds } = await timeCommand(command)
    tried.push({ way, command, wallSeconds })
  }
  const byTime = (/** @type {{ wallSeconds: number }} */ a, /** @type {{ wallSeconds: number }} */ b) => a.wallSeconds - b.wallSeconds
  tried.sort(byTime)
  for (let round = 0; round < (quick ? 0 : 2); round++) {
    for (const attempt of tried.slice(0, finalists))
      attempt.wallSeconds = Math.min(attempt.wallSeconds, (await timeCommand(attempt.command)).wallSeconds)
  }
  tried.sort(byTime)
  const [fastest] = tried
  verify(fastest !== undefined, 'there is a way to call ffmpeg')
  const rivals = tried.map(({ way, command, wallSeconds }) => ({
    name: way.name,
    command: readable(command, file),
    wallSeconds,
    chosen: way === fastest.way,
  }))
  return { best: fastest.way, rivals }
}

/** Frames between two chosen ones, where the frame rate is constant and a multiple of the grid's; else null. @param {Video} video */
function constantStep({ ticks, seconds, end }) {
  const frame = end / ticks.length
  const step = 1 / (fps * frame)
  const isConstant = ticks.every((tick, number) => Math.abs(seconds(tick) - number * frame) < 0.002)
  return isConstant && Math.abs(step - Math.round(step)) < 1e-3 ? Math.round(step) : null
}

/** @param {string} file @param {import('../ffmpeg.mjs').Way} way @param {string | null} matrix @param {readonly number[]} expected */
async function proveSame(file, way, matrix, expected) {
  const command = sampleCommand(way, file, { width, matrix, output: rawToStdout, frames: expected.length })
  const compared = await withEngine(engineOptions, (engine) =>
    compareFrames(engine.sample(file, { fps, width }), command, ({ number, pts }) => {
      verify(pts === expected[number], `frame ${number} has the presentation time ${expected[number]}, not ${pts}`)
    }),
  )
  verify(compared.frames === expected.length, `there are ${expected.length} frames, not ${compared.frames}`)
  return compared
}

/** What someone does who wants both cores busy at any price. @param {string} file @param {import('../ffmpeg.mjs').Way} way @param {number} frames */
async function twoCommands(file, way, frames) {
  const middle = Math.ceil(frames / 2) / fps
  const single = { ...way, decoder: ['-threads', '1'], filters: ['-filter_threads', '1'] }
  const halves = [sampleCommand(single, file, { width, seconds: middle }), sampleCommand(single, file, { width, from: middle })]
  return timeCommands(halves, 2)
}

/** @param {string} file @param {Video} video */
function describe(file, { width: wide, height, codec, end, ticks, bitsPerSecond }) {
  const minutes = `${Math.floor(end / 60)}:${String(Math.round(end % 60)).padStart(2, '0')}`
  return `${basename(file)}: ${codec} ${wide}x${height}, ${(ticks.length / end).toFixed(2)} frames per second, ${minutes}, ${(bitsPerSecond / 1e6).toFixed(1)} Mb/s`
}
