// Scenes of made-up films: what begins one, what does not, and that they cover the film.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectScenes, type Scene } from '../../src/analysis/scenes.ts'
import { sceneDetectors, type SceneOptions } from '../../src/options/scenes.ts'
import { dissolve, film, hold, mix, pan, picture, plain, type Picture } from './films.ts'
import { pictureSeries } from './series.ts'

function borders(scenes: readonly Scene[]): [number, string][] {
  return scenes.slice(1).map(({ startFrame, kind }) => [startFrame, kind])
}

const [a, b, c] = [picture(1), picture(2), picture(3)]

describe('scenes', () => {
  it('begin with the first frame of what is new', () => {
    const scenes = detectScenes(film([...hold(a, 40), ...hold(b, 30), ...hold(c, 50)]))
    expect(scenes).toEqual([
      { start: 0, end: 1.6, startFrame: 0, endFrame: 40, kind: 'cut', transition: null },
      { start: 1.6, end: 2.8, startFrame: 40, endFrame: 70, kind: 'cut', transition: null },
      { start: 2.8, end: 4.8, startFrame: 70, endFrame: 120, kind: 'cut', transition: null },
    ])
  })

  it('are named by positions in the stream where not every frame was analysed', () => {
    const every5th = film([...hold(a, 20), ...hold(b, 20)])
    const pictures = { ...every5th, frame: every5th.frame.map((row) => 100 + 5 * row), isEveryFrame: false }
    expect(borders(detectScenes(pictures))).toEqual([[200, 'cut']])
  })

  it('are one where nothing changes, and none where there is nothing', () => {
    expect(detectScenes(film(hold(a, 30)))).toHaveLength(1)
    expect(detectScenes(film([a]))).toHaveLength(1)
    expect(detectScenes(pictureSeries([]))).toEqual([])
  })

  it('cover the pictures without gaps and in order, whatever was measured and whichever detector decides', () => {
    const frames = fc.record({
      number: fc.integer({ min: 0, max: 5 }),
      isMissing: fc.boolean(),
      length: fc.integer({ min: 1, max: 25 }),
    })
    fc.assert(
      fc.property(fc.array(frames, { minLength: 1, maxLength: 12 }), fc.constantFrom(...sceneDetectors), (parts, detector) => {
        const shown = parts.flatMap(({ number, isMissing, length }) =>
          isMissing && length < 5 ? Array<null>(length).fill(null) : hold(picture(number), length),
        )
        const pictures = film(shown)
        const scenes = detectScenes(pictures, { detector, minSceneLen: 5 })
        expect(scenes[0]?.start).toBe(pictures.timestamp[0])
        expect(scenes[0]?.startFrame).toBe(0)
        expect(scenes.at(-1)?.end).toBe(pictures.end)
        expect(scenes.at(-1)?.endFrame).toBe(pictures.count)
        for (const [i, scene] of scenes.entries()) {
          expect(scene.endFrame).toBeGreaterThan(scene.startFrame)
          expect(scene.end).toBeGreaterThan(scene.start)
          const next = scenes[i + 1]
          if (next === undefined) continue
          expect([next.start, next.startFrame]).toEqual([scene.end, scene.endFrame])
        }
      }),
    )
  })

  it('do not begin because frames are missing', () => {
    const gaps = fc.array(fc.boolean(), { minLength: 1, maxLength: 80 })
    fc.assert(
      fc.property(gaps, fc.constantFrom(...sceneDetectors), (isMissing, detector) => {
        expect(detectScenes(film(isMissing.map((missing) => (missing ? null : a))), { detector })).toHaveLength(1)
      }),
    )
  })
})

describe('cuts', () => {
  it('are found where they are, by each detector that looks for changes', () => {
    const detectors = fc.constantFrom<SceneOptions>(
      {},
      { detector: 'content' },
      { detector: 'hash', threshold: 0.2 },
      { detector: 'histogram' },
    )
    const lengths = fc.array(fc.integer({ min: 20, max: 60 }), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(lengths, detectors, fc.nat(1000), (parts, options, first) => {
        const shown = parts.flatMap((length, i) => hold(picture(first + i), length))
        const joints = parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).reduce((sum, length) => sum + length, 0))
        expect(borders(detectScenes(film(shown), options))).toEqual(joints.map((joint) => [joint, 'cut']))
      }),
      { numRuns: 60 },
    )
  })

  it('are single steps: one among many like it is none', () => {
    const pictures = film([...hold(a, 30), ...dissolve(a, b, 10), ...hold(b, 30)])
    const every = { detector: 'content', threshold: 3, transitions: false, minSceneLen: 0 } as const
    expect(detectScenes(pictures, every)).toHaveLength(1)
    expect(detectScenes(pictures, { ...every, confirm: false }).length).toBeGreaterThan(8)
  })

  it('may have a frame between the two that shows both', () => {
    for (const share of [0.3, 0.5, 0.7]) {
      const scenes = detectScenes(film([...hold(a, 50), mix(a, b, share), ...hold(b, 50)]))
      expect(borders(scenes)).toHaveLength(1)
      expect([50, 51]).toContain(scenes[1]?.startFrame)
    }
  })

  it('are found beside frames that are missing', () => {
    const shown = [...hold(a, 28), null, null, ...hold(a, 10), ...hold(b, 1), null, ...hold(b, 40)]
    expect(borders(detectScenes(film(shown), { detector: 'content' }))).toEqual([[40, 'cut']])
  })
})

