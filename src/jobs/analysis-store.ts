// Owns keeping measurements on disk, filed under the source's fingerprint and whatever shapes them: a JSON head, then the columns.
import { soundColumns, soundWindowSeconds } from '../analysis/series.js'
import type { AnalysisGap, PictureSeries, SoundSeries } from '../analysis/series.js'
import type { ResolvedAnalysis } from '../options/analyze.js'
import type { IndexCache, SourceFingerprint } from '../source/index-cache.js'
import { allocatePictures, allocateSound, arraysOf } from './series-memory.js'

/** A series with what could not be measured. */
export interface Measured<Series> {
  readonly series: Series
  readonly gaps: readonly AnalysisGap[]
}

/** Raise when a measurement, its order or the layout of what is stored changes. */
const storedVersion = 1
const lengthBytes = 4

/** Everything that shapes the measurements of pictures. An end at infinity becomes null, as JSON has none. */
export function pictureKey({ grid, start, end, edges, draft }: ResolvedAnalysis, streamIndex: number, maxPixels: number): string {
  return `pictures-${storedVersion} ${JSON.stringify([streamIndex, grid, start, end, edges, draft, maxPixels])}`
}

export function soundKey({ start, end }: Pick<ResolvedAnalysis, 'start' | 'end'>, streamIndex: number): string {
  return `sound-${storedVersion} ${JSON.stringify([streamIndex, start, end])}`
}

/** null: nothing is kept of this source, which is a URL, or by this engine. Reading and writing never fail. */
export class AnalysisStore {
  readonly #cache: IndexCache | null
  readonly #fingerprint: SourceFingerprint | null

  constructor(cache: IndexCache | null, fingerprint: SourceFingerprint | null) {
    this.#cache = cache
    this.#fingerprint = fingerprint
  }

  async pictures(key: string): Promise<Measured<PictureSeries> | null> {
    const stored = await this.#get(key)
    const { count, end, isEveryFrame, gaps } = stored?.head ?? {}
    if (stored === null || !isCount(count) || typeof end !== 'number' || typeof isEveryFrame !== 'boolean' || !areGaps(gaps)) return null
    const arrays = allocatePictures(count)
    return fill(arraysOf(arrays), stored.body) ? { series: { ...arrays, count, end, isEveryFrame }, gaps } : null
  }

  async putPictures(key: string, { series, gaps }: Measured<PictureSeries>): Promise<void> {
    const { count, end, isEveryFrame } = series
    await this.#put(key, { count, end, isEveryFrame, gaps }, arraysOf(series))
  }

  async sound(key: string): Promise<Measured<SoundSeries> | null> {
    const stored = await this.#get(key)
    const { count, start, gaps } = stored?.head ?? {}
    if (stored === null || !isCount(count) || typeof start !== 'number' || !areGaps(gaps)) return null
    const arrays = allocateSound(count)
    const columns = soundColumns.map((name) => arrays[name])
    return fill(columns, stored.body) ? { series: { ...arrays, count, start, windowSeconds: soundWindowSeconds }, gaps } : null
  }

  async putSound(key: string, { series, gaps }: Measured<SoundSeries>): Promise<void> {
    const { count, start } = series
    await this.#put(
      key,
      { count, start, gaps },
      soundColumns.map((name) => series[name]),
    )
  }

  async #get(key: string): Promise<{ readonly head: Readonly<Record<string, unknown>>; readonly body: Uint8Array } | null> {
    if (this.#fingerprint === null || this.#cache === null) return null
    const bytes = await this.#cache.get(key, this.#fingerprint)
    if (bytes === null || bytes.length < lengthBytes) return null
    const headEnd = lengthBytes + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
    const head = parseHead(bytes.subarray(lengthBytes, headEnd))
    return head === null ? null : { head, body: bytes.subarray(headEnd) }
  }

  async #put(key: string, head: object, arrays: readonly ArrayBufferView[]): Promise<void> {
    if (this.#fingerprint === null || this.#cache === null) return
    const words = Buffer.from(JSON.stringify(head))
    const length = Buffer.alloc(lengthBytes)
    length.writeUInt32BE(words.length)
    const columns = arrays.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength))
    await this.#cache.put(key, this.#fingerprint, Buffer.concat([length, words, ...columns]))
  }
}

/** Copies the bytes into the arrays one after the other; false unless they are exactly as many. */
function fill(arrays: readonly ArrayBufferView[], bytes: Uint8Array): boolean {
  if (arrays.reduce((sum, { byteLength }) => sum + byteLength, 0) !== bytes.byteLength) return false
  let at = 0
  for (const { buffer, byteOffset, byteLength } of arrays) {
    new Uint8Array(buffer, byteOffset, byteLength).set(bytes.subarray(at, at + byteLength))
    at += byteLength
  }
  return true
}

function parseHead(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const head: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof head === 'object' && head !== null ? Object.fromEntries(Object.entries(head)) : null
  } catch {
    return null
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0
}

/** The cache checks the digest of what it gives back, and its key holds the version: the outline is enough. */
function areGaps(value: unknown): value is readonly AnalysisGap[] {
  return Array.isArray(value) && value.every((gap: unknown) => typeof gap === 'object' && gap !== null && 'reason' in gap)
}
