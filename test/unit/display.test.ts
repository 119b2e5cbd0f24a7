// How a picture is meant to be shown: display matrices against the arithmetic of ISO/IEC 14496-12, sample aspect ratios, HDR.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { displaySize, hdrKindOf, orientationOf, rotationOf, squaredSize } from '../../src/source/display.ts'
import { streamFacts } from './stream-facts.ts'

const one = 1 << 16
/** Rows of the matrix as the container has them: a b u, c d v, x y w. */
function matrix(a: number, b: number, c: number, d: number): number[] {
  return [a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30]
}

const eight = [
  matrix(1, 0, 0, 1),
  matrix(0, 1, -1, 0),
  matrix(-1, 0, 0, -1),
  matrix(0, -1, 1, 0),
  matrix(-1, 0, 0, 1),
  matrix(1, 0, 0, -1),
  matrix(0, 1, 1, 0),
  matrix(0, -1, -1, 0),
]

/** Where the matrix puts pixel (x, y) of a picture: x' = a x + c y, y' = b x + d y about the centre, then into the first quadrant. */
function placed(values: readonly number[], x: number, y: number, width: number, height: number): { x: number; y: number } {
  const [a = 0, b = 0, , c = 0, d = 0] = values.map(Math.sign)
  const [fromCentreX, fromCentreY] = [x + 0.5 - width / 2, y + 0.5 - height / 2]
  const shownWidth = a === 0 ? height : width
  const shownHeight = a === 0 ? width : height
  return { x: a * fromCentreX + c * fromCentreY + shownWidth / 2 - 0.5, y: b * fromCentreX + d * fromCentreY + shownHeight / 2 - 0.5 }
}

describe('orientationOf', () => {
  it.each(eight)('puts every pixel where the matrix %j %j . %j %j puts it', (...values) => {
    const way = orientationOf(values)
    const [width, height] = [3, 2]
    const shown = way.transpose ? { width: height, height: width } : { width, height }
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const turned = way.transpose ? { x: y, y: x } : { x, y }
        const mirrored = { x: way.mirrorX ? shown.width - 1 - turned.x : turned.x, y: way.mirrorY ? shown.height - 1 - turned.y : turned.y }
        expect(mirrored).toEqual(placed(values, x, y, width, height))
      }
    }
  })

  it('leaves a picture alone that has no matrix or one that is no quarter turn', () => {
    const upright = { transpose: false, mirrorX: false, mirrorY: false }
    expect(orientationOf([])).toEqual(upright)
    expect(orientationOf(matrix(0.7, 0.7, -0.7, 0.7))).toEqual(upright)
  })
})

describe('rotationOf', () => {
  it('tells the quarter turns clockwise', () => {
    expect([0, 1, 2, 3].map((quarter) => rotationOf(eight[quarter] ?? []))).toEqual([0, 90, 180, 270])
  })

  it('tells no angle for a matrix that is no quarter turn, and 0 where there is none', () => {
    expect(rotationOf(matrix(0.7, 0.7, -0.7, 0.7))).toBeNull()
    expect(rotationOf([])).toBe(0)
  })
})

describe('squaredSize', () => {
  it.each([
    { width: 720, height: 576, sar: [16, 11], squared: { width: 1047, height: 576 } },
    { width: 176, height: 144, sar: [16, 11], squared: { width: 256, height: 144 } },
    { width: 720, height: 480, sar: [8, 9], squared: { width: 720, height: 540 } },
    { width: 320, height: 180, sar: [1, 1], squared: { width: 320, height: 180 } },
    { width: 320, height: 180, sar: [0, 1], squared: { width: 320, height: 180 } },
  ])('makes $width x $height with $sar into $squared', ({ width, height, sar: [num = 0, den = 0], squared }) => {
    expect(squaredSize(width, height, { num, den })).toEqual(squared)
  })

  it('never has fewer pixels than decoded in either direction', () => {
    const side = fc.integer({ min: 1, max: 8192 })
    const part = fc.integer({ min: 1, max: 100 })
    fc.assert(
      fc.property(side, side, part, part, (width, height, num, den) => {
        const squared = squaredSize(width, height, { num, den })
        expect(squared.width).toBeGreaterThanOrEqual(width)
        expect(squared.height).toBeGreaterThanOrEqual(height)
        expect(Math.abs(squared.width / squared.height - (width * num) / (height * den))).toBeLessThan(
          (1 / squared.height) * (1 + (width * num) / (height * den)),
        )
      }),
    )
  })
})

describe('displaySize', () => {
  it('squares pixels, then turns', () => {
    const stream = streamFacts({ width: 176, height: 144, sampleAspectRatio: { num: 16, den: 11 }, displayMatrix: matrix(0, 1, -1, 0) })
    expect(displaySize(stream)).toEqual({ width: 144, height: 256 })
  })
})

describe('hdrKindOf', () => {
  it('goes by the transfer, and by Dolby Vision', () => {
    expect(hdrKindOf(streamFacts())).toBeNull()
    expect(hdrKindOf(streamFacts({ colorTransfer: 'bt709' }))).toBeNull()
    expect(hdrKindOf(streamFacts({ colorTransfer: 'smpte2084' }))).toBe('pq')
    expect(hdrKindOf(streamFacts({ colorTransfer: 'arib-std-b67' }))).toBe('hlg')
    expect(hdrKindOf(streamFacts({ colorTransfer: 'arib-std-b67', hasDolbyVision: true }))).toBe('dolby-vision')
  })
})
