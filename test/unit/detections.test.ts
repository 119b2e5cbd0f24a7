// Silent, black and frozen parts of made-up measurements.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectBlack } from '../../src/analysis/black.ts'
import { detectFreeze } from '../../src/analysis/freeze.ts'
import { detectSilence } from '../../src/analysis/silence.ts'
import type { TimeRange } from '../../src/options/time-range.ts'
import { madePictures, withLost } from './moment-pictures.ts'
import { madeSound } from './sound-series.ts'

const within = (time: number, ranges: readonly (readonly [number, number])[]): boolean =>
  ranges.some(([from, to]) => time >= from && time < to)

function rounded(ranges: readonly TimeRange[]): [number, number][] {
  return ranges.map(({ start, end }) => [Math.round(start * 1000) / 1000, Math.round(end * 1000) / 1000])
}

describe('silence', () => {
  const sound = madeSound({ seconds: 20, loudness: (time) => (within(time, [[2, 5], [8, 9.99], [17, 20]]) ? -Infinity : -20) }) // prettier-ignore

  it('is what stays below the level for the duration at least, to the end of the sound', () => {
    expect(rounded(detectSilence(sound))).toEqual([[2, 5], [17, 20]]) // prettier-ignore
    expect(rounded(detectSilence(sound, { duration: 1.99 }))).toEqual([[2, 5], [8, 9.99], [17, 20]]) // prettier-ignore
  })

  it('is told by peaks, in decibels or as a share of full scale', () => {
    // Peaks of made-up sound are four times its root mean square: -40 LUFS has 0.04.
    const quiet = madeSound({ seconds: 10, loudness: (time) => (time < 4 ? -40 : -10) })
    expect(detectSilence(quiet)).toEqual([])
    expect(rounded(detectSilence(quiet, { noise: 0.041 }))).toEqual([[0, 4]])
    expect(detectSilence(quiet, { noise: 0.039 })).toEqual([])
    expect(rounded(detectSilence(quiet, { noise: -27 }))).toEqual([[0, 4]])
    expect(detectSilence(quiet, { noise: -29 })).toEqual([])
  })

  it('does not reach into what could not be decoded, and lies on the timeline', () => {
    const torn = madeSound({ start: 50, seconds: 10, loudness: (time) => (time >= 53 && time < 54 ? NaN : -Infinity) })
    expect(rounded(detectSilence(torn))).toEqual([[50, 53], [54, 60]]) // prettier-ignore
  })

  it('is never shorter than asked for, and leaves no longer one out', () => {
    const parts = fc.array(fc.record({ windows: fc.integer({ min: 1, max: 80 }), silent: fc.boolean() }), { maxLength: 20 })
    const holds = (list: { windows: number; silent: boolean }[], least: number): void => {
      const flags = list.flatMap(({ windows, silent }) => Array.from({ length: windows }, () => silent))
      const made = madeSound({
        seconds: flags.length / 100,
        loudness: (time) => (flags[Math.floor(time * 100)] === true ? -Infinity : -20),
      })
      // Runs of silent windows, found by the letters of a text.
      const text = flags.map((silent) => (silent ? 's' : '.')).join('')
      const runs = [...text.matchAll(/s+/g)].filter(([run]) => run.length >= least)
      const expected = runs.map((run) => [run.index / 100, (run.index + run[0].length) / 100])
      expect(rounded(detectSilence(made, { duration: least / 100 }))).toEqual(expected)
    }
    fc.assert(fc.property(parts, fc.integer({ min: 1, max: 120 }), holds))
  })
})

describe('black', () => {
  const blackFrom = (from: number, to: number) => (time: number): number => (time >= from && time < to ? 1 : 0.1) // prettier-ignore

  it('begins with the first black picture and ends with the first that is not', () => {
    const pictures = madePictures({ seconds: 20, fps: 10, isEveryFrame: true, black: blackFrom(3, 6.5) })
    expect(rounded(detectBlack(pictures))).toEqual([[3, 6.5]])
    expect(detectBlack(pictures, { blackMinDuration: 3.6 })).toEqual([])
    expect(rounded(detectBlack(pictures, { blackMinDuration: 3.5 }))).toEqual([[3, 6.5]])
  })

  it('reaches to the end of the pictures', () => {
    expect(rounded(detectBlack(madePictures({ seconds: 10, fps: 25, black: blackFrom(7, 11) })))).toEqual([[7, 10]])
  })

  it('is what has the share of black pixels that was asked for', () => {
    const pictures = madePictures({ seconds: 10, fps: 5, black: (time) => (time < 4 ? 0.97 : 0) })
    expect(detectBlack(pictures)).toEqual([])
    expect(rounded(detectBlack(pictures, { pictureBlackRatio: 0.96 }))).toEqual([[0, 4]])
  })

  it('is not what could not be decoded', () => {
    const pictures = withLost(madePictures({ seconds: 10, fps: 5, black: () => 1 }), (i) => i >= 20 && i < 25)
    expect(rounded(detectBlack(pictures))).toEqual([[0, 4], [5, 10]]) // prettier-ignore
  })

  it('of one picture is as long as it is shown', () => {
    expect(rounded(detectBlack(madePictures({ seconds: 3, fps: 1 / 3, black: () => 1 })))).toEqual([[0, 3]])
  })
})

