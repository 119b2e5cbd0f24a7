// Each detector's rule, on columns written down by hand.
import { describe, expect, it } from 'vitest'
import { detectScenes } from '../../src/analysis/scenes.ts'
import type { PictureSeries } from '../../src/analysis/series.ts'
import type { SceneOptions } from '../../src/options/scenes.ts'
import { pictureSeries, type FrameValues } from './series.ts'

/** Frames where scenes begin, but for the first; nothing but the detector at work. */
function cuts(pictures: PictureSeries, options: SceneOptions): number[] {
  const alone = { transitions: false, minSceneLen: 0, ...(options.detector === 'threshold' ? {} : { flashLen: 0, confirm: false }) }
  const scenes = detectScenes(pictures, { ...alone, ...options })
  return scenes.slice(1).map(({ startFrame }) => startFrame)
}

/** One column over time; the first frame compares with nothing. */
function column(name: keyof FrameValues, values: readonly number[]): PictureSeries {
  return pictureSeries(values.map((value) => ({ [name]: value })))
}

const score = (value: number): FrameValues => ({ deltaHue: value, deltaSat: value, deltaLum: value })
const scores = (values: readonly number[]): PictureSeries => pictureSeries(values.map(score))

describe('content', () => {
  it('cuts where the mean of hue, saturation and value differences reaches 27', () => {
    const pictures = pictureSeries([{}, { deltaHue: 27, deltaSat: 26, deltaLum: 28 }, { deltaHue: 27, deltaSat: 27, deltaLum: 26.9 }])
    expect(cuts(pictures, { detector: 'content' })).toEqual([1])
    expect(cuts(pictures, { detector: 'content', threshold: 26 })).toEqual([1, 2])
  })

  it('weighs the differences, negative weights too', () => {
    const pictures = pictureSeries([{}, { deltaHue: 10, deltaSat: 20, deltaLum: 60 }])
    // (1 * 10 - 1 * 20 + 2 * 60) / 4 = 27.5
    const weights = { deltaHue: 1, deltaSat: -1, deltaLum: 2 }
    expect(cuts(pictures, { detector: 'content', weights, threshold: 27.5 })).toEqual([1])
    expect(cuts(pictures, { detector: 'content', weights, threshold: 27.6 })).toEqual([])
    expect(cuts(pictures, { detector: 'content', lumaOnly: true, threshold: 60 })).toEqual([1])
  })

  it('counts edges where they were measured, and turns down pictures where they were not', () => {
    const weights = { deltaHue: 0, deltaSat: 0, deltaLum: 0, deltaEdges: 1 }
    const measured = pictureSeries([{}, { ...score(0), deltaEdges: 30 }])
    expect(cuts(measured, { detector: 'content', weights })).toEqual([1])
    const without = pictureSeries([{}, { ...score(0), deltaEdges: NaN }])
    expect(() => cuts(without, { detector: 'content', weights })).toThrow(
      new TypeError('Expected pictures whose edges were measured for weights.deltaEdges but received 1 of type number'),
    )
  })

  it('drops what follows a cut too closely, as the filter mode says', () => {
    const pictures = scores(Array.from({ length: 60 }, (_, row) => ([20, 24, 31].includes(row) ? 50 : 1)))
    expect(cuts(pictures, { detector: 'content', minSceneLen: 10, filterMode: 'suppress' })).toEqual([20, 31])
    expect(cuts(pictures, { detector: 'content', minSceneLen: 7 })).toEqual([20, 31])
    expect(cuts(pictures, { detector: 'content', minSceneLen: 10 })).toEqual([20])
    expect(cuts(pictures, { detector: 'content', minSceneLen: { seconds: 0.28 } })).toEqual([20, 31])
  })
})

describe('adaptive', () => {
  it('cuts where a score is three times the mean of the two before and the two after', () => {
    expect(cuts(scores([0, 10, 10, 30, 10, 10, 0]), {})).toEqual([3])
    expect(cuts(scores([0, 10, 10, 29.9, 10, 10, 0]), {})).toEqual([])
    expect(cuts(scores([0, 10, 10, 29.9, 10, 10, 0]), { adaptiveThreshold: 2.9 })).toEqual([3])
  })

  it('does not cut where the score is small in itself, however much it stands out', () => {
    expect(cuts(scores([0, 0, 0, 14.9, 0, 0, 0]), {})).toEqual([])
    expect(cuts(scores([0, 0, 0, 15, 0, 0, 0]), {})).toEqual([3])
    expect(cuts(scores([0, 0, 0, 14.9, 0, 0, 0]), { minContentVal: 14 })).toEqual([3])
  })

  it('looks as far as the window is wide', () => {
    const pictures = scores([0, 0, 0, 40, 1, 60, 1, 40, 0, 0, 0])
    // Frame 5: 1 and 1 beside it; 40 one further.
    expect(cuts(pictures, { windowWidth: 1 })).toContain(5)
    expect(cuts(pictures, { windowWidth: 2 })).not.toContain(5)
  })

  it('counts a frame that is missing neither as different nor as alike', () => {
    const values = scores([0, 10, 10, 31, 10, 10, 0])
    const pictures = { ...values, deltaHue: values.deltaHue.with(2, NaN) }
    expect(cuts(pictures, {})).toEqual([3])
    const onlyGaps = scores([0, NaN, NaN, 31, NaN, NaN, 0])
    expect(cuts(onlyGaps, {})).toEqual([])
  })
})

