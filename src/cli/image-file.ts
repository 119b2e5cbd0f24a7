// Owns encoding one image and naming its file.
import type { Sharp } from 'sharp'
import { OutputError } from './failure.js'
import type { ImageEncoding, ImageFormat } from './image-format.js'
import { roundToMilliseconds } from './times.js'

/** The file's bytes; `path` names it in an error. */
export async function encodeImage(image: Sharp, { format, quality }: ImageEncoding, path: string): Promise<Buffer> {
  try {
    return await image.toFormat(format === 'jpg' ? 'jpeg' : format, quality === undefined ? {} : { quality }).toBuffer()
  } catch (error) {
    throw new OutputError(path, error)
  }
}

/** `000012_5.500s.jpg`: sorts in the order of the request and names the frame's true timestamp. */
export function imageFileName(number: number, timestamp: number, format: ImageFormat): string {
  return `${String(number).padStart(6, '0')}_${roundToMilliseconds(timestamp).toFixed(3)}s.${format}`
}
