// Owns the clips that are typical of a job: made once by the addon, from synthetic footage, and kept.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { loadBinding, type NativeClip } from '../native/binding.js'
import type { ClipRequest } from '../tune/measuring.js'
import { makeFolder } from '../user-folders.js'

type Recipe = Omit<NativeClip, 'path' | 'threads'>

/** A camera's or a phone's upload: 1080p with B-frames, a cut every five seconds, a minute of it. */
const typical: Recipe = {
  width: 1920,
  height: 1080,
  frameRateNumerator: 30,
  frameRateDenominator: 1,
  seed: 1,
  sceneFrames: 150,
  pieceFrames: 300,
  loops: 6,
  encoder: '',
  keyInterval: 0,
  bFrames: 3,
}
const mostThreads = 16
/** Frames encoded between two looks at progress. */
const framesPerStep = 5

/** Makes the clip unless it is there; it appears under its name only when it is whole. Throws VideoError-like errors of the addon. */
export async function makeClip({ path }: ClipRequest, onProgress: (done: number) => void): Promise<null> {
  if (existsSync(path)) return null
  await makeFolder(dirname(path))
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    const maker = new (loadBinding().ClipMaker)({ ...typical, path: temporary, threads: Math.min(mostThreads, availableParallelism()) })
    for (let done = 0; done < typical.pieceFrames;) {
      done = maker.step(framesPerStep)
      onProgress(done / typical.pieceFrames)
      await setImmediate() // lets the message leave
    }
    maker.finish()
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  return null
}
