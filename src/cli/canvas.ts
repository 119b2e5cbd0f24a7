// Owns an RGB picture in memory that tiles and text are drawn on.
import type { RgbTile } from './tile.js'

export type Rgb = readonly [red: number, green: number, blue: number]

/** How much of each pixel is covered, 0 to 255, rows tightly packed. */
export interface Mask {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Whatever is drawn must lie inside: callers lay out first. */
export class Canvas {
  readonly width: number
  readonly height: number
  readonly data: Buffer

  constructor(width: number, height: number, background: Rgb) {
    this.width = width
    this.height = height
    this.data = Buffer.alloc(width * height * 3, Uint8Array.from(background))
  }

  drawTile(tile: RgbTile, left: number, top: number): void {
    for (let row = 0; row < tile.height; row++) {
      const line = tile.data.subarray(row * tile.width * 3, (row + 1) * tile.width * 3)
      this.data.set(line, ((top + row) * this.width + left) * 3)
    }
  }

  /** Blends a colour over what is there. */
  drawMask(mask: Mask, left: number, top: number, color: Rgb): void {
    for (let row = 0; row < mask.height; row++) {
      for (let column = 0; column < mask.width; column++) {
        const cover = (mask.data[row * mask.width + column] ?? 0) / 255
        const at = ((top + row) * this.width + left + column) * 3
        for (const [channel, value] of color.entries()) {
          const below = this.data[at + channel] ?? 0
          this.data[at + channel] = Math.round(below + (value - below) * cover)
        }
      }
    }
  }

  /** The first rows of the picture. */
  cropped(height: number): RgbTile {
    return { width: this.width, height, data: this.data.subarray(0, this.width * height * 3) }
  }
}
