// Owns the geometry of a transform: turned as shown, cropped, rotated, flipped, scaled, stacked, padded. Pure.
import type { FrameFit, Transform } from '../options/transform.js'
import { squaredSize, type Orientation } from '../source/display.js'
import type { FilterChain } from './filter-chain.js'
import type { GraphSource, Shape } from './filter-shape.js'
import { canvasColor, chromaStep, down, nearest, openedBy, overlayFormat, up, type Size } from './filter-shape.js'

/** Adds the changes in the order that Transform documents, up to `pad`; the shape of what comes out. */
export function addGeometry(chain: FilterChain, transform: Transform, source: GraphSource): Shape {
  const step = chromaStep(source.pixelFormat)
  const { crop, flip, pad } = transform
  const angle = (((transform.rotate ?? 0) % 360) + 360) % 360
  let shape = orient(chain, source, source.orientation)
  // Scaling squares pixels on its way; lengths that come before it need them square before.
  if (crop !== undefined || angle % 90 !== 0) shape = square(chain, shape, step)
  if (crop !== undefined) shape = cropTo(chain, shape, crop, step)
  shape = rotate(chain, shape, angle)
  if (flip === 'horizontal' || flip === 'both') chain.add('hflip')
  if (flip === 'vertical' || flip === 'both') chain.add('vflip')
  const isSized = transform.width !== undefined || transform.height !== undefined
  if (isSized) shape = resize(chain, shape, transform, source)
  else if (pad !== undefined || transform.overlay !== undefined || transform.text !== undefined || (transform.blur ?? 0) > 0) {
    shape = square(chain, shape, step)
  }
  if (pad !== undefined) shape = padTo(chain, shape, pad, step)
  return trimOdd(chain, shape, step)
}

/** Turns decoded pictures as they are shown. */
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

function square(chain: FilterChain, shape: Shape, step: Size): Shape {
  if (isSquare(shape)) return shape
  const { width, height } = squaredSize(shape.width, shape.height, shape.sampleAspectRatio)
  return scale(chain, shape, { width: nearest(width, step.width), height: nearest(height, step.height) })
}

/** Proportions off by a rounded pixel are not made up for by pixels that are not square. */
function scale(chain: FilterChain, shape: Shape, { width, height }: Size): Shape {
  const isSame = shape.width === width && shape.height === height
  if (!isSame) chain.add('scale', { w: width, h: height, flags: 'bicubic' })
  if (!isSame || !isSquare(shape)) chain.add('setsar', { sar: 1 })
  return { width, height, sampleAspectRatio: { num: 1, den: 1 } }
}

function cropTo(chain: FilterChain, shape: Shape, crop: NonNullable<Transform['crop']>, step: Size): Shape {
  if (crop.x + crop.width > shape.width || crop.y + crop.height > shape.height) {
    const asked = `${crop.width}x${crop.height} at ${crop.x},${crop.y}`
    throw new RangeError(`Expected a crop inside the picture, which is ${shape.width}x${shape.height}, but received ${asked}`)
  }
  const width = Math.min(shape.width, down(crop.width, step.width))
  const height = Math.min(shape.height, down(crop.height, step.height))
  const [x, y] = [Math.min(crop.x, shape.width - width), Math.min(crop.y, shape.height - height)]
  // exact: an odd corner stays where it is; chroma is then half a sample off rather than all of the picture by one.
  chain.add('crop', { w: width, h: height, x, y, exact: 1 })
  return { ...shape, width, height }
}

