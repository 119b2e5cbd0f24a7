// Sources that are broken, or break while they are read: the clips of others are unharmed, and the errors tell what happened.
import { copyFile, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, VideoError, type ExportReport } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { digestOf, leftIn, playedFrames } from './fixtures/exported.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

let work: Workspace
let engine: Engine
beforeAll(() => {
  work = makeWorkspace()
  engine = new Engine({ workers: 2, cache: false })
})
afterAll(async () => {
  await engine.close()
  work.remove()
})

/** Of one source, in every mode; 30 frames each, but for the one that ends where the source does. */
const wanted = [
  { name: 'copied', start: 1.2, end: 2.2, mode: 'copy' },
  { name: 'joined', start: 1.2, end: 2.2, mode: 'smart' },
  { name: 'encoded', start: 1.2, end: 2.2, mode: 'encode' },
] as const

describe('of ten sources, one broken', () => {
  it.each([
    ['text', clips.text.path, 'ERR_OPEN'],
    ['missing', 'no-such-file.mp4', 'ERR_NOT_FOUND'],
    ['without its index', clips.noMoov.path, 'ERR_OPEN'],
  ])('(%s), nine are exported whole', async (_what, broken, code) => {
    const out = work.path(`ten-${code}-${_what}`)
    const sources = Array.from({ length: 10 }, (_, number) => (number === 4 ? broken : clips.bFrames.path))
    const run = (source: string, number: number): Promise<ExportReport> =>
      engine.exportClips(source, [{ name: `s${number}`, start: number / 2, end: number / 2 + 1 }], { outDir: out })
    const results = await Promise.allSettled(sources.map(run))
    for (const [number, result] of results.entries()) {
      if (result.status === 'fulfilled') expect(result.value.totals).toMatchObject({ done: 1, frames: 30 })
      else expect([number, result.reason]).toEqual([4, expect.objectContaining({ name: 'VideoError', code })])
    }
    const files = [0, 1, 2, 3, 5, 6, 7, 8, 9].map((number) => `s${number}.mp4`)
    expect(await leftIn(out)).toEqual({ files, temporary: [] })
    for (const file of files) expect(await playedFrames(join(out, file))).toBe(30)
  })

  it('(damaged pictures), the broken one tells what of it is not there', async () => {
    const out = work.path('damaged')
    const [whole, damaged] = await Promise.all(
      [clips.noBFrames.path, clips.damagedMp4.path].map((source, number) =>
        engine.exportClips(source, [{ name: `d${number}`, start: 0, mode: 'encode' }], { outDir: out }),
      ),
    )
    expect(whole?.totals).toMatchObject({ done: 1, frames: 150 })
    expect(whole?.clips[0]?.warnings).toEqual([])
    const clip = damaged?.clips[0]
    const shown = await playedFrames(join(out, 'd1.mp4'))
    expect(clip).toMatchObject({ status: 'done', frames: shown })
    expect(shown === 150 ? [] : clip?.warnings).toEqual(shown === 150 ? [] : [expect.stringContaining('could not be decoded')])
  })
})

describe('a source that goes away', () => {
  it('while its clips are made fails those that are left, leaves the finished ones whole, and the engine at work', async () => {
    const source = work.path('deleted.mp4')
    await copyFile(clips.bFrames.path, source)
    const out = work.path('deleted')
    const names = Array.from({ length: 20 }, (_, number) => `c${number}`)
    let removal: Promise<void> | undefined
    const report = await engine.exportClips(
      source,
      names.map((name, number) => ({ name, start: number / 4 + 0.1, end: number / 4 + 2.1, mode: 'encode' })),
      {
        outDir: out,
        retries: 0,
        clipsAtOnce: 1,
        onProgress: ({ clipsDone }) => {
          if (clipsDone >= 3) removal ??= rm(source)
        },
      },
    )
    await removal
    const done = report.clips.filter(({ status }) => status === 'done')
    const failed = report.clips.filter(({ status }) => status === 'failed')
    expect([done.length + failed.length, report.clips.length]).toEqual([20, 20])
    expect(done.length).toBeGreaterThanOrEqual(3)
    expect(failed.length).toBeGreaterThan(0)
    for (const { error } of failed) expect(error).toMatchObject({ code: 'ERR_NOT_FOUND', message: expect.stringContaining(source) })
    expect(await leftIn(out)).toEqual({ files: done.map(({ name }) => `${name}.mp4`).toSorted(), temporary: [] })
    for (const { name } of done) expect(await playedFrames(join(out, `${name}.mp4`))).toBe(60)
    const after = await engine.exportClips(clips.bFrames.path, wanted, { outDir: work.path('after') })
    expect(after.totals).toMatchObject({ done: wanted.length, failed: 0 })
  })

  it('is told of when it became shorter after its index was read', async () => {
    const source = work.path('shortened.mp4')
    await copyFile(clips.moovFirst.path, source)
    const first = await engine.exportClips(source, wanted, { outDir: work.path('before-shortening') })
    expect(first.totals).toMatchObject({ done: wanted.length })
    await truncate(source, 40_000)
    const out = work.path('shortened')
    const late = wanted.map((clip) => ({ ...clip, start: 8.2, end: 9.2 }))
    const outcome = await engine.exportClips(source, late, { outDir: out, retries: 0 }).catch((error: unknown) => error)
    if (outcome instanceof VideoError) expect(outcome.code).toBe('ERR_DECODE')
    else expect(outcome).toMatchObject({ totals: { done: 0, failed: wanted.length } })
    expect(await leftIn(out)).toEqual({ files: [], temporary: [] })
  })
})

it('a source that is also the output is never written over', async () => {
  const source = work.path('itself.mp4')
  await copyFile(clips.bFrames.path, source)
  const before = await digestOf(source)
  const settings = { outDir: work.folder, existing: 'overwrite' } as const
  const report = await engine.exportClips(source, [{ name: 'itself', start: 1, end: 2 }], settings).catch((error: unknown) => error)
  expect(await digestOf(source)).toBe(before)
  expect(report).toMatchObject({ clips: [{ status: 'failed', error: { code: 'ERR_EXISTS' } }] })
})
