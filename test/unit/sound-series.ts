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
    loudness: Float32Array.from({ length: count }, (_, i) => (hasSound(i) ? momentary(level, i) : NaN)),
    zeroCrossings: rms.map((value) => (Number.isNaN(value) ? NaN : value > 0 ? 0.1 : 0)),
    centroid: rms.map((value) => (Number.isNaN(value) ? NaN : value > 0 ? 1000 : 0)),
    flux: Float32Array.from({ length: count }, (_, i) => (hasSound(i) ? flux(middle(i)) : NaN)),
  }
}

function momentary(level: Float64Array, i: number): number {
  let power = 0
  for (let k = Math.max(0, i - 39); k <= i; k++) {
    const value = level[k] ?? -Infinity
    power += value > -Infinity ? 10 ** (value / 10) : 0
  }
  return 10 * Math.log10(power / 40)
}

/** The same sound with `seconds` of another one put in at a time; both begin at 0. */
export function withInserted(sound: SoundSeries, at: number, other: SoundSeries): SoundSeries {
  const cut = Math.round(at / sound.windowSeconds)
  const joined = (one: Float32Array, two: Float32Array): Float32Array =>
    Float32Array.from([...one.subarray(0, cut), ...two, ...one.subarray(cut)])
  return {
    count: sound.count + other.count,
    start: sound.start,
    windowSeconds: sound.windowSeconds,
    rms: joined(sound.rms, other.rms),
    peak: joined(sound.peak, other.peak),
    loudness: joined(sound.loudness, other.loudness),
    zeroCrossings: joined(sound.zeroCrossings, other.zeroCrossings),
    centroid: joined(sound.centroid, other.centroid),
    flux: joined(sound.flux, other.flux),
  }
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
