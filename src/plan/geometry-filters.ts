// Owns the filters that change a picture's shape, one by one: each adds itself and answers with the shape that comes out. Pure.
import type { Transform } from '../options/transform.js'
import { squaredSize, type Orientation } from '../source/display.js'
import type { FilterChain } from './filter-chain.js'
import { canvasColor, down, nearest, up, type Shape, type Size } from './filter-shape.js'

export function orient(chain: FilterChain, shape: Shape, { transpose, mirrorX, mirrorY }: Orientation): Shape {
  if (transpose) {
    const dir = mirrorX ? (mirrorY ? 'clock_flip' : 'clock') : mirrorY ? 'cclock' : 'cclock_flip'
    chain.add('transpose', { dir })
    return turned(shape)
  }
  if (mirrorX) chain.add('hflip')
  if (mirrorY) chain.add('vflip')
  return { width: shape.width, height: shape.height, sampleAspectRatio: shape.sampleAspectRatio }
}

function turned({ width, height, sampleAspectRatio: { num, den } }: Shape): Shape {
  return { width: height, height: width, sampleAspectRatio: { num: den, den: num } }
}

function isSquare({ sampleAspectRatio: { num, den } }: Shape): boolean {
  return num === den || num <= 0 || den <= 0
}

export function square(chain: FilterChain, shape: Shape, step: Size): Shape {
  if (isSquare(shape)) return shape
  const { width, height } = squaredSize(shape.width, shape.height, shape.sampleAspectRatio)
  return scale(chain, shape, { width: nearest(width, step.width), height: nearest(height, step.height) })
}

/** Proportions off by a rounded pixel are not made up for by pixels that are not square. */
export function scale(chain: FilterChain, shape: Shape, { width, height }: Size): Shape {
  const isSame = shape.width === width && shape.height === height
  if (!isSame) chain.add('scale', { w: width, h: height, flags: 'bicubic' })
  if (!isSame || !isSquare(shape)) chain.add('setsar', { sar: 1 })
  return { width, height, sampleAspectRatio: { num: 1, den: 1 } }
}

export function cropTo(chain: FilterChain, shape: Shape, crop: NonNullable<Transform['crop']>, step: Size): Shape {
  if (crop.x + crop.width > shape.width || crop.y + crop.height > shape.height) {
    const asked = `${crop.width}x${crop.height} at ${crop.x},${crop.y}`
    throw new RangeError(`Expected a crop inside the picture, which is ${shape.width}x${shape.height}, but received ${asked}`)
  }
  const width = Math.min(shape.width, Math.max(step.width, down(crop.width, step.width)))
  const height = Math.min(shape.height, Math.max(step.height, down(crop.height, step.height)))
  const [x, y] = [Math.min(crop.x, shape.width - width), Math.min(crop.y, shape.height - height)]
  // exact: an odd corner stays where it is; chroma is then half a sample off rather than all of the picture by one.
  chain.add('crop', { w: width, h: height, x, y, exact: 1 })
  return { ...shape, width, height }
}

export function rotate(chain: FilterChain, shape: Shape, angle: number): Shape {
  if (angle === 0) return shape
  if (angle === 180) {
    chain.add('hflip').add('vflip')
    return shape
  }
  if (angle % 90 === 0) {
    chain.add('transpose', { dir: angle === 90 ? 'clock' : 'cclock' })
    return turned(shape)
  }
  chain.add('rotate', { a: (angle * Math.PI) / 180, c: 'black' })
  return shape
}

export function inside(shape: Shape, most: Size, step: Size): Size {
  const shown = squaredSize(shape.width, shape.height, shape.sampleAspectRatio)
  const factor = Math.min(most.width / shown.width, most.height / shown.height)
  return {
    width: Math.min(most.width, nearest(shown.width * factor, step.width)),
    height: Math.min(most.height, nearest(shown.height * factor, step.height)),
  }
}

export function cover(chain: FilterChain, shape: Shape, canvas: Size, step: Size): Shape {
  const shown = squaredSize(shape.width, shape.height, shape.sampleAspectRatio)
  const factor = Math.max(canvas.width / shown.width, canvas.height / shown.height)
  const scaled = scale(chain, shape, {
    width: Math.max(canvas.width, nearest(shown.width * factor, step.width)),
    height: Math.max(canvas.height, nearest(shown.height * factor, step.height)),
  })
  if (scaled.width === canvas.width && scaled.height === canvas.height) return scaled
  const x = down((scaled.width - canvas.width) / 2, step.width)
  const y = down((scaled.height - canvas.height) / 2, step.height)
  chain.add('crop', { w: canvas.width, h: canvas.height, x, y })
  return { ...scaled, ...canvas }
}

export function padTo(chain: FilterChain, shape: Shape, pad: NonNullable<Transform['pad']>, step: Size): Shape {
  const [width, height] = [up(pad.width, step.width), up(pad.height, step.height)]
  if (width === shape.width && height === shape.height) return shape
  const x = down(pad.x ?? (width - shape.width) / 2, step.width)
  const y = down(pad.y ?? (height - shape.height) / 2, step.height)
  if (x < 0 || y < 0 || x + shape.width > width || y + shape.height > height) {
    const room = `${pad.width}x${pad.height}${pad.x === undefined && pad.y === undefined ? '' : ` at ${x},${y}`}`
    throw new RangeError(`Expected a pad that the picture, which is ${shape.width}x${shape.height}, fits into but received ${room}`)
  }
  chain.add('pad', { w: width, h: height, x, y, color: canvasColor(pad.color) })
  return { ...shape, width, height }
}

/** A picture that was odd to begin with loses a row or a column. */
export function trimOdd(chain: FilterChain, shape: Shape, step: Size): Shape {
  const trimmed = { width: down(shape.width, step.width) || shape.width, height: down(shape.height, step.height) || shape.height }
  if (trimmed.width === shape.width && trimmed.height === shape.height) return shape
  chain.add('crop', { w: trimmed.width, h: trimmed.height, x: 0, y: 0, exact: 1 })
  return { ...shape, ...trimmed }
}
