// Owns the geometry of a transform: turned as shown, cropped, rotated, flipped, scaled, stacked, padded. Pure.
import type { FrameFit, Transform } from '../options/transform.js'
import { squaredSize } from '../source/display.js'
import type { FilterChain } from './filter-chain.js'
import { addOverlay, canvasColor, chromaStep, down, nearest, openedBy, type GraphSource, type Shape, type Size } from './filter-shape.js'
import { cover, cropTo, inside, orient, padTo, rotate, scale, square, trimOdd } from './geometry-filters.js'

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
      addOverlay(chain.from(background, foreground), source.pixelFormat, { x, y })
      return { ...canvas, sampleAspectRatio: { num: 1, den: 1 } }
    }
  }
}

/**
 * Seconds by which the other video of a stack runs ahead: half a millisecond, which is what containers round times by, so that a frame
 * of the same moment is not late. Uneven, because a frame at the very moment that the first video ends would make one frame more.
 */
const stackLead = 0.000503

/** Seconds: in containers without an index (MPEG-TS) a seek may end at the key frame after the one that was meant. */
const seekMargin = 10

/** This picture covers the upper half; the other video is laid over the lower one, so that each frame of this one stays one frame. */
function stackUnder(chain: FilterChain, shape: Shape, canvas: Size, stack: NonNullable<Transform['stack']>, source: GraphSource): Shape {
  const step = chromaStep(source.pixelFormat)
  const upper = { width: canvas.width, height: nearest(canvas.height / 2, step.height) }
  const lower = { width: canvas.width, height: canvas.height - upper.height }
  if (lower.height < 1) throw new RangeError(`Expected room for two pictures but received a height of ${canvas.height}`)
  cover(chain, shape, upper, step)
  const [main = ''] = chain.add('pad', { w: canvas.width, h: canvas.height, x: 0, y: 0, color: 'black' }).end()
  const { start = 0 } = stack
  const { orientation = null, startSeconds = 0, url = openedBy(stack.source) } = source.stacked ?? {}
  const seek = start > seekMargin ? { seek_point: start - seekMargin } : {}
  chain.add('movie', { filename: url, ...seek })
  // What lies before zero is passed over.
  const zero = (start + startSeconds + stackLead).toFixed(6)
  chain.add('settb', { expr: 'AVTB' }).add('setpts', { expr: `PTS-${zero}/TB` })
  if (orientation !== null) orient(chain, shape, orientation)
  chain.add('scale', { w: 'iw*if(sar,sar,1)', h: 'ih', flags: 'bicubic' }).add('setsar', { sar: 1 })
  chain.add('scale', { w: lower.width, h: lower.height, force_original_aspect_ratio: 'increase', flags: 'bicubic' })
  chain.add('crop', { w: lower.width, h: lower.height }).add('setsar', { sar: 1 })
  // Its last picture stays until this one ends, and both end together.
  const [other = ''] = chain.add('tpad', { stop: -1, stop_mode: 'clone' }).end()
  addOverlay(chain.from(main, other), source.pixelFormat, { x: 0, y: upper.height, shortest: 1 })
  return { ...canvas, sampleAspectRatio: { num: 1, den: 1 } }
}
