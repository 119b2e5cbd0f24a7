// What tests of the sound analyzer pass to it, and its rows as columns.
import { soundColumns, type SoundColumn } from '../../dist/analysis/series.js'
import type { NativeBinding, NativeSoundGap, NativeSoundPart } from '../../dist/native/binding.js'
import { sourceOf } from './samplers.js'

export function partOf(more: Partial<NativeSoundPart> = {}): NativeSoundPart {
  return { streamIndex: 0, timeBase: { num: 1, den: 48_000 }, start: 0, end: NaN, ...more }
}

export interface MeasuredSound extends Readonly<Record<SoundColumn, Float32Array>> {
  readonly count: number
  readonly gaps: readonly NativeSoundGap[]
  readonly rows: Float32Array
}

/** Measures a part of a file to its end. */
export function measureSound(binding: NativeBinding, path: string, more: Partial<NativeSoundPart> = {}): MeasuredSound {
  const analyzer = new binding.SoundAnalyzer({ ...sourceOf(path), ...partOf(more) })
  try {
    while (analyzer.step(64));
    const rows = analyzer.takeWindows()
    return { ...columnsOf(rows), rows, gaps: analyzer.gaps() }
  } finally {
    analyzer.close()
  }
}

function columnsOf(rows: Float32Array): Readonly<Record<SoundColumn, Float32Array>> & { readonly count: number } {
  const count = rows.length / soundColumns.length
  const column = (name: SoundColumn): Float32Array =>
    Float32Array.from({ length: count }, (_, row) => rows[row * soundColumns.length + soundColumns.indexOf(name)] ?? NaN)
  return {
    count,
    rms: column('rms'),
    peak: column('peak'),
    loudness: column('loudness'),
    zeroCrossings: column('zeroCrossings'),
    centroid: column('centroid'),
    flux: column('flux'),
  }
}
