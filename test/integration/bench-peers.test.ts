// The comparison with the alternatives runs on tiny clips, and whoever gives other frames gets no figures. How fast anybody is, is not judged.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { checkTimes, compareShown, OtherFrames } from '../../bench/peers/likeness.mjs'

const run = promisify(execFile)
const bench = fileURLToPath(new URL('../../bench/peers/index.mjs', import.meta.url))
const shifting = fileURLToPath(new URL('../children/shifting-adapter.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bench-peers-'))

interface Row {
  peer: string
  role: string
  status: string
  reason: string | null
  figures: { wall: { ratio: { samples: number[] } }; cpu: object } | null
}
interface WorkResult {
  work: string
  clips: { clip: string; frames: number; failure: string | null; rows: Row[] }[]
}

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the comparison quickly on clips that the first call makes. */
async function compare(args: string[], env: Record<string, string> = {}): Promise<{ code: number; stdout: string; results: WorkResult[] }> {
  const json = join(folder, 'results.json')
  const all = [bench, '--quick', '--media', join(folder, 'media'), '--json', json, ...args]
  const { code, stdout } = await run(process.execPath, all, { env: { ...process.env, ...env } }).then(
    (done) => ({ code: 0, stdout: done.stdout }),
    (error: { code: number; stdout: string }) => error,
  )
  return { code, stdout, results: JSON.parse(readFileSync(json, 'utf8')) }
}

/** The shifting peer's row on the first clip. */
async function shiftedBy(shift: string): Promise<{ code: number; stdout: string; row: Row | undefined }> {
  const { code, stdout, results } = await compare(['--work', 'sample', '--peer', 'ffmpeg', '--adapter', shifting], { SHIFT: shift })
  return { code, stdout, row: results[0]?.clips[0]?.rows.find(({ peer }) => peer === 'shifting-adapter.mjs') }
}

describe('the comparison with the alternatives', { timeout: 300_000 }, () => {
  it('proves and measures every piece of work, at the default and at the best of each peer', async () => {
    const { code, stdout, results } = await compare(['--peer', 'ffmpeg', '--work', 'sparse,keyframes,all,first-frame,batch,analyze'])
    expect(results.map(({ work }) => work)).toEqual(['sparse', 'keyframes', 'all', 'first-frame', 'batch', 'analyze'])
    for (const { clips } of results)
      for (const { failure, frames, rows } of clips) {
        expect(failure).toBeNull()
        expect(frames).toBeGreaterThan(0)
        expect(rows.length).toBeGreaterThan(0)
        for (const { status, reason, figures } of rows) {
          expect({ status, reason }).toEqual({ status: 'measured', reason: null })
          expect(figures?.wall.ratio.samples).toHaveLength(1)
        }
      }
    expect(stdout).toContain('Every frame, full size')
    expect(code).toBe(0)
  })

  it('shows a peer that is not installed as such', async () => {
    const missing = join(folder, 'nowhere.mjs')
    const { code, stdout, results } = await compare(['--work', 'first-frame', '--peer', 'ffmpeg', '--adapter', missing])
    expect(code).toBe(0)
    const row = results[0]?.clips[0]?.rows.find(({ peer }) => peer === 'nowhere.mjs')
    expect(row).toMatchObject({ status: 'not installed', figures: null })
    expect(stdout).toMatch(/nowhere\.mjs\s+not installed: /)
  })

  it('measures a peer of the user’s own that gives the right frames', async () => {
    const { code, row } = await shiftedBy('nothing')
    expect(row).toMatchObject({ status: 'measured', reason: null })
    expect(code).toBe(0)
  })

  it('prints no figure for a peer that gives other frames under the right times, and fails', async () => {
    const { code, stdout, row } = await shiftedBy('pixels')
    expect(row).toMatchObject({ status: 'other frames', figures: null })
    expect(stdout).toMatch(/shifting-adapter\.mjs\s+gives other frames: (frame \d+ is|\d+ frames)/)
    expect(code).toBe(1)
  })

  it('prints no figure for a peer that gives the frames other times, and fails', async () => {
    const { code, row } = await shiftedBy('times')
    expect(row).toMatchObject({ status: 'other frames', figures: null, reason: 'frame 0 is that of 0.250 s instead of 0.000 s' })
    expect(code).toBe(1)
  })

  it('names the pieces of work there are when one is unknown', async () => {
    await expect(run(process.execPath, [bench, '--work', 'guess'])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('sample, sparse, keyframes'),
    })
  })
})

describe('the proof of the comparison', () => {
  const grey = (value: number): Uint8Array => new Uint8Array(300).fill(value)
  const ours = [grey(10), grey(60), grey(120)].map((rows, number) => ({ timestamp: number, rows }))
  const limits = { frameSeconds: 1, least: 30 }

  it('holds our own frames against the times that the packets give', () => {
    expect(() => checkTimes(ours, [0, 1, 2])).not.toThrow()
    expect(() => checkTimes(ours, [0, 1])).toThrow('3 frames instead of 2')
    expect(() => checkTimes(ours, [0, 1.5, 2])).toThrow('frame 1 is that of 1 s instead of 1.5 s')
  })

  it('takes times within half of a frame, or none', () => {
    const late = ours.map(({ timestamp, rows }) => ({ timestamp: timestamp + 0.4, rows }))
    expect(compareShown(ours, late, limits)).toMatchObject({ leastPsnr: 100, toldTimes: true })
    expect(
      compareShown(
        ours,
        late.map(({ rows }) => ({ timestamp: NaN, rows })),
        limits,
      ).toldTimes,
    ).toBe(false)
    expect(() =>
      compareShown(
        ours,
        late.map(({ rows }, number) => ({ timestamp: number + 0.6, rows })),
        limits,
      ),
    ).toThrow(OtherFrames)
  })

  it('refuses pictures that are too unlike ours, and those that are liker to another one of ours', () => {
    const changed = (value: number): typeof ours =>
      ours.map((frame, number) => (number === 1 ? { timestamp: 1, rows: grey(value) } : frame))
    expect(compareShown(ours, changed(62), limits).leastPsnr).toBeCloseTo(42.1, 1)
    expect(() => compareShown(ours, changed(75), limits)).toThrow('frame 1 is only 24.6 dB like ours, less than 30 dB')
    expect(() => compareShown(ours, changed(20), { ...limits, least: 0 })).toThrow('frame 1 is liker to ours of 0.000 s')
  })

  it('knows a conversion by BT.601 of what is BT.709', () => {
    const [r, g, b] = [200, 40, 40]
    const rows = (...pixel: number[]): Uint8Array => new Uint8Array(Array.from({ length: 100 }, () => pixel).flat())
    // By hand: Y' = 74.016, Cb = -18.332, Cr = 80; then BT.601 back to RGB.
    const taken = rows(186, 23, 42)
    expect(compareShown([{ timestamp: 0, rows: rows(r, g, b) }], [{ timestamp: 0, rows: taken }], limits).otherMatrix).toBe(true)
  })
})
