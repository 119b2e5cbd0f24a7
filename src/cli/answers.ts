// Owns the answers that an analysis gives to what was asked, and which of them this source cannot give.
import { detectBeats, detectBlack, detectFreeze, detectScenes, detectSilence, findHighlights } from '../index.js'
import type { Analysis, Beats, Highlight, Scene, TimeRange } from '../index.js'
import type { AskedParts } from './analyze-flags.js'
import { noPictures, noSound } from './empty-series.js'

/** A part that is undefined was not asked for; null: the source has none of what it is taken from. */
export interface Answers {
  readonly scenes?: readonly Scene[] | null | undefined
  readonly highlights?: readonly Highlight[] | null | undefined
  readonly silences?: readonly TimeRange[] | null | undefined
  readonly beats?: Beats | null | undefined
  readonly black?: readonly TimeRange[] | null | undefined
  readonly freezes?: readonly TimeRange[] | null | undefined
}

type Measured = Pick<Analysis, 'start' | 'end' | 'pictures' | 'sound'>

/** The answers; `found` are scenes that were found another way. */
export function answersOf(measured: Measured, asked: Partial<AskedParts>, found?: readonly Scene[] | null): Answers {
  const { pictures, sound } = measured
  const scenes = found ?? (asked.scenes && pictures && detectScenes(pictures, asked.scenes))
  return {
    scenes,
    highlights: asked.highlights && highlightsOf(measured, { ...asked.highlights, scenes: scenes ?? undefined }),
    silences: asked.silences && sound && detectSilence(sound, asked.silences),
    beats: asked.beats ? sound && detectBeats(sound) : undefined,
    black: asked.black ? pictures && detectBlack(pictures) : undefined,
    freezes: asked.freezes ? pictures && detectFreeze(pictures) : undefined,
  }
}

function highlightsOf(measured: Measured, options: NonNullable<AskedParts['highlights']>): Highlight[] | null {
  return measured.pictures === null && measured.sound === null ? null : findHighlights(measured, options)
}

/**
 * Learns before the work what would be refused after it.
 * @throws TypeError, RangeError naming the option
 */
export function checkAsked({ scenes, highlights, silences }: Partial<AskedParts>): void {
  if (scenes !== undefined) detectScenes(noPictures, scenes)
  if (highlights !== undefined) findHighlights({ start: 0, end: 0, pictures: null, sound: null }, highlights)
  if (silences !== undefined) detectSilence(noSound, silences)
}

const names: Readonly<Record<keyof Answers, string>> = {
  scenes: 'scenes',
  highlights: 'highlights',
  silences: 'silences',
  beats: 'beats',
  black: 'black parts',
  freezes: 'frozen parts',
}

/** `no audio stream: silences, beats cannot be found`, a line for each kind of stream that is missed. */
export function missingAnswers(answers: Answers): string[] {
  const lost = (...keys: readonly (keyof Answers)[]): string =>
    keys.flatMap((key) => (answers[key] === null ? [names[key]] : [])).join(', ')
  const missed = {
    'no video stream': lost('scenes', 'black', 'freezes'),
    'no audio stream': lost('silences', 'beats'),
    'neither video nor audio': lost('highlights'),
  }
  return Object.entries(missed).flatMap(([what, parts]) => (parts === '' ? [] : [`${what}: ${parts} cannot be found`]))
}
