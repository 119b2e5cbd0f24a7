// Memory of analysing: a short and a long video of the same content, and what the measurements of three hours take up.
// @ts-check
import { basename } from 'node:path'
import { clipRate, tinyScale } from '../clips.mjs'
import { benchmarkCores, timeCommand } from '../measure.mjs'
import { Media } from '../media.mjs'
import { ownCommand, ownOutcome } from '../own-side.mjs'
import { analysisCommand } from '../peers/analyze-ways.mjs'
import { highlightRate } from '../peers/analyze-work.mjs'
import { figure, verify } from '../result.mjs'
import { pairRatios } from '../statistics.mjs'

const megabyte = 1e6
const threeHours = 3 * 3600
const soundWindows = 100
/** Share by which the longer one may need more: its measurements and its packet index. */
const mostGrowth = 1.1

/** @type {import('../scenario-list.mjs').Scenario} */
export const analyzeMemoryScenario = { name: 'analyze-memory', run: measureMemory }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureMemory({ media, quick, pairs, say }) {
  const minutes = quick ? { short: 0.2, long: 1.2 } : { short: 10, long: 60 }
  const files = { short: await tinyClip(media, minutes.short), long: await tinyClip(media, minutes.long) }
  const run = async (/** @type {'short' | 'long'} */ which, /** @type {object} */ options) => {
    const told = JSON.parse((await timeCommand(analysisCommand(files[which], options, false))).output)
    const seconds = minutes[which] * 60
    const rate = 'all' in options ? clipRate : highlightRate
    verify(told.gaps === 0 && told.pictures === Math.round(seconds * rate), `${told.pictures} pictures of ${seconds} s are measured`)
    verify(Math.abs(told.windows - seconds * soundWindows) <= 10, `${told.windows} windows of sound of ${seconds} s are measured`)
    return told
  }
  const sample = async (/** @type {'short' | 'long'} */ which) => {
    /** @type {import('../../dist/index.js').SampleOptions} */
    const options = { fps: highlightRate, width: tinyScale.width, pixelFormat: 'gray8' }
    const timed = await timeCommand(ownCommand({ file: files[which], engine: { workers: benchmarkCores }, options }))
    return ownOutcome(timed, Math.round(minutes[which] * 60 * highlightRate)).peakBytes / megabyte
  }
  /** @type {Record<'short' | 'long' | 'shortSampled' | 'longSampled', number[]>} */
  const peaks = { short: [], long: [], shortSampled: [], longSampled: [] }
  for (let round = 0; round < Math.min(pairs, 3); round++) {
    peaks.short.push((await run('short', { fps: highlightRate })).peakBytes / megabyte)
    peaks.long.push((await run('long', { fps: highlightRate })).peakBytes / megabyte)
    peaks.shortSampled.push(await sample('short'))
    peaks.longSampled.push(await sample('long'))
    say(
      `peaks of ${Object.values(peaks)
        .map((all) => all.at(-1)?.toFixed(0))
        .join(', ')} MB`,
    )
  }
  const all = await run('short', { all: true })
  const [perPicture, perWindow] = [all.pictureBytes / all.pictures, all.soundBytes / all.windows]
  const measured = (/** @type {number} */ rate) => (threeHours * (rate * perPicture + soundWindows * perWindow)) / megabyte
  return {
    scenario: 'analyze-memory',
    title: 'Memory: peak of a process that analyses, and what the measurements take up',
    subject: `${basename(files.short)} (${minutes.short} minutes) and ${basename(files.long)} (${minutes.long} minutes), ${highlightRate} pictures a second and all sound, ${benchmarkCores} workers`,
    checks: [
      'every run measured all pictures and all sound, without a gap',
      'peaks are resident memory of the whole process with Node and libraries (VmHWM); plain sampling takes pictures of the same rate, and shows what the tables of packets take up, of which small pictures have as many as large ones',
      `a picture takes ${perPicture.toFixed(1)} bytes and a window of sound ${perWindow.toFixed(1)}, by the memory that the columns of a whole analysis lie in; three hours are ${threeHours} s times as many`,
    ],
    figures: [
      figure('peak, short file', 'MB', peaks.short),
      figure('peak, long file', 'MB', peaks.long),
      figure('peak, short file, plain sampling', 'MB', peaks.shortSampled),
      figure('peak, long file, plain sampling', 'MB', peaks.longSampled),
      figure('peak, long file, analysis / plain sampling', '×', pairRatios(peaks.long, peaks.longSampled)),
      figure('peak, long / short', '×', pairRatios(peaks.long, peaks.short), { atMost: mostGrowth }),
      figure(`measurements of three hours, ${highlightRate} pictures a second and sound`, 'MB', [measured(highlightRate)], { atMost: 100 }),
      figure(`measurements of three hours, every one of ${clipRate} pictures a second and sound`, 'MB', [measured(clipRate)], {
        atMost: 100,
      }),
    ],
  }
}

/** Pictures so small that it is the length that matters. @param {Media} media @param {number} minutes */
function tinyClip({ folder, say }, minutes) {
  const { sceneSeconds, scenes } = tinyScale
  return new Media(folder, { ...tinyScale, longLoops: Math.round((minutes * 60) / (sceneSeconds * scenes)) }, say).longWithSound()
}
