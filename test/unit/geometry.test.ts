// Sizes of pictures: every fit, turned, squared and odd, against plain arithmetic; and that no picture leaves its canvas.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NativeOutput } from '../../src/native/binding.ts'
import { fits, pixelFormats, type ResolvedPicture } from '../../src/options/sample.ts'
import { finishedSize, pixelFormatName, planPicture, type PictureSource } from '../../src/plan/geometry.ts'

const asItComes: ResolvedPicture = {
  width: 0,
  height: 0,
  fit: 'cover',
  pixelFormat: 'rgb24',
  scaleFilter: 'bicubic',
  autorotate: true,
  squarePixels: true,
  toneMap: true,
}
const one = 1 << 16
const quarterTurn = [0, one, 0, -one, 0, 0, 0, 0, 1 << 30]
const halfTurn = [-one, 0, 0, 0, -one, 0, 0, 0, 1 << 30]

function source(width: number, height: number, more: Partial<PictureSource> = {}): PictureSource {
  return { width, height, pixelFormat: 'yuv420p', sampleAspectRatio: { num: 1, den: 1 }, displayMatrix: [], ...more }
}

function plan(picture: Partial<ResolvedPicture>, of: PictureSource): NativeOutput {
  return planPicture({ ...asItComes, ...picture }, of, null)
}

function boxOf({ width, height, imageX, imageY, imageWidth, imageHeight }: NativeOutput): number[][] {
  return [
    [width, height],
    [imageX, imageY, imageWidth, imageHeight],
  ]
}

