// Owns reading a frame's pixels with sharp, and shrinking a frame to an RGB tile.
import sharp from 'sharp'
import type { Sharp } from 'sharp'
import { imageChannels } from './image-format.js'
import type { SampledFrame } from './output.js'

/** Three bytes a pixel, rows tightly packed. */
export interface RgbTile {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** A sharp pipeline over the frame's own memory. It reads later, on its own thread: release the frame only after its promise settles. */
export function sharpFrom(frame: SampledFrame): Sharp {
  const { width, height, pixelFormat } = frame
  const channels = imageChannels[pixelFormat === 'gray' ? 'gray8' : pixelFormat] // frames carry FFmpeg's name
  if (channels === undefined) throw new RangeError(`Expected rgb24, rgba or gray8 frames for images but received ${pixelFormat}`)
  const image = sharp(frame.data, { raw: { width, height, channels }, limitInputPixels: false })
  return channels === 1 ? image.toColourspace('b-w') : image
}

/** The size of a frame's tile: no wider than `widest`, never enlarged, in the frame's proportions. */
export function tileSize(frame: SampledFrame, widest: number): { width: number; height: number } {
  const width = Math.min(frame.width, widest)
  return { width, height: Math.max(1, Math.round((frame.height * width) / frame.width)) }
}

/** A copy of a frame that already has the size of the tile; undefined when it needs {@link scaledTile}. */
export function plainTile(frame: SampledFrame, width: number, height: number): RgbTile | undefined {
  if (frame.pixelFormat !== 'rgb24' || frame.width !== width || frame.height !== height) return undefined
  return { width, height, data: new Uint8Array(frame.data) }
}

/** The frame scaled to exactly this size; one of other proportions keeps them, on black. */
export async function scaledTile(frame: SampledFrame, width: number, height: number): Promise<RgbTile> {
  const data = await sharpFrom(frame)
    .removeAlpha()
    .toColourspace('srgb')
    .resize(width, height, { fit: 'contain', background: '#000' })
    .raw()
    .toBuffer()
  return { width, height, data }
}
