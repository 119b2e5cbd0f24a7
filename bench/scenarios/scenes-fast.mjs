// The two-step cut finder against the full pass: films of real clips, cut and encoded as films are, whose cuts are known.
// @ts-check
import { join } from 'node:path'
import { Engine } from '../../dist/index.js'
import { makeCompilation } from '../compilation-files.mjs'
import { figure, verify } from '../result.mjs'
import { judgeCuts, rates, sumOf } from '../scene-score.mjs'
import { findShots } from '../shots.mjs'

const corpus = process.env['FRAMEMILL_CORPUS']
const fullSize = { films: 3, joins: 50, leastCuts: 100 }
const quickSize = { films: 1, joins: 10, leastCuts: 5 }
/** What a film of nothing but cuts is searched for. */
const cutsOnly = { transitions: false }

/** @type {import('../scenario-list.mjs').Scenario} */
export const scenesFastScenario = { name: 'scenes-fast', run: measureFastScenes }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureFastScenes({ media, quick, pairs, seed, say }) {
  if (corpus === undefined) return { scenario: 'scenes-fast', skipped: 'FRAMEMILL_CORPUS names no folder of real clips' }
  const size = quick ? quickSize : fullSize
  const keepIn = join(media.folder, 'compilations')
  /** @type {{ file: string, truth: import('../compilations.mjs').Truth }[]} */
  const films = []
  for (let number = 0; number < size.films; number++) {
    const shots = await findShots(corpus, { rate: 25, keepIn, say })
    films.push(await makeCompilation({ shots, rate: 25, joins: size.joins, seed: seed + number, isFilm: true }, { keepIn, say }))
  }
  const cuts = films.reduce((sum, { truth }) => sum + truth.cuts.length, 0)
  verify(cuts >= size.leastCuts, `there are ${size.leastCuts} cuts or more, not ${cuts}`)
  /** @type {number[]} */
  const ratios = []
  /** @type {Side[]} */
  const sides = []
  for (let pair = 0; pair < pairs; pair++) {
    const [fast, full] = [await searchAll(films, 'fast'), await searchAll(films, 'full')]
    ratios.push(fast.seconds / full.seconds)
    sides.push(fast, full)
    say(`scenes-fast: ${fast.seconds.toFixed(2)} s and ${full.seconds.toFixed(2)} s`)
  }
  const [fast, full] = sides
  verify(fast !== undefined && full !== undefined, 'both ways were measured')
  return {
    scenario: 'scenes-fast',
    title: 'Cuts in two steps: where packets hint at them, against every frame',
    subject: `${films.length} films of real clips, 640x360 H.264 (x264 veryfast, key frames where it sets them), ${films.reduce((sum, { truth }) => sum + truth.frames, 0)} frames, ${cuts} cuts`,
    checks: [
      'every film has as many frames as were planned',
      'a cut is right on its very frame only; both ways look for cuts only, an engine each time without a cache',
    ],
    figures: [
      figure('wall time, two steps / full pass', '×', ratios, { atMost: 0.25 }),
      figure('frames measured in two steps', '%', [100 * fast.measured]),
      figure('full pass: 100 - F1 of cuts', '%', [100 * (1 - full.f1)]),
      figure('two steps: 100 - F1 of cuts', '%', [100 * (1 - fast.f1)]),
      figure('F1 of cuts, two steps behind the full pass', '%', [100 * (full.f1 - fast.f1)], { atMost: 2 }),
    ],
  }
}

/**
 * @typedef {object} Side
 * @property {number} seconds
 * @property {number} measured share of the frames
 * @property {number} f1
 */

/** @param {readonly { file: string, truth: import('../compilations.mjs').Truth }[]} films @param {'fast' | 'full'} strategy @returns {Promise<Side>} */
async function searchAll(films, strategy) {
  let seconds = 0
  let measured = 0
  let frames = 0
  const tallies = []
  for (const { file, truth } of films) {
    const engine = new Engine({ cache: false })
    try {
      const startedAt = performance.now()
      const report = await engine.detectScenes(file, { strategy, ...cutsOnly })
      seconds += (performance.now() - startedAt) / 1000
      verify(report.strategy === strategy, `no fall-back: ${report.fallback ?? ''}`)
      measured += report.framesMeasured
      frames += report.framesTotal
      tallies.push(
        judgeCuts(
          report.scenes.slice(1).map(({ startFrame }) => startFrame),
          truth,
        ),
      )
    } finally {
      await engine.close()
    }
  }
  return { seconds, measured: measured / frames, f1: rates(sumOf(tallies)).f1 }
}
