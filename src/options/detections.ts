// Owns what detectSilence(), detectBlack() and detectFreeze() take: the names, defaults and meanings of FFmpeg's silencedetect,
// blackdetect and freezedetect.
import { z } from 'zod'
import { parseOptions } from './parse.js'

/** What `detectSilence()` takes. */
export interface SilenceOptions {
  /** Sound is silent while every sample of every channel is below this: decibels when negative, else a share of full scale. Default -60. */
  readonly noise?: number | undefined
  /** Seconds that a silence has at least. Default 2. */
  readonly duration?: number | undefined
}

/** What `detectBlack()` takes. A pixel is black with luma up to a tenth of the range, as the measurement fixes it. */
export interface BlackOptions {
  /** Seconds that a black part has at least. Default 2. */
  readonly blackMinDuration?: number | undefined
  /** Share of its pixels that are black in a black picture. Default 0.98. */
  readonly pictureBlackRatio?: number | undefined
}

/** What `detectFreeze()` takes. */
export interface FreezeOptions {
  /** Pictures are the same up to this mean difference: decibels when negative, else a share of the range. Default 0.001, which is -60 dB. */
  readonly noise?: number | undefined
  /** Seconds that a freeze has at least. Default 2. */
  readonly duration?: number | undefined
}

export interface ResolvedNoise {
  /** Share of full scale or of the range, 0 to 1. */
  readonly noise: number
  readonly duration: number
}

export interface ResolvedBlack {
  readonly blackMinDuration: number
  readonly pictureBlackRatio: number
}

const seconds = z.number().min(0).optional()
const share = z.number().min(0).max(1).optional()
const noiseSchema = z.strictObject({ noise: z.number().max(1).optional(), duration: seconds })
const blackSchema = z.strictObject({ blackMinDuration: seconds, pictureBlackRatio: share })

/** @throws TypeError, RangeError naming the option */
export function resolveNoiseOptions(options: SilenceOptions | FreezeOptions): ResolvedNoise {
  const { noise = 0.001, duration = 2 } = parseOptions(noiseSchema, options)
  return { noise: noise < 0 ? 10 ** (noise / 20) : noise, duration }
}

/** @throws TypeError, RangeError naming the option */
export function resolveBlackOptions(options: BlackOptions): ResolvedBlack {
  const { blackMinDuration = 2, pictureBlackRatio = 0.98 } = parseOptions(blackSchema, options)
  return { blackMinDuration, pictureBlackRatio }
}
