// What a smart cut does when a key frame or a seam is not what it seemed, and what a plain copy says of where it really begins and ends.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, type Clip, type ExportReport } from '../../dist/index.js'
import { exportClips } from '../../dist/jobs/export.js'
import type { CompareTask } from '../../dist/tasks.js'
import { clips } from '../fixtures/index.js'
import { fileUrl, runTool } from '../oracle/ffmpeg-command.js'
import { leftIn, playedFrames } from './fixtures/exported.js'
import { faultyCore } from './fixtures/faulty-engine.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

let work: Workspace
let engine: Engine
let exports = 0
beforeAll(() => {
  work = makeWorkspace()
  engine = new Engine({ workers: 2, cache: false })
})
afterAll(async () => {
  await engine.close()
  work.remove()
})

async function exported(source: string, clip: Clip): Promise<ExportReport['clips'][number] & { path: string }> {
  const report = await engine.exportClips(source, [clip], { outDir: work.path(`out-${exports++}`) })
  const [told] = report.clips
  if (told === undefined || told.output === null) throw new Error(`there is no clip: ${told?.error?.message}`)
  expect(told).toMatchObject({ status: 'done', error: null })
  expect(await playedFrames(told.output)).toBe(told.frames)
  return { ...told, path: told.output }
}

/** Digests of all frames as the ffmpeg command decodes them. */
async function framesOf(path: string): Promise<string[]> {
  const args = ['-nostdin', '-i', fileUrl(path), '-map', '0:v:0', '-fps_mode', 'passthrough', '-f', 'framehash', '-hash', 'md5', '-']
  const { succeeded, stdout } = await runTool('ffmpeg', args)
  expect(succeeded).toBe(true)
  const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => line.split(',').at(-1)?.trim() ?? '')
}

/** Least PSNR of a file's frames against those of a source from a frame on. */
async function leastLikeness(path: string, source: string, first: number, count: number): Promise<number> {
  const graph = `[1:v]trim=start_frame=${first}:end_frame=${first + count},setpts=N[b];[0:v]setpts=N[a];[a][b]psnr=stats_file=-`
  const { stdout, succeeded } = await runTool('ffmpeg', [
    ...['-nostdin', '-i', fileUrl(path), '-i', fileUrl(source), '-lavfi', graph, '-f', 'null', '-'],
  ])
  expect(succeeded).toBe(true)
  const values = [...stdout.matchAll(/psnr_avg:(\S+)/g)].map(([, value]) => (value === 'inf' ? Infinity : Number(value)))
  expect(values).toHaveLength(count)
  return Math.min(...values)
}

/** A copy in which the table of key samples names others. */
function withKeySamples(name: string, original: string, keys: readonly number[]): string {
  return work.changed(name, original, (bytes) => {
    const at = bytes.indexOf('stss')
    expect(bytes.readUInt32BE(at + 8)).toBe(keys.length)
    for (const [index, key] of keys.entries()) bytes.writeUInt32BE(key, at + 12 + 4 * index)
  })
}

