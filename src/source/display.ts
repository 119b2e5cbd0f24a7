// Owns how a decoded picture is meant to be shown: display matrix, sample aspect ratio, HDR kind.
import type { NativeStreamFacts } from '../native/binding.js'
import type { Rational } from '../source-types.js'

/** First transposed, then mirrored. */
export interface Orientation {
  readonly transpose: boolean
  readonly mirrorX: boolean
  readonly mirrorY: boolean
}

export const upright: Orientation = { transpose: false, mirrorX: false, mirrorY: false }

/**
 * The quarter turns and mirrorings of a display matrix (ISO/IEC 14496-12, 8.3.2.3: x' = a x + c y, y' = b x + d y). An angle
 * that is no quarter turn is left alone.
 */
export function orientationOf(displayMatrix: readonly number[]): Orientation {
  const [a = 1, b = 0, , c = 0, d = 1] = displayMatrix
  if (displayMatrix.length < 9) return upright
  if (b === 0 && c === 0 && a !== 0 && d !== 0) return { transpose: false, mirrorX: a < 0, mirrorY: d < 0 }
  if (a === 0 && d === 0 && b !== 0 && c !== 0) return { transpose: true, mirrorX: c < 0, mirrorY: b < 0 }
  return upright
}

/** Degrees clockwise that the decoded picture is turned by to be shown, 0 to 270; null for a matrix that is no quarter turn. */
export function rotationOf(displayMatrix: readonly number[]): number | null {
  const [a = 1, b = 0, , c = 0, d = 1] = displayMatrix
  if (displayMatrix.length < 9) return 0
  const isTurned = a === 0 && d === 0 && b !== 0 && c !== 0
  if (!isTurned && !(b === 0 && c === 0)) return null
  if (isTurned) return b > 0 ? 90 : 270
  return a < 0 && d < 0 ? 180 : 0
}

/** Size after squaring the pixels: never fewer pixels than decoded in either direction. */
export function squaredSize(width: number, height: number, sampleAspectRatio: Rational): { width: number; height: number } {
  const { num, den } = sampleAspectRatio
  if (num <= 0 || den <= 0 || num === den) return { width, height }
  return num > den ? { width: Math.round((width * num) / den), height } : { width, height: Math.round((height * den) / num) }
}

export function displaySize(stream: NativeStreamFacts): { width: number; height: number } {
  const squared = squaredSize(stream.width, stream.height, stream.sampleAspectRatio)
  return orientationOf(stream.displayMatrix).transpose ? { width: squared.height, height: squared.width } : squared
}

/** What makes a stream HDR; null for SDR. */
export type HdrKind = 'pq' | 'hlg' | 'dolby-vision' | null

export function hdrKindOf(stream: NativeStreamFacts): HdrKind {
  if (stream.colorTransfer === 'smpte2084') return stream.hasDolbyVision ? 'dolby-vision' : 'pq'
  if (stream.colorTransfer === 'arib-std-b67') return stream.hasDolbyVision ? 'dolby-vision' : 'hlg'
  return stream.hasDolbyVision ? 'dolby-vision' : null
}
