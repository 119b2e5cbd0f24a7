// Owns comparing what lies where in two pictures, by their stored layouts.
import { layoutBytes, type PictureSeries } from './series.js'

/** Whether the frame of this row could not be decoded; rows outside the series are missing too. */
export function isMissing({ luma }: PictureSeries, row: number): boolean {
  return Number.isNaN(luma[row] ?? NaN)
}

/** Mean absolute difference of the layouts of two rows, 0 to 255; both must be there. */
export function layoutDistance({ layout }: PictureSeries, a: number, b: number): number {
  let sum = 0
  for (let at = 0; at < layoutBytes; at++) sum += Math.abs((layout[a * layoutBytes + at] ?? 0) - (layout[b * layoutBytes + at] ?? 0))
  return sum / layoutBytes
}
