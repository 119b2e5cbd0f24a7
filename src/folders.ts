// Owns making folders.
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes a folder and those above it, where missing. Any number of processes may do so at the same time. */
export async function makeFolder(folder: string): Promise<void> {
  // Not mkdir's own `recursive`: Node 20 tries for ever where a parent exists and yet holds no folder, as /proc does.
  if (await isMade(folder)) return
  if (dirname(folder) !== folder) await makeFolder(dirname(folder))
  if (!(await isMade(folder))) await mkdir(folder) // says what is wrong
}

/** False where a folder above it is missing. */
async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder)
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return false
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return true
    throw error
  }
}
