// Owns the sentences and tables about an analysis.
import type { Analysis, Beats } from '../index.js'
import type { Answers } from './answers.js'
import { searchText } from './fast-scenes.js'
import type { SceneSearch } from './fast-scenes.js'
import { shortNumber } from './progress.js'
import { counted, durationText, formatRate, printable, sourceName } from './summary-text.js'
import { clockTime } from './times.js'

/** `talk.mp4  30 fps 10:00  ->  1,200 frames and 10:00 of sound, analysed in 6.4 s`; or that they were measured before. */
export function analysisHeader(
  { source, duration, frameRate, pictures, sound, isCached }: Analysis,
  wallSeconds: number,
  search?: SceneSearch,
): string {
  const rate = frameRate === null ? [] : [`${formatRate(frameRate.num / frameRate.den)} fps`]
  const measured = [
    ...(pictures === null ? [] : [counted(pictures.count, 'frame')]),
    ...(sound === null ? [] : [`${durationText(sound.count * sound.windowSeconds)} of sound`]),
    ...(search === undefined ? [] : [searchText(search)]),
  ]
  const took = isCached ? 'measured before' : `analysed in ${shortNumber(wallSeconds)} s`
  return `${sourceName(source)}  ${[...rate, durationText(duration)].join(' ')}  ->  ${measured.join(' and ') || 'nothing'}, ${took}`
}

/** A heading and a row for each, of every part that was asked for and could be had. */
export function answerLines({ scenes, highlights, silences, beats, black, freezes }: Answers): string[] {
  return [
    ...list('scene', scenes, ({ start, end, kind }) => `${span(start, end)}  ${kind}`),
    ...list(
      'highlight',
      highlights,
      ({ start, end, score, reason }) => `${span(start, end)}  ${score.toFixed(2).padStart(6)}  ${printable(reason)}`,
    ),
    ...list('silence', silences, ({ start, end }) => span(start, end)),
    ...(beats ? [beatLine(beats)] : []),
    ...list('black part', black, ({ start, end }) => span(start, end)),
    ...list('frozen part', freezes, ({ start, end }) => span(start, end)),
  ]
}

/** `video could not be analysed from 0:04.200 to 0:10.000: reason`, the first few. */
export function gapLines(gaps: Analysis['gaps']): string[] {
  const named = gaps
    .slice(0, 3)
    .map(
      ({ kind, start, end, reason }) =>
        `${kind} could not be analysed from ${clockTime(start, 3)} to ${clockTime(end, 3)}: ${printable(reason)}`,
    )
  return gaps.length > named.length ? [...named, `and ${counted(gaps.length - named.length, 'more gap')}`] : named
}

function beatLine({ beats, tempo, confidence }: Beats): string {
  return beats.length === 0
    ? 'no beats'
    : `${counted(beats.length, 'beat')}, ${tempo.toFixed(1)} a minute (confidence ${confidence.toFixed(2)})`
}

function list<Item>(noun: string, items: readonly Item[] | null | undefined, line: (item: Item) => string): string[] {
  if (!items) return []
  const digits = String(items.length).length
  return [
    items.length === 0 ? `no ${noun}s` : counted(items.length, noun),
    ...items.map((item, index) => `  ${String(index + 1).padStart(digits)}  ${line(item)}`),
  ]
}

/** `  0:12.345 -   0:24.000    11.7 s`: columns for videos up to ten hours. */
function span(start: number, end: number): string {
  return `${clockTime(start, 3).padStart(11)} - ${clockTime(end, 3).padStart(11)}  ${`${(end - start).toFixed(1)} s`.padStart(9)}`
}