describe('a freeze', () => {
  const movingBut = (from: number, to: number) => (time: number): number => (time > from && time < to ? 0.1 : 4) // prettier-ignore

  it('begins with the picture that stays and ends with the first other one', () => {
    const pictures = madePictures({ seconds: 20, fps: 10, isEveryFrame: true, difference: movingBut(3.05, 6.45) })
    expect(rounded(detectFreeze(pictures))).toEqual([[3, 6.5]])
    expect(detectFreeze(pictures, { duration: 3.6 })).toEqual([])
  })

  it('is told by a share of the range, or in decibels', () => {
    const pictures = madePictures({ seconds: 10, fps: 10, isEveryFrame: true, difference: (time) => (time > 2 ? 0.5 : 4) })
    expect(detectFreeze(pictures)).toEqual([])
    expect(rounded(detectFreeze(pictures, { noise: 0.002 }))).toEqual([[2, 10]])
    expect(rounded(detectFreeze(pictures, { noise: -53 }))).toEqual([[2, 10]])
  })

  it('is no slow fade, however small each step', () => {
    const fade = { seconds: 20, fps: 25, isEveryFrame: true, luma: (time: number) => 100 + time }
    expect(detectFreeze(madePictures({ ...fade, difference: () => 0.04 }))).toEqual([])
    expect(rounded(detectFreeze(madePictures({ ...fade, luma: () => 100, difference: () => 0.04 })))).toEqual([[0, 20]])
  })

  it('is no slow drift that leaves the brightness as it is', () => {
    const still = madePictures({ seconds: 10, fps: 25, isEveryFrame: true, difference: () => 0.1 })
    const drifting = structuredClone(still)
    // A bright cell takes another place every second.
    for (let i = 0; i < drifting.count; i++) drifting.layout[i * 96 + Math.floor(i / 25)] = 255
    expect(rounded(detectFreeze(still))).toEqual([[0, 10]])
    expect(detectFreeze(drifting)).toEqual([])
  })

  it('may be one picture that is shown for long, where every frame was looked at', () => {
    const sparse = { seconds: 12, fps: 0.25, difference: () => 20 }
    expect(rounded(detectFreeze(madePictures({ ...sparse, isEveryFrame: true })))).toEqual([[0, 4], [4, 8], [8, 12]]) // prettier-ignore
    expect(detectFreeze(madePictures(sparse))).toEqual([])
  })

  it('does not reach into what could not be decoded', () => {
    const pictures = withLost(madePictures({ seconds: 12, fps: 5, isEveryFrame: true }), (i) => i >= 25 && i < 30)
    expect(rounded(detectFreeze(pictures))).toEqual([[0, 5], [6, 12]]) // prettier-ignore
  })

  it('is not made of frames that are lost', () => {
    expect(detectFreeze(withLost(madePictures({ seconds: 12, fps: 0.25, isEveryFrame: true }), () => true))).toEqual([])
  })
})

it.each([
  [detectSilence, { noise: 2 }, RangeError, 'Expected a number of at most 1 for noise but received 2 of type number'],
  [detectSilence, { duration: -1 }, RangeError, 'Expected a number of at least 0 for duration but received -1 of type number'],
  [detectSilence, { noice: -50 }, TypeError, 'Unknown option "noice" (did you mean "noise"?)'],
  [detectFreeze, { noise: '-60dB' }, TypeError, 'Expected a number for noise but received "-60dB" of type string'],
  [
    detectBlack,
    { pictureBlackRatio: 98 },
    RangeError,
    'Expected a number of at most 1 for pictureBlackRatio but received 98 of type number',
  ],
  [detectBlack, { pixelBlackThreshold: 0.1 }, TypeError, 'Unknown option "pixelBlackThreshold"'],
])('misuse of a detection is named: %o, %j', (detect, options, kind, message) => {
  const misuse = (): unknown => Reflect.apply(detect, null, [madeSound({ seconds: 1 }), options])
  expect(misuse).toThrow(kind)
  expect(misuse).toThrow(message)
})
