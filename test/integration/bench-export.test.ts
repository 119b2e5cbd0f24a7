// The comparison of exports: which parts it asks for, and that whoever writes other frames than those is found out before a time counts.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probeVideo } from '../../bench/ffmpeg.mjs'
import { proveClips } from '../../bench/peers/export-proof.mjs'
import { exportWays } from '../../bench/peers/export-ways.mjs'
import { scatteredParts } from '../../bench/peers/export-work.mjs'
import { OtherFrames } from '../../bench/peers/likeness.mjs'
import { clips } from '../fixtures/index.js'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'bench-export-'))
const source = clips.bFrames.path
let video: Awaited<ReturnType<typeof probeVideo>>
let parts: ReturnType<typeof scatteredParts>

beforeAll(async () => {
  video = await probeVideo(source)
  parts = scatteredParts(video)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Writes all parts with ffmpeg, each `late` frames later than asked for and `longer` by as many. */
async function write(late: number, longer: number): Promise<void> {
  for (const { name, start, end } of parts) {
    const [from, length] = [start + late / 30, end - start + longer / 30].map((seconds) => seconds.toFixed(6))
    await run('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-ss',
      from ?? '',
      '-i',
      source,
      '-t',
      length ?? '',
      '-preset',
      'veryfast',
      join(folder, `${name}.mp4`),
    ])
  }
}

describe('the parts that are exported', () => {
  it('lie apart, each as long, and begin no later than their first frame', () => {
    expect(parts).toHaveLength(5)
    expect(new Set(parts.map(({ frames }) => frames)).size).toBe(1)
    for (const [number, { start, end, first, frames }] of parts.entries()) {
      expect(first).toBeGreaterThan((parts[number - 1]?.first ?? -1) + (parts[number - 1]?.frames ?? 0))
      expect(Math.ceil(start * 30 - 1e-9)).toBe(first)
      expect(first / 30 - start).toBeLessThan(2e-6)
      expect((first + frames) / 30 - end).toBeLessThan(2e-6)
    }
  })
})

describe('the proof of exported files', () => {
  const prove = (mayDiffer = false) => proveClips(source, video, folder, parts, mayDiffer)

  it('takes files with the right frames', async () => {
    await write(0, 0)
    const { leastPsnr, mostShown, wholePsnr } = await prove()
    expect(leastPsnr).toBeGreaterThan(30)
    expect([mostShown, wholePsnr]).toEqual([0, null])
  })

  it('refuses files that are a frame late or a frame longer', async () => {
    await write(1, 0)
    await expect(prove()).rejects.toThrow(/clip-1, frame 0, is liker to the frame after/)
    await write(-1, 0)
    await expect(prove()).rejects.toThrow(/clip-1, frame 0, is liker to the frame before/)
    await write(0, 1)
    await expect(prove()).rejects.toThrow(OtherFrames)
    expect((await prove(true)).mostShown).toBe(1)
  })

  it('holds for each exact way of calling ffmpeg', async () => {
    const exact = exportWays(process.execPath, false).filter(({ peer, inexact }) => peer === 'ffmpeg' && inexact === null)
    expect(exact).toHaveLength(4)
    for (const { command } of exact) {
      const { program, args } = command({ file: source, folder, parts })
      await run(program, args)
      expect((await prove()).leastPsnr).toBeGreaterThan(30)
    }
  })
})

it('measures framemill beside the others where their files hold the same frames', { timeout: 120_000 }, async () => {
  const bench = fileURLToPath(new URL('../../bench/peers/index.mjs', import.meta.url))
  const json = join(folder, 'results.json')
  await run(process.execPath, [
    bench,
    '--quick',
    '--media',
    join(folder, 'media'),
    '--json',
    json,
    '--work',
    'transcode',
    '--peer',
    'ffmpeg',
  ])
  const [
    {
      clips: [clip],
    },
  ] = JSON.parse(readFileSync(json, 'utf8'))
  expect(clip.failure).toBeNull()
  expect(clip.rows).toMatchObject([{ peer: 'ffmpeg', against: 'encode', status: 'measured', reason: null }])
})
