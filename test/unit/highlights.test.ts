// Highlights of made-up measurements: events that are known to be there must come out on top.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findHighlights, type Highlight } from '../../src/analysis/highlights.ts'
import type { PictureSeries, SoundSeries } from '../../src/analysis/series.ts'
import { madePictures, withLost } from './moment-pictures.ts'
import { clicks, madeSound, random } from './sound-series.ts'

interface Event {
  readonly start: number
  readonly end: number
  /** 0 to 1: how much louder, faster and more cut than the calm around it. */
  readonly strength: number
}

interface Film {
  readonly start: number
  readonly end: number
  readonly pictures: PictureSeries | null
  readonly sound: SoundSeries | null
}

interface Making {
  readonly seconds: number
  readonly events: readonly Event[]
  readonly fps?: number
  /** Silent and still, with nothing else in it: seconds put in at `at`. */
  readonly pause?: { readonly at: number; readonly seconds: number }
}

/** A calm film with events; times of events are those before a pause is put in. */
function film({
  seconds,
  events,
  fps = 2,
  pause = { at: Infinity, seconds: 0 },
}: Making): Film & { pictures: PictureSeries; sound: SoundSeries } {
  const total = seconds + pause.seconds
  /** Time in the film without the pause; NaN within it. */
  const own = (time: number): number => (time < pause.at ? time : time < pause.at + pause.seconds ? NaN : time - pause.seconds)
  const later = (time: number): number => (time < pause.at ? time : time + pause.seconds)
  const strength = (time: number): number => events.find(({ start, end }) => time >= start && time < end)?.strength ?? 0
  const wobble = (time: number): number => Math.sin(time * 1.7) + Math.sin(time * 0.31)
  const beats = events.flatMap(({ start, end, strength: force }) => {
    const count = Math.floor((end - start) * 6 * force)
    return Array.from({ length: count }, (_, i) => later(start + ((i + 0.5) * (end - start)) / count))
  })
  const cuts = events.flatMap(({ start, end, strength: force }) => {
    const count = Math.floor((end - start) * force)
    return Array.from({ length: count }, (_, i) => later(start + ((i + 0.5) * (end - start)) / count))
  })
  // What is shown in the pause is another picture.
  if (pause.seconds > 0) cuts.push(pause.at, pause.at + pause.seconds)
  const struck = clicks(beats)
  return {
    start: 0,
    end: total,
    sound: madeSound({
      seconds: total,
      loudness: (time) => (Number.isNaN(own(time)) ? -Infinity : -35 + wobble(own(time)) + 20 * strength(own(time))),
      flux: (time) => (Number.isNaN(own(time)) ? 0 : 0.05 + struck(time)),
    }),
    pictures: madePictures({
      seconds: total,
      fps,
      isEveryFrame: fps > 10,
      cuts,
      speed: (time) => (Number.isNaN(own(time)) ? 0 : 0.03 + 0.005 * wobble(own(time)) + 0.6 * strength(own(time))),
    }),
  }
}

const five: readonly Event[] = [47, 161.3, 290.2, 402, 560].map((start, i) => ({ start, end: start + 6 + 2 * i, strength: 0.5 + 0.1 * i }))
const tenMinutes = film({ seconds: 600, events: five })

/** Numbers of the events that each highlight holds at least half of. */
function held(highlights: readonly Highlight[], events: readonly Event[], shift: (time: number) => number = (time) => time): number[][] {
  return highlights.map(({ start, end }) =>
    [...events.keys()].filter((i) => {
      const [from, to] = [shift(events[i]?.start ?? 0), shift(events[i]?.end ?? 0)]
      return Math.min(end, to) - Math.max(start, from) >= (to - from) / 2
    }),
  )
}

function expectApart(highlights: readonly Highlight[]): void {
  const ordered = [...highlights].sort((a, b) => a.start - b.start)
  for (const [i, { start }] of ordered.entries()) expect(start).toBeGreaterThanOrEqual((ordered[i - 1]?.end ?? -Infinity) - 1e-9)
}

