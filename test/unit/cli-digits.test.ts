import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { Canvas } from '../../src/cli/canvas.js'
import { Digits } from '../../src/cli/digits.js'
import { scaledTile } from '../../src/cli/tile.js'
import { makeFrame } from './cli-frame.js'

async function ink(text: string, height = 20): Promise<number[]> {
  const digits = await Digits.render(height)
  const canvas = new Canvas(digits.measure(text), height, [0, 0, 0])
  digits.draw(canvas, text, 0, 0, [255, 255, 255])
  return Array.from(canvas.data)
}

describe('digits', () => {
  it('differ from each other', async () => {
    const drawn = await Promise.all(Array.from('0123456789-', async (character) => (await ink(character)).join()))
    expect(new Set(drawn).size).toBe(11)
  })

  it.each(Array.from('0123456789:.-'))('draw "%s" without touching the edge of its cell', async (character) => {
    const digits = await Digits.render(40)
    const width = digits.measure(character)
    const canvas = new Canvas(width, 40, [0, 0, 0])
    digits.draw(canvas, character, 0, 0, [255, 255, 255])
    const lit = Array.from({ length: width * 40 }, (_, pixel) => pixel).filter((pixel) => (canvas.data[pixel * 3] ?? 0) > 128)
    expect(lit.length).toBeGreaterThan(10)
    for (const pixel of lit) {
      expect(pixel % width).toBeGreaterThan(0)
      expect(pixel % width).toBeLessThan(width - 1)
      expect(Math.floor(pixel / width)).toBeGreaterThan(0)
      expect(Math.floor(pixel / width)).toBeLessThan(39)
    }
  })

  it('have the widths that measure says, one after the other', async () => {
    const digits = await Digits.render(20)
    expect(digits.measure('1:02.5')).toBe(Array.from('1:02.5').reduce((sum, character) => sum + digits.measure(character), 0))
    expect(digits.measure('')).toBe(0)
  })

  it('refuse any other character by name', async () => {
    const digits = await Digits.render(20)
    expect(() => digits.measure('1x')).toThrow('"x"')
  })

  it('blend the colour over what is below', async () => {
    const digits = await Digits.render(20)
    const canvas = new Canvas(digits.measure('8'), 20, [10, 20, 30])
    digits.draw(canvas, '8', 0, 0, [200, 100, 50])
    const { channels } = await sharp(canvas.data, { raw: { width: canvas.width, height: canvas.height, channels: 3 } }).stats()
    expect(channels.map(({ min }) => min)).toEqual([10, 20, 30])
    expect(channels.map(({ max }) => max)).toEqual([200, 100, 50])
  })
})

describe('tiles', () => {
  it('keep the colour of frames of every picture format', async () => {
    const frames = [
      { frame: makeFrame(0, { color: [200, 100, 50] }), color: [200, 100, 50] },
      { frame: makeFrame(0, { color: [200, 100, 50, 255], pixelFormat: 'rgba' }), color: [200, 100, 50] },
      { frame: makeFrame(0, { color: [90], pixelFormat: 'gray8' }), color: [90, 90, 90] },
    ]
    for (const { frame, color } of frames) {
      const tile = await scaledTile(frame, 16, 9)
      expect(tile.data.length).toBe(16 * 9 * 3)
      expect(Array.from(tile.data.subarray(0, 3))).toEqual(color)
      expect(Array.from(tile.data.subarray(-3))).toEqual(color)
    }
  })

  it('land where they are drawn and nowhere else', () => {
    const canvas = new Canvas(4, 3, [0, 0, 0])
    canvas.drawTile({ width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) }, 1, 2)
    expect(Array.from(canvas.data)).toEqual([...Array<number>(27).fill(0), 1, 2, 3, 4, 5, 6, 0, 0, 0])
  })
})
