// Owns cutting a part out of a series of pictures, as if only that part had been analysed.
import { histogramBins, layoutBytes, pictureColumns, type PictureColumn, type PictureSeries } from './series.js'

/** What tells of a change since the frame before, which the first frame of a part does not have. */
const changes = new Set<PictureColumn>([
  ...(['deltaHue', 'deltaSat', 'deltaLum', 'deltaEdges', 'difference', 'histogramCorrelation', 'hashDistance'] as const),
  ...(['motion', 'panX', 'panY', 'zoom', 'objectMotion'] as const),
])

/** Rows `from` to before `to`, copied; `end` as of the whole series unless given. */
export function partOf(pictures: PictureSeries, from: number, to: number): PictureSeries {
  const columns: Partial<Record<PictureColumn, Float32Array>> = {}
  for (const name of pictureColumns) {
    const column = pictures[name].slice(from, to)
    if (changes.has(name)) column[0] = NaN
    columns[name] = column
  }
  const frame = pictures.frame.slice(from, to)
  return {
    ...pictures,
    ...columns,
    count: to - from,
    timestamp: pictures.timestamp.slice(from, to),
    frame,
    end: pictures.timestamp[to] ?? pictures.end,
    isEveryFrame: frame.every((number, i) => i === 0 || number === (frame[i - 1] ?? 0) + 1),
    histogram: pictures.histogram.slice(from * histogramBins, to * histogramBins),
    layout: pictures.layout.slice(from * layoutBytes, to * layoutBytes),
    hash: pictures.hash.slice(from, to),
  }
}