describe('five events in ten calm minutes', () => {
  it.each([8, 12.5, 20, 30])('are the top five in windows of %d s', (duration) => {
    const found = findHighlights(tenMinutes, { duration })
    expect(found).toHaveLength(5)
    expect(held(found, five).flat().sort()).toEqual([0, 1, 2, 3, 4])
    expectApart(found)
    expect(found.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5])
    for (const [i, { score }] of found.entries()) expect(score).toBeLessThanOrEqual(found[i - 1]?.score ?? 1)
  })

  it.each([
    ['pictures', { ...tenMinutes, sound: null }],
    ['sound', { ...tenMinutes, pictures: null }],
  ])('are the top five by %s alone', (_, given) => {
    expect(held(findHighlights(given), five).flat().sort()).toEqual([0, 1, 2, 3, 4])
  })

  it('are whole in windows that are longer', () => {
    const found = findHighlights(tenMinutes, { duration: 20, snap: 0 })
    for (const { start, end } of five) expect(found.some((window) => window.start <= start && window.end >= end)).toBe(true)
  })

  it('stand out by far from the next best windows', () => {
    const scores = findHighlights(tenMinutes, { top: 8 }).map(({ score }) => score)
    expect(scores[4]).toBeGreaterThan(1.5 * (scores[5] ?? NaN))
  })

  it('are found with every fifth frame lost, and sound that breaks off', () => {
    const torn = { ...tenMinutes, pictures: withLost(tenMinutes.pictures, (i) => i % 5 === 3) }
    const found = findHighlights(torn)
    expect(held(found, five).flat().sort()).toEqual([0, 1, 2, 3, 4])
    for (const { score, components } of found) expect([score, ...Object.values(components)].every(Number.isFinite)).toBe(true)
  })

  it('have the same places and about the same scores at 2 and at 30 frames a second', () => {
    const fine = film({ seconds: 600, events: five, fps: 30 })
    const [coarse, often] = [findHighlights(tenMinutes, { snap: 0 }), findHighlights(fine, { snap: 0 })]
    expect(held(often, five)).toEqual(held(coarse, five))
    for (const [i, { score, components }] of often.entries()) {
      expect(Math.abs(score - (coarse[i]?.score ?? NaN))).toBeLessThan(0.08)
      expect(Math.abs(components.motion - (coarse[i]?.components.motion ?? NaN))).toBeLessThan(0.1)
    }
  })

  it('are found the same way every time', () => {
    expect(findHighlights(tenMinutes)).toEqual(findHighlights(structuredClone(tenMinutes)))
  })

  it('are explained by what can be heard and seen', () => {
    const [best] = findHighlights(tenMinutes)
    expect(best?.reason).toMatch(/loud \(-1\d(\.\d)? LUFS, 1\d(\.\d)? LU above the usual\)/)
    expect(best?.reason).toMatch(/motion \(\d\d(\.\d)? % of the width a second, \d+(\.\d)? times the usual\)/)
    expect(best?.reason).toMatch(/\d+ scene changes in \d\d(\.\d)? s/)
  })
})

describe('silence and still pictures put in elsewhere', () => {
  const spread = fc
    .record({
      strengths: fc.shuffledSubarray([0.3, 0.45, 0.6, 0.75, 0.9], { minLength: 3 }),
      pauseAfter: fc.nat({ max: 4 }),
      pauseTenths: fc.integer({ min: 1, max: 1500 }),
    })
    .map(({ strengths, pauseAfter, pauseTenths }) => ({
      events: strengths.map((strength, i): Event => ({ start: 15 + 40 * i, end: 23 + 40 * i, strength })),
      pause: { at: 40 * Math.min(pauseAfter + 1, strengths.length), seconds: pauseTenths / 10 },
    }))

  it('leave the ranking of the rest as it was, and the scores too', () => {
    const holds = ({ events, pause }: { events: readonly Event[]; pause: { at: number; seconds: number } }): void => {
      const seconds = 40 * events.length
      const options = { duration: 10, top: events.length }
      const before = findHighlights(film({ seconds, events }), options)
      const after = findHighlights(film({ seconds, events, pause }), options)
      const later = (time: number): number => (time < pause.at ? time : time + pause.seconds)
      expect(held(before, events).flat().sort()).toEqual([...events.keys()])
      expect(held(after, events, later)).toEqual(held(before, events))
      for (const [i, { score }] of after.entries()) expect(Math.abs(score - (before[i]?.score ?? NaN))).toBeLessThan(0.02)
    }
    fc.assert(fc.property(spread, holds), { numRuns: 12 })
  })

  it('five times as long as the film leave them too', () => {
    const shift = (time: number): number => (time < 240 ? time : time + 3000)
    const padded = film({ seconds: 600, events: five, pause: { at: 240, seconds: 3000 } })
    expect(held(findHighlights(padded), five, shift)).toEqual(held(findHighlights(tenMinutes), five))
  })

  it('are the last to be chosen', () => {
    const quiet = film({ seconds: 60, events: [], pause: { at: 30, seconds: 60 } })
    const found = findHighlights(quiet, { top: 6, duration: 20, snap: 0 })
    const silent = found.filter(({ start, end }) => start >= 30 && end <= 90)
    expect(silent.length).toBeGreaterThan(0)
    for (const { rank, score } of silent) {
      expect(rank).toBeGreaterThan(2)
      expect(score).toBeLessThan(0)
    }
  })
})

