// Owns the guard of the answers: `pictures` and `sound` of an analysis may be null, which only TypeScript refuses.
import { expected } from '../errors.js'

/** @throws TypeError unless the value is a series of measurements */
export function mustBeSeries(value: unknown, what: 'a PictureSeries' | 'a SoundSeries', name: string): void {
  const isSeries = typeof value === 'object' && value !== null && 'count' in value
  if (!isSeries) throw new TypeError(expected(what, name, value))
}
