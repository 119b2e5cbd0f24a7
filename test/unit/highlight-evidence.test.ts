// What highlights are made of: curves over time, levels, changes of scene, motion and sound, each by itself.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pictureCurves } from '../../src/analysis/picture-curves.ts'
import { levelOn, quantile, scaleOf, type RobustScale } from '../../src/analysis/robust-scale.ts'
import { changesOfPictures, changesOfScenes } from '../../src/analysis/scene-changes.ts'
import type { PictureSeries } from '../../src/analysis/series.ts'
import { soundCurves } from '../../src/analysis/sound-curves.ts'
import { StepCurve } from '../../src/analysis/step-curve.ts'
import { madePictures } from './moment-pictures.ts'
import { madeSound } from './sound-series.ts'

describe('a step curve', () => {
  it('adds up to what its steps add up to, over any span', () => {
    const steps = fc.array(fc.record({ width: fc.integer({ min: 1, max: 9 }), value: fc.integer({ min: 0, max: 9 }) }), { maxLength: 12 })
    const holds = (list: { width: number; value: number }[], from: number, length: number): void => {
      const edges = list.reduce<number[]>((all, { width }) => [...all, (all.at(-1) ?? 0) + width], [0])
      const curve = new StepCurve(
        Float64Array.from(edges),
        Float64Array.from(list, ({ value }) => value),
      )
      const to = from + length
      const expected = list.reduce((sum, { value }, i) => {
        const overlap = Math.min(to, edges[i + 1] ?? 0) - Math.max(from, edges[i] ?? 0)
        return sum + value * Math.max(0, overlap)
      }, 0)
      expect(curve.integral(from, to)).toBeCloseTo(expected, 6)
    }
    fc.assert(fc.property(steps, fc.double({ min: -9, max: 99, noNaN: true }), fc.double({ min: 0, max: 60, noNaN: true }), holds))
  })
})

describe('a level', () => {
  const scaled = (values: readonly number[], floor = 0, spread = 1): RobustScale => {
    const scale = scaleOf(Float64Array.from(values), floor, spread)
    if (scale === null) throw new Error('Expected a scale')
    return scale
  }

  it('is a half one range above the centre, and grows on without ever reaching 1', () => {
    const scale = { floor: 0, centre: 10, range: 5 }
    expect([10, 15, 20, 25, 60].map((value) => levelOn(scale, value))).toEqual([0, 0.5, 0.75, 0.875, 1 - 2 ** -10])
  })

  it('is 0 up to the floor, and for what was not measured', () => {
    const scale = { floor: 12, centre: 10, range: 5 }
    expect([11, 12, NaN, -Infinity].map((value) => levelOn(scale, value))).toEqual([0, 0, 0, 0])
  })

  it('of three loud seconds in ten calm minutes is far above that of the calm', () => {
    const scale = scaled([...Array.from({ length: 597 }, () => 20), 50, 50, 50], 10, 6)
    expect(levelOn(scale, 20)).toBeCloseTo(0.5, 6)
    expect(levelOn(scale, 50)).toBeGreaterThan(0.95)
  })

  it('does not blow up the noise of a file in which all is alike', () => {
    const scale = scaled([20, 20.01, 20.02, 20.01], 0, 5)
    expect(Math.abs(levelOn(scale, 20.02) - levelOn(scale, 20))).toBeLessThan(0.01)
  })

  it('does not depend on how much there is that is not above the floor', () => {
    const active = [12, 30, 17, 22, 19]
    expect(scaled([...active, ...Array.from({ length: 500 }, (_, i) => i % 10), NaN, -Infinity], 10, 2)).toEqual(scaled(active, 10, 2))
  })

  it('has no scale where nothing is above the floor', () => {
    expect(scaleOf(Float64Array.of(1, 2, NaN), 5, 1)).toBeNull()
  })

  it('rests on quantiles between order statistics', () => {
    expect(quantile(Float64Array.of(1, 2, 4, 8), 0.5)).toBe(3)
    expect(quantile(Float64Array.of(1, 2, 4, 8), 1)).toBe(8)
    expect(quantile(Float64Array.of(7), 0.95)).toBe(7)
  })
})

