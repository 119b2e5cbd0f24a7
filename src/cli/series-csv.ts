// Owns the measurements of an analysis as CSV: a row for each analysed frame with the sound from it to the next, or for each window of sound.
import { pictureColumns, soundColumns } from '../index.js'
import type { Analysis, PictureSeries, SoundColumn, SoundSeries } from '../index.js'

type Series = Pick<Analysis, 'pictures' | 'sound'>

/** Pieces of the text; rows end with a newline. A value that is not known is empty, that of silence may be `-inf`. */
export function* seriesCsv({ pictures, sound }: Series): Generator<string, void, void> {
  if (pictures !== null) yield* frameRows(pictures, sound)
  else if (sound !== null) yield* windowRows(sound)
}

const rowsAtOnce = 1000

function* frameRows(pictures: PictureSeries, sound: SoundSeries | null): Generator<string, void, void> {
  const heard = sound === null ? [] : soundColumns
  yield row(['timestamp', 'frame', ...pictureColumns, 'hash', ...heard])
  let rows = ''
  for (let index = 0; index < pictures.count; index++) {
    const from = pictures.timestamp[index] ?? 0
    const to = pictures.timestamp[index + 1] ?? pictures.end
    rows += row([
      seconds(from),
      String(pictures.frame[index] ?? 0),
      ...pictureColumns.map((column) => cell(pictures[column][index])),
      (pictures.hash[index] ?? 0n).toString(16).padStart(16, '0'),
      ...(sound === null ? [] : soundBetween(sound, from, to).map(cell)),
    ])
    if (index % rowsAtOnce === rowsAtOnce - 1) {
      yield rows
      rows = ''
    }
  }
  yield rows
}

function* windowRows(sound: SoundSeries): Generator<string, void, void> {
  yield row(['timestamp', ...soundColumns])
  let rows = ''
  for (let index = 0; index < sound.count; index++) {
    rows += row([seconds(sound.start + index * sound.windowSeconds), ...soundColumns.map((column) => cell(sound[column][index]))])
    if (index % rowsAtOnce === rowsAtOnce - 1) {
      yield rows
      rows = ''
    }
  }
  yield rows
}

/** How the windows of a longer time become one value: root mean square, the largest, or the mean. */
const merged: Readonly<Record<SoundColumn, 'power' | 'most' | 'mean'>> = {
  rms: 'power',
  peak: 'most',
  loudness: 'most',
  zeroCrossings: 'mean',
  centroid: 'mean',
  flux: 'mean',
}

/** One value for each column, of the windows that begin in [from, to) and were measured; NaN where there are none. */
function soundBetween(sound: SoundSeries, from: number, to: number): number[] {
  const first = windowAt(sound, from)
  const beyond = Math.max(first, windowAt(sound, to))
  return soundColumns.map((column) => {
    const known = sound[column].subarray(first, beyond).filter((value) => !Number.isNaN(value))
    if (known.length === 0) return NaN
    const sum = (of: (value: number) => number): number => known.reduce((total, value) => total + of(value), 0)
    switch (merged[column]) {
      case 'power':
        return Math.sqrt(sum((value) => value * value) / known.length)
      case 'most':
        return known.reduce((most, value) => Math.max(most, value), -Infinity)
      case 'mean':
        return sum((value) => value) / known.length
    }
  })
}

function windowAt({ count, start, windowSeconds }: SoundSeries, time: number): number {
  return Math.min(count, Math.max(0, Math.ceil((time - start) / windowSeconds - 1e-6)))
}

function row(cells: readonly string[]): string {
  return `${cells.join(',')}\n`
}

/** Seven digits are what a 32-bit number holds. */
function cell(value = NaN): string {
  if (Number.isNaN(value)) return ''
  return Number.isFinite(value) ? String(Number(value.toPrecision(7))) : value > 0 ? 'inf' : '-inf'
}

function seconds(value: number): string {
  return String(Math.round(value * 1e6) / 1e6)
}
