// Scenes of a compilation of real clips below the folder FRAMEMILL_CORPUS, made here, whose cuts are known because they were planned.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCompilation } from '../../bench/compilation-files.mjs'
import { judgeCuts, judgeTransitions, rates, sumOf } from '../../bench/scene-score.mjs'
import { findShots } from '../../bench/shots.mjs'
import { detectScenes, Engine, type PictureSeries, type Scene } from '../../dist/index.js'

const corpus = process.env['FRAMEMILL_CORPUS'] ?? ''
const rate = 25
const quiet = (): void => undefined

describe('scenes of real clips', () => {
  let folder = ''
  let compilation: Awaited<ReturnType<typeof makeCompilation>>
  let pictures: PictureSeries
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'framemill-scenes-'))
    const options = { keepIn: folder, say: quiet }
    // Enough to tell a detector that works from one that does not; the benchmark has more.
    const shots = await findShots(corpus, { rate, ...options, most: { seconds: 8, clips: 5, bytes: 5e6 } })
    compilation = await makeCompilation({ shots, rate, joins: 24, seed: 11 }, options)
    const engine = new Engine({ cache: false })
    try {
      const analysis = await engine.analyze(compilation.file, { all: true, audio: false })
      if (analysis.pictures === null) throw new Error('there are pictures')
      pictures = analysis.pictures
    } finally {
      await engine.close()
    }
  }, 120_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const begun = (scenes: readonly Scene[], which: 'cut' | 'gradual'): Scene[] =>
    scenes.slice(1).filter(({ kind }) => (kind === 'cut') === (which === 'cut'))

  it.each([
    ['adaptive', 0.97],
    ['content', 0.95],
    ['hash', 0.85],
  ] as const)('has its cuts found by the detector %s, to the frame', (detector, leastF1) => {
    const { truth } = compilation
    const cuts = begun(detectScenes(pictures, { detector }), 'cut').map(({ startFrame }) => startFrame)
    expect(truth.cuts.length).toBeGreaterThanOrEqual(12)
    expect(rates(judgeCuts(cuts, truth)).f1, `${cuts.join(' ')} instead of ${truth.cuts.join(' ')}`).toBeGreaterThanOrEqual(leastF1)
  })

  it('has its fades and dissolves found, and told from each other', () => {
    const { truth } = compilation
    const found = begun(detectScenes(pictures), 'gradual').flatMap(({ kind, startFrame }) =>
      kind === 'cut' ? [] : [{ kind, frame: startFrame }],
    )
    const tally = sumOf((['fade', 'dissolve'] as const).map((kind) => judgeTransitions(found, truth, rate, kind)))
    expect(truth.transitions.length).toBeGreaterThanOrEqual(4)
    expect(rates(tally).recall).toBeGreaterThanOrEqual(0.8)
    expect(tally.wrong).toBeLessThanOrEqual(1)
  })
})
