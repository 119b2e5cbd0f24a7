// Owns lists of clips as CSV.
import { parse } from 'csv-parse/sync'
import type { Clip } from '../index.js'
import { clipOf } from './clip-row.js'
import { Misuse } from './failure.js'
import { parseTime } from './times.js'

const columns = ['start', 'end', 'name', 'title'] as const
type Column = (typeof columns)[number]

interface Row {
  readonly cells: readonly string[]
  /** Line of the file on which it ends, counted from 1. */
  readonly line: number
}

/**
 * A first row that says "start" names the columns, in any order; without one they are start, end, name, title, of which the last may be
 * left out. `source` names the list for the user.
 * @throws Misuse naming the row and the value
 */
export function clipsOfCsv(text: string, source: string): Clip[] {
  const rows = rowsOf(text, source)
  const [first, ...others] = rows
  if (first === undefined) return []
  // A row of times is a clip, also when its name is "start".
  const named = first.cells.some((cell) => cell.toLowerCase() === 'start') && first.cells.every((cell) => parseTime(cell) === undefined)
  const header = named ? first.cells.map((cell) => columnOf(cell, where(source, first))) : columns
  const doubled = header.find((column, index) => header.indexOf(column) < index)
  if (doubled !== undefined) throw new Misuse(`${where(source, first)}: there are two columns "${doubled}"`)
  return (named ? others : rows).map((row) => clipOfRow(row, header, where(source, row)))
}

function clipOfRow({ cells }: Row, header: readonly Column[], place: string): Clip {
  const beyond = cells.slice(header.length).find((cell) => cell !== '')
  if (beyond !== undefined)
    throw new Misuse(`${place}: "${beyond}" is one value more than the ${header.length} columns ${header.join(', ')}`)
  const value = (column: Column): string | undefined => cells[header.indexOf(column)]
  return clipOf({ start: value('start'), end: value('end'), name: value('name'), title: value('title') }, place)
}

function rowsOf(text: string, source: string): Row[] {
  const rows: Row[] = []
  try {
    parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      relax_column_count: true,
      on_record: (cells: string[], { lines }) => {
        rows.push({ cells, line: lines })
        return null
      },
    })
  } catch (error) {
    throw new Misuse(`${source}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  return rows
}

function columnOf(cell: string, place: string): Column {
  const column = columns.find((name) => name === cell.toLowerCase())
  if (column === undefined) throw new Misuse(`${place}: expected columns ${columns.join(', ')} but received "${cell}"`)
  return column
}

function where(source: string, { line }: Row): string {
  return `${source}, row ${line}`
}
