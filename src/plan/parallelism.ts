// Owns how many decoders work at once for a job, and with how many threads each. Pure.
//
// The rule: as many decoders as there are workers, but no more than there are segments to share out (a file of few long GOPs has few) and
// no more than memory has room for (pictures of a stream may be large); codec threads make up the rest of the CPU budget.
import type { NativeStreamFacts } from '../native/binding.js'

/** What the engine has for a job. */
export interface EngineLimits {
  readonly maxPixels: number
  readonly workers: number
  /** 'auto': what the CPU budget leaves per task. */
  readonly codecThreads: number | 'auto'
  /** CPUs that may be kept busy. */
  readonly cpuBudget: number
  /**
   * Pixels to decode after which a task takes no further GOP; absent: no such bound. Tasks run to their end, so their length is the time it
   * takes until fewer workers are active.
   */
  readonly taskPixels?: number | undefined
  /** Bytes that all decoders together may take; absent: no such bound. */
  readonly decoderMemory?: number | undefined
}

/** As many as native code accepts, and more than a decoder makes use of. */
const mostCodecThreads = 64
/** Pictures that a decoder holds at most: 16 that others refer to (H.264, HEVC), as many again on their way out in the worst case. */
const heldPictures = 32

/** `segments`: decoder runs that do not need each other. */
export function shareOut(
  segments: number,
  stream: Pick<NativeStreamFacts, 'width' | 'height' | 'bitDepth'>,
  { workers, codecThreads, cpuBudget, decoderMemory = Infinity }: EngineLimits,
): { readonly atOnce: number; readonly codecThreads: number } {
  const fitting = Math.max(1, Math.floor(decoderMemory / decoderBytes(stream)))
  const parallel = Math.max(1, Math.min(workers, segments, fitting))
  if (codecThreads !== 'auto') return { atOnce: Math.min(workers, fitting), codecThreads }
  return { atOnce: parallel, codecThreads: Math.min(mostCodecThreads, Math.max(1, Math.floor(cpuBudget / parallel))) }
}

/** Of one decoder with all pictures it may hold, at 4:2:0. */
function decoderBytes({ width, height, bitDepth }: Pick<NativeStreamFacts, 'width' | 'height' | 'bitDepth'>): number {
  return Math.max(1, width * height * 1.5 * (bitDepth > 8 ? 2 : 1) * heldPictures)
}