describe('flashes', () => {
  const white = plain(250)
  const flash = (frames: number): Picture[] => [...hold(a, 40), ...hold(mix(a, white, 0.9), frames), ...hold(a, 40)]

  it.each([1, 2, 3, 5])('of %i frames are no cuts', (frames) => {
    for (const detector of ['adaptive', 'content', 'hash', 'histogram'] as const)
      expect(borders(detectScenes(film(flash(frames)), { detector, minSceneLen: 0 }))).toEqual([])
  })

  it('are cuts when every change counts', () => {
    const scenes = detectScenes(film(flash(3)), { detector: 'content', flashLen: 0, confirm: false, minSceneLen: 0, transitions: false })
    expect(borders(scenes)).toEqual([
      [40, 'cut'],
      [43, 'cut'],
    ])
  })

  it('are told from scenes by their length', () => {
    const pictures = film(flash(12))
    expect(borders(detectScenes(pictures, { minSceneLen: 5 }))).toHaveLength(2)
    expect(borders(detectScenes(pictures, { minSceneLen: 5, flashLen: 12 }))).toEqual([])
    expect(borders(detectScenes(pictures, { minSceneLen: 5, flashLen: { seconds: 0.44 } }))).toHaveLength(2)
  })

  it('do not hide a cut under them', () => {
    const pictures = film([...hold(a, 40), ...hold(white, 2), ...hold(b, 40)])
    expect(borders(detectScenes(pictures, { detector: 'content' }))).toEqual([[40, 'cut']])
  })
})

describe('dissolves', () => {
  it.each([8, 12, 25, 40, 60])('of %i frames are found, and the scene begins in their middle', (frames) => {
    const scenes = detectScenes(film([...hold(a, 50), ...dissolve(a, b, frames), ...hold(b, 50)]))
    expect(scenes).toHaveLength(2)
    const [, second] = scenes
    expect(second?.kind).toBe('dissolve')
    expect(Math.abs((second?.startFrame ?? 0) - (50 + frames / 2))).toBeLessThanOrEqual(Math.max(2, frames / 5))
    expect(second?.transition?.start).toBeLessThan(second?.start ?? 0)
    expect(second?.transition?.end).toBeGreaterThan(second?.start ?? 0)
    expect(Math.abs((second?.transition?.start ?? 0) - 2)).toBeLessThan(0.02 * frames)
  })

  it('are found at any rate of frames that tells them apart', () => {
    for (const rate of [10, 24, 60]) {
      const pictures = film([...hold(a, 3 * rate), ...dissolve(a, b, rate), ...hold(b, 3 * rate)], { rate })
      const [, second] = detectScenes(pictures)
      expect(second?.kind).toBe('dissolve')
      expect(second?.start).toBeCloseTo(3.5, 0)
    }
  })

  it('are not looked for when they are not wanted', () => {
    expect(detectScenes(film([...hold(a, 50), ...dissolve(a, b, 25), ...hold(b, 50)]), { transitions: false })).toHaveLength(1)
  })

  it('are not what a moving camera shows', () => {
    for (let number = 1; number <= 8; number++) {
      expect(detectScenes(film(pan(number, 150)))).toHaveLength(1)
      expect(detectScenes(film(pan(number, 150, 5)))).toHaveLength(1)
    }
  })
})

describe('fades', () => {
  it.each([
    ['black', plain(0)],
    ['white', plain(255)],
  ])('through %s are found, and the scene begins in the middle', (_, through) => {
    const frames = [...hold(a, 40), ...dissolve(a, through, 12), ...hold(through, 6), ...dissolve(through, b, 12), ...hold(b, 40)]
    const [, second, ...more] = detectScenes(film(frames))
    expect(more).toEqual([])
    expect(second?.kind).toBe('fade')
    expect(Math.abs((second?.startFrame ?? 0) - 55)).toBeLessThanOrEqual(1)
    expect(Math.abs((second?.transition?.start ?? 0) - 40 / 25)).toBeLessThanOrEqual(0.12)
    expect(Math.abs((second?.transition?.end ?? 0) - 70 / 25)).toBeLessThanOrEqual(0.12)
  })

  it('that end in a cut are cuts, to the frame', () => {
    const frames = [...hold(a, 40), ...dissolve(a, plain(0), 12), ...hold(plain(0), 6), ...hold(b, 40)]
    expect(borders(detectScenes(film(frames)))).toEqual([[58, 'cut']])
  })

  it('begin no scene at the beginning of a film, and at its end', () => {
    const frames = [
      ...hold(plain(0), 10),
      ...dissolve(plain(0), a, 20),
      ...hold(a, 40),
      ...dissolve(a, plain(0), 20),
      ...hold(plain(0), 10),
    ]
    expect(detectScenes(film(frames))).toHaveLength(1)
  })
})

describe('options', () => {
  const pictures = film(hold(a, 10))

  it.each([
    [
      { detector: 'optical' },
      RangeError,
      'Expected one of adaptive, content, threshold, hash, histogram for detector but received "optical" of type string',
    ],
    [{ detector: 'content', adaptiveThreshold: 3 }, TypeError, 'Unknown option "adaptiveThreshold"'],
    [{ threshold: 27 }, TypeError, 'Unknown option "threshold"'],
    [{ detector: 'hash', size: 12 }, TypeError, 'Expected one of 8, 16 for size but received 12 of type number'],
    [{ minSceneLen: -1 }, RangeError, 'minSceneLen'],
    [{ windowWidth: 0 }, RangeError, 'Expected a number of at least 1 for windowWidth but received 0 of type number'],
    [
      { weights: { deltaHue: 0, deltaSat: 0, deltaLum: 0 } },
      RangeError,
      'Expected a weight other than 0 for weights but received an object of type object',
    ],
  ])('%j is turned down in words that name it', (options, kind, message) => {
    const call = (): unknown => Reflect.apply(detectScenes, undefined, [pictures, options])
    expect(call).toThrow(kind)
    expect(call).toThrow(message)
  })
})
