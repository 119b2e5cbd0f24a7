// Owns the files of an export: temporary names beside the final ones, the moment a file becomes final, and what is left behind by others.
import { createHash, randomBytes } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { access, constants, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { VideoError } from '../errors.js'
import { makeFolder } from '../folders.js'

/** Where process numbers mean what they mean here: another host or container may share the folder, and has numbers of its own. */
const processes = createHash('sha256').update(`${hostname()} ${namespaceOfProcesses()}`).digest('hex').slice(0, 8)

function namespaceOfProcesses(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return '' // not Linux
  }
}

/** One clip being made: temporary files that become the final one, or vanish. */
export class ClipFiles {
  readonly final: string
  /** The clip itself, until it is whole. */
  readonly temporary: string
  readonly #prefix: string
  readonly #made = new Set<string>()

  constructor(final: string) {
    this.final = final
    this.#prefix = join(dirname(final), `.${basename(final)}.${process.pid}-${processes}-${randomBytes(4).toString('hex')}`)
    this.temporary = this.#name('clip')
  }

  /** Path of a part on its way. */
  spool(name: string): string {
    return this.#name(name)
  }

  /** Bytes of the clip, which is whole and on disk from now on. */
  async settle(): Promise<number> {
    return this.#writing(async () => {
      await sync(this.temporary)
      return (await stat(this.temporary)).size
    })
  }

  /** Gives the clip its final name. */
  async commit(): Promise<void> {
    await this.#writing(async () => {
      await rename(this.temporary, this.final)
      await sync(dirname(this.final))
    })
  }

  /** Removes whatever is not final. What cannot be removed is left for removeLeftovers(): how the clip ended matters more. */
  async discard(): Promise<void> {
    await Promise.allSettled([...this.#made].map((path) => rm(path, { force: true })))
    this.#made.clear()
  }

  #name(part: string): string {
    const path = `${this.#prefix}.${part}.tmp`
    this.#made.add(path)
    return path
  }

  async #writing<Value>(operation: () => Promise<Value>): Promise<Value> {
    try {
      return await operation()
    } catch (cause) {
      throw ioError('write', this.final, cause)
    }
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes the folder of outputs and those above it. @throws VideoError ERR_IO */
export async function makeOutputFolder(path: string): Promise<void> {
  try {
    await makeFolder(path)
    await access(path, constants.W_OK)
  } catch (cause) {
    throw ioError('write to', path, cause)
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await sizeOf(path)) !== null
}

/** Bytes of a file; null when there is none. */
export async function sizeOf(path: string): Promise<number | null> {
  const facts = await stat(path).catch(() => null)
  return facts?.size ?? null
}

/** @throws VideoError ERR_NOT_FOUND for a file that a filter is to read */
export async function mustBeThere(path: string): Promise<void> {
  if ((await stat(path).catch(() => null))?.isFile() === true) return
  throw new VideoError('ERR_NOT_FOUND', `Cannot use "${path}": there is no such file`, { path })
}

/** Changes with a file's content, as far as its size and time tell. */
export async function identityOf(path: string): Promise<string> {
  const facts = await stat(path).catch(() => null)
  return facts === null ? path : `${path}?${facts.size}&${facts.mtimeMs}`
}

/** Whether both names lead to one file that is there. */
export async function isSameFile(path: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([path, other].map((name) => stat(name, { bigint: true }).catch(() => null)))
  return one !== null && one !== undefined && one.ino === two?.ino && one.dev === two.dev
}

/** Removes temporary files of exports that were killed: their process is gone, and its number was one of ours. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const stale = names.filter((name) => {
    const [, process, where] = /^\..+\.(\d+)-([0-9a-f]{8})-[0-9a-f]{8}\.[a-z0-9]+\.tmp$/.exec(name) ?? []
    return process !== undefined && where === processes && !isAlive(Number(process))
  })
  await Promise.all(stale.map((name) => rm(join(folder, name), { force: true })))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

export function ioError(verb: string, path: string, cause: unknown): VideoError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new VideoError('ERR_IO', `Cannot ${verb} "${path}": ${why}`, { path, cause })
}
