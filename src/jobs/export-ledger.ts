// Owns the record of which request each file in a folder was made by, so that a second run can leave it alone.
import { createHash } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ioError, sizeOf } from './export-files.js'

const ledgerName = '.framemill-export.jsonl'

export interface LedgerEntry {
  /** Name within the folder. */
  readonly file: string
  readonly fingerprint: string
  readonly bytes: number
  readonly mode: 'copy' | 'smart' | 'encode'
  readonly start: number
  readonly end: number
  readonly frames: number
  readonly encodedFrames: number
}

const entrySchema: z.ZodType<LedgerEntry> = z.object({
  file: z.string(),
  fingerprint: z.string(),
  bytes: z.number(),
  mode: z.enum(['copy', 'smart', 'encode']),
  start: z.number(),
  end: z.number(),
  frames: z.number(),
  encodedFrames: z.number(),
})

/** A line for each finished file, the newest last. One that cannot be read is passed over: then the file is made anew. */
export class ExportLedger {
  readonly #folder: string
  readonly #entries = new Map<string, LedgerEntry>()
  /** The last line may have been cut off, by a full disk or a killed process. */
  #isTorn = false

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(folder: string): Promise<ExportLedger> {
    const ledger = new ExportLedger(folder)
    const text = await readFile(join(folder, ledgerName), 'utf8').catch(() => '')
    for (const line of text.split('\n')) {
      const entry = entrySchema.safeParse(parsed(line))
      if (entry.success) ledger.#entries.set(entry.data.file, entry.data)
    }
    ledger.#isTorn = text !== '' && !text.endsWith('\n')
    return ledger
  }

  /** The entry of a file that is there, whole, and was made by this very request; null otherwise. */
  async find(file: string, fingerprint: string): Promise<LedgerEntry | null> {
    const entry = this.#entries.get(file)
    if (entry?.fingerprint !== fingerprint) return null
    return (await sizeOf(join(this.#folder, file))) === entry.bytes ? entry : null
  }

  /** Before the file gets its final name: whoever is killed in between leaves an entry without its file, which nobody finds. */
  async add(entry: LedgerEntry): Promise<void> {
    const line = `${this.#isTorn ? '\n' : ''}${JSON.stringify(entry)}\n`
    try {
      await appendFile(join(this.#folder, ledgerName), line)
    } catch (cause) {
      this.#isTorn = true
      throw ioError('write', join(this.#folder, ledgerName), cause)
    }
    this.#isTorn = false
    this.#entries.set(entry.file, entry)
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** The same for the same request, whatever the order of keys. */
export function fingerprintOf(request: object): string {
  return createHash('sha256').update(JSON.stringify(request, sortedKeys)).digest('hex').slice(0, 32)
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
