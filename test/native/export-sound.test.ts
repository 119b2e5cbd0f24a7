// The sound of a clip through the border, exact to the sample: against what ffmpeg's atrim leaves of the source.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadBinding, type NativeSound } from '../../dist/native/binding.js'
import { clips } from '../fixtures/index.js'
import { lagOf } from '../oracle/decoded-sound.js'
import { remuxOf, runOf, soundOf, trackOf, writeFile } from './exporters.js'
import { sourceOf } from './samplers.js'

const run = promisify(execFile)
const binding = loadBinding()
const folder = mkdtempSync(join(tmpdir(), 'framemill-sound-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Three seconds of noise, which never repeats itself: without loss, and as AAC. */
const flac = join(folder, 'noise.flac')
const aac = join(folder, 'noise.mp4')
beforeAll(async () => {
  const noise = ['-f', 'lavfi', '-i', 'anoisesrc=seed=3:color=pink:sample_rate=48000:duration=3:amplitude=0.5']
  await run('ffmpeg', ['-v', 'error', '-nostdin', ...noise, '-ac', '2', '-sample_fmt', 's16', flac])
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-i', flac, '-c:a', 'aac', '-b:a', '192k', aac])
})

/** What ffmpeg makes of a file's sound, as mono floats or as it is. */
async function decode(path: string, filter: string, format: 's16le' | 'f32le' = 's16le'): Promise<Buffer> {
  const mono = format === 'f32le' ? ['-ac', '1'] : []
  const args = ['-v', 'error', '-nostdin', '-i', path, '-af', filter, ...mono, '-f', format, '-']
  return (await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 2 ** 28 })).stdout
}
const floats = (bytes: Buffer): Float32Array => new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))

/** The sound of a clip in a file of its own; how many seconds were told to be done. */
function cut(source: string, name: string, format: string, more: Partial<NativeSound>): { path: string; seconds: number } {
  const spool = join(folder, 'spool')
  const transcoder = new binding.SoundTranscoder({ ...sourceOf(source), ...soundOf(spool, more) })
  while (transcoder.step(16));
  const seconds = transcoder.seconds()
  transcoder.close()
  const path = join(folder, name)
  writeFile(binding, source, remuxOf(path, { format }), trackOf({ spool }), [runOf({ kind: 'spool', path: spool })])
  return { path, seconds }
}

describe('sound without loss', () => {
  it.each([
    [0, 48_000],
    [1, 2],
    [12_345, 60_001],
    [143_000, 144_000],
  ])('from sample %i to %i is what ffmpeg leaves of the source, byte by byte', async (start, end) => {
    const { path, seconds } = cut(flac, 'cut.mov', 'mov', { encoder: 'pcm_s16le', start, end })
    const expected = await decode(flac, `atrim=start_sample=${start}:end_sample=${end}`)
    expect(expected.length).toBe((end - start) * 4)
    expect((await decode(path, 'anull')).equals(expected)).toBe(true)
    expect(seconds).toBeCloseTo((end - start) / 48_000, 6)
  })

  it('ends with the source where the clip is to be longer', async () => {
    const { path } = cut(flac, 'over.mov', 'mov', { encoder: 'pcm_s16le', start: 140_000, end: 200_000 })
    expect((await decode(path, 'anull')).equals(await decode(flac, 'atrim=start_sample=140000'))).toBe(true)
  })

  it('comes in the rate and channels that were asked for', () => {
    const { path } = cut(flac, 'other.mov', 'mov', { encoder: 'pcm_s16le', sampleRate: 24_000, channels: 1, end: 24_000 })
    const [stream] = binding.probe(sourceOf(path)).streams
    expect([stream?.sampleRate, stream?.channels, stream?.durationTicks]).toEqual([24_000, 1, 12_000])
  })

  it('goes through a filter, which sees the clip and nothing else', async () => {
    const { path } = cut(flac, 'filtered.mov', 'mov', { encoder: 'pcm_s16le', filter: 'areverse', start: 24_000, end: 72_000 })
    expect((await decode(path, 'anull')).equals(await decode(flac, 'atrim=start_sample=24000:end_sample=72000,areverse'))).toBe(true)
  })

  it('begins with silence where the source begins later', async () => {
    const { path } = cut(clips.delayedVideo.path, 'none.mov', 'mov', {
      streamIndex: soundOfDelayed(),
      encoder: 'pcm_s16le',
      start: -4800,
      end: 4800,
    })
    const samples = floats(await decode(path, 'anull', 'f32le'))
    const [stream] = binding.probe(sourceOf(path)).streams
    const rate = stream?.sampleRate ?? 0
    expect(samples.length).toBe(rate / 5)
    expect(samples.subarray(0, rate / 10 - 1).every((sample) => sample === 0)).toBe(true)
    expect(samples.subarray(rate / 10).some((sample) => sample !== 0)).toBe(true)
  })
})

function soundOfDelayed(): number {
  return binding.probe(sourceOf(clips.delayedVideo.path)).streams.findIndex(({ type }) => type === 'audio')
}

describe('sound with loss', () => {
  it.each([0, 30_000, 77_777])('of a clip from sample %i plays at its time, for its length', async (start) => {
    const end = start + 48_000
    const { path } = cut(aac, 'cut.mp4', 'mp4', { start, end, options: ['b', '192000'] })
    const [mine, whole] = [floats(await decode(path, 'anull', 'f32le')), floats(await decode(aac, 'anull', 'f32le'))]
    // What fills the last frame of 1024 samples comes after.
    expect(mine.length - 48_000).toBeGreaterThanOrEqual(0)
    expect(mine.length - 48_000).toBeLessThan(1024)
    for (const at of [1024, 20_000, 42_000]) expect(lagOf(mine.subarray(at, at + 4096), whole, start + at, 48_000)).toBe(0)
  })

  it('is a moment of silence where the source has none in that part, so that the track stays', () => {
    const spool = join(folder, 'silence')
    const transcoder = new binding.SoundTranscoder({ ...sourceOf(aac), ...soundOf(spool, { start: 480_000, end: 528_000 }) })
    while (transcoder.step(64));
    transcoder.close()
    expect(readFileSync(spool).byteLength).toBeGreaterThan(0)
  })
})