function rotate(chain: FilterChain, shape: Shape, angle: number): Shape {
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

function resize(chain: FilterChain, shape: Shape, transform: Transform, source: GraphSource): Shape {
  const step = chromaStep(source.pixelFormat)
  const shown = squaredSize(shape.width, shape.height, shape.sampleAspectRatio)
  const { width, height, stack } = transform
  const canvas = {
    width: nearest(width ?? ((height ?? shown.height) * shown.width) / shown.height, step.width),
    height: nearest(height ?? ((width ?? shown.width) * shown.height) / shown.width, step.height),
  }
  if (width === undefined || height === undefined) return scale(chain, shape, canvas)
  if (stack !== undefined) return stackUnder(chain, shape, canvas, stack, source)
  return fitInto(chain, shape, canvas, transform.fit ?? 'contain', canvasColor(transform.background), source)
}

function fitInto(chain: FilterChain, shape: Shape, canvas: Size, fit: FrameFit, color: string, source: GraphSource): Shape {
  const step = chromaStep(source.pixelFormat)
  const image = inside(shape, canvas, step)
  switch (fit) {
    case 'fill':
      return scale(chain, shape, canvas)
    case 'inside':
      return scale(chain, shape, image)
    case 'cover':
      return cover(chain, shape, canvas, step)
    case 'contain': {
      const scaled = scale(chain, shape, image)
      return padTo(chain, scaled, { ...canvas, color }, step)
    }
    case 'blurred': {
      const [behind = '', before = ''] = chain.add('split').end(2)
      // A quarter of the size shows no difference once it is blurred, and is blurred in a sixteenth of the time.
      const small = { width: nearest(canvas.width / 4, step.width), height: nearest(canvas.height / 4, step.height) }
      cover(chain.from(behind), shape, small, step)
      const sigma = Math.max(1, Math.max(small.width, small.height) / 32)
      scale(chain.add('gblur', { sigma }), { ...small, sampleAspectRatio: { num: 1, den: 1 } }, canvas)
      const [background = ''] = chain.end()
      scale(chain.from(before), shape, image)
      const [foreground = ''] = chain.end()
      const [x, y] = [down((canvas.width - image.width) / 2, step.width), down((canvas.height - image.height) / 2, step.height)]
      chain.from(background, foreground).add('overlay', { x, y, format: overlayFormat(source.pixelFormat) })
      return { ...canvas, sampleAspectRatio: { num: 1, den: 1 } }
    }
  }
}

function inside(shape: Shape, most: Size, step: Size): Size {
  const shown = squaredSize(shape.width, shape.height, shape.sampleAspectRatio)
  const factor = Math.min(most.width / shown.width, most.height / shown.height)
  return {
    width: Math.min(most.width, nearest(shown.width * factor, step.width)),
    height: Math.min(most.height, nearest(shown.height * factor, step.height)),
  }
}

function cover(chain: FilterChain, shape: Shape, canvas: Size, step: Size): Shape {
  const shown = squaredSize(shape.width, shape.height, shape.sampleAspectRatio)
  const factor = Math.max(canvas.width / shown.width, canvas.height / shown.height)
  const scaled = scale(chain, shape, {
    width: Math.max(canvas.width, nearest(shown.width * factor, step.width)),
    height: Math.max(canvas.height, nearest(shown.height * factor, step.height)),
  })
  if (scaled.width === canvas.width && scaled.height === canvas.height) return scaled
  const x = down((scaled.width - canvas.width) / 2, step.width, 0)
  const y = down((scaled.height - canvas.height) / 2, step.height, 0)
  chain.add('crop', { w: canvas.width, h: canvas.height, x, y })
  return { ...scaled, ...canvas }
}

/** This picture covers the upper half; the other video is laid over the lower one, so that each frame of this one stays one frame. */
function stackUnder(chain: FilterChain, shape: Shape, canvas: Size, stack: NonNullable<Transform['stack']>, source: GraphSource): Shape {
  const step = chromaStep(source.pixelFormat)
  const upper = { width: canvas.width, height: nearest(canvas.height / 2, step.height) }
  const lower = { width: canvas.width, height: canvas.height - upper.height }
  if (lower.height < 1) throw new RangeError(`Expected room for two pictures but received a height of ${canvas.height}`)
  cover(chain, shape, upper, step)
  const [main = ''] = chain.add('pad', { w: canvas.width, h: canvas.height, x: 0, y: 0, color: 'black' }).end()
  const { start = 0 } = stack
  const { orientation, startSeconds } = source.stacked ?? { orientation: null, startSeconds: 0 }
  chain.add('movie', { filename: openedBy(stack.source), ...(start > 0 ? { seek_point: start } : {}) })
  // Seeking ends at a key frame before; what lies before zero is passed over.
  if (start + startSeconds !== 0) chain.add('setpts', { expr: `PTS-${(start + startSeconds).toFixed(6)}/TB` })
  if (orientation !== null) orient(chain, shape, orientation)
  chain.add('scale', { w: 'iw*if(sar,sar,1)', h: 'ih', flags: 'bicubic' }).add('setsar', { sar: 1 })
  chain.add('scale', { w: lower.width, h: lower.height, force_original_aspect_ratio: 'increase', flags: 'bicubic' })
  const [other = ''] = chain.add('crop', { w: lower.width, h: lower.height }).add('setsar', { sar: 1 }).end()
  chain.from(main, other).add('overlay', { x: 0, y: upper.height, format: overlayFormat(source.pixelFormat) })
  return { ...canvas, sampleAspectRatio: { num: 1, den: 1 } }
}

function padTo(chain: FilterChain, shape: Shape, pad: NonNullable<Transform['pad']>, step: Size): Shape {
  const [width, height] = [up(pad.width, step.width), up(pad.height, step.height)]
  if (width === shape.width && height === shape.height) return shape
  const x = down(pad.x ?? (width - shape.width) / 2, step.width, 0)
  const y = down(pad.y ?? (height - shape.height) / 2, step.height, 0)
  if (x < 0 || y < 0 || x + shape.width > width || y + shape.height > height) {
    const room = `${pad.width}x${pad.height}${pad.x === undefined && pad.y === undefined ? '' : ` at ${x},${y}`}`
    throw new RangeError(`Expected a pad that the picture, which is ${shape.width}x${shape.height}, fits into but received ${room}`)
  }
  chain.add('pad', { w: width, h: height, x, y, color: canvasColor(pad.color) })
  return { ...shape, width, height }
}

/** A picture that was odd to begin with loses a row or a column. */
function trimOdd(chain: FilterChain, shape: Shape, step: Size): Shape {
  const [width, height] = [down(shape.width, step.width), down(shape.height, step.height)]
  if (width >= shape.width && height >= shape.height) return shape
  const trimmed = { width: Math.min(width, shape.width), height: Math.min(height, shape.height) }
  chain.add('crop', { w: trimmed.width, h: trimmed.height, x: 0, y: 0, exact: 1 })
  return { ...shape, ...trimmed }
}
