// Owns what highlights hear: curves of loudness and onsets, for any window of time.
import { levelOn, quantile, scaleOf } from './robust-scale.js'
import type { SoundSeries } from './series.js'
import { StepCurve } from './step-curve.js'

export interface SoundCurves {
  /** Level of momentary loudness, 0 to 1. */
  readonly loudness: StepCurve
  /** Level of the onset strength around a time, 0 to 1. */
  readonly onsets: StepCurve
  /** Mean square, as loudness tells it: 10^(LUFS / 10). */
  readonly power: StepCurve
  /** Onset strength, in its own unit. */
  readonly strength: StepCurve
  /** LUFS: the median of what is audible; NaN when nothing is. */
  readonly usualLoudness: number
  /** Of {@link strength}; 0 when there are no onsets. */
  readonly usualStrength: number
}

/** LUFS. Quiet speech lies above; room noise, and what silencedetect takes for silence, below. */
const audibleLoudness = -50
/** LU: differences of less do not make a moment. */
const loudnessSpread = 6
/** A momentary loudness is of the 400 ms that end with its window: its middle lies this many windows earlier. */
const loudnessLag = 20
/** Onsets are few and short; a moment has many of them within this many windows (1 s). */
const strengthWindows = 100

/** null when no sound could be decoded. */
export function soundCurves(sound: SoundSeries): SoundCurves | null {
  const { count, start, windowSeconds } = sound
  if (count === 0 || sound.rms.every((value) => Number.isNaN(value))) return null
  const edges = Float64Array.from({ length: count + 1 }, (_, i) => start + i * windowSeconds)
  const loudness = Float64Array.from({ length: count }, (_, i) => sound.loudness[Math.min(count - 1, i + loudnessLag)] ?? NaN)
  const audible = loudness.map((value) => (value > audibleLoudness ? value : NaN))
  const strength = onsetStrength(sound.flux, audible)
  const loudnessScale = scaleOf(audible, audibleLoudness, loudnessSpread)
  const usualStrength = medianAbove(strength, 0)
  // The unit of flux depends on how it was measured; what is usual in the file is its yardstick.
  const strengthScale = usualStrength > 0 ? scaleOf(strength, 0, usualStrength) : null
  return {
    loudness: new StepCurve(
      edges,
      audible.map((value) => (loudnessScale === null ? 0 : levelOn(loudnessScale, value))),
    ),
    onsets: new StepCurve(
      edges,
      strength.map((value) => (strengthScale === null ? 0 : levelOn(strengthScale, value))),
    ),
    power: new StepCurve(
      edges,
      loudness.map((value) => (value > -Infinity ? 10 ** (value / 10) : 0)),
    ),
    strength: new StepCurve(edges, strength),
    usualLoudness: medianAbove(audible, audibleLoudness),
    usualStrength,
  }
}

/** Mean flux of the audible windows around each one; 0 where it is not audible: the spectrum of noise that nobody hears changes too. */
function onsetStrength(flux: Float32Array, audible: Float64Array): Float64Array {
  const count = flux.length
  const heard = Float64Array.from(flux, (value, i) => (Number.isNaN(audible[i]) || !(value > 0) ? 0 : value))
  const sums = new Float64Array(count + 1)
  for (let i = 0; i < count; i++) sums[i + 1] = (sums[i] ?? 0) + (heard[i] ?? 0)
  const half = strengthWindows / 2
  return heard.map((_, i) => {
    if (Number.isNaN(audible[i])) return 0
    return ((sums[Math.min(count, i + half)] ?? 0) - (sums[Math.max(0, i - half)] ?? 0)) / strengthWindows
  })
}

function medianAbove(values: Float64Array, floor: number): number {
  const above = values.filter((value) => value > floor && value < Infinity).sort()
  return above.length === 0 ? (floor < 0 ? NaN : 0) : quantile(above, 0.5)
}
