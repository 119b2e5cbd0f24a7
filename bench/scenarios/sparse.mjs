// Ten exact frames of a long file, against ten ffmpeg commands that seek.
// @ts-check
import { basename } from 'node:path'
import { compareFrames } from '../compare.mjs'
import { probeVideo, rawToStdout, readable, seekCommand } from '../ffmpeg.mjs'
import { benchmarkCores, runPairs, timeCommand, timeCommands } from '../measure.mjs'
import { ownCommand, ownOutcome, withEngine } from '../own-side.mjs'
import { figure, verify } from '../result.mjs'
import { pairRatios, randomNumbers } from '../statistics.mjs'

const width = 640
const atOnce = 2

/** @type {import('../scenario-list.mjs').Scenario} */
export const sparseScenario = { name: 'sparse', run: measureSparse }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureSparse({ media, quick, pairs, seed, say }) {
  const file = await media.long()
  const count = quick ? 4 : 10
  const video = await probeVideo(file)
  const times = irregularTimes(video.end, count, seed)
  const options = { timestamps: times, width }
  const tried = await waysToSeek(file, times, quick)
  const [best] = tried
  verify(best !== undefined, 'there is a way to call ffmpeg')
  const { decoder, commands } = best
  const leastPsnr = await proveSame(file, times, decoder)
  say(`all ${count} frames at least ${leastPsnr.toFixed(1)} dB alike`)

  /** @type {Record<'two' | 'one', number[]>} */
  const inEngine = { two: [], one: [] }
  const own = async (/** @type {number} */ workers, /** @type {number[]} */ engineSeconds) => {
    const timed = await timeCommand(ownCommand({ file, engine: { workers }, options }))
    engineSeconds.push(ownOutcome(timed, count).engineSeconds)
    return timed
  }
  const twoWorkers = () => own(2, inEngine.two)
  const againstSeeks = await runPairs(pairs, twoWorkers, () => timeCommands(commands, atOnce))
  const againstRow = await runPairs(pairs, twoWorkers, () => timeCommands(commands, 1))
  inEngine.two.length = 0
  const againstOne = await runPairs(pairs, twoWorkers, () => own(1, inEngine.one))
  const wall = (/** @type {import('../measure.mjs').Timed[]} */ runs) => runs.map(({ wallSeconds }) => wallSeconds)
  const cpu = (/** @type {import('../measure.mjs').Timed[]} */ runs) => runs.map(({ cpuSeconds }) => cpuSeconds)
  return {
    scenario: 'sparse',
    title: 'Sparse: ten exact frames of a long file',
    subject: `${basename(file)}, ${count} irregular times (${times.join(', ')} s), ${width} wide, rgb24, packet index read anew in every run; against ${count} times ffmpeg -ss`,
    checks: [`each frame is the one at its time, and at least ${leastPsnr.toFixed(1)} dB like ffmpeg's`],
    figures: [
      figure('wall time, framemill, 2 workers', 's', wall(againstSeeks.ours)),
      figure('wall time, ffmpeg -ss for each, 2 at a time', 's', wall(againstSeeks.theirs)),
      figure('wall time, framemill / ffmpeg 2 at a time', '×', pairRatios(wall(againstSeeks.ours), wall(againstSeeks.theirs)), {
        atMost: 0.8,
      }),
      figure('CPU time, framemill / ffmpeg 2 at a time', '×', pairRatios(cpu(againstSeeks.ours), cpu(againstSeeks.theirs))),
      figure('wall time, framemill / ffmpeg one after the other', '×', pairRatios(wall(againstRow.ours), wall(againstRow.theirs))),
      figure('wall time, 2 workers / 1 worker, whole processes', '×', pairRatios(wall(againstOne.ours), wall(againstOne.theirs))),
      figure('wall time, 2 workers / 1 worker, without the start of Node', '×', pairRatios(inEngine.two, inEngine.one), { atMost: 0.5 }),
    ],
    rivals: tried.map((rival) => ({
      name: rival.decoder.join(' ') || 'threads by default',
      command: readable(seekCommand(file, times[0] ?? 0, { width, decoder: rival.decoder }), file),
      wallSeconds: rival.wallSeconds,
      chosen: rival === best,
    })),
    tuning: `all ${count}, ${atOnce} at a time`,
  }
}

/** Ways to call ffmpeg for all the times, fastest first. @param {string} file @param {readonly number[]} times @param {boolean} quick one way only */
async function waysToSeek(file, times, quick) {
  const tried = []
  for (const decoder of quick ? [['-threads', '1']] : [[], ['-threads', '1'], ['-threads', '2']]) {
    const commands = times.map((time) => seekCommand(file, time, { width, decoder }))
    const walls = [await timeCommands(commands, atOnce), await timeCommands(commands, atOnce)].map(({ wallSeconds }) => wallSeconds)
    tried.push({ decoder, commands, wallSeconds: Math.min(...walls) })
  }
  return tried.sort((a, b) => a.wallSeconds - b.wallSeconds)
}

/** @param {string} file @param {readonly number[]} times @param {readonly string[]} decoder @returns {Promise<number>} the least PSNR of all */
async function proveSame(file, times, decoder) {
  return withEngine({ workers: benchmarkCores }, async (engine) => {
    let least = Infinity
    for (const time of times) {
      const command = seekCommand(file, time, { width, decoder, output: rawToStdout })
      const compared = await compareFrames(engine.sample(file, { timestamps: [time], width }), command, ({ timestamp }) => {
        verify(Math.abs(timestamp - time) < 1e-3, `the frame at ${time} s comes on screen then, not at ${timestamp} s`)
      })
      verify(compared.frames === 1, 'one time gives one frame')
      least = Math.min(least, compared.leastPsnr)
    }
    return least
  })
}

/** One in each of `count` parts, at tenths of a second: frames' own times at 30 frames per second, and exact for both sides. @param {number} end @param {number} count @param {number} seed */
function irregularTimes(end, count, seed) {
  const random = randomNumbers(seed)
  return Array.from({ length: count }, (_, part) => Math.round(((part + 0.05 + 0.9 * random()) / count) * (end - 0.1) * 10) / 10)
}