describe('windows', () => {
  it('never overlap, stay within the source, and are as long as asked for but for the last', () => {
    const request = fc.record({
      seconds: fc.integer({ min: 1, max: 60 }),
      tenths: fc.integer({ min: 10, max: 400 }),
      top: fc.integer({ min: 1, max: 12 }),
      seed: fc.nat(),
    })
    const holds = ({ seconds, tenths, top, seed }: { seconds: number; tenths: number; top: number; seed: number }): void => {
      const next = random(seed)
      const events = Array.from({ length: 4 }, (): Event => {
        const start = next() * seconds
        return { start, end: start + 1 + next() * 9, strength: next() }
      })
      const duration = tenths / 10
      const found = findHighlights(film({ seconds, events }), { duration, top })
      expect(found.length).toBeGreaterThanOrEqual(1)
      expect(found.length).toBeLessThanOrEqual(top)
      expectApart(found)
      const snap = Math.min(1, duration / 10)
      for (const { start, end } of found) {
        expect(start).toBeGreaterThanOrEqual(0)
        expect(end).toBeLessThanOrEqual(seconds + 1e-9)
        expect(end - start).toBeLessThanOrEqual(duration + snap + 1e-9)
        if (end < seconds - snap - 1e-9) expect(end - start).toBeGreaterThanOrEqual(duration - snap - 1e-9)
      }
    }
    fc.assert(fc.property(request, holds), { numRuns: 40 })
  })

  it.each([1, 1.25, 2.5, 59.9])('may be %d s', (duration) => {
    const [best] = findHighlights(film({ seconds: 60, events: [] }), { duration, snap: 0 })
    expect((best?.end ?? 0) - (best?.start ?? 0)).toBeCloseTo(duration, 6)
  })

  it('cover all of a source that they fit into exactly, and its last part when they do not', () => {
    const sound = madeSound({ seconds: 50, loudness: () => -30 })
    const found = findHighlights({ start: 0, end: 50, pictures: null, sound }, { duration: 20, top: 9, snap: 0 })
    expect(found.map(({ start, end }) => [Math.round(start), Math.round(end)])).toEqual([[0, 20], [20, 40], [40, 50]]) // prettier-ignore
  })

  it('that are longer than the source give one, of all of it', () => {
    const found = findHighlights(film({ seconds: 7, events: [] }), { duration: 30 })
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ rank: 1, start: 0, end: 7 })
  })

  it('have a short event in their middle', () => {
    const events = [{ start: 100, end: 104, strength: 1 }]
    const [best] = findHighlights(film({ seconds: 200, events }), { duration: 20, snap: 0 })
    expect(((best?.start ?? 0) + (best?.end ?? 0)) / 2).toBeGreaterThan(100)
    expect(((best?.start ?? 0) + (best?.end ?? 0)) / 2).toBeLessThan(104)
  })

  it('begin and end where a given scene does, and hold no change at their ends', () => {
    const events = [{ start: 31, end: 49, strength: 1 }]
    const scenes = [0, 30.2, 50.4, 80].map((start, i, starts) => ({ start, end: starts[i + 1] ?? 100 }))
    const made = film({ seconds: 100, events })
    const [best] = findHighlights({ ...made, sound: null }, { duration: 20, scenes, top: 1, weights: { scenes: 0 } })
    expect(best).toMatchObject({ start: 30.2, end: 50.4 })
    expect(best?.components.scenes).toBe(0)
  })

  it('begin where a given pause ends and end where one begins', () => {
    const events = [{ start: 31, end: 49, strength: 1 }]
    const silences = [{ start: 29, end: 30.3 }, { start: 50.1, end: 52 }] // prettier-ignore
    const made = film({ seconds: 100, events })
    const [best] = findHighlights({ ...made, pictures: null }, { duration: 20, silences, top: 1 })
    expect(best).toMatchObject({ start: 30.3, end: 50.1 })
  })

  it('stay where they scored best when nothing is to be snapped to', () => {
    const found = findHighlights(tenMinutes, { snap: 0 })
    for (const { start, end } of found) expect(end - start).toBeCloseTo(20, 6)
  })

  it('lie on the timeline, wherever the analysed part begins', () => {
    const made = film({ seconds: 100, events: [{ start: 50, end: 60, strength: 1 }] })
    const late = (series: PictureSeries): PictureSeries => ({
      ...series,
      end: series.end + 500,
      timestamp: series.timestamp.map((time) => time + 500),
    })
    const moved = { start: 500, end: 600, pictures: late(made.pictures), sound: { ...made.sound, start: 500 } }
    const [here, there] = [findHighlights(made, { top: 2 }), findHighlights(moved, { top: 2 })]
    expect(there.map(({ start }) => start - 500)).toEqual(here.map(({ start }) => expect.closeTo(start, 6)))
    expect(there.map(({ score }) => score)).toEqual(here.map(({ score }) => expect.closeTo(score, 4)))
  })
})

