// Owns where the thumbnails of a contact sheet go. Arithmetic only.

export interface SheetLayout {
  readonly columns: number
  readonly rows: number
  readonly width: number
  readonly height: number
  /** Height of the strip under each thumbnail that holds its timestamp. */
  readonly labelHeight: number
  /** Upper left corner of a thumbnail. */
  cell(index: number): { readonly left: number; readonly top: number }
}

const gap = 8
const pleasantProportion = 1.6

/** Height of the digits under a thumbnail of this width. */
export function labelTextHeight(tileWidth: number): number {
  return Math.min(28, Math.max(10, Math.round(tileWidth / 20)))
}

/** A sheet a little wider than high, with few empty places in its last row. `count` is at least 1. */
export function layoutSheet(count: number, tileWidth: number, tileHeight: number): SheetLayout {
  const labelHeight = labelTextHeight(tileWidth) + 8
  const stepX = tileWidth + gap
  const stepY = tileHeight + labelHeight + gap
  const columns = bestColumns(count, stepX / stepY)
  const rows = Math.ceil(count / columns)
  return {
    columns,
    rows,
    width: columns * stepX + gap,
    height: rows * stepY + gap,
    labelHeight,
    cell: (index) => ({ left: gap + (index % columns) * stepX, top: gap + Math.floor(index / columns) * stepY }),
  }
}

function bestColumns(count: number, cellProportion: number): number {
  let best = { columns: 1, cost: Number.POSITIVE_INFINITY }
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const proportion = (columns * cellProportion) / rows
    const empty = (columns * rows - count) / count
    const cost = Math.abs(Math.log(proportion / pleasantProportion)) + 2 * empty
    if (cost < best.cost) best = { columns, cost }
  }
  return best.columns
}
