// Owns the memory of measurements: one shared buffer for all columns of a series.
import { histogramBins, layoutBytes, pictureColumns, soundColumns } from '../analysis/series.js'
import type { PictureSeries, SoundSeries } from '../analysis/series.js'

export type PictureArrays = Omit<PictureSeries, 'count' | 'end' | 'isEveryFrame'>
export type SoundArrays = Omit<SoundSeries, 'count' | 'start' | 'windowSeconds'>

/** Room for `count` frames; numbers are NaN and marks 0 until they are placed. */
export function allocatePictures(count: number): PictureArrays {
  const memory = new SharedMemory(count, 8 + 8 + 4 + 4 * pictureColumns.length + 2 * histogramBins + layoutBytes)
  // From wide to narrow elements, so that each begins where its kind may.
  const timestamp = new Float64Array(memory.buffer, memory.take(8), count)
  const hash = new BigUint64Array(memory.buffer, memory.take(8), count)
  const frame = new Uint32Array(memory.buffer, memory.take(4), count)
  const columns = columnsOf(pictureColumns, () => new Float32Array(memory.buffer, memory.take(4), count).fill(NaN))
  const histogram = new Uint16Array(memory.buffer, memory.take(2 * histogramBins), count * histogramBins)
  const layout = new Uint8Array(memory.buffer, memory.take(layoutBytes), count * layoutBytes)
  return { timestamp, hash, frame, histogram, layout, ...columns }
}

/** Room for `count` windows; NaN until they are placed. */
export function allocateSound(count: number): SoundArrays {
  const memory = new SharedMemory(count, 4 * soundColumns.length)
  return columnsOf(soundColumns, () => new Float32Array(memory.buffer, memory.take(4), count).fill(NaN))
}

/** All arrays of a series, in the order in which they lie in memory. */
export function arraysOf(pictures: PictureArrays): readonly ArrayBufferView[] {
  const { timestamp, hash, frame, histogram, layout } = pictures
  return [timestamp, hash, frame, ...pictureColumns.map((name) => pictures[name]), histogram, layout]
}

class SharedMemory {
  readonly buffer: SharedArrayBuffer
  readonly #count: number
  #at = 0

  constructor(count: number, bytesOfEach: number) {
    this.#count = count
    this.buffer = new SharedArrayBuffer(count * bytesOfEach)
  }

  /** Where a column begins that has so many bytes for each entry. */
  take(bytesOfEach: number): number {
    const from = this.#at
    this.#at += this.#count * bytesOfEach
    return from
  }
}

/** One column for each name, made in their order. */
function columnsOf<Name extends string, Column>(names: readonly Name[], make: () => Column): Record<Name, Column> {
  const columns: Partial<Record<Name, Column>> = {}
  for (const name of names) columns[name] = make()
  if (!isComplete(columns, names)) throw new TypeError('Expected a column for every name')
  return columns
}

function isComplete<Name extends string, Column>(
  columns: Partial<Record<Name, Column>>,
  names: readonly Name[],
): columns is Record<Name, Column> {
  return names.every((name) => columns[name] !== undefined)
}
