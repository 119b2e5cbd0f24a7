// Owns files that appear whole or not at all: written under a temporary name beside their target, then renamed.
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, lstat, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { makeFolder as makeFolders } from '../folders.js'
import { OutputError } from './failure.js'

export class StagedFile {
  readonly path: string
  /** Where to write until {@link commit}. */
  readonly temporaryPath: string

  /** The folder of `path` must exist. */
  constructor(path: string) {
    this.path = path
    this.temporaryPath = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`)
  }

  async write(data: Uint8Array): Promise<void> {
    await writing(this.path, () => writeFile(this.temporaryPath, data))
  }

  /** Replaces an older file of that name; a symbolic link stays and the file it names is replaced. */
  async commit(): Promise<void> {
    await writing(this.path, async () => rename(this.temporaryPath, await linkTarget(this.path)))
  }

  async discard(): Promise<void> {
    await rm(this.temporaryPath, { force: true })
  }
}

/** Writes a whole file, or leaves nothing behind. */
export async function writeWhole(path: string, data: Uint8Array): Promise<void> {
  const file = new StagedFile(path)
  try {
    await file.write(data)
    await file.commit()
  } catch (error) {
    await file.discard()
    throw error
  }
}

/** Rejects when a file could not be put there: no such folder, no permission, or something that is no file has the name. */
export async function mustBeWritable(path: string): Promise<void> {
  await writing(path, async () => {
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && !found.isFile()) throw new Error(found.isDirectory() ? 'it is a folder' : 'it is not a regular file')
    await access(dirname(path), constants.W_OK)
  })
}

/** Makes a folder and those above it, where missing. */
export async function makeFolder(path: string): Promise<void> {
  await writing(path, async () => {
    await makeFolders(path)
    await access(path, constants.W_OK)
  })
}

/** Runs a file operation; its failure becomes an {@link OutputError} that names `path`. */
export async function writing<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    throw error instanceof OutputError ? error : new OutputError(path, error)
  }
}

async function linkTarget(path: string): Promise<string> {
  const found = await lstat(path).catch(() => undefined)
  return found?.isSymbolicLink() === true ? await realpath(path).catch(() => path) : path
}
