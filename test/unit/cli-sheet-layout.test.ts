import fc from 'fast-check'
import { expect, it } from 'vitest'
import { labelTextHeight, layoutSheet } from '../../src/cli/sheet-layout.js'

it('keeps every thumbnail and its label inside the sheet, and no two of them overlap', () => {
  const size = fc.integer({ min: 16, max: 640 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), size, size, (count, width, height) => {
      const layout = layoutSheet(count, width, height)
      const taken = new Set<string>()
      for (let index = 0; index < count; index++) {
        const { left, top } = layout.cell(index)
        expect(left).toBeGreaterThan(0)
        expect(top).toBeGreaterThan(0)
        expect(left + width).toBeLessThan(layout.width)
        expect(top + height + layout.labelHeight).toBeLessThan(layout.height)
        taken.add(`${left},${top}`)
      }
      expect(taken.size).toBe(count)
      expect(layout.cell(count - 1).top).toBeLessThan(layout.height - height)
      expect(layout.columns * layout.rows).toBeGreaterThanOrEqual(count)
      expect(layout.columns * (layout.rows - 1)).toBeLessThan(count)
    }),
  )
})

it.each([
  [1, 1],
  [2, 2],
  [4, 2],
  [9, 3],
  [12, 4],
  [20, 5],
  [25, 5],
])('draws %d thumbnails of a wide video in %d columns', (count, columns) => {
  expect(layoutSheet(count, 320, 180).columns).toBe(columns)
})

it('draws upright thumbnails in more columns than wide ones', () => {
  expect(layoutSheet(12, 180, 320).columns).toBeGreaterThan(layoutSheet(12, 320, 180).columns)
})

it('leaves room for the digits under each thumbnail', () => {
  for (const width of [16, 160, 320, 1920]) expect(layoutSheet(4, width, 100).labelHeight).toBeGreaterThan(labelTextHeight(width))
})
