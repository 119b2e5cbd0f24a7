// Owns what a transform does to the sound of a clip: tempo, loudness, volume, fades, in this order. Pure.
import type { Transform } from '../options/transform.js'
import { FilterChain } from './filter-chain.js'
import { fadeOutTimes } from './transform-effects.js'

/** null where the sound stays as it is. `seconds` is how long the finished clip is. */
export function soundFilters(transform: Transform, sampleRate: number, seconds: number): string | null {
  const { speed = 1, loudness, volume = 1, fadeIn = 0, fadeOut = 0 } = transform
  const chain = new FilterChain()
  for (const tempo of tempi(speed)) chain.add('atempo', { tempo })
  // loudnorm measures peaks at 192 kHz and leaves the sound there. (An aresample of one's own at the end of a graph finds no channel
  // layout in FFmpeg 5.1; the one that aformat brings about does.)
  if (loudness !== undefined) chain.add('loudnorm', { I: loudness, TP: -1.5, LRA: 11 }).add('aformat', { sample_rates: sampleRate })
  if (volume !== 1) chain.add('volume', { volume })
  if (fadeIn > 0) chain.add('afade', { t: 'in', st: 0, d: fadeIn })
  if (fadeOut > 0) chain.add('afade', { t: 'out', ...fadeOutTimes(fadeOut, seconds) })
  return chain.isEmpty ? null : chain.toString()
}

/** Factors from 0.5 to 2, where atempo blends all samples instead of leaving some out; their product is the speed. */
function tempi(speed: number): number[] {
  if (speed === 1) return []
  const count = Math.max(1, Math.ceil(Math.abs(Math.log2(speed)) - 1e-9))
  return Array.from({ length: count }, () => speed ** (1 / count))
}
