// Makes picture measurements out of a few numbers, for tests of what is answered from them.
import { histogramBins, layoutBytes, type PictureColumn, type PictureSeries } from '../../src/analysis/series.ts'

/** What is known of one frame; everything else is 0, and NaN for a column that compares it with a frame before it does not have. */
export interface FrameValues extends Partial<Record<PictureColumn, number>> {
  /** The frame could not be decoded: all columns are NaN. */
  readonly isMissing?: boolean
  /** Position in the stream; by default one after the frame before. */
  readonly frame?: number
  readonly timestamp?: number
  readonly layout?: ArrayLike<number>
  readonly histogram?: ArrayLike<number>
  readonly hash?: bigint
}

const comparing: ReadonlySet<PictureColumn> = new Set<PictureColumn>([
  'deltaHue',
  'deltaSat',
  'deltaLum',
  'deltaEdges',
  'difference',
  'histogramCorrelation',
  'hashDistance',
  'motion',
  'panX',
  'panY',
  'zoom',
  'objectMotion',
])

export function pictureSeries(frames: readonly FrameValues[], { rate = 25 }: { readonly rate?: number } = {}): PictureSeries {
  const count = frames.length
  const column = (name: PictureColumn): Float32Array =>
    Float32Array.from(frames, (values, row) => {
      if (values.isMissing === true) return NaN
      const before = frames[row - 1]
      return values[name] ?? (comparing.has(name) && (before === undefined || before.isMissing === true) ? NaN : 0)
    })
  const frame = new Uint32Array(count)
  const histogram = new Uint16Array(count * histogramBins)
  const layout = new Uint8Array(count * layoutBytes)
  for (const [row, values] of frames.entries()) {
    frame[row] = values.frame ?? (row === 0 ? 0 : (frame[row - 1] ?? 0) + 1)
    histogram.set(values.histogram ?? [], row * histogramBins)
    layout.set(values.layout ?? [], row * layoutBytes)
  }
  const timestamp = Float64Array.from(frames, (values, row) => values.timestamp ?? (frame[row] ?? 0) / rate)
  return {
    ...allColumns(column),
    count,
    timestamp,
    frame,
    end: count === 0 ? 0 : (timestamp[count - 1] ?? 0) + 1 / rate,
    isEveryFrame: frame.every((position, row) => row === 0 || position === (frame[row - 1] ?? 0) + 1),
    histogram,
    layout,
    hash: BigUint64Array.from(frames, ({ hash = 0n }) => hash),
  }
}

type Columns = Pick<PictureSeries, PictureColumn>

function allColumns(of: (name: PictureColumn) => Float32Array): Columns {
  return {
    luma: of('luma'),
    brightness: of('brightness'),
    deltaHue: of('deltaHue'),
    deltaSat: of('deltaSat'),
    deltaLum: of('deltaLum'),
    deltaEdges: of('deltaEdges'),
    difference: of('difference'),
    histogramCorrelation: of('histogramCorrelation'),
    hashDistance: of('hashDistance'),
    motion: of('motion'),
    panX: of('panX'),
    panY: of('panY'),
    zoom: of('zoom'),
    objectMotion: of('objectMotion'),
    sharpness: of('sharpness'),
    contrast: of('contrast'),
    colorfulness: of('colorfulness'),
    black: of('black'),
    white: of('white'),
  }
}
