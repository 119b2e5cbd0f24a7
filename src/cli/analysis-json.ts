// Owns an analysis as one JSON object. Its shape is public: "source", "duration", and of the rest each part that was asked for.
import { pictureColumns, soundColumns } from '../index.js'
import type { Analysis, ExportReport, PictureSeries, SoundSeries } from '../index.js'
import type { Answers } from './answers.js'
import type { SceneSearch } from './fast-scenes.js'

/** What is told: a part that is undefined was not asked for, one that is null cannot be known of this source. */
export interface ToldAnalysis extends Answers {
  readonly source: string
  readonly duration: number
  readonly gaps: Analysis['gaps']
  readonly series?: Pick<Analysis, 'pictures' | 'sound'> | undefined
  /** How scenes were looked for, other than by measuring every frame. */
  readonly search?: SceneSearch | undefined
  /** What became of clips that were made of it. */
  readonly export?: ExportReport | undefined
}

/**
 * Pieces of the text, one a column at the most: the measurements of hours do not fit one string. Numbers that JSON has no word for are null,
 * times are whole microseconds.
 */
export function* analysisJson({ source, duration, gaps, series, ...answers }: ToldAnalysis): Generator<string, void, void> {
  yield `{"source":${JSON.stringify(source)},"duration":${json(duration)}`
  for (const [name, answer] of Object.entries(answers)) if (answer !== undefined) yield `,"${name}":${json(answer)}`
  if (series !== undefined) {
    yield ',"series":{'
    yield* columns({ ...pictureSeries(series.pictures) })
    yield `${series.pictures === null ? '' : ','}"sound":`
    yield* soundSeries(series.sound)
    yield '}'
  }
  if (gaps.length > 0) yield `,"gaps":${json(gaps)}`
  yield '}\n'
}

type Column = Float32Array | Float64Array | Uint32Array | BigUint64Array

function pictureSeries(pictures: PictureSeries | null): Record<string, Column> {
  if (pictures === null) return {}
  const measured = Object.fromEntries(pictureColumns.map((name) => [name, pictures[name]] as const))
  return { timestamp: pictures.timestamp, frame: pictures.frame, ...measured, hash: pictures.hash }
}

function* soundSeries(sound: SoundSeries | null): Generator<string, void, void> {
  if (sound === null) return yield 'null'
  yield `{"start":${json(sound.start)},"windowSeconds":${sound.windowSeconds},`
  yield* columns(Object.fromEntries(soundColumns.map((name) => [name, sound[name]] as const)))
  yield '}'
}

function* columns(named: Readonly<Record<string, Column>>): Generator<string, void, void> {
  let separator = ''
  for (const [name, column] of Object.entries(named)) {
    yield `${separator}"${name}":[${columnText(column)}]`
    separator = ','
  }
}

function columnText(column: Column): string {
  if (column instanceof BigUint64Array) return Array.from(column, (hash) => `"${hash.toString(16).padStart(16, '0')}"`).join(',')
  if (column instanceof Float64Array) return Array.from(column, (seconds) => json(seconds)).join(',')
  if (column instanceof Uint32Array) return column.join(',')
  // Seven digits are what a 32-bit number holds.
  return Array.from(column, (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(7))) : 'null')).join(',')
}

function json(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'number' ? Math.round(inner * 1e6) / 1e6 : inner))
}