describe('threshold', () => {
  const levels = [80, 80, 80, 11, 11, 11, 11, 80, 80, 80]

  it('begins a scene half way between where the picture grew dark and where it came back', () => {
    expect(cuts(column('brightness', levels), { detector: 'threshold' })).toEqual([5])
  })

  it.each([
    [-1, 3],
    [-0.5, 4],
    [0.5, 6],
    [1, 7],
  ])('or nearer to one of the two, by a bias of %f', (fadeBias, frame) => {
    expect(cuts(column('brightness', levels), { detector: 'threshold', fadeBias })).toEqual([frame])
  })

  it('takes the picture as dark below the threshold, not at it', () => {
    const pictures = column('brightness', levels)
    expect(cuts(pictures, { detector: 'threshold', threshold: 11 })).toEqual([])
    expect(cuts(pictures, { detector: 'threshold', threshold: 11.5 })).toEqual([5])
  })

  it('looks for bright pictures with the method ceiling', () => {
    const pictures = column('brightness', [80, 80, 240, 240, 80, 80])
    expect(cuts(pictures, { detector: 'threshold', method: 'ceiling', threshold: 240 })).toEqual([3])
    expect(cuts(pictures, { detector: 'threshold' })).toEqual([])
  })

  it('makes a scene of a dark end only when asked to, and none of a dark beginning', () => {
    const pictures = column('brightness', [0, 0, 80, 80, 80, 0, 0])
    expect(cuts(pictures, { detector: 'threshold' })).toEqual([])
    expect(cuts(pictures, { detector: 'threshold', addFinalScene: true })).toEqual([5])
  })
})

describe('hash', () => {
  it('reads the 256 bits of the column by default', () => {
    expect(cuts(column('hashDistance', [0, 0.39, 0.395, 0.5]), { detector: 'hash', threshold: 0.394 })).toEqual([2, 3])
  })

  it('compares the stored 64 bits with size 8', () => {
    const pictures = pictureSeries([{ hash: 0n }, { hash: 0xffn }, { hash: 0xffff_ffffn }])
    expect(cuts(pictures, { detector: 'hash', size: 8, threshold: 24 / 64 })).toEqual([2])
    expect(cuts(pictures, { detector: 'hash', size: 8, threshold: 8 / 64 })).toEqual([1, 2])
  })

  it('does not take the hash of a missing frame for a picture', () => {
    const pictures = pictureSeries([{ hash: (1n << 64n) - 1n }, { isMissing: true }, { hash: (1n << 64n) - 1n }])
    expect(cuts(pictures, { detector: 'hash', size: 8 })).toEqual([])
  })
})

describe('histogram', () => {
  it('cuts where the correlation is 0.95 or less', () => {
    expect(cuts(column('histogramCorrelation', [1, 0.96, 0.9375, 0.5]), { detector: 'histogram' })).toEqual([2, 3])
    expect(cuts(column('histogramCorrelation', [1, 0.96, 0.9375, 0.5]), { detector: 'histogram', threshold: 0.0625 })).toEqual([2, 3])
    expect(cuts(column('histogramCorrelation', [1, 0.96, 0.9375, 0.5]), { detector: 'histogram', threshold: 0.25 })).toEqual([3])
  })

  it('is as coarse as its bins: a change within one is none', () => {
    const inBin = (bin: number): number[] => Array.from({ length: 16 }, (_, at) => (at === bin ? 65535 : 0))
    const pictures = pictureSeries([0, 1, 3, 4].map((bin) => ({ histogram: inBin(bin) })))
    expect(cuts(pictures, { detector: 'histogram', bins: 16 })).toEqual([1, 2, 3])
    expect(cuts(pictures, { detector: 'histogram', bins: 8 })).toEqual([2, 3])
    expect(cuts(pictures, { detector: 'histogram', bins: 4 })).toEqual([3])
  })
})
