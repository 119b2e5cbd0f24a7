import { describe, expect, it } from 'vitest'
import { Misuse } from '../../src/cli/failure.js'
import { resolveSampleFlags } from '../../src/cli/sample-flags.js'
import type { SampleFlags } from '../../src/cli/sample-flags.js'

const misuse: [SampleFlags, string][] = [
  [{}, 'which frames?'],
  [{ fps: 1, count: 2 }, '--fps and --count contradict each other'],
  [{ at: [1], keyframes: true, all: true }, '--at and --keyframes and --all contradict each other'],
  [{ fps: 1, format: 'png' }, '--format needs --out'],
  [{ fps: 1, quality: 80 }, '--quality needs --out, --sheet or --sprite'],
  [{ fps: 1, quality: 80, out: 'a', format: 'png' }, '--quality does not apply to png'],
  [{ fps: 1, quality: 80, sheet: 'a.png' }, '--quality does not apply to png'],
  [{ fps: 1, out: 'a', pixelFormat: 'yuv420p' }, '--out needs --pixel-format'],
  [{ fps: 1, sheet: 'a.jpg', pixelFormat: 'source' }, '--sheet needs --pixel-format'],
  [{ fps: 1, out: 'a', pixelFormat: 'rgba' }, 'jpg has no alpha'],
  [{ fps: 1, raw: '-', json: true }, '--raw - and --json contradict each other'],
  [{ fps: 1, raw: '-', md5: true }, '--raw - and --md5 contradict each other'],
  [{ fps: 1, sheet: 'a.jpg', order: 'completion' }, '--sheet and --order completion contradict each other'],
  [{ fps: 1, sprite: 'a', order: 'completion' }, '--sprite and --order completion contradict each other'],
  [{ fps: 1, raw: 'a', order: 'completion' }, '--raw and --order completion contradict each other'],
  [{ fps: 1, sheet: 'a.bmp' }, '.jpg, .png or .webp'],
]

it.each(misuse)('names what is wrong with %j', (flags, words) => {
  expect(() => resolveSampleFlags(flags)).toThrow(Misuse)
  expect(() => resolveSampleFlags(flags)).toThrow(words)
})

it('prints the list when nothing else is asked for, and with --md5', () => {
  expect(resolveSampleFlags({ fps: 1 }).lines).toBe('list')
  expect(resolveSampleFlags({ fps: 1, out: 'a' }).lines).toBeUndefined()
  expect(resolveSampleFlags({ fps: 1, raw: '-' }).lines).toBeUndefined()
  expect(resolveSampleFlags({ fps: 1, out: 'a', md5: true }).lines).toBe('list')
  expect(resolveSampleFlags({ fps: 1, md5: true, json: true }).lines).toBe('json')
})

it('hands on the flags under the names of the API', () => {
  const { engine, sample } = resolveSampleFlags({
    at: [1, 2],
    start: 0.5,
    stream: 1,
    autorotate: false,
    accuracy: { toleranceSeconds: 1 },
    workers: 'auto',
    cache: false,
    timeout: 1.5,
    json: true,
  })
  expect(sample).toEqual({ timestamps: [1, 2], start: 0.5, stream: 1, autorotate: false, accuracy: { toleranceSeconds: 1 } })
  expect(engine).toEqual({ workers: 'auto', cache: false, timeoutMs: 1500 })
})

describe('pixels', () => {
  it('are rgb24 for pictures unless asked otherwise, and the default of the API elsewhere', () => {
    expect(resolveSampleFlags({ fps: 1, out: 'a' }).sample.pixelFormat).toBe('rgb24')
    expect(resolveSampleFlags({ fps: 1, out: 'a', pixelFormat: 'gray8' }).sample.pixelFormat).toBe('gray8')
    expect(resolveSampleFlags({ fps: 1, out: 'a', format: 'webp', pixelFormat: 'rgba' }).sample.pixelFormat).toBe('rgba')
    expect(resolveSampleFlags({ fps: 1, raw: 'a' }).sample).toEqual({ fps: 1 })
  })

  it('are decoded at thumbnail size only when nothing else needs them', () => {
    expect(resolveSampleFlags({ fps: 1, sheet: 'a.jpg' }).sample.width).toBe(320)
    expect(resolveSampleFlags({ fps: 1, sprite: 'a' }).sample.width).toBe(160)
    expect(resolveSampleFlags({ fps: 1, sprite: 'a', sheet: 'a.jpg' }).sample.width).toBe(320)
    expect(resolveSampleFlags({ fps: 1, sheet: 'a.jpg', out: 'a' }).sample.width).toBeUndefined()
    expect(resolveSampleFlags({ fps: 1, sheet: 'a.jpg', md5: true }).sample.width).toBeUndefined()
    expect(resolveSampleFlags({ fps: 1, sheet: 'a.jpg', height: 90 }).sample).toEqual({ fps: 1, height: 90, pixelFormat: 'rgb24' })
  })

  it('make thumbnails of the size asked for, unless that size is meant for another output', () => {
    expect(resolveSampleFlags({ fps: 1, sheet: 'a.jpg', width: 640 }).sheet?.widestTile).toBe(Number.POSITIVE_INFINITY)
    expect(resolveSampleFlags({ fps: 1, sheet: 'a.jpg', out: 'a', width: 640 }).sheet?.widestTile).toBe(320)
  })
})

it('spreads 25 frames evenly over a contact sheet when no grid is asked for', () => {
  expect(resolveSampleFlags({ sheet: 'a.jpg' }).sample.count).toBe(25)
  expect(resolveSampleFlags({ sheet: 'a.jpg', keyframes: true }).sample.count).toBeUndefined()
})

it('takes the format of a sheet from its name, and its quality only where there is one', () => {
  expect(resolveSampleFlags({ sheet: 'A.JPEG', quality: 70 }).sheet).toMatchObject({ format: 'jpg', quality: 70 })
  expect(resolveSampleFlags({ sheet: 'a.jpg', out: 'b', format: 'png', quality: 70 }).images).toMatchObject({
    format: 'png',
    quality: undefined,
  })
  expect(resolveSampleFlags({ sheet: 'a.png', out: 'b', quality: 70 }).sheet).toMatchObject({ format: 'png', quality: undefined })
})