describe('a change of scene', () => {
  const still = (more: Partial<Parameters<typeof madePictures>[0]> = {}): PictureSeries =>
    madePictures({ seconds: 10, fps: 25, isEveryFrame: true, ...more })
  const times = (pictures: PictureSeries): number[] => changesOfPictures(pictures).changes.map(({ after }) => after)

  it('is where the picture, its shapes and its light all change', () => {
    expect(times(still({ cuts: [2, 5, 7.52] }))).toEqual([2, 5, 7.52].map((time) => expect.closeTo(time, 6)))
  })

  it('is no flash, which changes everything twice', () => {
    const flash = still({ cuts: [3, 3.08] })
    expect(times(flash)).toEqual([expect.closeTo(3, 6)])
    // Neither frame's motion is believed.
    expect(changesOfPictures(flash).isChange.filter((value) => value === 1)).toHaveLength(2)
  })

  it.each(['histogramCorrelation', 'hashDistance', 'deltaLum'] as const)('is not where %s stays as it was', (column) => {
    const pictures = still({ cuts: [4] })
    pictures[column].fill(column === 'histogramCorrelation' ? 0.98 : 0.02)
    if (column === 'deltaLum') pictures.deltaHue.fill(2)
    expect(times(pictures)).toEqual([])
  })

  it('lies between two frames where not every frame was looked at', () => {
    const { changes } = changesOfPictures(madePictures({ seconds: 10, fps: 2, cuts: [4.2] }))
    expect(changes).toEqual([{ before: 4, after: 4.5 }])
  })

  it('is the begin of each given scene but the first', () => {
    expect(changesOfScenes([{ start: 5, end: 9 }, { start: 0, end: 5 }])).toEqual([{ before: 5, after: 5 }]) // prettier-ignore
  })
})

describe('motion', () => {
  it('is counted by time: the same at 2 and at 25 frames a second', () => {
    for (const fps of [2, 25]) {
      const pictures = madePictures({ seconds: 10, fps, speed: () => 0.3 })
      const curves = pictureCurves(pictures, new Uint8Array(pictures.count))
      expect(curves?.speed.curve.integral(2, 8)).toBeCloseTo(6 * 0.3, 3)
      expect(curves?.speed.usual).toBeCloseTo(0.3, 5)
    }
  })

  it('is seen where pictures change too fast for blocks to be found again', () => {
    const pictures = madePictures({ seconds: 60, fps: 2, speed: () => 0.01, difference: (time) => (time > 30 && time <= 40 ? 40 : 1) })
    const curves = pictureCurves(pictures, new Uint8Array(pictures.count))
    expect(curves?.motion.integral(30, 40)).toBeGreaterThan(4)
    expect(curves?.motion.integral(10, 20)).toBe(0)
  })

  it('is no change of brightness', () => {
    const luma = (time: number): number => (Math.floor(time) % 2 === 0 ? 60 : 160)
    const pictures = madePictures({ seconds: 20, fps: 2, luma })
    expect(pictureCurves(pictures, new Uint8Array(pictures.count))?.motion.integral(0, 20)).toBe(0)
  })
})

describe('sound', () => {
  const middle = 10

  it('is as loud as what is around a time, not as the 400 ms before it', () => {
    const curves = soundCurves(madeSound({ seconds: 20, loudness: (time) => (time < middle ? -45 : -15) }))
    const before = curves?.power.integral(middle - 0.2, middle) ?? NaN
    const after = curves?.power.integral(middle, middle + 0.2) ?? NaN
    // The step is at the middle of its 400 ms: power rises as much before as it is still to rise after.
    expect(before / 0.2 + after / 0.2).toBeCloseTo(10 ** -1.5, 2)
    expect(before).toBeLessThan(after)
  })

  it('has no onsets where nobody hears it', () => {
    const faint = madeSound({ seconds: 20, loudness: (time) => (time < middle ? -20 : -65), flux: () => 1 })
    const curves = soundCurves(faint)
    expect(curves?.strength.integral(2, 8)).toBeCloseTo(6, 3)
    expect(curves?.strength.integral(11, 20)).toBe(0)
    // The second around what is heard last lies partly where nothing is.
    expect(curves?.strength.integral(9.9, 9.91)).toBeLessThan(0.009)
  })

  it('is not there when none of it could be decoded', () => {
    expect(soundCurves(madeSound({ seconds: 5, loudness: () => NaN }))).toBeNull()
    expect(soundCurves(madeSound({ seconds: 0 }))).toBeNull()
  })
})
