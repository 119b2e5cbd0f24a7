// Owns the variables of the environment that fill in what an export leaves open. An empty variable is as one not set.
import { expected } from '../errors.js'

/** FRAMEMILL_PRESET; null when not set. */
export function environmentPreset(): string | null {
  const value = variable('FRAMEMILL_PRESET')
  if (value !== null && !/^[\w.-]+$/.test(value)) throw new RangeError(expected("an encoder's preset", 'FRAMEMILL_PRESET', value))
  return value
}

/** FRAMEMILL_CRF; null when not set. */
export function environmentCrf(): number | null {
  return numberIn('FRAMEMILL_CRF', 'a number from 0 to 63', (crf) => crf >= 0 && crf <= 63)
}

/** FRAMEMILL_EXPORT_WORKERS: clips at work at once; null when not set. */
export function environmentClipsAtOnce(): number | null {
  return numberIn(
    'FRAMEMILL_EXPORT_WORKERS',
    'a whole number from 1 to 1024',
    (count) => Number.isInteger(count) && count >= 1 && count <= 1024,
  )
}

function numberIn(name: string, what: string, isFit: (value: number) => boolean): number | null {
  const text = variable(name)
  if (text === null) return null
  if (!/^\d+(?:\.\d+)?$/.test(text) || !isFit(Number(text))) throw new RangeError(expected(what, name, text))
  return Number(text)
}

function variable(name: string): string | null {
  const value = process.env[name]?.trim()
  return value === undefined || value === '' ? null : value
}
