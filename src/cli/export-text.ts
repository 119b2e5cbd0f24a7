// Owns the sentences about a finished export: a line for each clip, what failed, what it took.
import type { ClipReport, ExportReport } from '../index.js'
import { shortNumber } from './progress.js'
import { counted, grouped, printable } from './summary-text.js'

/**
 * A line for each clip that did not fail, and one for each of its warnings:
 * `intro  smart   600 frames (12 encoded)  4.2 MiB  0.31 s  why`.
 */
export function clipLines({ clips }: ExportReport): string[] {
  const told = clips.filter(({ status }) => status !== 'failed')
  const rows = told.map(cellsOf)
  const width = (column: number): number => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0))
  const widths = [0, 1, 2, 3, 4].map(width)
  return told.flatMap(({ warnings, reason }, index) => {
    const cells = rows[index]?.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
    const line = [...(cells ?? []), printable(reason)].join('  ').trimEnd()
    return [line, ...warnings.map((warning) => `  warning: ${printable(warning)}`)]
  })
}

/** A line for each clip that failed. */
export function failureLines({ clips }: ExportReport): string[] {
  return clips
    .filter(({ status }) => status === 'failed')
    .map(({ name, error, attempts }) => {
      const tries = attempts > 1 ? ` after ${attempts} tries` : ''
      return `framemill: clip "${printable(name)}" failed${tries}: ${printable(error?.message ?? 'no reason is known')} (${error?.code ?? 'ERR_UNEXPECTED'})`
    })
}

/** `3 clips, 60.0 s in 2.1 s (28x realtime) on 2 workers; 150 of 1,800 frames encoded`, then what did not become of the others. */
export function exportClosingLine({ totals }: ExportReport): string {
  const { clips, done, skipped, failed, cancelled, frames, encodedFrames, seconds, wallSeconds, workers } = totals
  const others = Object.entries({ skipped, failed, cancelled }).flatMap(([what, count]) => (count > 0 ? [`${grouped(count)} ${what}`] : []))
  const made = done === clips ? counted(clips, 'clip') : `${grouped(done)} of ${counted(clips, 'clip')}`
  const speed = done > 0 && wallSeconds > 0 ? ` (${shortNumber(seconds / wallSeconds)}x realtime)` : ''
  const took = `${made}, ${tenths(seconds)} s in ${wallText(wallSeconds)}${speed} on ${counted(workers, 'worker')}`
  const encoded = done > 0 ? [`${grouped(encodedFrames)} of ${counted(frames, 'frame')} encoded`] : []
  return [took, ...encoded, ...(others.length === 0 ? [] : [others.join(', ')])].join('; ')
}

/** Name, and how it was made, frames, size, time; or what became of it. */
function cellsOf({ name, status, mode, frames, encodedFrames, bytes, attempts, wallSeconds }: ClipReport): string[] {
  if (status !== 'done') return [printable(name), status]
  const encoded = encodedFrames > 0 && encodedFrames < frames ? ` (${grouped(encodedFrames)} encoded)` : ''
  const tries = attempts > 1 ? `, ${attempts} tries` : ''
  return [printable(name), mode ?? status, `${counted(frames, 'frame')}${encoded}`, sizeText(bytes), `${wallText(wallSeconds)}${tries}`]
}

/** `812 B`, `4.2 MiB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(4, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10))
  return power === 0 ? `${bytes} B` : `${tenths(bytes / 1024 ** power)} ${['', 'K', 'M', 'G', 'T'][power] ?? ''}iB`
}

function wallText(seconds: number): string {
  return seconds < 1 ? `${seconds.toFixed(2)} s` : `${tenths(seconds)} s`
}

function tenths(value: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
}
