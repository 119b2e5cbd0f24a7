// Scenes through the public API: every frame measured, or only where packets hint at a cut.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

let work: Workspace
let engine: Engine
/** Six scenes whose first frames are known. */
let film: string
const lengths = [61, 48, 75, 30, 66, 50]
const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0))

beforeAll(async () => {
  work = makeWorkspace()
  engine = new Engine({ workers: 2, cache: false })
  const pictures = ['mandelbrot=size=320x180:rate=25', 'smptebars=size=320x180:rate=25', 'rgbtestsrc=size=320x180:rate=25']
  const more = [
    'testsrc2=size=320x180:rate=25',
    'color=c=0x806020:size=320x180:rate=25',
    'gradients=size=320x180:rate=25:seed=5:speed=0.01',
  ]
  const inputs = [...pictures, ...more].flatMap((source) => ['-f', 'lavfi', '-i', source])
  const parts = lengths.map((length, i) => `[${i}:v]trim=end_frame=${length},setpts=PTS-STARTPTS,format=yuv420p[v${i}]`)
  const graph = `${parts.join(';')};${lengths.map((_, i) => `[v${i}]`).join('')}concat=n=6:v=1[v]`
  film = await work.encode('film.mp4', ...inputs, '-filter_complex', graph, '-map', '[v]', '-c:v', 'libx264', '-preset', 'veryfast')
})
afterAll(async () => {
  await engine.close()
  work.remove()
})

describe('detectScenes', () => {
  it('finds the first frame of every scene by measuring every frame', async () => {
    const { scenes, strategy, fallback, framesMeasured, framesTotal } = await engine.detectScenes(film)
    expect(scenes.map(({ startFrame }) => startFrame)).toEqual(starts)
    expect(scenes.at(-1)).toMatchObject({ endFrame: 330, end: 13.2 })
    expect([strategy, fallback, framesMeasured, framesTotal]).toEqual(['full', null, 330, 330])
  })

  it('finds the same in two steps, and looks at fewer frames', async () => {
    const full = await engine.detectScenes(film, { transitions: false })
    const fast = await engine.detectScenes(film, { strategy: 'fast' })
    expect(fast.scenes).toEqual(full.scenes)
    expect([fast.strategy, fast.fallback, fast.framesTotal, fast.verified]).toEqual(['fast', null, 330, null])
    expect(fast.framesMeasured).toBeLessThan(200)
  })

  it('measures every frame to verify the two steps, and says what they got wrong', async () => {
    const { scenes, framesMeasured, verified } = await engine.detectScenes(film, { strategy: 'fast', verify: true })
    expect([framesMeasured, verified]).toEqual([330, { missed: [], extra: [] }])
    expect(scenes.map(({ startFrame }) => startFrame)).toEqual(starts)
  })

  it('tells progress that never falls and ends at one, in however many passes', async () => {
    for (const verify of [false, true]) {
      const told: number[] = []
      await engine.detectScenes(film, {
        strategy: 'fast',
        verify,
        onProgress: ({ phase, fraction }) => phase === 'analyze' && told.push(fraction),
      })
      expect(told.every((fraction, i) => fraction >= (told[i - 1] ?? 0))).toBe(true)
      expect(told.at(-1)).toBeCloseTo(1, 6)
    }
  })

  it('measures every frame where packets do not tell, and says why', async () => {
    const { strategy, fallback, framesMeasured } = await engine.detectScenes(clips.longGop.path, { strategy: 'fast' })
    expect([strategy, fallback, framesMeasured]).toEqual(['full', 'it has a single key frame', 300])
    const regular = await engine.detectScenes(clips.noBFrames.path, { strategy: 'fast' })
    expect(regular.fallback).toBe('its encoder sets key frames by count, not where scenes begin')
    const counted = await engine.detectScenes(clips.missingTimestamps.path, { strategy: 'fast' })
    expect(counted.fallback).toBe('its packets do not name its frames')
  })

  it('keeps to the part that was asked for', async () => {
    const part = { start: 3, end: 9 }
    for (const strategy of ['full', 'fast'] as const) {
      const { scenes } = await engine.detectScenes(film, { ...part, strategy })
      expect(scenes.map(({ startFrame }) => startFrame)).toEqual([75, 109, 184, 214])
      expect(scenes.at(-1)?.endFrame).toBe(225)
    }
  })

  it('turns down what cannot be', async () => {
    const threshold = { detector: 'threshold', strategy: 'fast' } as const
    await expect(engine.detectScenes(film, threshold)).rejects.toThrow("Expected strategy 'full' for the detector 'threshold'")
    await expect(engine.detectScenes(film, JSON.parse('null'))).rejects.toThrow('Expected an object for options but received null')
    await expect(engine.detectScenes(film, JSON.parse('"fast"'))).rejects.toThrow('Expected an object for options but received "fast"')
    await expect(engine.detectScenes(film, { verify: true })).rejects.toThrow("Expected strategy 'fast' for verify")
    await expect(engine.detectScenes(film, { detector: 'hash', strategy: 'fast', threshold: 2 })).rejects.toThrow(RangeError)
  })

  it('ends with the reason of an abort', async () => {
    const reason = new Error('enough')
    await expect(engine.detectScenes(film, { strategy: 'fast', signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
