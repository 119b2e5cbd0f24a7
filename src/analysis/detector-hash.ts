// Owns PySceneDetect's HashDetector: a cut is where a large share of a perceptual hash's bits changes.
import type { PictureSeries } from './series.js'

/** Rows of the frames that may begin a scene, ascending. */
export function hashCuts(pictures: PictureSeries, { threshold, size }: { readonly threshold: number; readonly size: 8 | 16 }): number[] {
  const distances = size === 16 ? pictures.hashDistance : storedDistances(pictures)
  const cuts: number[] = []
  for (const [row, distance] of distances.entries()) if (distance >= threshold) cuts.push(row)
  return cuts
}

/** Share of bits that differ from the hash before; NaN where either frame is missing. */
function storedDistances({ hash, luma, count }: PictureSeries): Float32Array {
  return Float32Array.from({ length: count }, (_, row) => {
    const [before, own] = [hash[row - 1], hash[row]]
    if (before === undefined || own === undefined || Number.isNaN(luma[row - 1]) || Number.isNaN(luma[row])) return NaN
    return bitCount(before ^ own) / 64
  })
}

function bitCount(bits: bigint): number {
  let count = 0
  for (let rest = bits; rest !== 0n; rest &= rest - 1n) count++
  return count
}
