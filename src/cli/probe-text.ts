// Owns how a probe result reads for people: a line for the container, one aligned line for each stream, chapters, doubts.
import { formatRate, printable, sourceName } from './summary-text.js'
import { clockTime } from './times.js'

/**
 * Text of several lines. Reads whatever of the known fields is there, so that a field the source has no value for costs a few words,
 * never the output.
 */
export function describeProbe(result: object): string {
  const streams = records(result, 'streams')
  const chapters = records(result, 'chapters')
  const doubts = list(result, 'doubts').filter((doubt) => typeof doubt === 'string')
  return [
    containerLine(result),
    ...aligned(streams.map((stream) => streamColumns(stream))),
    ...(chapters.length > 0 ? ['chapters:', ...aligned(chapters.map(chapterColumns))] : []),
    ...(doubts.length > 0 ? ['doubtful:', ...doubts.map((doubt) => `  - ${printable(doubt)}`)] : []),
  ].join('\n')
}

function containerLine(result: object): string {
  const startTime = number(result, 'startTime')
  return joined([
    sourceName(text(result, 'source') ?? ''),
    text(result, 'containerLongName') ?? text(result, 'container'),
    when(number(result, 'duration'), (seconds) => clockTime(seconds, 3)),
    when(startTime === 0 ? undefined : startTime, (seconds) => `starts at ${seconds} s`),
    when(number(result, 'size'), (bytes) => `${bytes.toLocaleString('en-US')} bytes`),
    when(number(result, 'bitRate'), bitRateText),
  ])
}

function streamColumns(stream: object): string[] {
  const type = text(stream, 'type') ?? '?'
  const head = [`#${number(stream, 'index') ?? '?'}`, type, joined([text(stream, 'codec'), text(stream, 'profile')], ' ')]
  const detail = type === 'video' ? videoDetail(stream) : type === 'audio' ? audioDetail(stream) : []
  const labels = [
    text(stream, 'language'),
    when(text(stream, 'title'), (title) => `"${title}"`),
    isTrue(stream, 'isDefault') ? 'default' : undefined,
    isTrue(stream, 'isAttachedPicture') ? 'attached picture' : undefined,
  ]
  return [...head, joined([...detail, ...labels])]
}

function videoDetail(stream: object): (string | undefined)[] {
  const rotation = number(stream, 'rotation') ?? 0
  const { size, shown } = sizes(stream)
  const differs = shown !== undefined && shown !== size
  const colors = ['colorPrimaries', 'colorTransfer', 'colorMatrix', 'colorRange'].map((name) => known(text(stream, name)))
  return [
    size,
    differs || rotation !== 0 ? `shown ${shown ?? size ?? ''}${rotation === 0 ? '' : ` rotated ${rotation}`}` : undefined,
    when(
      number(stream, 'averageFrameRate') ?? number(stream, 'claimedFrameRate'),
      (rate) => `${formatRate(rate)} fps${isTrue(stream, 'isVariableFrameRate') ? ' (varies)' : ''}`,
    ),
    joined([text(stream, 'pixelFormat'), when(number(stream, 'bitDepth'), (bits) => `${bits} bit`)], ' '),
    joined([...new Set(colors)], '/'),
    known(text(stream, 'hdr')),
    keyFrameText(value(stream, 'keyFrameSpacing')),
    isTrue(stream, 'hasBFrames') ? 'B-frames' : undefined,
    when(number(stream, 'frameCount'), (count) => `${count.toLocaleString('en-US')} frames`),
    when(number(stream, 'bitRate'), bitRateText),
  ]
}

function sizes(stream: object): { size: string | undefined; shown: string | undefined } {
  const pair = (width: string, height: string): string | undefined => {
    const [x, y] = [number(stream, width), number(stream, height)]
    return x === undefined || y === undefined ? undefined : `${x}x${y}`
  }
  return { size: pair('width', 'height'), shown: pair('displayWidth', 'displayHeight') }
}

/** The typical distance of key frames in seconds, under whichever of its usual names it comes. */
function keyFrameText(spacing: unknown): string | undefined {
  const seconds = typeof spacing === 'number' ? spacing : fromRecord(spacing)
  return seconds === undefined ? undefined : `key frame every ${Math.round(seconds * 100) / 100} s`
}

function fromRecord(spacing: unknown): number | undefined {
  if (typeof spacing !== 'object' || spacing === null) return undefined
  const names = ['medianSeconds', 'averageSeconds', 'meanSeconds', 'median', 'average', 'mean', 'seconds']
  return names.map((name) => number(spacing, name)).find((seconds) => seconds !== undefined)
}

function audioDetail(stream: object): (string | undefined)[] {
  const channels = number(stream, 'channels')
  return [
    when(number(stream, 'sampleRate'), (rate) => `${rate} Hz`),
    text(stream, 'channelLayout') ?? when(channels, (count) => `${count} channels`),
    when(number(stream, 'bitRate'), bitRateText),
  ]
}

function chapterColumns(chapter: object): string[] {
  const time = (name: string): string => when(number(chapter, name), (seconds) => clockTime(seconds, 3)) ?? '?'
  return [`${time('start')} - ${time('end')}`, printable(text(chapter, 'title') ?? '')]
}

/** Columns of equal width, indented, without trailing blanks. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, index) => Math.max(cell.length, most[index] ?? 0)), [])
  return rows.map((row) => `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd())
}

function bitRateText(bitsPerSecond: number): string {
  return `${Math.round(bitsPerSecond / 1000).toLocaleString('en-US')} kb/s`
}

function joined(parts: readonly (string | undefined)[], separator = '  '): string {
  return parts.filter((part) => part !== undefined && part !== '').join(separator)
}

function known(name: string | undefined): string | undefined {
  return name === 'unknown' || name === 'unspecified' || name === 'none' || name === 'sdr' ? undefined : name
}

function when<T>(given: T | undefined, tell: (given: T) => string): string | undefined {
  return given === undefined ? undefined : tell(given)
}

function value(record: object, name: string): unknown {
  return Reflect.get(record, name)
}

function text(record: object, name: string): string | undefined {
  const found = value(record, name)
  return typeof found === 'string' && found !== '' ? printable(found) : undefined
}

function number(record: object, name: string): number | undefined {
  const found = value(record, name)
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}

function isTrue(record: object, name: string): boolean {
  return value(record, name) === true
}

function list(record: object, name: string): unknown[] {
  const found = value(record, name)
  return Array.isArray(found) ? found : []
}

function records(record: object, name: string): object[] {
  return list(record, name).filter((item) => typeof item === 'object' && item !== null)
}
