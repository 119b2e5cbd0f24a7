// Owns where a list of clips comes from: a file, stdin, or the command line itself.
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { addAbortSignal, type Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Clip } from '../index.js'
import { clipsOfCsv } from './clip-csv.js'
import { clipsOfJson } from './clip-json.js'
import { clipOf } from './clip-row.js'
import { InputError, Misuse } from './failure.js'

/**
 * The clips that `--clips` names: `-` is stdin, a name that ends in .csv or .json a file, anything else the list itself.
 * @throws InputError when it cannot be read, Misuse for what it says
 */
export async function readClipList(list: string, stdin: Readable, signal: AbortSignal): Promise<Clip[]> {
  const clips = await clipsNamed(list, stdin, signal)
  if (clips.length === 0) throw new Misuse(`${list === '-' ? 'stdin' : list}: there is no clip in it`)
  return clips
}

async function clipsNamed(list: string, stdin: Readable, signal: AbortSignal): Promise<Clip[]> {
  if (list === '-') {
    const content = await reading('stdin', () => text(addAbortSignal(signal, stdin)))
    return /^\uFEFF?\s*[[{]/.test(content) ? clipsOfJson(content, 'stdin') : clipsOfCsv(content, 'stdin')
  }
  const extension = extname(list).toLowerCase()
  if (extension !== '.csv' && extension !== '.json') return clipsOfText(list)
  const content = await reading(list, () => readFile(list, { encoding: 'utf8', signal }))
  return extension === '.json' ? clipsOfJson(content, list) : clipsOfCsv(content, list)
}

/** `1:00-1:20, goal=2:00-2:30, 3:00-`. @throws Misuse naming the clip */
export function clipsOfText(list: string): Clip[] {
  return list.split(',').map((item, index) => {
    const where = `--clips, clip ${index + 1}`
    const match = /^(?:(?<name>.*)=)?(?<start>[^=-]+)-(?<end>[^=-]*)$/s.exec(item.trim())
    if (match?.groups === undefined) {
      throw new Misuse(`${where}: expected START-END or NAME=START-END, or a file that ends in .csv or .json, but received "${item}"`)
    }
    const { name, start, end } = match.groups
    return clipOf({ name: name?.trim(), start: start?.trim(), end: end?.trim() }, where)
  })
}

async function reading(path: string, operation: () => Promise<string>): Promise<string> {
  try {
    return await operation()
  } catch (error) {
    throw new InputError(path, error)
  }
}
