// Owns what findHighlights() takes: how many windows, how long, what counts how much, and where windows like to begin and end.
import { z } from 'zod'
import { expected } from '../errors.js'
import { parseOptions } from './parse.js'
import { checkTimeRanges, timeRanges, type TimeRange } from './time-range.js'

/** What a window is scored by; `silence` counts against it. */
export const highlightComponents = ['loudness', 'onsets', 'scenes', 'motion', 'silence'] as const

export type HighlightComponent = (typeof highlightComponents)[number]

export type HighlightWeights = Readonly<Record<HighlightComponent, number>>

/** How much each component counts unless said otherwise. Those that are not measured are left out, and the others count for them. */
export const defaultHighlightWeights: HighlightWeights = { loudness: 0.3, onsets: 0.2, scenes: 0.2, motion: 0.3, silence: 0.2 }

/** What `findHighlights()` takes. */
export interface HighlightOptions {
  /** Windows wanted at most. Default 5. */
  readonly top?: number | undefined
  /** Seconds that a window has, give or take `snap`. Default 20. */
  readonly duration?: number | undefined
  /** Those not named keep their default, {@link defaultHighlightWeights}. */
  readonly weights?: { readonly [Name in HighlightComponent]?: number | undefined } | undefined
  /** Scenes of the source. By default what `detectScenes()` gives for every frame, or for fewer frames what their columns tell. */
  readonly scenes?: readonly TimeRange[] | undefined
  /** Silent parts of the source. By default those of at least 0.5 s below -50 dB. */
  readonly silences?: readonly TimeRange[] | undefined
  /**
   * Seconds that a window's start may be moved, and its length be changed, to begin and end where a scene changes or sound pauses; 0 leaves
   * windows where they scored best. Default a tenth of the duration, and at most 1.
   */
  readonly snap?: number | undefined
}

export interface ResolvedHighlights {
  readonly top: number
  readonly duration: number
  readonly weights: HighlightWeights
  /** null: told from the measurements. */
  readonly scenes: readonly TimeRange[] | null
  readonly silences: readonly TimeRange[] | null
  readonly snap: number
}

const weight = z.number().min(0).optional()
const schema = z.strictObject({
  top: z.number().int().min(1).max(1e4).optional(),
  duration: z.number().min(1).optional(),
  weights: z.strictObject({ loudness: weight, onsets: weight, scenes: weight, motion: weight, silence: weight }).optional(),
  scenes: timeRanges.optional(),
  silences: timeRanges.optional(),
  snap: z.number().min(0).optional(),
})

/** @throws TypeError, RangeError naming the option */
export function resolveHighlightOptions(options: HighlightOptions): ResolvedHighlights {
  const given = parseOptions(schema, options)
  const { top = 5, duration = 20, scenes, silences, snap = Math.min(1, duration / 10) } = given
  const weightOf = (name: HighlightComponent): number => given.weights?.[name] ?? defaultHighlightWeights[name]
  const weights = {
    loudness: weightOf('loudness'),
    onsets: weightOf('onsets'),
    scenes: weightOf('scenes'),
    motion: weightOf('motion'),
    silence: weightOf('silence'),
  }
  if (weights.loudness + weights.onsets + weights.scenes + weights.motion === 0)
    throw new RangeError('Expected a weight above 0 for one of loudness, onsets, scenes, motion')
  if (snap > duration / 4) throw new RangeError(expected(`at most a quarter of the duration ${duration}`, 'snap', snap))
  return {
    top,
    duration,
    weights,
    scenes: scenes === undefined ? null : checkTimeRanges(scenes, 'scenes'),
    silences: silences === undefined ? null : checkTimeRanges(silences, 'silences'),
    snap,
  }
}