describe('a source with little to go by', () => {
  it('such as one frame gives one window, of what it is shown for', () => {
    const pictures = madePictures({ seconds: 0.04, fps: 25, isEveryFrame: true })
    const found = findHighlights({ start: 0, end: 0.04, pictures, sound: null })
    expect(found).toEqual([
      {
        rank: 1,
        start: 0,
        end: 0.04,
        score: 0,
        components: { loudness: 0, onsets: 0, scenes: 0, motion: 0, silence: 0 },
        reason: 'nothing stands out',
      },
    ])
  })

  it('such as nothing at all gives nothing', () => {
    expect(findHighlights({ start: 0, end: 10, pictures: null, sound: null })).toEqual([])
    expect(findHighlights({ start: 0, end: 0, pictures: null, sound: madeSound({ seconds: 0 }) })).toEqual([])
  })

  it('such as frames that are all lost beside sound is judged by its sound', () => {
    const lost = { ...tenMinutes, pictures: withLost(tenMinutes.pictures, () => true) }
    const found = findHighlights(lost)
    expect(held(found, five).flat().sort()).toEqual([0, 1, 2, 3, 4])
  })

  it('such as a lost middle is judged by the rest', () => {
    const middle = (time: number): boolean => time >= 250 && time < 350
    const pictures = withLost(tenMinutes.pictures, (i) => middle(tenMinutes.pictures.timestamp[i] ?? 0))
    const sound = structuredClone(tenMinutes.sound)
    for (const column of Object.values(sound)) if (column instanceof Float32Array) column.fill(NaN, 25_000, 35_000)
    const found = findHighlights({ ...tenMinutes, pictures, sound }, { top: 4 })
    expect(held(found, five).flat().sort()).toEqual([0, 1, 3, 4])
  })
})

