// Owns the line that says how far an export is.
import type { ExportProgress } from '../index.js'
import { progressLine, shortNumber } from './progress.js'
import type { Phase } from './progress.js'
import { counted, printable } from './summary-text.js'

export type ShownExport = ExportProgress & Phase

/** A bar is not made shorter than this for the names of clips. */
const leastBar = 10

/** `exporting  ####------  64 %  3/5 clips  420 frames/s  14x realtime  ETA 0:04  intro, goal`: names as far as `columns` have room. */
export function exportProgressText(progress: ShownExport, elapsedSeconds: number, columns = 0): string {
  const { name, fraction, clipsDone, clipsFailed, clipsTotal, frames, seconds, active } = progress
  const words = [`${clipsDone}/${counted(clipsTotal, 'clip')}`]
  if (clipsFailed > 0) words.push(`${clipsFailed} failed`)
  if (elapsedSeconds > 0) {
    words.push(`${shortNumber(frames / elapsedSeconds)} frames/s`, `${shortNumber(seconds / elapsedSeconds)}x realtime`)
  }
  const plain = { name, part: fraction, words, elapsedSeconds }
  const room = columns - progressLine(plain, 0).length - leastBar - 4
  return progressLine({ ...plain, aside: fitting(active, room) }, columns)
}

/** As many of the names as fit. */
function fitting(active: ExportProgress['active'], room: number): string {
  let text = ''
  for (const { name } of active) {
    const longer = text === '' ? printable(name) : `${text}, ${printable(name)}`
    if (longer.length > room) break
    text = longer
  }
  return text
}
