// The disk cache of packet indexes as engines use it: hits, damage, changes of the source, and none at all.
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Engine, type EngineStats } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { ask, md5 } from './fixtures/ask.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

let work: Workspace
let cache: string
let clip: string
beforeEach(() => {
  work = makeWorkspace()
  cache = work.path('cache')
  clip = work.path('clip.mkv')
  copyFileSync(clips.mkv.path, clip)
})
afterEach(() => {
  vi.unstubAllEnvs()
  work.remove()
})

interface Outcome {
  readonly digests: string[]
  readonly stats: EngineStats
  /** Packets that were read besides those the frames needed: a scan. */
  readonly scanned: number
}

async function once(options: { cache?: boolean | string } = { cache }, path = clip): Promise<Outcome> {
  await using engine = new Engine({ workers: 1, ...options })
  const { frames, report } = await ask(engine, path, { count: 4, pixelFormat: 'source' })
  const stats = engine.stats()
  return { digests: frames.map(({ data }) => md5(data)), stats, scanned: stats.packetsRead - report.packetsRead }
}

function entries(folder = cache): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes('content-'))
    .map((entry) => join(entry.parentPath, entry.name))
}

describe('a second engine', () => {
  it('finds facts and index on disk, scans nothing, and gives the same frames', async () => {
    const first = await once()
    expect([first.stats.cacheHits, first.scanned]).toEqual([0, 300])
    const second = await once()
    expect([second.stats.cacheHits, second.scanned]).toEqual([2, 0])
    expect(second.digests).toEqual(first.digests)
  })

  it('also of a clip that takes a survey or has no timestamps', async () => {
    for (const { path } of [clips.openGop, clips.missingTimestamps, clips.cutOffMp4, clips.equalTimestamps]) {
      const first = await once({ cache }, path)
      const second = await once({ cache }, path)
      expect(second.digests).toEqual(first.digests)
      expect(second.stats.cacheHits).toBe(2)
    }
  })

  it('probes from the cache with the same result', async () => {
    const probe = async (): Promise<unknown> => {
      await using engine = new Engine({ workers: 1, cache })
      return await engine.probe(clip)
    }
    expect(await probe()).toEqual(await probe())
  })
})

describe('a damaged entry', () => {
  it.each([
    ['with a byte changed', (bytes: Buffer) => bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 0xff, bytes.length >> 1)],
    ['cut off', null],
  ])('%s is read past and written anew', async (_, change) => {
    const first = await once()
    const files = entries()
    expect(files.length).toBeGreaterThanOrEqual(2)
    for (const file of files) {
      const bytes = readFileSync(file)
      change?.(bytes)
      writeFileSync(file, change === null ? bytes.subarray(0, bytes.length >> 1) : bytes)
    }
    const second = await once()
    expect([second.stats.cacheHits, second.scanned, second.digests]).toEqual([0, 300, first.digests])
    const third = await once()
    expect([third.stats.cacheHits, third.scanned, third.digests]).toEqual([2, 0, first.digests])
  })

  it('that is gone is written anew', async () => {
    await once()
    for (const file of entries()) rmSync(file)
    expect((await once()).stats.cacheHits).toBe(0)
    expect((await once()).stats.cacheHits).toBe(2)
  })
})

describe('a source that changed', () => {
  it('in its bytes, or only in its time, is read anew', async () => {
    await once()
    utimesSync(clip, new Date(1_600_000_000_000), new Date(1_600_000_000_000))
    expect((await once()).stats.cacheHits).toBe(0)
    copyFileSync(clips.vfrMkv.path, clip)
    const changed = await once()
    expect(changed.stats.cacheHits).toBe(0)
    expect(changed.digests).toEqual((await once({ cache: false }, clips.vfrMkv.path)).digests)
  })
})

describe('the folder', () => {
  it('is the one that is named', async () => {
    await once({ cache: work.path('named') })
    expect(entries(work.path('named')).length).toBeGreaterThan(0)
  })

  it('is FRAMEMILL_CACHE_DIR by default', async () => {
    vi.stubEnv('FRAMEMILL_CACHE_DIR', work.path('from-environment'))
    await once({})
    await once({ cache: true })
    expect(entries(work.path('from-environment')).length).toBeGreaterThan(0)
  })

  it('is not written to with cache: false', async () => {
    vi.stubEnv('FRAMEMILL_CACHE_DIR', cache)
    vi.stubEnv('XDG_CACHE_HOME', cache)
    const { stats } = await once({ cache: false })
    expect([stats.cacheHits, existsSync(cache)]).toEqual([0, false])
  })

  it('that cannot be made costs nothing but the cache', async () => {
    const { digests } = await once({ cache: join(clip, 'inside') })
    expect(digests).toHaveLength(4)
  })

  it('is shared by engines at work at the same time', async () => {
    const all = await Promise.all([once(), once(), once()])
    expect(new Set(all.map(({ digests }) => digests.join()))).toHaveLength(1)
    expect((await once()).stats.cacheHits).toBe(2)
  })
})

describe('an engine', () => {
  it('keeps what it knows in memory, without a disk', async () => {
    await using engine = new Engine({ workers: 1, cache: false })
    await ask(engine, clip, { count: 1 })
    await ask(engine, clip, { count: 1 })
    expect(engine.stats().cacheHits).toBe(2)
  })
})
