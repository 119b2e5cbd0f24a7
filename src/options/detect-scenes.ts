// Owns what the job detectScenes() takes besides the detector's own options.
import { z } from 'zod'
import { expected } from '../errors.js'
import { parseOptions } from './parse.js'
import { resolveSceneOptions, type SceneOptions } from './scenes.js'
import type { AnalyzeProgress } from './analyze.js'

export const sceneStrategies = ['full', 'fast'] as const

/**
 * `full` measures every frame. `fast` looks for cuts where packets hint at them and decodes only there: many times faster for films whose
 * encoder sets key frames where scenes begin, without fades and dissolves (whatever `transitions` says), and not certain to find the same cuts.
 */
export type SceneStrategy = (typeof sceneStrategies)[number]

export interface SceneJobOptions {
  /** Default 'full'. */
  readonly strategy?: SceneStrategy | undefined
  /** With 'fast': measure every frame all the same, give the scenes of 'full' without fades and dissolves, and say what 'fast' got wrong. */
  readonly verify?: boolean | undefined
  /** Seconds on the timeline. Default 0. */
  readonly start?: number | undefined
  /** Seconds on the timeline, not included. Default the end of the last frame. */
  readonly end?: number | undefined
  /** The container's index of the video stream; by default the one of the highest resolution. */
  readonly stream?: number | undefined
  /** See AnalyzeOptions. Default 'exact'. */
  readonly quality?: 'exact' | 'draft' | undefined
  /** Aborting it ends the work within 100 ms; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: AnalyzeProgress) => void) | undefined
}

/** What `engine.detectScenes()` takes: the options of a detector, and how the pictures are looked at. */
export type DetectScenesOptions = SceneOptions & SceneJobOptions

export interface ResolvedSceneJob {
  readonly strategy: SceneStrategy
  readonly verify: boolean
  readonly start: number
  readonly end: number
  readonly stream: number | null
  readonly quality: 'exact' | 'draft'
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: AnalyzeProgress) => void
  readonly scenes: SceneOptions
}

const anyObject = z.object({})
const schema = z.strictObject({
  strategy: z.enum(sceneStrategies).optional(),
  verify: z.boolean().optional(),
  start: z.number().min(0).optional(),
  end: z.number().optional(),
  stream: z.number().int().min(0).optional(),
  quality: z.enum(['exact', 'draft']).optional(),
  signal: z.instanceof(AbortSignal).optional(),
  onProgress: z.custom<(progress: AnalyzeProgress) => void>((value) => typeof value === 'function', 'a function').optional(),
})

/** @throws TypeError, RangeError naming the option */
export function resolveSceneJob(options: DetectScenesOptions): ResolvedSceneJob {
  parseOptions(anyObject, options)
  const { strategy, verify, start: from, end: to, stream, quality, signal, onProgress, ...scenes } = options
  const job = { strategy, verify, start: from, end: to, stream, quality, signal, onProgress }
  const given = parseOptions(schema, job)
  const { detector } = resolveSceneOptions(scenes)
  const { start = 0, end = Infinity } = given
  if (end <= start) throw new RangeError(expected(`a number above start ${start}`, 'end', end))
  const isFast = given.strategy === 'fast'
  if (isFast && detector.detector === 'threshold')
    throw new RangeError("Expected strategy 'full' for the detector 'threshold': packets do not tell how bright pictures are")
  if (given.verify === true && !isFast) throw new RangeError("Expected strategy 'fast' for verify, which checks what it finds")
  return {
    strategy: given.strategy ?? 'full',
    verify: given.verify ?? false,
    start,
    end,
    stream: given.stream ?? null,
    quality: given.quality ?? 'exact',
    signal: given.signal,
    onProgress: given.onProgress ?? (() => undefined),
    scenes,
  }
}
