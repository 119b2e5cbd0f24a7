// Owns `--out`: one image file a frame.
import { join } from 'node:path'
import type { SampleReport } from '../index.js'
import { encodeImage, imageFileName } from './image-file.js'
import type { ImageEncoding } from './image-format.js'
import type { Output, SampledFrame } from './output.js'
import { makeFolder, writeWhole } from './staged-file.js'
import { sharpFrom } from './tile.js'

export class ImagesOutput implements Output {
  readonly #folder: string
  readonly #encoding: ImageEncoding
  #folderMade: Promise<void> | undefined
  #written = 0

  constructor(folder: string, encoding: ImageEncoding) {
    this.#folder = folder
    this.#encoding = encoding
  }

  accept(frame: SampledFrame): Promise<void> {
    return this.#write(join(this.#folder, imageFileName(frame.number, frame.timestamp, this.#encoding.format)), frame)
  }

  async finish(_report: SampleReport): Promise<string | undefined> {
    return `wrote ${this.#written} ${this.#encoding.format} file${this.#written === 1 ? '' : 's'} to ${this.#folder}`
  }

  /** Files in place are whole, and those unfinished have removed themselves. */
  async discard(): Promise<void> {}

  async #write(path: string, frame: SampledFrame): Promise<void> {
    const encoded = encodeImage(sharpFrom(frame), this.#encoding, path)
    this.#folderMade ??= makeFolder(this.#folder)
    const [image] = await Promise.all([encoded, this.#folderMade])
    await writeWhole(path, image)
    this.#written++
  }
}
