// Owns the clips that stand for a job's usual material: where they are kept, and that nothing unfinished stays there.
import { randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { userFolder } from '../user-folders.js'
import { endingWith, MeasuringProcess } from './measuring-process.js'

/** Changes with the clips. */
const version = 1
/** Whoever made it has been killed. */
const abandonedAfterMs = 3_600_000

/** The path of the job's clip, which is made unless it is there. Rejects with the signal's reason, or VideoError. */
export async function typicalClip(job: string, signal: AbortSignal | undefined, onProgress: (done: number) => void): Promise<string> {
  const folder = join(userFolder('cache'), 'bench')
  const path = join(folder, `${job}-${version}.mp4`)
  const temporaryPath = `${path}.${randomBytes(4).toString('hex')}.tmp`
  await removeAbandoned(folder)
  const process = new MeasuringProcess()
  try {
    await endingWith(process, signal, () => process.ask({ kind: 'makeClip', job, path, temporaryPath }, onProgress))
  } finally {
    await rm(temporaryPath, { force: true }).catch(() => undefined)
  }
  return path
}

async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((one) => one.endsWith('.tmp'))) {
    const file = join(folder, name)
    const age = Date.now() - (await stat(file).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs
    if (age > abandonedAfterMs) await rm(file, { force: true }).catch(() => undefined)
  }
}