describe('a smart cut', () => {
  const range = { start: 0.5, end: 6.5, mode: 'smart' } as const
  const [first, count] = [15, 180]

  it('of a file whose table of key frames is right copies what it can', async () => {
    const told = await exported(clips.bFrames.path, range)
    expect(told).toMatchObject({ mode: 'smart', frames: count, attempts: 1, warnings: [] })
    expect(told.encodedFrames).toBeLessThan(60)
    expect(await leastLikeness(told.path, clips.bFrames.path, first, count)).toBeGreaterThan(40)
  })

  it('encodes all when none of the key frames in it is one to begin at, and says why', async () => {
    const source = withKeySamples('false-keys.mp4', clips.bFrames.path, [1, 64, 130, 190, 250])
    const told = await exported(source, range)
    expect(told).toMatchObject({ mode: 'encode', frames: count, encodedFrames: count, attempts: 2 })
    expect(told.reason).toBe('encoded instead of cut smartly: its key frames are no true random-access points')
    expect(await leastLikeness(told.path, clips.bFrames.path, first, count)).toBeGreaterThan(25)
  })

  it('begins to copy at the next key frame that is one', async () => {
    const source = withKeySamples('one-false-key.mp4', clips.bFrames.path, [1, 64, 121, 181, 241])
    const told = await exported(source, range)
    expect(told).toMatchObject({ mode: 'smart', frames: count, attempts: 1 })
    expect(told.encodedFrames).toBeGreaterThanOrEqual(120 - first)
    expect(await leastLikeness(told.path, clips.bFrames.path, first, count)).toBeGreaterThan(40)
  })

  it.each([
    ['H.264', clips.openGop.path],
    ['HEVC', clips.hevcOpenGop.path],
  ])('of %s with open GOPs shows every frame as it was, whichever way it took', async (_codec, source) => {
    const told = await exported(source, { start: 0.3, end: 2.7, mode: 'smart' })
    expect(told.frames).toBe(72)
    if (told.mode === 'encode') expect(told.reason).toMatch(/^encoded instead of cut smartly: .+/)
    else expect(told.encodedFrames).toBeLessThan(72)
    expect(await leastLikeness(told.path, source, 9, 72)).toBeGreaterThan(told.mode === 'smart' ? 40 : 25)
  })

  it.each([
    ['an edge that looks otherwise', 39, /^encoded instead of cut smartly: frame \d+ is like the source's by 39\.0 dB only$/],
    ['a copied frame that decodes to another', 80, /^encoded instead of cut smartly: frame \d+ was copied and decodes to another picture$/],
    ['a frame that is not there', NaN, /^encoded instead of cut smartly: frame \d+ /],
  ])('that fails its check by %s is replaced by encoding', async (_what, decibels, reason) => {
    const found = ({ run }: CompareTask): { kind: 'compare'; psnr: number[] } => ({
      kind: 'compare',
      psnr: run.targets.map(() => decibels),
    })
    const core = faultyCore((task) => (task.kind === 'compare' ? found(task) : null))
    const outDir = work.path(`checked-${decibels}`)
    try {
      const { clips: told } = await exportClips(core, clips.bFrames.path, [{ name: 'a', ...range }], { outDir })
      expect(told).toEqual([expect.objectContaining({ status: 'done', mode: 'encode', attempts: 2, encodedFrames: count })])
      expect(told[0]?.reason).toMatch(reason)
    } finally {
      await core.scheduler.close()
    }
    expect(await leftIn(outDir)).toEqual({ files: ['a.mp4'], temporary: [] })
    expect(await playedFrames(`${outDir}/a.mp4`)).toBe(count)
  })
})

describe('a copy', () => {
  it('into a container without edit lists begins and ends at key frames, and says which', async () => {
    const told = await exported(clips.bFrames.path, { start: 3.1, end: 7.3, mode: 'copy', container: 'mkv' })
    expect(told).toMatchObject({ mode: 'copy', encodedFrames: 0, start: expect.closeTo(2, 3) })
    const source = await framesOf(clips.bFrames.path)
    expect(await framesOf(told.path)).toEqual(source.slice(60, 60 + told.frames))
    // It holds all that was asked for, and tells its own end.
    expect(told.end).toBeCloseTo(2 + told.frames / 30, 3)
    expect(told.end).toBeGreaterThanOrEqual(7.3 - 1e-3)
    const auto = await exported(clips.bFrames.path, { start: 3.1, end: 7.3, container: 'mkv' })
    expect(auto).toMatchObject({ mode: 'smart', start: expect.closeTo(3.1, 3), end: expect.closeTo(7.3, 3), frames: 126 })
  })

  it('into MP4 shows the very frames asked for, from a file of false key frames too', async () => {
    const source = await framesOf(clips.bFrames.path)
    const keys = withKeySamples('hidden-false-keys.mp4', clips.bFrames.path, [1, 64, 130, 190, 250])
    const told = await exported(clips.bFrames.path, { start: 3.1, end: 7.3, mode: 'copy' })
    expect(await framesOf(told.path)).toEqual(source.slice(93, 219))
    const doubtful = await exported(keys, { start: 3.1, end: 7.3 })
    expect(doubtful).toMatchObject({ mode: 'encode', frames: 126 })
    expect(doubtful.reason).toMatch(/^encoded instead of copied: .*the key frame that the clip would begin with refers to frames before it/)
    expect(await leastLikeness(doubtful.path, clips.bFrames.path, 93, 126)).toBeGreaterThan(25)
  })
})
