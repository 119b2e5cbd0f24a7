// Owns what detectBeats() takes.
import { z } from 'zod'
import { expected } from '../errors.js'
import { parseOptions } from './parse.js'

/** What `detectBeats()` takes. */
export interface BeatOptions {
  /** Beats per minute that are looked for. Default 40 to 240. */
  readonly minTempo?: number | undefined
  readonly maxTempo?: number | undefined
  /** The tempo that is likeliest beforehand, beats per minute. Default 120. */
  readonly startTempo?: number | undefined
  /** How closely beats keep to the tempo, against how strong an onset they fall on. Default 100. */
  readonly tightness?: number | undefined
}

export interface ResolvedBeats {
  readonly minTempo: number
  readonly maxTempo: number
  readonly startTempo: number
  readonly tightness: number
}

/** Two windows of 10 ms are the shortest period whose peak has a neighbour on each side; 5 s between beats are no rhythm. */
const [slowest, fastest] = [12, 600]
const tempo = z.number().min(slowest).max(fastest).optional()
const schema = z.strictObject({ minTempo: tempo, maxTempo: tempo, startTempo: tempo, tightness: z.number().positive().optional() })

/** @throws TypeError, RangeError naming the option */
export function resolveBeatOptions(options: BeatOptions): ResolvedBeats {
  const { minTempo = 40, maxTempo = 240, startTempo = 120, tightness = 100 } = parseOptions(schema, options)
  if (maxTempo <= minTempo) throw new RangeError(expected(`a number above minTempo ${minTempo}`, 'maxTempo', maxTempo))
  return { minTempo, maxTempo, startTempo, tightness }
}
