// Owns turning what a list says of one clip into a clip: times, and a name and a title where there are any.
import type { Clip } from '../index.js'
import { Misuse } from './failure.js'
import { parseTime } from './times.js'

/** As written in the list; an empty text and undefined are nothing. */
export interface ClipRow {
  readonly start: unknown
  readonly end?: unknown
  readonly name?: unknown
  readonly title?: unknown
}

/** `where` names the row for the user. @throws Misuse naming it and the value that cannot be meant */
export function clipOf(row: ClipRow, where: string): Clip {
  const start = timeOf(row.start, 'start', where)
  if (start === undefined) throw new Misuse(`${where}: there is no start`)
  const end = timeOf(row.end, 'end', where)
  if (end !== undefined && end <= start) {
    throw new Misuse(`${where}: the end ${String(row.end).trim()} is not after the start ${String(row.start).trim()}`)
  }
  const name = textOf(row.name, 'name', where)
  const title = textOf(row.title, 'title', where)
  return { start, ...(end !== undefined && { end }), ...(name !== undefined && { name }), ...(title !== undefined && { title }) }
}

function timeOf(value: unknown, what: string, where: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const seconds = typeof value === 'string' ? parseTime(value) : value
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) {
    throw new Misuse(`${where}: expected seconds (12.5), M:SS or H:MM:SS.fff for ${what} but received ${JSON.stringify(value)}`)
  }
  return seconds
}

function textOf(value: unknown, what: string, where: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw new Misuse(`${where}: expected text for ${what} but received ${JSON.stringify(value)}`)
  return value
}
