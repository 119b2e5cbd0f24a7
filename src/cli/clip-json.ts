// Owns lists of clips as JSON.
import type { Clip } from '../index.js'
import { clipOf } from './clip-row.js'
import { Misuse } from './failure.js'

/**
 * An array of clips as the API takes them, or `{ "clips": [...] }`; times may be text as people type them. What a clip overrides is left for
 * the API to judge. `source` names the list for the user.
 * @throws Misuse naming the clip and the value
 */
export function clipsOfJson(text: string, source: string): Clip[] {
  const list = listOf(parsed(text, source))
  if (!Array.isArray(list)) throw new Misuse(`${source}: expected an array of clips, or an object with one called "clips"`)
  return list.map((item: unknown, index) => {
    const where = `${source}, clip ${index + 1}`
    if (!isObject(item)) throw new Misuse(`${where}: expected an object but received ${JSON.stringify(item)}`)
    const { start, end, name, title, ...overrides } = item
    return { ...overrides, ...clipOf({ start, end, name, title }, where) }
  })
}

function parsed(text: string, source: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new Misuse(`${source}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function listOf(value: unknown): unknown {
  return isObject(value) ? value['clips'] : value
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
