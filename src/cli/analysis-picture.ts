// Owns what the pictures of an analysis, the page and the chart, are made from.
import type { Analysis } from '../index.js'

/** Seconds on the timeline. */
export interface ShownRange {
  readonly start: number
  readonly end: number
}

export interface ShownScene extends ShownRange {
  readonly startFrame: number
  /** Not included. */
  readonly endFrame: number
  /** How the scene begins; 'cut' for the first. */
  readonly kind: 'cut' | 'fade' | 'dissolve'
  /** Of a fade or dissolve. */
  readonly transition: ShownRange | null
}

export interface ShownHighlight extends ShownRange {
  /** 1 is best. */
  readonly rank: number
  readonly score: number
  /** Each 0 to 1. */
  readonly components: Readonly<Record<string, number>>
  readonly reason: string
}

export interface Thumbnail {
  /** Seconds on the timeline. */
  readonly timestamp: number
  readonly width: number
  readonly height: number
  readonly jpeg: Uint8Array
}

export interface AnalysisPicture extends ShownRange {
  /** As the user named it; a path or URL. */
  readonly source: string
  /** Seconds from the timeline's zero to the end of the source. */
  readonly duration: number
  readonly series: Pick<Analysis, 'frameRate' | 'pictures' | 'sound' | 'gaps'>
  readonly scenes: readonly ShownScene[]
  readonly highlights: readonly ShownHighlight[]
  readonly silences: readonly ShownRange[]
  /** Seconds on the timeline, ascending. */
  readonly beats?: readonly number[]
  /** In any order; about one for each 40 pixels of the timeline's width is plenty. */
  readonly thumbnails: readonly Thumbnail[]
}

/** What the time axis of a picture spans: never nothing, so that every time has a place. */
export function shownSpan({ start, end }: ShownRange): ShownRange {
  return end > start ? { start, end } : { start, end: start + shortestSpan }
}

const shortestSpan = 0.001
