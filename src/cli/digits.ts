// Owns drawing timestamps without any font of the system: a fresh server has none.
import sharp from 'sharp'
import type { Canvas, Mask, Rgb } from './canvas.js'

// Strokes on a grid ten units high; round pen of one unit.
const strokes: Readonly<Record<string, { readonly width: number; readonly path: string }>> = {
  '0': { width: 6, path: 'M3 1C1.7 1 1 2.6 1 5s.7 4 2 4 2-1.6 2-4-.7-4-2-4z' },
  '1': { width: 6, path: 'M1.4 2.6 3.3 1V9' },
  '2': { width: 6, path: 'M1.1 3.1C1.1 1.8 1.9 1 3 1s1.9.8 1.9 2C4.9 4.7 1.1 7 1.1 9H5' },
  '3': { width: 6, path: 'M1.2 1H4.8L2.7 4.2C4.2 4.2 5 5.2 5 6.6 5 8.1 4.2 9 2.9 9 1.9 9 1.2 8.5 1 7.5' },
  '4': { width: 6, path: 'M4.1 9V1L1 6.7H5.2' },
  '5': { width: 6, path: 'M4.7 1H1.6L1.3 4.7C1.8 4.2 2.3 4 3 4 4.2 4 5 5 5 6.5S4.2 9 2.9 9C1.9 9 1.2 8.5 1 7.6' },
  '6': { width: 6, path: 'M4.4 1C2.4 1.9 1 4.1 1 6.5 1 8.1 1.8 9 3 9s2-1 2-2.5S4.2 4 3 4 1 5 1 6.5' },
  '7': { width: 6, path: 'M1 1H5L2.5 9' },
  '8': {
    width: 6,
    path: 'M3 1C1.9 1 1.3 1.8 1.3 2.9S1.9 4.8 3 4.8s1.7-.8 1.7-1.9S4.1 1 3 1zM3 4.8C1.8 4.8 1 5.7 1 6.9S1.8 9 3 9s2-.9 2-2.1-.8-2.1-2-2.1z',
  },
  '9': { width: 6, path: 'M1.6 9C3.6 8.1 5 5.9 5 3.5 5 1.9 4.2 1 3 1S1 2 1 3.5 1.8 6 3 6 5 5 5 3.5' },
  ':': { width: 3, path: 'M1.5 3.3v.3M1.5 7.3v.3' },
  '.': { width: 3, path: 'M1.5 8.8v.3' },
  '-': { width: 6, path: 'M1.3 5H4.7' },
}

/** Digits, colon, point and minus at one height. */
export class Digits {
  readonly height: number
  readonly #glyphs: ReadonlyMap<string, Mask>

  private constructor(height: number, glyphs: ReadonlyMap<string, Mask>) {
    this.height = height
    this.#glyphs = glyphs
  }

  static async render(height: number): Promise<Digits> {
    const glyphs = await Promise.all(
      Object.entries(strokes).map(async ([character, { width, path }]) => [character, await renderGlyph(path, width, height)] as const),
    )
    return new Digits(height, new Map(glyphs))
  }

  measure(text: string): number {
    return this.#masks(text).reduce((sum, mask) => sum + mask.width, 0)
  }

  draw(canvas: Canvas, text: string, left: number, top: number, color: Rgb): void {
    let x = left
    for (const mask of this.#masks(text)) {
      canvas.drawMask(mask, x, top, color)
      x += mask.width
    }
  }

  #masks(text: string): Mask[] {
    return Array.from(text, (character) => {
      const mask = this.#glyphs.get(character)
      if (mask === undefined) throw new RangeError(`Expected only digits, colon, point and minus but received "${character}"`)
      return mask
    })
  }
}

async function renderGlyph(path: string, units: number, height: number): Promise<Mask> {
  const width = Math.ceil((units * height) / 10)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${units} 10">
    <path d="${path}" fill="none" stroke="#fff" stroke-width="1" stroke-linecap="round" stroke-linejoin="round"/></svg>`
  const { data, info } = await sharp(Buffer.from(svg)).extractChannel('alpha').raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}
