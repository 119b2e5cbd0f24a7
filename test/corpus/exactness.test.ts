// Every frame of every real clip below the folder FRAMEMILL_CORPUS against the ffmpeg command; vitest.config.ts leaves this file out without one.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, VideoError } from '../../dist/index.js'
import { combinations, undecodableCodes } from '../oracle/combinations.js'
import { differencesFromFfmpeg } from '../oracle/compare-samples.js'
import { consultFfmpeg } from '../oracle/ffmpeg-oracle.js'

const folder = process.env['FRAMEMILL_CORPUS'] ?? ''
const notClips = /\.(tsv|txt|md|json|ya?ml)$|SHA256SUMS$/
const corpus = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !notClips.test(entry.name))
  .map((entry) => ({ name: entry.name, path: join(entry.parentPath, entry.name) }))
  .filter(({ path }) => !isTooLong(path))
  .sort((a, b) => (a.path < b.path ? -1 : 1))

/** FRAMEMILL_CORPUS_SECONDS leaves longer clips out, for builds that are slow by intent. */
function isTooLong(path: string): boolean {
  const most = process.env['FRAMEMILL_CORPUS_SECONDS']
  if (most === undefined) return false
  const { stdout } = spawnSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path], { encoding: 'utf8' })
  return Number.parseFloat(stdout) > Number(most)
}

/** Long enough for ffmpeg to decode the longest clip on one thread, and for six passes of the engine over it. */
const timeoutMs = 600_000

/** Each number of workers and of threads, not each pair of them: all pairs have the clips that are made for the tests. */
const fewer = combinations.filter(({ workers, codecThreads }) => workers === codecThreads)

describe.each(fewer)('with $workers workers and $codecThreads codec threads', ({ workers, codecThreads }) => {
  let engine: Engine
  beforeAll(() => {
    engine = new Engine({ workers, codecThreads, cache: false })
  })
  afterAll(() => engine.close())

  it.each(corpus)(
    'gives the frames that ffmpeg shows for $name, or turns it down if there are none',
    async ({ path }) => {
      const oracle = await consultFfmpeg(path)
      if (oracle.frames.length > 0) {
        expect(await differencesFromFfmpeg(engine, oracle)).toEqual([])
        return
      }
      const error = await engine
        .sample(path, { all: true })
        .next()
        .catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(VideoError)
      expect(undecodableCodes).toContain(error instanceof VideoError ? error.code : undefined)
    },
    timeoutMs,
  )
})
