// Owns what detectScenes() takes: a detector with parameters of its own, and what all of them share. Names and meanings of the parameters
// are PySceneDetect's, in camelCase.
import { z } from 'zod'
import { expected } from '../errors.js'
import { parseOptions } from './parse.js'

export const sceneDetectors = ['adaptive', 'content', 'threshold', 'hash', 'histogram'] as const
export const filterModes = ['merge', 'suppress'] as const
export const thresholdMethods = ['floor', 'ceiling'] as const
export const hashSizes = [8, 16] as const
export const detectorBins = [4, 8, 16, 256] as const

/** How a cut is found. */
export type SceneDetector = (typeof sceneDetectors)[number]
/**
 * What happens to cuts that follow each other closer than the shortest scene: `merge` keeps the first and the last of them, `suppress` each
 * one that is far enough from the one kept before.
 */
export type FilterMode = (typeof filterModes)[number]
/** Which brightness ends a scene: one below (`floor`) or above (`ceiling`) the threshold. */
export type ThresholdMethod = (typeof thresholdMethods)[number]
/** Frames of the stream, or seconds. */
export type SceneLength = number | { readonly seconds: number }

/** What each difference counts for in a frame's score, which is their weighted mean. */
export interface ContentWeights {
  /** Default 1. */
  readonly deltaHue?: number | undefined
  /** Default 1. */
  readonly deltaSat?: number | undefined
  /** Default 1. */
  readonly deltaLum?: number | undefined
  /** Default 0. Needs pictures whose edges were measured. */
  readonly deltaEdges?: number | undefined
}

/** What every detector takes. */
export interface CommonSceneOptions {
  /** The shortest scene. Default 0.6 seconds. */
  readonly minSceneLen?: SceneLength | undefined
  /** Also find fades and dissolves, those that have four analysed frames or more. Default true. */
  readonly transitions?: boolean | undefined
}

/** What detectors take whose cuts are changes from one frame to the next. */
export interface StepSceneOptions extends CommonSceneOptions {
  /** A change that is taken back within this time is a flash, not a cut. Default 0.2 seconds; 0: every change counts. */
  readonly flashLen?: SceneLength | undefined
  /**
   * A cut has to be most of what changes around it in what lies where, which neither fast motion nor a step within a dissolve is.
   * Default true. With false, and flashLen 0, cuts are the detector's own.
   */
  readonly confirm?: boolean | undefined
}

/** What detectors take that score a frame's content. */
export interface ScoreOptions extends StepSceneOptions {
  readonly weights?: ContentWeights | undefined
  /** Only deltaLum counts, whatever the weights. Default false. */
  readonly lumaOnly?: boolean | undefined
}

/** A cut is where a frame's score stands out from those around it. */
export interface AdaptiveSceneOptions extends ScoreOptions {
  readonly detector?: 'adaptive' | undefined
  /** How many times the mean score of its neighbours. Default 3. */
  readonly adaptiveThreshold?: number | undefined
  /** How many neighbours count on either side. Default 2. */
  readonly windowWidth?: number | undefined
  /** The least score of a cut. Default 15. */
  readonly minContentVal?: number | undefined
}

/** A cut is where a frame's score reaches a fixed value. */
export interface ContentSceneOptions extends ScoreOptions {
  readonly detector: 'content'
  /** Default 27. */
  readonly threshold?: number | undefined
  /** Default 'merge'. */
  readonly filterMode?: FilterMode | undefined
}

/** A scene ends where the picture grows dark (or bright), and the next begins where it comes back. */
export interface ThresholdSceneOptions extends CommonSceneOptions {
  readonly detector: 'threshold'
  /** Mean of all samples of R, G and B. Default 12. */
  readonly threshold?: number | undefined
  /** Default 'floor'. */
  readonly method?: ThresholdMethod | undefined
  /** Where between the two the scene begins: -1 where it grew dark, 0 half way, 1 where it came back. Default 0. */
  readonly fadeBias?: number | undefined
  /** The dark end of a video is a scene of its own. Default false. */
  readonly addFinalScene?: boolean | undefined
  /** Default 'merge'. */
  readonly filterMode?: FilterMode | undefined
}

/** A cut is where so large a share of a perceptual hash's bits changes. */
export interface HashSceneOptions extends StepSceneOptions {
  readonly detector: 'hash'
  /** Default 0.395. */
  readonly threshold?: number | undefined
  /** Bits on each side of the hash, of a picture of 32 x 32: PySceneDetect's `lowpass` is 32 divided by it. Default 16. */
  readonly size?: (typeof hashSizes)[number] | undefined
}

/** A cut is where the histogram of luma correlates with the one before by no more than 1 less the threshold. */
export interface HistogramSceneOptions extends StepSceneOptions {
  readonly detector: 'histogram'
  /** Default 0.05. */
  readonly threshold?: number | undefined
  /** Default 256. */
  readonly bins?: (typeof detectorBins)[number] | undefined
}

export type SceneOptions = AdaptiveSceneOptions | ContentSceneOptions | ThresholdSceneOptions | HashSceneOptions | HistogramSceneOptions

export interface ResolvedWeights {
  readonly deltaHue: number
  readonly deltaSat: number
  readonly deltaLum: number
  readonly deltaEdges: number
}

