// Owns the disk cache of packet indexes: bytes filed under a source's path, size and modification time.
// Knows nothing of what the bytes mean, and never makes a job fail: what cannot be read or written is simply not cached.

import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type cacache from 'cacache'
import type { CacheObject } from 'cacache'
import { expected } from '../errors.js'
import { makeFolder } from '../folders.js'

/** A file as it was when its index was made; any change of it makes another key. */
export interface SourceFingerprint {
  /** Absolute. */
  readonly path: string
  readonly size: number
  readonly mtimeMs: number
}

interface Usage {
  /** Bytes in the folder when last measured, plus what was put since. */
  readonly bytes: number
  /** Puts since it was last measured. */
  readonly puts: number
}

interface StoredFile {
  readonly path: string
  readonly size: number
  readonly mtimeMs: number
}

/** Loaded at its first use: it takes as long to load as all of framemill, and an engine without a cache never needs it. */
async function loadCacache(): Promise<typeof cacache> {
  return (await import('cacache')).default
}

async function removeEntry(folder: string, key: string): Promise<void> {
  // Without removeFully, which cacache's types lack, a removal only appends a tombstone and the index grows for ever.
  const remove: (folder: string, key: string, options: { removeFully: boolean }) => Promise<unknown> = (await loadCacache()).rm.entry
  await remove(folder, key, { removeFully: true })
}

/** The entry's line in the index and its folders, rounded up. */
const ENTRY_OVERHEAD_BYTES = 1024
const PUTS_BETWEEN_MEASUREMENTS = 64
/** What a clean-up leaves, so that the next put does not start another one. */
const LOW_WATER = 0.9
/** A writer that has not finished after this long was killed. */
const ABANDONED_AFTER_MS = 3_600_000

/**
 * Payloads on disk, at most about `maxBytes` of them, least recently used removed first. Any number of processes may share a folder:
 * entries appear whole or not at all, and each process counts the others' puts only roughly, until the next measurement of the folder.
 */
export class IndexCache {
  readonly #folder: string
  readonly #maxBytes: number
  readonly #version: string
  #accounting: Promise<void> = Promise.resolve()

  /** `version` names the payload's format and whatever else shapes it; entries of another version are not found. */
  constructor(folder: string, maxBytes: number, version: string = '') {
    if (!(maxBytes >= 0)) throw new RangeError(expected('a number of at least 0', 'maxBytes', maxBytes))
    // A folder of its own: the clean-up walks all of it, and the user may have named one that holds other things.
    this.#folder = join(folder, 'packet-indexes')
    this.#maxBytes = maxBytes
    this.#version = version
  }

  /** The payload put for exactly this file, at offset 0 of a buffer of its own; null when there is none or it is damaged. Never rejects. */
  async get(kind: string, source: SourceFingerprint): Promise<Uint8Array | null> {
    const key = this.#key(kind, source)
    try {
      const entry: CacheObject | null = await (await loadCacache()).get.info(this.#folder, key, { memoize: false })
      return entry === null ? null : await this.#read(entry)
    } catch {
      return null
    }
  }

  /** Stores a payload; the bytes must not change until this settles. Never rejects: an unwritable or full disk stores nothing. */
  async put(kind: string, source: SourceFingerprint, payload: Uint8Array): Promise<void> {
    const bytes = payload.byteLength + ENTRY_OVERHEAD_BYTES
    if (bytes > this.#maxBytes) return
    try {
      await makeFolder(this.#folder)
      await (
        await loadCacache()
      ).put(this.#folder, this.#key(kind, source), Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength))
      this.#accounting = this.#accounting.then(() => this.#account(bytes)).catch(ignore)
      await this.#accounting
    } catch {
      // Nothing stored: the index is made again next time.
    }
  }

  #key(kind: string, source: SourceFingerprint): string {
    return JSON.stringify([this.#version, kind, source.path, source.size, source.mtimeMs])
  }

  async #read(entry: CacheObject): Promise<Uint8Array | null> {
    try {
      const data = await (await loadCacache()).get.byDigest(this.#folder, entry.integrity, { memoize: false, size: entry.size })
      const now = new Date()
      await utimes(entry.path, now, now).catch(ignore) // the content's modification time is its last use
      return data.byteOffset === 0 ? new Uint8Array(data.buffer, 0, data.byteLength) : new Uint8Array(data)
    } catch (error) {
      // cacache never overwrites content that exists, so damaged content would outlive every put of the same bytes.
      if (isDamage(error)) await (await loadCacache()).rm.content(this.#folder, entry.integrity)
      return null
    }
  }

  async #account(addedBytes: number): Promise<void> {
    const file = join(this.#folder, 'usage.json')
    const before = parseUsage(await readFile(file, 'utf8').catch(() => ''))
    const bytes = (before?.bytes ?? 0) + addedBytes
    const puts = (before?.puts ?? 0) + 1
    const isTrusted = before !== null && bytes <= this.#maxBytes && puts < PUTS_BETWEEN_MEASUREMENTS
    const usage: Usage = isTrusted ? { bytes, puts } : { bytes: await this.#cleanUp(), puts: 0 }
    await writeFile(file, JSON.stringify(usage))
  }

  /** Removes what nobody can use and, above the bound, what was not used for longest. Returns the bytes that remain. */
  async #cleanUp(): Promise<number> {
    // Index before files: content is written before its index line, so what is listed here and missing there was removed.
    const index = Object.values(await (await loadCacache()).ls(this.#folder))
    const files = await listFiles(this.#folder)
    const paths = new Set(files.map((file) => file.path))
    for (const { key } of index.filter((entry) => !paths.has(entry.path))) await removeEntry(this.#folder, key)

    let remaining = 0
    for (const file of files) {
      const isAbandoned = this.#isIn(file, 'tmp') && file.mtimeMs < Date.now() - ABANDONED_AFTER_MS
      if (isAbandoned) await rm(file.path, { force: true })
      else remaining += file.size
    }
    if (remaining <= this.#maxBytes) return remaining
    const content = files.filter((file) => this.#isIn(file, 'content-')).sort((a, b) => a.mtimeMs - b.mtimeMs)
    for (const file of content) {
      if (remaining <= this.#maxBytes * LOW_WATER) break
      await rm(file.path, { force: true })
      remaining -= file.size
      for (const { key } of index.filter((entry) => entry.path === file.path)) await removeEntry(this.#folder, key)
    }
    return remaining
  }

  #isIn(file: StoredFile, topFolderPrefix: string): boolean {
    return file.path.startsWith(this.#folder + sep + topFolderPrefix)
  }
}

async function listFiles(folder: string): Promise<StoredFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const found = await Promise.all(files.map(statOf))
  return found.filter((file) => file !== null)
}

/** Null when another process removed it meanwhile. */
async function statOf(path: string): Promise<StoredFile | null> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { path, size, mtimeMs }
  } catch {
    return null
  }
}

function parseUsage(text: string): Usage | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('bytes' in value) || !('puts' in value)) return null
    const { bytes, puts } = value
    return typeof bytes === 'number' && typeof puts === 'number' ? { bytes, puts } : null
  } catch {
    return null
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EINTEGRITY' || error.code === 'EBADSIZE')
}

function ignore(): void {}
