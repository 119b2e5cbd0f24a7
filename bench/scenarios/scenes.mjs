// Scenes against the truth: compilations of real clips whose cuts are known because they were planned, and what ffmpeg's scdet makes of them.
// @ts-check
import { join } from 'node:path'
import { detectScenes, Engine } from '../../dist/index.js'
import { makeCompilation, scdetScores } from '../compilation-files.mjs'
import { figure, verify } from '../result.mjs'
import { alarmsIn, bestThreshold, judgeCuts, judgeTransitions, rates, sumOf } from '../scene-score.mjs'
import { findShots } from '../shots.mjs'

const corpus = process.env['FRAMEMILL_CORPUS']
const fullSize = { compilations: 6, joins: 70, leastClips: 8, leastCuts: 300 }
const quickSize = { compilations: 1, joins: 20, leastClips: 2, leastCuts: 10 }
const detectors = /** @type {const} */ (['adaptive', 'content', 'hash', 'histogram'])
/** Nothing but the detector and the shortest scene. */
const rulesAlone = { confirm: false, flashLen: 0, transitions: false }
/** Of 100 that are found or true: those that are not both. */
const most = { adaptive: 3, content: 5 }

/**
 * @typedef {object} Film
 * @property {import('../compilations.mjs').Compilation & { file: string }} compilation
 * @property {import('../../dist/analysis/series.js').PictureSeries} pictures
 * @property {number[]} scores scdet's
 */

