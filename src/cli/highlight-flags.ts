// Owns what the flags of `highlights` mean together: what is looked for, and what becomes of it. No I/O.
import { InvalidArgumentError } from 'commander'
import type { AnalyzeOptions, HighlightComponent, HighlightOptions } from '../index.js'
import { usualRate } from './analyze-flags.js'
import { resolveSettingFlags } from './export-flags.js'
import type { ExportRequest, SettingFlags } from './export-flags.js'
import { Misuse } from './failure.js'
import { numberFrom } from './flag-values.js'

/** As parsed, under the names commander gives them. Absent: not on the command line. */
export interface HighlightFlags extends SettingFlags, Pick<AnalyzeOptions, 'start' | 'end' | 'quality'> {
  top?: number
  /** Seconds of a highlight. */
  duration?: number
  highlightWeights?: HighlightOptions['weights']
  sampleFps?: number | string
  export?: string
  clipsAtOnce?: number
}

/** What one `framemill highlights` does; everything is decided but the source. */
export interface HighlightRequest {
  readonly measure: Omit<AnalyzeOptions, 'signal' | 'onProgress'>
  readonly highlights: HighlightOptions
  /** Engine, how clips are made, and how it is told. */
  readonly run: ExportRequest
  /** undefined: nothing is exported. */
  readonly outDir: string | undefined
  readonly clipsAtOnce: number | undefined
}

/** @throws Misuse for what cannot be meant; values that only the API can judge are left to it */
export function resolveHighlightFlags(flags: HighlightFlags): HighlightRequest {
  const { top, duration, highlightWeights: weights, sampleFps, start, end, quality, export: outDir, clipsAtOnce, ...settings } = flags
  const run = resolveSettingFlags(settings)
  if (outDir === undefined) {
    const [odd] = Object.entries({ ...run.settings, clipsAtOnce, report: run.report }).filter(([, given]) => given !== undefined)
    if (odd !== undefined) throw new Misuse(`settings of clips (${odd[0]}) need --export DIR`)
  }
  return {
    measure: { fps: sampleFps ?? usualRate, start, end, quality },
    highlights: { top, duration, weights },
    run,
    outDir,
    clipsAtOnce,
  }
}

const components: readonly HighlightComponent[] = ['loudness', 'onsets', 'scenes', 'motion', 'silence']

/** `motion=0.5,loudness=1`; a repeated flag adds to it. */
export function highlightWeights(text: string, earlier: HighlightOptions['weights'] = {}): NonNullable<HighlightOptions['weights']> {
  const added = text.split(',').map((item) => {
    const [name, weight, ...more] = item.split('=').map((word) => word.trim())
    const component = components.find((known) => known === name)
    if (component === undefined || weight === undefined || more.length > 0) {
      throw new InvalidArgumentError(`Expected NAME=NUMBER with a name of ${components.join(', ')}.`)
    }
    return [component, numberFrom(0)(weight)] as const
  })
  return { ...earlier, ...Object.fromEntries(added) }
}