/** A detector with every parameter. */
export type ResolvedDetector =
  | {
      readonly detector: 'adaptive'
      readonly weights: ResolvedWeights
      readonly adaptiveThreshold: number
      readonly windowWidth: number
      readonly minContentVal: number
    }
  | { readonly detector: 'content'; readonly weights: ResolvedWeights; readonly threshold: number }
  | {
      readonly detector: 'threshold'
      readonly threshold: number
      readonly method: ThresholdMethod
      readonly fadeBias: number
      readonly addFinalScene: boolean
    }
  | { readonly detector: 'hash'; readonly threshold: number; readonly size: (typeof hashSizes)[number] }
  | { readonly detector: 'histogram'; readonly threshold: number; readonly bins: (typeof detectorBins)[number] }

export interface ResolvedScenes {
  readonly detector: ResolvedDetector
  readonly filterMode: FilterMode
  readonly minSceneLen: SceneLength
  readonly flashLen: SceneLength
  readonly confirm: boolean
  readonly transitions: boolean
}

const length = z.union([z.number().int().min(0), z.strictObject({ seconds: z.number().min(0) })]).optional()
const common = { minSceneLen: length, transitions: z.boolean().optional() }
const step = { ...common, flashLen: length, confirm: z.boolean().optional() }
const weight = z.number().optional()
const score = {
  weights: z.strictObject({ deltaHue: weight, deltaSat: weight, deltaLum: weight, deltaEdges: weight }).optional(),
  lumaOnly: z.boolean().optional(),
}
const share = z.number().min(0).max(1).optional()
const sampleValue = z.number().min(0).max(255).optional()
const filterMode = z.enum(filterModes).optional()

const anyDetector = z.object({ detector: z.enum(sceneDetectors).optional() })
const adaptiveSchema = z.strictObject({
  ...step,
  ...score,
  detector: z.literal('adaptive').optional(),
  adaptiveThreshold: z.number().min(0).optional(),
  windowWidth: z.number().int().min(1).optional(),
  minContentVal: z.number().min(0).optional(),
})
const contentSchema = z.strictObject({
  ...step,
  ...score,
  detector: z.literal('content'),
  threshold: z.number().min(0).optional(),
  filterMode,
})
const thresholdSchema = z.strictObject({
  ...common,
  detector: z.literal('threshold'),
  threshold: sampleValue,
  method: z.enum(thresholdMethods).optional(),
  fadeBias: z.number().min(-1).max(1).optional(),
  addFinalScene: z.boolean().optional(),
  filterMode,
})
const hashSchema = z.strictObject({
  ...step,
  detector: z.literal('hash'),
  threshold: share,
  size: z.literal(hashSizes).optional(),
})
const histogramSchema = z.strictObject({
  ...step,
  detector: z.literal('histogram'),
  threshold: share,
  bins: z.literal(detectorBins).optional(),
})

const defaultSceneLength: SceneLength = { seconds: 0.6 }
const defaultFlashLength: SceneLength = { seconds: 0.2 }

/** @throws TypeError, RangeError naming the option; a parameter of another detector is an unknown option */
export function resolveSceneOptions(options: SceneOptions): ResolvedScenes {
  const { detector = 'adaptive' } = parseOptions(anyDetector, options)
  switch (detector) {
    case 'adaptive': {
      const given = parseOptions(adaptiveSchema, options)
      const { adaptiveThreshold = 3, windowWidth = 2, minContentVal = 15 } = given
      return resolved({ detector, weights: weightsOf(given), adaptiveThreshold, windowWidth, minContentVal }, given)
    }
    case 'content': {
      const given = parseOptions(contentSchema, options)
      return resolved({ detector, weights: weightsOf(given), threshold: given.threshold ?? 27 }, given, given.filterMode ?? 'merge')
    }
    case 'threshold': {
      const given = parseOptions(thresholdSchema, options)
      const { threshold = 12, method = 'floor', fadeBias = 0, addFinalScene = false } = given
      return resolved({ detector, threshold, method, fadeBias, addFinalScene }, given, given.filterMode ?? 'merge')
    }
    case 'hash': {
      const given = parseOptions(hashSchema, options)
      return resolved({ detector, threshold: given.threshold ?? 0.395, size: given.size ?? 16 }, given)
    }
    case 'histogram': {
      const given = parseOptions(histogramSchema, options)
      return resolved({ detector, threshold: given.threshold ?? 0.05, bins: given.bins ?? 256 }, given)
    }
  }
}

function resolved(detector: ResolvedDetector, given: StepSceneOptions, mode: FilterMode = 'suppress'): ResolvedScenes {
  return {
    detector,
    filterMode: mode,
    minSceneLen: given.minSceneLen ?? defaultSceneLength,
    flashLen: given.flashLen ?? defaultFlashLength,
    confirm: given.confirm ?? true,
    transitions: given.transitions ?? true,
  }
}

function weightsOf({ weights = {}, lumaOnly = false }: Pick<ScoreOptions, 'weights' | 'lumaOnly'>): ResolvedWeights {
  if (lumaOnly) return { deltaHue: 0, deltaSat: 0, deltaLum: 1, deltaEdges: 0 }
  const all = {
    deltaHue: weights.deltaHue ?? 1,
    deltaSat: weights.deltaSat ?? 1,
    deltaLum: weights.deltaLum ?? 1,
    deltaEdges: weights.deltaEdges ?? 0,
  }
  if (Object.values(all).every((one) => one === 0)) throw new RangeError(expected('a weight other than 0', 'weights', weights))
  return all
}

/** Whether the detector counts edges, which are measured only when somebody does. */
export function looksAtEdges(options: SceneOptions): boolean {
  const { detector } = resolveSceneOptions(options)
  return 'weights' in detector && detector.weights.deltaEdges !== 0
}