describe('a reason', () => {
  it('names what is above the usual, and what is as everywhere only when nothing else is', () => {
    const even = madeSound({ seconds: 60, loudness: () => -20 })
    const moving = madePictures({ seconds: 60, fps: 2, speed: (time) => (time >= 20 && time < 30 ? 0.5 : 0.1) })
    const [best] = findHighlights({ start: 0, end: 60, pictures: moving, sound: even }, { duration: 10, top: 1 })
    expect(best?.reason).toMatch(/^motion \(\d\d(\.\d)? % of the width a second, [45](\.\d)? times the usual\)$/)
    const [plain] = findHighlights({ start: 0, end: 60, pictures: null, sound: even }, { duration: 10, top: 1 })
    expect(plain?.reason).toBe('loud (-20 LUFS)')
  })

  it('says how much is silence', () => {
    const sound = madeSound({ seconds: 10, loudness: (time) => (time < 6 ? -20 : -Infinity) })
    expect(findHighlights({ start: 0, end: 10, pictures: null, sound })[0]?.reason).toMatch(/^loud \(-22\.[23] LUFS\); 40 % silence$/)
  })

  it('counts as silence what there is no sound for', () => {
    const pictures = madePictures({ seconds: 20, fps: 2 })
    const sound = { ...madeSound({ seconds: 6, loudness: () => -20 }), start: 4 }
    const [all] = findHighlights({ start: 0, end: 20, pictures, sound }, { duration: 20 })
    expect(all?.components.silence).toBeCloseTo(0.7, 6)
  })
})

describe('weights', () => {
  const loudThenFast = (): Film => {
    const pictures = madePictures({ seconds: 100, fps: 2, speed: (time) => (time >= 70 && time < 80 ? 0.6 : 0.03) })
    const sound = madeSound({ seconds: 100, loudness: (time) => (time >= 20 && time < 30 ? -15 : -35) })
    return { start: 0, end: 100, pictures, sound }
  }

  it.each([
    ['loudness', 20],
    ['motion', 70],
  ] as const)('decide what counts: %s', (name, start) => {
    const [best] = findHighlights(loudThenFast(), { duration: 10, top: 1, snap: 0, weights: { [name]: 1 } })
    expect(best?.start).toBeCloseTo(start, 0)
  })

  it('make the score of the components that are given with it', () => {
    const weights = { loudness: 0.4, onsets: 0.1, scenes: 0.2, motion: 0.5, silence: 0.3 }
    for (const { score, components } of findHighlights(film({ seconds: 90, events: five }), { duration: 10, weights, top: 9 })) {
      const { loudness, onsets, scenes, motion, silence } = components
      expect(score).toBeCloseTo((0.4 * loudness + 0.1 * onsets + 0.2 * scenes + 0.5 * motion) / 1.2 - 0.3 * silence, 5)
      for (const value of Object.values(components)) expect(value >= 0 && value <= 1).toBe(true)
    }
  })
})

it.each<[unknown, typeof TypeError | typeof RangeError, string]>([
  [{ duration: 0.5 }, RangeError, 'Expected a number of at least 1 for duration but received 0.5 of type number'],
  [{ top: 0 }, RangeError, 'Expected a number of at least 1 for top but received 0 of type number'],
  [{ tops: 3 }, TypeError, 'Unknown option "tops" (did you mean "top"?)'],
  [{ weights: { volume: 1 } }, TypeError, 'Unknown key of weights "volume"'],
  [{ weights: { motion: -1 } }, RangeError, 'Expected a number of at least 0 for weights.motion but received -1 of type number'],
  [
    { weights: { loudness: 0, onsets: 0, scenes: 0, motion: 0 } },
    RangeError,
    'Expected a weight above 0 for one of loudness, onsets, scenes, motion',
  ],
  [{ scenes: [{ start: 5, end: 4 }] }, RangeError, 'Expected an end from start 5 on for scenes.0.end but received 4 of type number'],
  [{ duration: 4, snap: 2 }, RangeError, 'Expected at most a quarter of the duration 4 for snap but received 2 of type number'],
  [5, TypeError, 'Expected an object for options but received 5 of type number'],
])('misuse such as %j is named', (options, kind, message) => {
  const misuse = (): unknown => Reflect.apply(findHighlights, null, [tenMinutes, options])
  expect(misuse).toThrow(kind)
  expect(misuse).toThrow(message)
})

it('takes scenes as detectScenes() gives them', () => {
  const options: HighlightOptions = {
    scenes: [{ start: 0, end: 600, startFrame: 0, endFrame: 1200, kind: 'cut', transition: null }].map((scene) => scene),
  }
  expect(findHighlights(tenMinutes, options)).toHaveLength(5)
})