/** @type {import('../scenario-list.mjs').Scenario} */
export const scenesScenario = { name: 'scenes', run: measureScenes }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureScenes({ media, quick, seed, say }) {
  if (corpus === undefined) return { scenario: 'scenes', skipped: 'FRAMEMILL_CORPUS names no folder of real clips' }
  const size = quick ? quickSize : fullSize
  const keepIn = join(media.folder, 'compilations')
  /** @type {Film[]} */
  const films = []
  const clips = new Set()
  const engine = new Engine({ cache: false })
  try {
    for (let number = 0; number < size.compilations; number++) {
      const rate = number % 2 === 0 ? 25 : 30
      const shots = await findShots(corpus, { rate, keepIn, say })
      const compilation = await makeCompilation({ shots, rate, joins: size.joins, seed: seed + number }, { keepIn, say })
      for (const { shot } of compilation.pieces) clips.add(shot.clip)
      const { pictures } = await engine.analyze(compilation.file, { all: true, audio: false })
      verify(pictures !== null && pictures.count === compilation.truth.frames, 'every frame is measured')
      films.push({ compilation, pictures, scores: await scdetScores(compilation.file) })
    }
  } finally {
    await engine.close()
  }
  const truths = films.map(({ compilation }) => compilation.truth)
  const count = (/** @type {(truth: import('../compilations.mjs').Truth) => number} */ of) =>
    truths.reduce((sum, truth) => sum + of(truth), 0)
  const cuts = count((truth) => truth.cuts.length)
  const kinds = (/** @type {'fade' | 'dissolve'} */ kind) =>
    count(({ transitions }) => transitions.filter((one) => one.kind === kind).length)
  const [fades, dissolves] = [kinds('fade'), kinds('dissolve')]
  verify(clips.size >= size.leastClips, `the pieces are of ${size.leastClips} clips or more, not ${clips.size}`)
  verify(cuts >= size.leastCuts, `there are ${size.leastCuts} cuts or more, not ${cuts}`)
  const found = detectors.map((detector) => ({ detector, ...judge(films, { detector }) }))
  const alone = detectors.slice(0, 2).map((detector) => ({ detector, ...judge(films, { detector, ...rulesAlone }) }))
  const [best] = found
  verify(best !== undefined, 'a detector was judged')
  const scdet = bestThreshold(films.map(({ scores, compilation }) => ({ scores, truth: compilation.truth })))
  const behind = films.map((film) => {
    const rival = bestThreshold([{ scores: film.scores, truth: film.compilation.truth }])
    return 100 * (rival.f1 - judge([film], { detector: 'adaptive' }).cut.f1)
  })
  return {
    scenario: 'scenes',
    title: 'Scenes: cuts, fades and dissolves that are known',
    subject: [
      `${films.length} compilations of ${clips.size} real clips, 640x360 H.264 at 25 and 30 frames per second, ${count((truth) => truth.frames)} frames:`,
      `${cuts} cuts, ${fades} fades through black or white, ${dissolves} dissolves,`,
      `${count((truth) => truth.flashes.length)} flashes, ${count((truth) => truth.motion.length)} stretches of 5 to 9 seconds of pan or zoom`,
    ].join(' '),
    checks: [
      'every compilation has as many frames as were planned, and each is measured',
      'a cut is right on its very frame only; for framemill, one inside a fade or dissolve is wrong; for scdet, which tells no transitions, it does not count',
      'a fade or dissolve is right when a scene of its kind begins within half a second of its middle',
      `scdet at the best of 400 thresholds for these very files, ${scdet.threshold}; framemill as it is by default`,
    ],
    figures: [
      ...found.flatMap(({ detector, cut, flashes }) => [
        figure(`${detector}: 100 - F1 of cuts`, '%', [100 * (1 - cut.f1)], detector in most ? { atMost: Reflect.get(most, detector) } : {}),
        figure(`${detector}: precision of cuts`, '%', [100 * cut.precision]),
        figure(`${detector}: recall of cuts`, '%', [100 * cut.recall]),
        figure(`${detector}: cuts found in flashes`, '', [flashes]),
      ]),
      ...alone.map(({ detector, cut }) =>
        figure(`${detector}, by PySceneDetect’s rules alone: 100 - F1 of cuts`, '%', [100 * (1 - cut.f1)]),
      ),
      figure('scdet at its best: 100 - F1 of cuts', '%', [100 * (1 - scdet.f1)]),
      figure('scdet at its best: precision of cuts', '%', [100 * scdet.precision]),
      figure('scdet at its best: recall of cuts', '%', [100 * scdet.recall]),
      figure('F1 of cuts, adaptive behind scdet', '%', [100 * (scdet.f1 - best.cut.f1)], { atMost: 0 }),
      figure('the same for each file, scdet at the best for that file', '%', behind, { atMost: 0, judged: 'max' }),
      figure('fades missed', '%', [100 * (1 - best.fade.recall)], { atMost: 20 }),
      figure('dissolves missed', '%', [100 * (1 - best.dissolve.recall)], { atMost: 20 }),
      figure('fades found where there is none', '', [best.fade.wrong]),
      figure('dissolves found where there is none', '', [best.dissolve.wrong]),
      figure('scenes begun in a pan or zoom', '', [best.motion]),
    ],
  }
}

/** @param {readonly Film[]} films @param {import('../../dist/index.js').SceneOptions} options */
function judge(films, options) {
  const each = films.map(({ compilation: { truth, rate }, pictures }) => {
    const scenes = detectScenes(pictures, options).slice(1)
    const cuts = scenes.filter(({ kind }) => kind === 'cut').map(({ startFrame }) => startFrame)
    const transitions = scenes.flatMap(({ kind, startFrame }) => (kind === 'cut' ? [] : [{ kind, frame: startFrame }]))
    return {
      cut: judgeCuts(cuts, truth),
      fade: judgeTransitions(transitions, truth, rate, 'fade'),
      dissolve: judgeTransitions(transitions, truth, rate, 'dissolve'),
      flashes: alarmsIn(cuts, truth.flashes),
      motion: alarmsIn(
        scenes.map(({ startFrame }) => startFrame),
        truth.motion,
      ),
    }
  })
  const all = (/** @type {'cut' | 'fade' | 'dissolve'} */ kind) => {
    const tally = sumOf(each.map((one) => one[kind]))
    return { ...tally, ...rates(tally) }
  }
  const total = (/** @type {'flashes' | 'motion'} */ of) => each.reduce((sum, one) => sum + one[of], 0)
  return { cut: all('cut'), fade: all('fade'), dissolve: all('dissolve'), flashes: total('flashes'), motion: total('motion') }
}