describe('planPicture', () => {
  it('keeps the size where none is asked for', () => {
    expect(boxOf(plan({}, source(321, 241)))).toEqual([
      [321, 241],
      [0, 0, 321, 241],
    ])
  })

  it('keeps the aspect ratio where one side is asked for', () => {
    expect(finishedSize(plan({ width: 640 }, source(1920, 1080)), source(1920, 1080))).toEqual({ width: 640, height: 360 })
    expect(finishedSize(plan({ height: 100 }, source(321, 241)), source(321, 241))).toEqual({ width: 133, height: 100 })
    expect(finishedSize(plan({ width: 1 }, source(5000, 10)), source(5000, 10))).toEqual({ width: 1, height: 1 })
  })

  it('covers a box by cutting off what is too wide, evenly on both sides', () => {
    const output = plan({ width: 224, height: 224 }, source(1920, 1080))
    expect(boxOf(output)).toEqual([
      [224, 224],
      [0, 0, 224, 224],
    ])
    expect(output.cropWidth).toBeCloseTo(1080 / 1920, 12)
    expect(output.cropX).toBeCloseTo((1 - 1080 / 1920) / 2, 12)
    expect([output.cropY, output.cropHeight]).toEqual([0, 1])
  })

  it('contains a picture between bars of equal height, beginning at an even line', () => {
    expect(boxOf(plan({ width: 224, height: 224, fit: 'contain' }, source(1920, 1080)))).toEqual([
      [224, 224],
      [0, 48, 224, 126],
    ])
    expect(plan({ width: 224, height: 224, fit: 'contain' }, source(1920, 1080))).toMatchObject({
      cropX: 0,
      cropY: 0,
      cropWidth: 1,
      cropHeight: 1,
    })
  })

  it('fits a picture inside a box by making the box smaller', () => {
    expect(boxOf(plan({ width: 224, height: 224, fit: 'inside' }, source(1920, 1080)))).toEqual([
      [224, 126],
      [0, 0, 224, 126],
    ])
  })

  it('fills a box by stretching', () => {
    const output = plan({ width: 101, height: 33, fit: 'fill' }, source(1920, 1080))
    expect(boxOf(output)).toEqual([
      [101, 33],
      [0, 0, 101, 33],
    ])
    expect([output.cropWidth, output.cropHeight]).toEqual([1, 1])
  })

  it('counts sizes of the turned picture, and crops the one that is not turned yet', () => {
    const turned = source(1920, 1080, { displayMatrix: quarterTurn })
    expect(finishedSize(plan({}, turned), turned)).toEqual({ width: 1080, height: 1920 })
    const output = plan({ width: 100, height: 100 }, turned)
    expect(output).toMatchObject({ transpose: true, cropHeight: 1, cropY: 0 })
    expect(output.cropWidth).toBeCloseTo(1080 / 1920, 12)
    expect(finishedSize(plan({ autorotate: false }, turned), turned)).toEqual({ width: 1920, height: 1080 })
    expect(plan({}, source(20, 10, { displayMatrix: halfTurn }))).toMatchObject({
      transpose: false,
      mirrorX: true,
      mirrorY: true,
      width: 20,
      height: 10,
    })
  })

  it('squares pixels before it fits them', () => {
    const wide = source(176, 144, { sampleAspectRatio: { num: 16, den: 11 } })
    expect(finishedSize(plan({}, wide), wide)).toEqual({ width: 256, height: 144 })
    expect(finishedSize(plan({ width: 128 }, wide), wide)).toEqual({ width: 128, height: 72 })
    expect(finishedSize(plan({ squarePixels: false }, wide), wide)).toEqual({ width: 176, height: 144 })
    const turned = { ...wide, displayMatrix: quarterTurn }
    expect(finishedSize(plan({}, turned), turned)).toEqual({ width: 144, height: 256 })
  })

  it("leaves 'source' as decoded unless a size is asked for", () => {
    const untouched = plan({ pixelFormat: 'source', squarePixels: false }, source(321, 241))
    expect(untouched).toMatchObject({ pixelFormat: '', width: 0, height: 0, toneMap: false })
    expect(finishedSize(untouched, source(321, 241))).toEqual({ width: 321, height: 241 })
    const turned = source(321, 241, { displayMatrix: quarterTurn })
    expect(finishedSize(plan({ pixelFormat: 'source', squarePixels: false }, turned), turned)).toEqual({ width: 241, height: 321 })
    expect(plan({ pixelFormat: 'source', squarePixels: false, width: 100 }, source(200, 100))).toMatchObject({
      pixelFormat: 'yuv420p',
      width: 100,
      height: 50,
    })
  })

  it('tone-maps only where the result is RGB or gray', () => {
    const mapped = pixelFormats.filter((pixelFormat) => plan({ pixelFormat }, source(16, 16)).toneMap)
    expect(mapped).toEqual(['rgb24', 'rgba', 'gray8'])
    expect(plan({ toneMap: false }, source(16, 16)).toneMap).toBe(false)
  })

  it("names pixel formats as FFmpeg does, and 'source' by the stream's own", () => {
    const names = pixelFormats.map((pixelFormat) =>
      pixelFormatName({ ...asItComes, pixelFormat }, source(16, 16, { pixelFormat: 'yuv444p10le' })),
    )
    expect(names).toEqual(['rgb24', 'rgba', 'gray', 'yuv420p', 'yuv444p10le'])
  })

  it('carries the tensor with four channels of mean and deviation', () => {
    const tensor = { channelsFirst: true, float32: true, mean: [1, 2, 3, 0], deviation: [4, 5, 6, 1] }
    expect(planPicture(asItComes, source(16, 16), tensor)).toMatchObject({
      tensor: true,
      float32: true,
      channelsFirst: true,
      mean: [1, 2, 3, 0],
      deviation: [4, 5, 6, 1],
    })
    expect(plan({}, source(16, 16))).toMatchObject({ tensor: false, mean: [0, 0, 0, 0], deviation: [1, 1, 1, 1] })
  })
})

