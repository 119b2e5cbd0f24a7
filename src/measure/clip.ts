// Owns making the clip that is typical of a job, from synthetic footage.
import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { VideoError } from '../errors.js'
import { loadBinding } from '../native/binding.js'
import type { ClipRequest } from '../tune/measuring.js'
import { makeFolder } from '../folders.js'
import type { MeasuredJob } from './measured-job.js'

const mostThreads = 16
/** Frames encoded between two looks at progress. */
const framesPerStep = 5

/**
 * Makes the clip unless it is there; it appears under its name only when it is whole. What is unfinished under its temporary name is the
 * caller's to remove, who may end this process at any time.
 * @throws VideoError ERR_IO where it cannot be kept; errors of the addon where it cannot be made
 */
export async function makeClip(job: MeasuredJob, { path, temporaryPath }: ClipRequest, onProgress: (done: number) => void): Promise<null> {
  if (existsSync(path)) return null
  await keeping(path, () => makeFolder(dirname(path)))
  const threads = Math.min(mostThreads, availableParallelism())
  const maker = new (loadBinding().ClipMaker)({ ...job.clip, path: temporaryPath, threads })
  const { pieceFrames } = job.clip
  for (let done = 0; done < pieceFrames;) {
    done = maker.step(framesPerStep)
    onProgress(done / pieceFrames)
    await setImmediate() // lets the message leave
  }
  maker.finish()
  await keeping(path, () => rename(temporaryPath, path))
  return null
}

async function keeping(path: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const what = `Cannot keep the clip to measure with as "${path}"`
    throw new VideoError('ERR_IO', `${what}: ${why}; name a file to measure with, or set FRAMEMILL_CACHE_DIR`, { path, cause })
  }
}
