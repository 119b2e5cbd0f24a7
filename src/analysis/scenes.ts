// Owns detectScenes(): cuts by one of the detectors, what is no cut after all, fades and dissolves, and the scenes between them.
import { mustBeSeries } from './given.js'
import { resolveSceneOptions, type ResolvedDetector, type SceneLength, type SceneOptions } from '../options/scenes.js'
import { singleSteps, withoutFlashes } from './cut-check.js'
import { adaptiveCuts } from './detector-adaptive.js'
import { contentCuts } from './detector-content.js'
import { hashCuts } from './detector-hash.js'
import { histogramCuts } from './detector-histogram.js'
import { thresholdCuts } from './detector-threshold.js'
import { filterCuts } from './flash-filter.js'
import type { PictureSeries } from './series.js'
import { findTransitions, type Transition } from './transitions.js'

/** How a scene begins. */
export type SceneKind = 'cut' | 'fade' | 'dissolve'

export interface Scene {
  /** Seconds on the timeline. */
  readonly start: number
  readonly end: number
  /** Position of the scene's first frame in the stream. */
  readonly startFrame: number
  /** Not included. */
  readonly endFrame: number
  /** 'cut' for the first scene. */
  readonly kind: SceneKind
  /** Of a fade or dissolve, in whose middle the scene begins: seconds on the timeline. */
  readonly transition: { readonly start: number; readonly end: number } | null
}

interface Border {
  readonly row: number
  readonly transition: Transition | null
}

/**
 * The scenes of the pictures, one after the other without gaps; none when there are no pictures. A cut is exact to the frame where every
 * frame was analysed.
 * @throws TypeError, RangeError naming the option
 */
export function detectScenes(pictures: PictureSeries, options: SceneOptions = {}): Scene[] {
  mustBeSeries(pictures, 'a PictureSeries', 'pictures')
  const { detector, filterMode, minSceneLen, flashLen, confirm, transitions } = resolveSceneOptions(options)
  const isApart = (before: number, after: number): boolean => isAtLeast(pictures, before, after, minSceneLen)
  const isWithin = (first: number, row: number): boolean => isAtMost(pictures, first, row, flashLen)
  const found = cutsBy(detector, pictures)
  // The threshold detector's cuts are no changes from one frame to the next, of which any of this could be said.
  const isStep = detector.detector !== 'threshold'
  const lasting = isStep ? withoutFlashes(pictures, found, isWithin) : found
  const real = isStep && confirm ? singleSteps(pictures, lasting) : lasting
  const gradual = transitions ? findTransitions(pictures, real) : []
  const outside = real.filter((cut) => !gradual.some(({ first, last }) => cut >= first && cut <= last))
  const cuts = filterCuts(outside, filterMode, isApart, pictures.count - 1)
  return scenesBetween(pictures, merged(cuts, gradual, isApart))
}

function cutsBy(detector: ResolvedDetector, pictures: PictureSeries): number[] {
  switch (detector.detector) {
    case 'adaptive':
      return adaptiveCuts(pictures, detector)
    case 'content':
      return contentCuts(pictures, detector)
    case 'threshold':
      return thresholdCuts(pictures, detector)
    case 'hash':
      return hashCuts(pictures, detector)
    case 'histogram':
      return histogramCuts(pictures, detector)
  }
}

/** Cuts and transitions in one order; of two that are too close to each other, cuts stand. */
function merged(cuts: readonly number[], gradual: readonly Transition[], isApart: (before: number, after: number) => boolean): Border[] {
  const kept = gradual.filter(
    ({ middle }) => isApart(0, middle) && cuts.every((cut) => isApart(Math.min(cut, middle), Math.max(cut, middle))),
  )
  return [...cuts.map((row) => ({ row, transition: null })), ...kept.map((transition) => ({ row: transition.middle, transition }))].sort(
    (a, b) => a.row - b.row,
  )
}

function scenesBetween(pictures: PictureSeries, borders: readonly Border[]): Scene[] {
  const { count, timestamp, frame, end } = pictures
  if (count === 0) return []
  const afterLast = (frame[count - 1] ?? 0) + 1
  const starts: Border[] = [{ row: 0, transition: null }, ...borders.filter(({ row }) => row > 0)]
  return starts.map(({ row, transition }, i) => {
    const next = starts[i + 1]?.row
    return {
      start: timestamp[row] ?? 0,
      end: next === undefined ? end : (timestamp[next] ?? end),
      startFrame: frame[row] ?? 0,
      endFrame: next === undefined ? afterLast : (frame[next] ?? afterLast),
      kind: transition?.kind ?? 'cut',
      transition: transition === null ? null : { start: timestamp[transition.first] ?? 0, end: timestamp[transition.last] ?? end },
    }
  })
}

/** Timestamps are quotients of whole numbers: two that mean the same may differ by this. */
const tolerance = 1e-6

function isAtLeast({ frame, timestamp }: PictureSeries, before: number, after: number, length: SceneLength): boolean {
  return typeof length === 'number'
    ? (frame[after] ?? 0) - (frame[before] ?? 0) >= length
    : (timestamp[after] ?? 0) - (timestamp[before] ?? 0) >= length.seconds - tolerance
}

function isAtMost({ frame, timestamp }: PictureSeries, before: number, after: number, length: SceneLength): boolean {
  return typeof length === 'number'
    ? (frame[after] ?? 0) - (frame[before] ?? 0) <= length
    : (timestamp[after] ?? 0) - (timestamp[before] ?? 0) <= length.seconds + tolerance
}
