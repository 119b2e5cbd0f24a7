// How the truth about scenes is planned and judged: the benchmark's figures are worth no more than this.
import { describe, expect, it } from 'vitest'
import { compilationArguments, planCompilation } from '../../bench/compilations.mjs'
import { alarmsIn, bestThreshold, judgeCuts, judgeTransitions, rates, sumOf } from '../../bench/scene-score.mjs'
import { changeScores } from '../../bench/shots.mjs'

const shots = Array.from({ length: 9 }, (_, number) => ({
  clip: `clip ${number % 5}`,
  file: `${number % 5}.mp4`,
  first: 40 * number,
  frames: 300,
}))
const plan = (seed: number): ReturnType<typeof planCompilation> => planCompilation({ shots, rate: 25, joins: 200, seed })

describe('a planned compilation', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(plan(7)).toEqual(plan(7))
    expect(plan(7).truth).not.toEqual(plan(8).truth)
  })

  it('has each border where the pieces before it end, and no two pieces of one clip in a row', () => {
    const { pieces, joins, truth } = plan(3)
    expect(pieces).toHaveLength(joins.length + 1)
    let at = 0
    const borders: { kind: string; at: number }[] = []
    for (const [number, { frames, shot, first }] of pieces.entries()) {
      expect(first).toBeGreaterThanOrEqual(shot.first)
      expect(first + frames).toBeLessThanOrEqual(shot.first + shot.frames)
      const join = joins[number - 1]
      if (join !== undefined) {
        expect(shot.clip).not.toBe(pieces[number - 1]?.shot.clip)
        if (join.kind === 'dissolve') at -= join.frames
        borders.push({ kind: join.kind, at })
      }
      at += frames
    }
    expect(truth.frames).toBe(at)
    expect(truth.cuts).toEqual(borders.filter(({ kind }) => kind === 'cut').map((border) => border.at))
    expect(truth.cuts.length + truth.transitions.length).toBe(joins.length)
    expect(truth.transitions.filter(({ kind }) => kind === 'fade').every(({ start, end }) => end - start >= 15)).toBe(true)
  })

  it('has everything in it that is to be told apart', () => {
    const { truth } = plan(5)
    expect(truth.cuts.length).toBeGreaterThan(100)
    expect(new Set(truth.transitions.map(({ kind }) => kind))).toEqual(new Set(['fade', 'dissolve']))
    expect(truth.flashes.length).toBeGreaterThan(3)
    expect(truth.motion.length).toBeGreaterThan(3)
    // Scenes are longer than the shortest one a detector lets stand.
    const borders = [...truth.cuts, ...truth.transitions.flatMap(({ start, end }) => [start, end])].toSorted((a, b) => a - b)
    expect(Math.min(...borders.slice(1).map((border, i) => border - (borders[i] ?? 0)))).toBeGreaterThanOrEqual(10)
  })

  it('is asked of ffmpeg as one input and one chain of filters for each piece', () => {
    const { pieces, ...rest } = plan(2)
    const args = compilationArguments({ pieces, ...rest })
    expect(args.filter((argument) => argument === '-i')).toHaveLength(pieces.length)
    const graph = args[args.indexOf('-filter_complex') + 1] ?? ''
    for (const [at, { frames }] of pieces.entries()) expect(graph).toContain(`[${at}:v]trim=end_frame=${frames},`)
  })
})

describe('the judgement', () => {
  const truth = {
    frames: 500,
    cuts: [100, 200, 300],
    transitions: [
      { kind: 'dissolve' as const, start: 400, end: 420 },
      { kind: 'fade' as const, start: 450, end: 470 },
    ],
    flashes: [{ start: 250, end: 252 }],
    motion: [],
  }

  it('takes a cut as right on its very frame only', () => {
    expect(judgeCuts([100, 201, 300], truth)).toEqual({ right: 2, wrong: 1, missed: 1 })
  })

  it('takes a cut inside a transition as wrong, but for a finder that knows none', () => {
    expect(judgeCuts([100, 200, 300, 410], truth)).toEqual({ right: 3, wrong: 1, missed: 0 })
    expect(judgeCuts([100, 200, 300, 410], truth, { lenient: true })).toEqual({ right: 3, wrong: 0, missed: 0 })
  })

  it('takes a transition as right within half a second of its middle, once, and as what it is', () => {
    const found = [
      { kind: 'dissolve' as const, frame: 422 },
      { kind: 'dissolve' as const, frame: 411 },
      { kind: 'dissolve' as const, frame: 460 },
    ]
    expect(judgeTransitions(found, truth, 25, 'dissolve')).toEqual({ right: 1, wrong: 2, missed: 0 })
    expect(judgeTransitions(found, truth, 25, 'fade')).toEqual({ right: 0, wrong: 0, missed: 1 })
    expect(judgeTransitions([{ kind: 'dissolve', frame: 423 }], truth, 25, 'dissolve')).toEqual({ right: 0, wrong: 1, missed: 1 })
  })

  it('makes precision, recall and F1 of all files together', () => {
    const sum = sumOf([
      { right: 3, wrong: 1, missed: 0 },
      { right: 3, wrong: 0, missed: 2 },
    ])
    expect(sum).toEqual({ right: 6, wrong: 1, missed: 2 })
    expect(rates(sum)).toEqual({ precision: 6 / 7, recall: 6 / 8, f1: 12 / 15 })
    expect(rates({ right: 0, wrong: 0, missed: 0 })).toEqual({ precision: 1, recall: 1, f1: 0 })
  })

  it('counts alarms that a flash raised, when it comes and when it goes', () => {
    expect(alarmsIn([100, 250, 252, 253], truth.flashes)).toBe(2)
  })

  it('finds the threshold that does best on all files', () => {
    const scores = Array.from({ length: 500 }, (_, frame) => (truth.cuts.includes(frame) ? 20 : frame === 250 ? 12 : 1))
    const best = bestThreshold([{ scores, truth }])
    expect(best.f1).toBe(1)
    expect(best.threshold).toBeGreaterThan(12)
    expect(best.threshold).toBeLessThanOrEqual(20)
  })

  it('reads the scores that ffmpeg prints', () => {
    const printed =
      'frame:0    pts:0       pts_time:0\nlavfi.scd.score=0.000\nframe:1    pts:512     pts_time:0.04\nlavfi.scd.score=12.345\n'
    expect(changeScores(printed)).toEqual([0, 12.345])
  })
})
