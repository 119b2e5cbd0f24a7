// Beats and tempo of made-up onset strength: click tracks, whose beats are known.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectBeats, type Beats } from '../../src/analysis/beats.ts'
import { clicks, madeSound, random } from './sound-series.ts'

const seconds = 30

/** Beats at `first` + k * 60 / tempo; `from` and `to` bound them. */
function beatTimes(tempo: number, first = 0.31, to = seconds): number[] {
  return Array.from({ length: Math.ceil(((to - first) * tempo) / 60) }, (_, k) => first + (k * 60) / tempo)
}

function heard(times: readonly number[], noise?: () => number, length = seconds): Beats {
  return detectBeats(madeSound({ seconds: length, loudness: () => -30, flux: clicks(times, noise) }))
}

/** Largest distance from any of `times` to the nearest of `others`. */
function farthest(times: readonly number[], others: readonly number[]): number {
  return Math.max(...times.map((time) => Math.min(...others.map((other) => Math.abs(other - time)))))
}

const tempi = Array.from({ length: 25 }, (_, i) => 60 + i * 5)

describe('beats of a click track', () => {
  it.each(tempi)('at %i a minute are all found within 20 ms, no others, and the tempo to a hundredth', (tempo) => {
    const times = beatTimes(tempo)
    const found = heard(times)
    expect(Math.abs(found.tempo / tempo - 1)).toBeLessThan(0.01)
    expect(farthest(times, found.beats)).toBeLessThan(0.02)
    expect(farthest(found.beats, times)).toBeLessThan(0.02)
    expect(found.beats).toHaveLength(times.length)
    expect(found.confidence).toBeGreaterThan(0.8)
  })

  it('are found at any tempo from 60 to 180, wherever the first one falls', () => {
    const track = fc.record({
      tempo: fc.double({ min: 60, max: 180, noNaN: true }),
      first: fc.double({ min: 0.02, max: 1.2, noNaN: true }),
    })
    const holds = ({ tempo, first }: { tempo: number; first: number }): void => {
      const times = beatTimes(tempo, first)
      const found = heard(times)
      expect(Math.abs(found.tempo / tempo - 1)).toBeLessThan(0.01)
      expect(farthest(times, found.beats)).toBeLessThan(0.02)
      expect(farthest(found.beats, times)).toBeLessThan(0.02)
    }
    fc.assert(fc.property(track, holds), { numRuns: 40 })
  })

  it('are found under noise a third as strong', () => {
    for (const tempo of [60, 97, 128, 174, 180]) {
      const next = random(tempo)
      const times = beatTimes(tempo)
      const found = heard(times, () => next() / 3)
      expect(Math.abs(found.tempo / tempo - 1)).toBeLessThan(0.01)
      expect(farthest(times, found.beats)).toBeLessThan(0.02)
      expect(farthest(found.beats, times)).toBeLessThan(0.02)
    }
  })

  it('stay on the beat where weaker onsets fall between', () => {
    const times = beatTimes(100)
    const between = new Set(times.map((time) => Math.floor((time + 0.3) * 100)))
    const strong = clicks(times)
    const flux = (time: number): number => strong(time) + (between.has(Math.floor(time * 100)) ? 0.4 : 0)
    const found = detectBeats(madeSound({ seconds, loudness: () => -30, flux }))
    expect(found.tempo).toBeCloseTo(100, 0)
    expect(farthest(found.beats, times)).toBeLessThan(0.02)
  })

  it('go on through a pause of the clicks', () => {
    const times = beatTimes(120)
    const found = heard(times.filter((time) => time < 12 || time > 18))
    expect(farthest(times, found.beats)).toBeLessThan(0.03)
  })

  it('follow a tempo that rises by a tenth', () => {
    const times: number[] = []
    for (let time = 0.5, tempo = 114; time < seconds; time += 60 / tempo, tempo = 114 + (12 * time) / seconds) times.push(time)
    expect(farthest(times, heard(times).beats)).toBeLessThan(0.03)
  })

  it('begin with the first click and end with the last, whatever silence is around them', () => {
    const times = beatTimes(90, 10, 20)
    const { beats } = heard(times)
    expect(beats[0]).toBeCloseTo(times[0] ?? NaN, 1)
    expect(beats.at(-1)).toBeCloseTo(times.at(-1) ?? NaN, 1)
  })

  it('lie on the timeline that the sound lies on', () => {
    const times = beatTimes(120).map((time) => time + 100)
    const sound = madeSound({ start: 100, seconds, loudness: () => -30, flux: clicks(times) })
    expect(farthest(times, detectBeats(sound).beats)).toBeLessThan(0.02)
  })

  it('are looked for only between the tempi that are asked for', () => {
    const sound = madeSound({ seconds, loudness: () => -30, flux: clicks(beatTimes(80)) })
    expect(detectBeats(sound, { maxTempo: 70, minTempo: 30 }).tempo).toBeCloseTo(40, 0)
  })
})

describe('sound without a beat', () => {
  it.each([
    ['silence', madeSound({ seconds: 10 })],
    ['nothing at all', madeSound({ seconds: 0 })],
    ['sound that could not be decoded', madeSound({ seconds: 10, loudness: () => NaN })],
    ['one onset', madeSound({ seconds: 10, loudness: () => -30, flux: clicks([5]) })],
  ])('such as %s has no tempo', (_, sound) => {
    expect(detectBeats(sound)).toEqual({ tempo: 0, confidence: 0, beats: [] })
  })

  it('such as noise is told by its confidence', () => {
    const next = random(7)
    const noise = detectBeats(madeSound({ seconds, loudness: () => -30, flux: () => next() ** 4 }))
    expect(noise.confidence).toBeLessThan(0.15)
  })
})

it.each([
  [{ minTempo: 200, maxTempo: 100 }, RangeError, 'Expected a number above minTempo 200 for maxTempo but received 100 of type number'],
  [{ tempo: 100 }, TypeError, 'Unknown option "tempo"'],
  [{ tightness: 0 }, RangeError, 'Expected a number above 0 for tightness but received 0 of type number'],
  [{ startTempo: 'fast' }, TypeError, 'Expected a number for startTempo but received "fast" of type string'],
])('misuse such as %j is named', (options, kind, message) => {
  const misuse = (): unknown => Reflect.apply(detectBeats, null, [madeSound({ seconds: 1 }), options])
  expect(misuse).toThrow(kind)
  expect(misuse).toThrow(message)
})
