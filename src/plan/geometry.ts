// Owns the arithmetic of picture sizes: crop, scale, bars, turned and squared. Pure.
import type { ResolvedPicture, ResolvedTensor } from '../options/sample.js'
import type { NativeOutput, NativeStreamFacts } from '../native/binding.js'
import { orientationOf, squaredSize, upright } from '../source/display.js'

interface Size {
  readonly width: number
  readonly height: number
}

/** What a picture needs to know of its stream. */
export type PictureSource = Pick<NativeStreamFacts, 'width' | 'height' | 'pixelFormat' | 'sampleAspectRatio' | 'displayMatrix'>

/** FFmpeg's name of a pixel format option. */
export function pixelFormatName(picture: ResolvedPicture, source: PictureSource): string {
  if (picture.pixelFormat === 'source') return source.pixelFormat
  return picture.pixelFormat === 'gray8' ? 'gray' : picture.pixelFormat
}

/** Everything native code needs to make one picture; width and height 0 when it comes as decoded. */
export function planPicture(picture: ResolvedPicture, source: PictureSource, tensor: ResolvedTensor | null): NativeOutput {
  const orientation = picture.autorotate ? orientationOf(source.displayMatrix) : upright
  const squared = picture.squarePixels ? squaredSize(source.width, source.height, source.sampleAspectRatio) : source
  const shown = orientation.transpose ? { width: squared.height, height: squared.width } : { width: squared.width, height: squared.height }
  const isResized = picture.width > 0 || picture.height > 0 || squared.width !== source.width || squared.height !== source.height
  const asDecoded = picture.pixelFormat === 'source' && !isResized
  const { canvas, image, crop } = fitInto(shown, picture)
  const turnedCrop = orientation.transpose ? { width: crop.height, height: crop.width } : crop
  // Chroma of 4:2:0 covers two pixels, so a picture on a larger canvas starts at an even one.
  const even = (offset: number): number => offset - (offset % 2)
  return {
    pixelFormat: asDecoded ? '' : pixelFormatName(picture, source),
    width: asDecoded ? 0 : canvas.width,
    height: asDecoded ? 0 : canvas.height,
    imageX: even(Math.floor((canvas.width - image.width) / 2)),
    imageY: even(Math.floor((canvas.height - image.height) / 2)),
    imageWidth: image.width,
    imageHeight: image.height,
    cropX: (1 - turnedCrop.width) / 2,
    cropY: (1 - turnedCrop.height) / 2,
    cropWidth: turnedCrop.width,
    cropHeight: turnedCrop.height,
    scaleFilter: picture.scaleFilter,
    toneMap: picture.toneMap && picture.pixelFormat !== 'yuv420p' && picture.pixelFormat !== 'source',
    ...orientation,
    tensor: tensor !== null,
    float32: tensor?.float32 ?? false,
    channelsFirst: tensor?.channelsFirst ?? false,
    mean: tensor?.mean ?? [0, 0, 0, 0],
    deviation: tensor?.deviation ?? [1, 1, 1, 1],
  }
}

/** Size of the finished picture, also where it comes as decoded. */
export function finishedSize(output: NativeOutput, source: PictureSource): Size {
  if (output.width > 0) return { width: output.width, height: output.height }
  return output.transpose ? { width: source.height, height: source.width } : { width: source.width, height: source.height }
}

/** `crop` in fractions of the shown picture. */
function fitInto(shown: Size, { width, height, fit }: ResolvedPicture): { canvas: Size; image: Size; crop: Size } {
  const whole = { width: 1, height: 1 }
  if (width === 0 || height === 0) {
    const canvas = completed(shown, width, height)
    return { canvas, image: canvas, crop: whole }
  }
  const canvas = { width, height }
  const smaller = Math.min(width / shown.width, height / shown.height)
  const larger = Math.max(width / shown.width, height / shown.height)
  switch (fit) {
    case 'fill':
      return { canvas, image: canvas, crop: whole }
    case 'cover':
      return {
        canvas,
        image: canvas,
        crop: { width: Math.min(1, width / (shown.width * larger)), height: Math.min(1, height / (shown.height * larger)) },
      }
    case 'contain':
      return { canvas, image: scaled(shown, smaller, canvas), crop: whole }
    case 'inside': {
      const image = scaled(shown, smaller, canvas)
      return { canvas: image, image, crop: whole }
    }
  }
}

function completed(shown: Size, width: number, height: number): Size {
  if (width > 0) return { width, height: Math.max(1, Math.round((shown.height * width) / shown.width)) }
  if (height > 0) return { width: Math.max(1, Math.round((shown.width * height) / shown.height)), height }
  return shown
}

function scaled(size: Size, factor: number, most: Size): Size {
  const side = (length: number, limit: number): number => Math.min(limit, Math.max(1, Math.round(length * factor)))
  return { width: side(size.width, most.width), height: side(size.height, most.height) }
}