describe('whatever the size, the fit, the turn and the shape of pixels', () => {
  const side = fc.integer({ min: 1, max: 8192 })
  const wanted = fc.oneof(fc.constant(0), side)
  const ratio = fc.record({ num: fc.integer({ min: 0, max: 64 }), den: fc.integer({ min: 1, max: 64 }) })
  const anyPicture = fc.record({
    width: wanted,
    height: wanted,
    fit: fc.constantFrom(...fits),
    pixelFormat: fc.constantFrom(...pixelFormats),
    squarePixels: fc.boolean(),
  })
  const anySource = fc.record({
    width: side,
    height: side,
    sampleAspectRatio: ratio,
    displayMatrix: fc.constantFrom([], quarterTurn, halfTurn),
  })
  const cases = fc.tuple(
    anyPicture,
    anySource.map((given) => source(given.width, given.height, given)),
  )

  it('the image lies on its canvas at even offsets, and the crop within the picture', () => {
    fc.assert(
      fc.property(cases, ([picture, of]) => {
        const output = plan(picture, of)
        const { cropX, cropY, cropWidth, cropHeight, imageX, imageY, imageWidth, imageHeight } = output
        for (const [at, length] of [
          [cropX, cropWidth],
          [cropY, cropHeight],
        ] as const) {
          expect(at).toBeGreaterThanOrEqual(0)
          expect(length).toBeGreaterThan(0)
          expect(at + length).toBeLessThanOrEqual(1 + 1e-12)
        }
        if (output.pixelFormat === '') return
        expect(Math.min(imageWidth, imageHeight)).toBeGreaterThanOrEqual(1)
        expect(imageX + imageWidth).toBeLessThanOrEqual(output.width)
        expect(imageY + imageHeight).toBeLessThanOrEqual(output.height)
        expect([imageX % 2, imageY % 2, Math.sign(Math.min(imageX, imageY, 0))]).toEqual([0, 0, 0])
      }),
    )
  })

  it('a cover never takes more than the picture, not even by the last bit of a double', () => {
    const beyond: string[] = []
    for (let width = 1; width <= 200; width++) {
      for (let height = 1; height <= 200; height++) {
        const { cropX, cropY, cropWidth, cropHeight } = plan({ width, height }, source(1920, 1080))
        if (cropX < 0 || cropY < 0 || cropWidth > 1 || cropHeight > 1) beyond.push(`${width}x${height}`)
      }
    }
    expect(beyond).toEqual([])
  })

  it('a box that is asked for is met, but for inside, which is never larger', () => {
    fc.assert(
      fc.property(cases, ([picture, of]) => {
        fc.pre(picture.width > 0 && picture.height > 0)
        const { width, height } = finishedSize(plan(picture, of), of)
        if (picture.fit !== 'inside') expect({ width, height }).toEqual({ width: picture.width, height: picture.height })
        expect(width).toBeLessThanOrEqual(picture.width)
        expect(height).toBeLessThanOrEqual(picture.height)
        if (picture.fit === 'inside') expect(width === picture.width || height === picture.height).toBe(true)
      }),
    )
  })

  it('contain and inside keep the shape of the picture to within half a pixel', () => {
    fc.assert(
      fc.property(cases, ([picture, of]) => {
        fc.pre(picture.width > 0 && picture.height > 0 && (picture.fit === 'contain' || picture.fit === 'inside'))
        const output = plan(picture, of)
        const shown = finishedSize(plan({ squarePixels: picture.squarePixels }, of), of)
        const factor = Math.min(picture.width / shown.width, picture.height / shown.height)
        expect(Math.abs(output.imageWidth - Math.max(1, shown.width * factor))).toBeLessThanOrEqual(0.5 + 1e-6)
        expect(Math.abs(output.imageHeight - Math.max(1, shown.height * factor))).toBeLessThanOrEqual(0.5 + 1e-6)
      }),
    )
  })

  it('cover cuts a part of exactly the shape of the box', () => {
    fc.assert(
      fc.property(cases, ([picture, of]) => {
        fc.pre(picture.width > 0 && picture.height > 0 && picture.fit === 'cover')
        const output = plan(picture, of)
        const shown = finishedSize(plan({ squarePixels: picture.squarePixels }, of), of)
        const [cropWidth, cropHeight] = output.transpose ? [output.cropHeight, output.cropWidth] : [output.cropWidth, output.cropHeight]
        const shape = (shown.width * cropWidth) / (shown.height * cropHeight)
        expect(shape / (picture.width / picture.height)).toBeCloseTo(1, 9)
        expect(Math.max(cropWidth, cropHeight)).toBeCloseTo(1, 12)
      }),
    )
  })
})
