// Made-up measurements of sound, for tests of what is answered from them.
import { soundWindowSeconds, type SoundSeries } from '../../src/analysis/series.ts'

export interface MadeSound {
  /** Seconds on the timeline where it begins; by default 0. */
  readonly start?: number
  readonly seconds: number
  /** LUFS at a time, -Infinity for silence; NaN where it could not be decoded. By default silence. */
  readonly loudness?: (time: number) => number
  /** Onset strength at a time; by default none. */
  readonly flux?: (time: number) => number
}

/**
 * What would be measured of noise of the given loudness: peaks 12 dB above the root mean square, which is 10^(LUFS / 20). The loudness of a
 * window is the mean power of the 400 ms that end with it.
 */
export function madeSound({ start = 0, seconds, loudness = () => -Infinity, flux = () => 0 }: MadeSound): SoundSeries {
  const count = Math.round(seconds / soundWindowSeconds)
  const middle = (i: number): number => start + (i + 0.5) * soundWindowSeconds
  const level = Float64Array.from({ length: count }, (_, i) => loudness(middle(i)))
  const rms = Float32Array.from(level, (value) => (value === -Infinity ? 0 : 10 ** (value / 20)))
  const hasSound = (i: number): boolean => !Number.isNaN(level[i] ?? NaN)
  return {
    count,
    start,
    windowSeconds: soundWindowSeconds,
    rms,
    peak: rms.map((value) => Math.min(1, value * 4)),
    loudness: momentary(level),
    zeroCrossings: rms.map((value) => (Number.isNaN(value) ? NaN : value > 0 ? 0.1 : 0)),
    centroid: rms.map((value) => (Number.isNaN(value) ? NaN : value > 0 ? 1000 : 0)),
    flux: Float32Array.from({ length: count }, (_, i) => (hasSound(i) ? flux(middle(i)) : NaN)),
  }
}

function momentary(level: Float64Array): Float32Array {
  const power = level.map((value) => 10 ** (value / 10))
  return Float32Array.from(level, (value, i) => {
    let sum = 0
    for (let k = Math.max(0, i - 39); k <= i; k++) sum += Number.isNaN(power[k] ?? NaN) ? 0 : (power[k] ?? 0)
    return Number.isNaN(value) ? NaN : 10 * Math.log10(sum / 40)
  })
}

/** Onset strength of clicks at the given times: 1 in the window that holds one, and a little noise of its own everywhere. */
export function clicks(times: readonly number[], noise: () => number = () => 0): (time: number) => number {
  const windows = new Set(times.map((time) => Math.floor(time / soundWindowSeconds + 1e-9)))
  return (time) => (windows.has(Math.floor(time / soundWindowSeconds + 1e-9)) ? 1 : 0) + noise()
}

/** Numbers from 0 to 1 that only the seed decides: a linear congruential generator. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
