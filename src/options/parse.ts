// Owns turning a schema's complaints into misuse errors: TypeError for a wrong type or an unknown key, RangeError for a
// wrong value.
import type { z } from 'zod'
import { expected } from '../errors.js'

/**
 * The options, checked; throws for the first thing wrong with them. `owner` is where they are in what the caller gave ("clips.2"); '' for
 * the options themselves.
 */
export function parseOptions<Schema extends z.ZodObject>(schema: Schema, options: unknown, owner = ''): z.output<Schema> {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(expected('an object', owner === '' ? 'options' : owner, options))
  const result = schema.safeParse(options, { reportInput: true })
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw issue === undefined
    ? new TypeError(expected('valid options', owner === '' ? 'options' : owner, options))
    : misuse(issue, { owner, known: Object.keys(schema.shape), options })
}

interface Place {
  readonly owner: string
  /** Keys of `options`. */
  readonly known: readonly string[]
  readonly options: object
}

type Issue = z.core.$ZodIssue

function misuse(issue: Issue, place: Place): Error {
  if (issue.code === 'invalid_union') {
    // What is wrong inside an object says more than that it is no other kind of value.
    const inside = issue.errors.flat().find((inner) => inner.code === 'unrecognized_keys' || inner.path.length > 0)
    if (inside !== undefined) return misuse({ ...inside, path: [...issue.path, ...inside.path] }, place)
  }
  const name = nameOf(issue, place)
  if (issue.code === 'unrecognized_keys') {
    const [unknown = ''] = issue.keys
    const near = issue.path.length === 0 ? suggestion(unknown, place.known) : ''
    return new TypeError(`Unknown ${name === '' ? 'option' : `key of ${name}`} "${unknown}"${near}`)
  }
  const value = valueAt(place.options, issue.path)
  const { what, isType } = wanted(issue, value)
  const near = issue.code === 'invalid_value' && typeof value === 'string' ? suggestion(value, issue.values.map(String)) : ''
  const Misuse = isType ? TypeError : RangeError
  return new Misuse(`${expected(what, name, value)}${near}`)
}

function nameOf(issue: Issue, { owner }: Place): string {
  return [...(owner === '' ? [] : [owner]), ...issue.path.map(String)].join('.')
}

function valueAt(options: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), options)
}

function wanted(issue: Issue, value: unknown): { what: string; isType: boolean } {
  switch (issue.code) {
    case 'invalid_type': {
      const isNumber = issue.expected === 'number' || issue.expected === 'int'
      if (isNumber && typeof value === 'number')
        return { what: issue.expected === 'int' ? 'a whole number' : 'a finite number', isType: false }
      return { what: withArticle(issue.expected), isType: true }
    }
    case 'too_small':
      if (issue.origin === 'array') return { what: `at least ${String(issue.minimum)} items`, isType: false }
      if (issue.origin === 'string') return { what: 'a string that is not empty', isType: false }
      return {
        what: issue.inclusive === false ? `a number above ${String(issue.minimum)}` : `a number of at least ${String(issue.minimum)}`,
        isType: false,
      }
    case 'too_big':
      return {
        what: issue.origin === 'array' ? `at most ${String(issue.maximum)} items` : `a number of at most ${String(issue.maximum)}`,
        isType: false,
      }
    case 'invalid_value':
      return { what: `one of ${issue.values.map(String).join(', ')}`, isType: typeof value !== 'string' }
    case 'invalid_union': {
      const branches = issue.errors.flatMap(([first]) => (first === undefined ? [] : [wanted(first, valueAt(value, first.path))]))
      return { what: [...new Set(branches.map(({ what }) => what))].join(', or '), isType: branches.every(({ isType }) => isType) }
    }
    case 'invalid_format':
      return { what: issue.message, isType: false }
    default:
      return { what: issue.message, isType: true }
  }
}

function withArticle(type: string): string {
  if (type === 'int') return 'a whole number'
  return /^[aeiou]/i.test(type) ? `an ${type}` : `a ${type}`
}

/** ' (did you mean "x"?)' for a near miss. */
function suggestion(given: string, known: readonly string[]): string {
  const near = known.find((name) => distance(given.toLowerCase(), name.toLowerCase()) <= 2 || name.startsWith(given))
  return near === undefined ? '' : ` (did you mean "${near}"?)`
}

/** Levenshtein's edit distance, by rows. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution))
    }
    row = next
  }
  return row[b.length] ?? 0
}
