// Owns the thumbnails on the timeline of `--html`.
import { encodeImage } from './image-file.js'
import type { Thumbnail } from './analysis-picture.js'
import { sharpFrom } from './tile.js'
import type { Analysis, Engine } from '../index.js'

/** As many as a timeline of 1200 pixels has room for. */
const most = 30
const width = 160

/** Pictures from all over the part that was analysed; none where there are no pictures. */
export async function pageThumbnails(
  engine: Engine,
  source: string,
  { start, end, pictures }: Pick<Analysis, 'start' | 'end' | 'pictures'>,
  { stream, signal }: { readonly stream: number | undefined; readonly signal: AbortSignal },
): Promise<Thumbnail[]> {
  if (pictures === null || pictures.count === 0) return []
  const thumbnails: Thumbnail[] = []
  const count = Math.min(most, pictures.count)
  for await (const frame of engine.sample(source, { count, start, end, width, pixelFormat: 'rgb24', stream, signal })) {
    const jpeg = await encodeImage(sharpFrom(frame), { format: 'jpg', quality: 70 }, source)
    thumbnails.push({ timestamp: frame.timestamp, width: frame.width, height: frame.height, jpeg })
  }
  signal.throwIfAborted()
  return thumbnails
}
