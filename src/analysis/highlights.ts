// Owns findHighlights(): the moments of a source that stand out, from the measurements of its pictures and its sound.
import { resolveHighlightOptions, type HighlightComponent, type HighlightOptions, type ResolvedHighlights } from '../options/highlights.js'
import type { TimeRange } from '../options/time-range.js'
import { reasonOf } from './highlight-reason.js'
import { pictureCurves } from './picture-curves.js'
import { changesOfPictures, changesOfScenes } from './scene-changes.js'
import { detectScenes } from './scenes.js'
import type { Analysis, SoundSeries } from './series.js'
import { detectSilence } from './silence.js'
import { soundCurves } from './sound-curves.js'
import { chooseWindows, windowAt, windowCount } from './window-choice.js'
import { WindowScore, type Evidence } from './window-score.js'
import { WindowSnap } from './window-snap.js'

/** A window of a source that stands out from the rest. */
export interface Highlight {
  /** 1 is the best. */
  readonly rank: number
  /** Seconds on the timeline. */
  readonly start: number
  readonly end: number
  /** The weighted mean of the components, less that of silence: at most 1, below 0 for little but silence. */
  readonly score: number
  /** Each 0 to 1; 0 for what was not measured. */
  readonly components: Readonly<Record<HighlightComponent, number>>
  /** In words, with figures. */
  readonly reason: string
}

/** A pause that a listener notices, and a level that recorded rooms stay below. */
const pause = { noise: -50, duration: 0.5 }

/**
 * The windows of `duration` seconds that stand out most, best first; they do not overlap. The last one of a source may be shorter, and a
 * source that is shorter than `duration` gives one window. Works with pictures or sound alone; what could not be measured counts as nothing.
 * Formulas and weights stand in docs/analysis.md.
 * @returns nothing when neither was measured
 * @throws TypeError, RangeError naming the option
 */
export function findHighlights(
  analysis: Pick<Analysis, 'start' | 'end' | 'pictures' | 'sound'>,
  options: HighlightOptions = {},
): Highlight[] {
  const request = resolveHighlightOptions(options)
  const { start, end } = analysis
  if (!(end > start) || (analysis.pictures === null && analysis.sound === null)) return []
  const evidence = gather(analysis, request)
  const judge = new WindowScore(evidence, request.weights)
  const duration = Math.min(request.duration, end - start)
  const scores = new Float64Array(windowCount(start, end, duration))
  const grid = { start, end, duration, scores }
  for (let i = 0; i < scores.length; i++) scores[i] = judge.score(judge.components(windowAt(grid, i), duration))
  const snap = new WindowSnap(evidence.changes ?? [], evidence.silences, request.snap)
  return chooseWindows(grid, request.top, (window, room) => snap.settle(window, room))
    .map((window) => ({ ...window, ...judged(window) }))
    .sort((a, b) => b.score - a.score || a.start - b.start)
    .map((highlight, i) => ({ rank: i + 1, ...highlight }))

  function judged(window: TimeRange): Omit<Highlight, 'rank' | 'start' | 'end'> {
    const components = judge.components(window, duration)
    const reason = reasonOf(window, components, judge.changesWithin(window), { evidence, weights: request.weights })
    return { score: judge.score(components), components, reason }
  }
}

function gather(analysis: Pick<Analysis, 'start' | 'end' | 'pictures' | 'sound'>, request: ResolvedHighlights): Evidence {
  const { pictures, sound } = analysis
  const seen = pictures === null ? null : changesOfPictures(pictures)
  const scenes = request.scenes ?? (pictures?.isEveryFrame === true ? detectScenes(pictures) : null)
  const changes = scenes === null ? (seen?.changes ?? null) : changesOfScenes(scenes)
  return {
    sound: sound === null ? null : soundCurves(sound),
    pictures: pictures === null || seen === null ? null : pictureCurves(pictures, seen.isChange),
    changes,
    silences: request.silences ?? (sound === null ? [] : silencesOf(sound, analysis)),
  }
}

/** Pauses, and what there is no sound for: before it begins, or after its end. */
function silencesOf(sound: SoundSeries, { start, end }: TimeRange): TimeRange[] {
  const soundEnd = sound.start + sound.count * sound.windowSeconds
  return [{ start, end: sound.start }, ...detectSilence(sound, pause), { start: soundEnd, end }].filter((range) => range.end > range.start)
}
