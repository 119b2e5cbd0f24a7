// Owns the span of time that options and answers have in common.
import { z } from 'zod'
import { expected } from '../errors.js'

/** Seconds on the timeline; the end is not included. */
export interface TimeRange {
  readonly start: number
  readonly end: number
}

/** Ranges with whatever else belongs to them, such as scenes: only their times are read. */
export const timeRanges: z.ZodType<readonly TimeRange[]> = z.array(z.object({ start: z.number(), end: z.number() })).readonly()

/** @throws RangeError for a range that ends before it begins */
export function checkTimeRanges(ranges: readonly TimeRange[], name: string): readonly TimeRange[] {
  for (const [i, { start, end }] of ranges.entries())
    if (end < start) throw new RangeError(expected(`an end from start ${start} on`, `${name}.${i}.end`, end))
  return ranges
}
