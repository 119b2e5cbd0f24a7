// Owns the sentences about a finished job: what went in and came out, what it took, what is missing.
import { basename } from 'node:path'
import type { SampleReport } from '../index.js'
import { shortNumber } from './progress.js'
import { clockTime } from './times.js'

/** Width, height and pixel format of the first frame delivered. */
export interface FrameShape {
  readonly width: number
  readonly height: number
  readonly pixelFormat: string
}

/** `talk.mp4  1920x1080 h264 30 fps 10:00  ->  120 frames 640x360 rgb24` */
export function headerLine(report: SampleReport, shape: FrameShape | undefined): string {
  const { codec, width, height, averageFrameRate, durationSeconds } = report.facts
  const rate = averageFrameRate === null ? [] : [`${formatRate(averageFrameRate)} fps`]
  const source = [`${width}x${height}`, codec, ...rate, durationText(durationSeconds)].join(' ')
  const frames =
    shape === undefined ? 'no frames' : `${counted(report.frames, 'frame')} ${shape.width}x${shape.height} ${shape.pixelFormat}`
  return `${sourceName(report.source)}  ${source}  ->  ${frames}`
}

/** `done in 6.4 s on 2 workers; 9,900 of 18,000 frames decoded (45 % never needed)` */
export function closingLine(report: SampleReport): string {
  const { framesDecoded, framesInRange, workers, codecThreads, damaged } = report
  const threads = codecThreads > 1 ? ` with ${codecThreads} codec threads each` : ''
  const spared =
    framesInRange > framesDecoded ? ` (${Math.floor(((framesInRange - framesDecoded) * 100) / framesInRange)} % never needed)` : ''
  const decoded =
    framesInRange >= framesDecoded
      ? `${grouped(framesDecoded)} of ${counted(framesInRange, 'frame')} decoded`
      : `${counted(framesDecoded, 'frame')} decoded`
  const harmed = damaged > 0 ? `; ${counted(damaged, 'frame')} damaged` : ''
  return `done in ${shortNumber(report.wallSeconds)} s on ${counted(workers, 'worker')}${threads}; ${decoded}${spared}${harmed}`
}

/** `3 of 41 frames are missing: 12.480 s (reason), ...`, the first few; undefined when none is. */
export function missingLine(report: SampleReport): string | undefined {
  const { missing, frames } = report
  if (missing.length === 0) return undefined
  const named = missing.slice(0, 3).map(({ requestedTimestamp, reason }) => `${clockTime(requestedTimestamp, 3)} (${reason})`)
  const more = missing.length > named.length ? `, and ${grouped(missing.length - named.length)} more` : ''
  const verb = missing.length === 1 ? 'is' : 'are'
  return `${grouped(missing.length)} of ${counted(frames + missing.length, 'frame')} ${verb} missing: ${named.join(', ')}${more}`
}

/** `the file is cut off after 4.2 s: 30 frames are lost`; undefined when nothing is. */
export function lostLine({ lost }: SampleReport): string | undefined {
  if (lost === null) return undefined
  const frames = lost.frames === null ? 'what follows' : counted(lost.frames, 'frame')
  return `${lost.reason} after ${clockTime(lost.from, 3)}: ${frames} ${lost.frames === null || lost.frames === 1 ? 'is' : 'are'} lost`
}

/** The last part of a path or URL; a URL's query may hold secrets and is left out. */
export function sourceName(source: string): string {
  const path = /^[a-z][a-z0-9+.-]*:\/\//i.test(source) ? source.replace(/[?#].*$/, '') : source
  return printable(basename(path))
}

/** Text from a file, without the control characters that would drive the terminal it is printed on. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?')
}

export function formatRate(framesPerSecond: number): string {
  return String(Math.round(framesPerSecond * 1000) / 1000)
}

/** Whole seconds from a minute on, tenths below. */
export function durationText(seconds: number): string {
  return clockTime(seconds, seconds < 60 ? 1 : 0)
}

export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`
}

export function grouped(value: number): string {
  return value.toLocaleString('en-US')
}
