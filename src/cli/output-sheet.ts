// Owns `--sheet`: all frames as thumbnails in one picture, each with its timestamp.
import sharp from 'sharp'
import type { SampleReport } from '../index.js'
import { Canvas } from './canvas.js'
import type { Rgb } from './canvas.js'
import { Digits } from './digits.js'
import { Misuse } from './failure.js'
import { encodeImage } from './image-file.js'
import type { ImageEncoding, ImageFormat } from './image-format.js'
import type { Output, SampledFrame } from './output.js'
import { labelTextHeight, layoutSheet } from './sheet-layout.js'
import { writeWhole } from './staged-file.js'
import { plainTile, scaledTile, tileSize } from './tile.js'
import type { RgbTile } from './tile.js'
import { clockTime } from './times.js'

const background: Rgb = [22, 24, 29]
const ink: Rgb = [222, 226, 233]

// Thumbnails are held until the grid is known, so this bounds memory: at 3 bytes a pixel, twice 192 MB.
const mostPixels = 64e6
const longestSide: Partial<Record<ImageFormat, number>> = { jpg: 65_535, webp: 16_383 }

export class SheetOutput implements Output {
  readonly #path: string
  readonly #encoding: ImageEncoding
  readonly #widestTile: number
  readonly #thumbnails: { readonly timestamp: number; readonly tile: RgbTile | Promise<RgbTile> }[] = []
  #size: { readonly width: number; readonly height: number } | undefined

  constructor(path: string, encoding: ImageEncoding, widestTile: number) {
    this.#path = path
    this.#encoding = encoding
    this.#widestTile = widestTile
  }

  accept(frame: SampledFrame): Promise<void> | undefined {
    const { width, height } = (this.#size ??= tileSize(frame, this.#widestTile))
    const most = Math.floor(mostPixels / (width * height))
    if (this.#thumbnails.length >= most) return Promise.reject(tooMany(most, width, height))
    const tile = plainTile(frame, width, height) ?? scaledTile(frame, width, height)
    this.#thumbnails.push({ timestamp: frame.timestamp, tile })
    return tile instanceof Promise ? tile.then(() => undefined) : undefined
  }

  async finish(_report: SampleReport): Promise<string | undefined> {
    if (this.#size === undefined) return undefined
    const sheet = await this.#draw(this.#size.width, this.#size.height)
    const raw = { width: sheet.width, height: sheet.height, channels: 3 } as const
    await writeWhole(this.#path, await encodeImage(sharp(sheet.data, { raw, limitInputPixels: false }), this.#encoding, this.#path))
    return `wrote ${this.#path} (${sheet.width}x${sheet.height}, ${this.#thumbnails.length} frames)`
  }

  async discard(): Promise<void> {}

  async #draw(width: number, height: number): Promise<Canvas> {
    const layout = layoutSheet(this.#thumbnails.length, width, height)
    const longest = longestSide[this.#encoding.format] ?? Number.POSITIVE_INFINITY
    if (Math.max(layout.width, layout.height) > longest) {
      throw new Misuse(
        `a ${this.#encoding.format} sheet of ${layout.width}x${layout.height} is too large (${longest} a side): use --sheet with .png, or fewer frames`,
      )
    }
    const canvas = new Canvas(layout.width, layout.height, background)
    const digits = await Digits.render(labelTextHeight(width))
    for (const [index, { timestamp, tile }] of this.#thumbnails.entries()) {
      const { left, top } = layout.cell(index)
      canvas.drawTile(await tile, left, top)
      const label = clockTime(timestamp, 3)
      const labelWidth = digits.measure(label)
      if (labelWidth > width) continue
      const indent = Math.floor((width - labelWidth) / 2)
      digits.draw(canvas, label, left + indent, top + height + Math.floor((layout.labelHeight - digits.height) / 2), ink)
    }
    return canvas
  }
}

function tooMany(most: number, width: number, height: number): Misuse {
  return new Misuse(`--sheet holds at most ${most} frames of ${width}x${height}: ask for fewer or smaller frames, or use --sprite`)
}
