// Peak memory of a short and a long video of the same content, and of a consumer that takes its time.
// @ts-check
import { basename } from 'node:path'
import { expectedTicks } from '../compare.mjs'
import { probeVideo } from '../ffmpeg.mjs'
import { benchmarkCores, timeCommand } from '../measure.mjs'
import { ownCommand, ownOutcome } from '../own-side.mjs'
import { figure } from '../result.mjs'
import { pairRatios } from '../statistics.mjs'

const megabyte = 1e6
const fps = 2
const slotMegabytes = 64
const sleepMs = 20

/** @type {import('../scenario-list.mjs').Scenario} */
export const memoryScenario = { name: 'memory', run: measureMemory }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureMemory({ media, quick, say }) {
  const short = await media.short()
  const long = await media.long()
  const frames = { [short]: expectedTicks(await probeVideo(short), fps).length, [long]: expectedTicks(await probeVideo(long), fps).length }
  const engine = { workers: benchmarkCores, memoryLimit: slotMegabytes * megabyte }
  const peak = async (/** @type {string} */ file, sleep = 0) => {
    const timed = await timeCommand(ownCommand({ file, engine, options: { fps }, sleepMs: sleep }))
    return ownOutcome(timed, frames[file] ?? NaN).peakBytes / megabyte
  }
  /** @type {Record<'short' | 'long' | 'sleepy', number[]>} */
  const peaks = { short: [], long: [], sleepy: [] }
  for (let round = 0; round < (quick ? 1 : 2); round++) {
    peaks.short.push(await peak(short))
    peaks.long.push(await peak(long))
    peaks.sleepy.push(await peak(long, sleepMs))
    say(`peaks of ${[peaks.short, peaks.long, peaks.sleepy].map((all) => all.at(-1)?.toFixed(0)).join(', ')} MB`)
  }
  return {
    scenario: 'memory',
    title: 'Memory: peak of a process that samples',
    subject: `${basename(short)} (${frames[short]} frames) and ${basename(long)} (${frames[long]} frames) at fps ${fps}, full size rgb24, ${benchmarkCores} workers, memoryLimit ${slotMegabytes} MB`,
    checks: [
      `every run delivered all of its frames`,
      'peaks are resident memory of the whole process with Node, libraries and slots (VmHWM)',
    ],
    figures: [
      figure('peak, short file', 'MB', peaks.short),
      figure('peak, long file', 'MB', peaks.long, { atMost: 400 + slotMegabytes }),
      figure('peak, long / short', '×', pairRatios(peaks.long, peaks.short), { atMost: 1.1 }),
      figure(`peak, long file, consumer sleeps ${sleepMs} ms per frame`, 'MB', peaks.sleepy, { atMost: 400 + slotMegabytes }),
      figure('peak, sleeping / not sleeping', '×', pairRatios(peaks.sleepy, peaks.long), { atMost: 1.1 }),
    ],
  }
}
