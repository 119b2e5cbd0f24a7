// What leaving out the loop filter saves, and what it costs in accuracy.
// @ts-check
import { basename } from 'node:path'
import { detectScenes, Engine } from '../../dist/index.js'
import { figure, verify } from '../result.mjs'

/** Seconds of the film that are measured. */
const seconds = 60
/** Columns that highlights and scenes are made from. */
const columns = /** @type {const} */ (['luma', 'difference', 'deltaHue', 'deltaSat', 'deltaLum', 'motion', 'sharpness'])

/** @type {import('../scenario-list.mjs').Scenario} */
export const analyzeDraftScenario = { name: 'analyze-draft', run: measureDraft }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureDraft({ media, pairs, say }) {
  const file = await media.longWithSound()
  /** @type {number[]} */
  const ratios = []
  /** @type {Record<'exact' | 'draft', import('../../dist/index.js').PictureSeries | null>} */
  const series = { exact: null, draft: null }
  for (let pair = 0; pair < pairs; pair++) {
    const wall = { exact: 0, draft: 0 }
    for (const quality of /** @type {const} */ (['exact', 'draft'])) {
      const engine = new Engine({ cache: false })
      try {
        const startedAt = performance.now()
        const { pictures } = await engine.analyze(file, { all: true, audio: false, end: seconds, quality })
        wall[quality] = (performance.now() - startedAt) / 1000
        series[quality] = pictures
      } finally {
        await engine.close()
      }
    }
    ratios.push(wall.draft / wall.exact)
    say(`analyze-draft: ${wall.draft.toFixed(2)} s and ${wall.exact.toFixed(2)} s`)
  }
  const { exact, draft } = series
  if (exact === null || draft === null) throw new Error('no pictures were measured')
  verify(exact.count === draft.count && exact.count > 0, 'both measure the same frames')
  const starts = [exact, draft].map((pictures) => detectScenes(pictures).map(({ startFrame }) => startFrame))
  const [expected = [], found = []] = starts
  const other = [...expected.filter((frame) => !found.includes(frame)), ...found.filter((frame) => !expected.includes(frame))]
  return {
    scenario: 'analyze-draft',
    title: 'Analyze as a draft: without the loop filter',
    subject: `${basename(file)}: the first ${seconds} seconds, every frame (${exact.count}), no sound`,
    checks: ['both qualities measure the same frames', 'an engine each time, without a cache'],
    figures: [
      figure('wall time, draft / exact', '×', ratios),
      ...columns.map((name) => figure(`${name}: mean difference, of the mean`, '%', [100 * meanDifference(exact[name], draft[name])])),
      figure('scenes that begin elsewhere', '', [other.length]),
    ],
  }
}

/** @param {Float32Array} one @param {Float32Array} other */
function meanDifference(one, other) {
  let off = 0
  let sum = 0
  for (const [i, value] of one.entries()) {
    if (Number.isNaN(value)) continue
    off += Math.abs(value - (other[i] ?? 0))
    sum += Math.abs(value)
  }
  return sum === 0 ? 0 : off / sum
}
