// Owns PySceneDetect's HistogramDetector: a cut is where the histogram of luma correlates too little with the one before.
import { histogramBins, type PictureSeries } from './series.js'

/** Rows of the frames that may begin a scene, ascending. */
export function histogramCuts(
  pictures: PictureSeries,
  { threshold, bins }: { readonly threshold: number; readonly bins: 4 | 8 | 16 | 256 },
): number[] {
  const correlations = bins === 256 ? pictures.histogramCorrelation : storedCorrelations(pictures, bins)
  const cuts: number[] = []
  for (const [row, correlation] of correlations.entries()) if (correlation <= 1 - threshold) cuts.push(row)
  return cuts
}

/** Pearson correlation of the stored histograms, brought to so many bins, with the one before; NaN where either frame is missing. */
function storedCorrelations({ histogram, luma, count }: PictureSeries, bins: number): Float64Array {
  const correlations = new Float64Array(count).fill(NaN)
  let before: Float64Array | null = null
  for (let row = 0; row < count; row++) {
    if (Number.isNaN(luma[row])) {
      before = null
      continue
    }
    const own = merged(histogram.subarray(row * histogramBins, (row + 1) * histogramBins), bins)
    if (before !== null) correlations[row] = correlation(before, own)
    before = own
  }
  return correlations
}

function merged(shares: Uint16Array, bins: number): Float64Array {
  const width = histogramBins / bins
  const sums = new Float64Array(bins)
  for (const [bin, share] of shares.entries()) {
    const into = Math.floor(bin / width)
    sums[into] = (sums[into] ?? 0) + share
  }
  return sums
}

/** 1 where either has no variance, as OpenCV's compareHist has it. */
function correlation(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  let [both, squaresA, squaresB] = [0, 0, 0]
  for (const [bin, value] of a.entries()) {
    const [fromA, fromB] = [value - meanA, (b[bin] ?? 0) - meanB]
    both += fromA * fromB
    squaresA += fromA * fromA
    squaresB += fromB * fromB
  }
  const scale = squaresA * squaresB
  return scale === 0 ? 1 : both / Math.sqrt(scale)
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
