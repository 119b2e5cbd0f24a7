// Owns what findDuplicates() takes.
import { z } from 'zod'
import { parseOptions } from './parse.js'

/** What `findDuplicates()` takes. */
export interface DuplicateOptions {
  /** Bits of 64 in which the hashes of the same picture may differ. Default 10. */
  readonly maxDistance?: number | undefined
  /** Share of what two files show at the same time that must be the same picture, 0 to 1. Default 0.7. */
  readonly minSimilarity?: number | undefined
  /** Share of the shorter file that must lie over the other one, 0 to 1. Default 0.5. */
  readonly minOverlap?: number | undefined
  /** Pictures of less contrast are left out: the hashes of plain ones are alike, whatever they are of. Default 5. */
  readonly minContrast?: number | undefined
}

export interface ResolvedDuplicates {
  readonly maxDistance: number
  readonly minSimilarity: number
  readonly minOverlap: number
  readonly minContrast: number
}

const share = z.number().min(0).max(1).optional()
const schema = z.strictObject({
  // Hashes of unrelated pictures differ in half of their 64 bits, give or take four.
  maxDistance: z.number().int().min(0).max(24).optional(),
  minSimilarity: share,
  minOverlap: share,
  minContrast: z.number().min(0).optional(),
})

/** @throws TypeError, RangeError naming the option */
export function resolveDuplicateOptions(options: DuplicateOptions): ResolvedDuplicates {
  const { maxDistance = 10, minSimilarity = 0.7, minOverlap = 0.5, minContrast = 5 } = parseOptions(schema, options)
  return { maxDistance, minSimilarity, minOverlap, minContrast }
}
