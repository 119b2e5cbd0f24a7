// Synthetic clips: ffprobe and ffmpeg say what the files hold.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadBinding } from '../../dist/native/binding.js'
import { PacketFlag } from '../../src/source-types.js'
import { fileUrl } from '../oracle/ffmpeg-command.js'
import { probePackets } from '../oracle/ffprobe-packets.js'
import { makeClip, smallClip } from './clips.js'

const run = promisify(execFile)
const binding = loadBinding()
const folder = mkdtempSync(join(tmpdir(), 'framemill-clips-'))
const inFolder = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What ffprobe says of the video stream; whatever it warns of fails the test. */
async function probe(path: string, ...entries: string[]): Promise<Record<string, string>> {
  const args = ['-v', 'warning', '-select_streams', 'v', '-show_entries', `stream=${entries.join(',')}`, '-of', 'json', fileUrl(path)]
  const { stdout, stderr } = await run('ffprobe', args)
  expect(stderr).toBe('')
  const { streams }: { streams: Record<string, string>[] } = JSON.parse(stdout)
  return streams[0] ?? {}
}

/** The MD5 of every frame, in the order of presentation; whatever ffmpeg warns of fails the test. */
async function frameDigests(path: string): Promise<string[]> {
  const args = ['-v', 'warning', '-nostdin', '-i', fileUrl(path), '-fps_mode', 'passthrough', '-f', 'framemd5', '-']
  const { stdout, stderr } = await run('ffmpeg', args)
  expect(stderr).toBe('')
  const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => line.split(',').at(-1)?.trim() ?? '')
}

async function pictureTypes(path: string): Promise<string[]> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'frame=pict_type', '-of', 'default=nk=1:nw=1', fileUrl(path)])
  return stdout.trim().split('\n')
}

describe('a clip', () => {
  const path = inFolder('clip.mp4')
  let made = { encoder: '', frames: 0 }
  beforeAll(() => {
    made = makeClip(binding, smallClip(path))
  })

  it('holds its piece as often as asked, in the size and at the rate asked', async () => {
    expect(made).toEqual({ encoder: 'libx264', frames: 120 })
    const names = ['codec_name', 'width', 'height', 'pix_fmt', 'r_frame_rate', 'avg_frame_rate', 'nb_frames', 'color_space', 'color_range']
    expect(await probe(path, ...names)).toEqual({
      codec_name: 'h264',
      width: 320,
      height: 180,
      pix_fmt: 'yuv420p',
      r_frame_rate: '30000/1001',
      avg_frame_rate: '30000/1001',
      nb_frames: '120',
      color_space: 'bt709',
      color_range: 'tv',
    })
  })

  it('has timestamps without a gap', async () => {
    const packets = await probePackets(path, 0)
    expect(packets).toHaveLength(120)
    const inOrder = packets.map(({ pts }) => pts).sort((a, b) => a - b)
    expect(inOrder).toEqual(packets.map((_, frame) => frame * 1001))
    for (const [index, { dts, pts }] of packets.entries()) {
      expect(dts).toBe((packets[0]?.dts ?? NaN) + index * 1001)
      expect(dts).toBeLessThanOrEqual(pts)
    }
  })

  it('shows the same frames in every loop, each frame another', async () => {
    const digests = await frameDigests(path)
    expect(digests).toHaveLength(120)
    expect(new Set(digests.slice(0, 40)).size).toBe(40)
    expect(digests.slice(40, 80)).toEqual(digests.slice(0, 40))
    expect(digests.slice(80)).toEqual(digests.slice(0, 40))
  })

  it('has a key packet at the start of every loop, and an intra frame at the cut', async () => {
    const packets = await probePackets(path, 0)
    const keys = packets.filter(({ flags }) => (flags & PacketFlag.key) !== 0).map(({ pts }) => pts / 1001)
    expect(keys).toEqual(expect.arrayContaining([0, 40, 80]))
    const types = await pictureTypes(path)
    expect([types[0], types[20], types[40], types[60]]).toEqual(['I', 'I', 'I', 'I'])
  })

  it('has its index in front of its frames', () => {
    const bytes = readFileSync(path)
    expect(bytes.indexOf('moov')).toBeGreaterThan(0)
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))
  })

  // libx264 repeats itself to the bit only where the width is a multiple of 128.
  it.each([
    { encoder: 'libx264', width: 640, height: 360 },
    { encoder: 'mpeg4', width: 322, height: 182 },
  ])('of $encoder has the same bytes whatever the steps it was made in', (more) => {
    const one = inFolder('one-step.mp4')
    makeClip(binding, smallClip(one, more))
    for (const frames of [1, 7, 1000]) {
      const other = inFolder('steps.mp4')
      const maker = new binding.ClipMaker(smallClip(other, more))
      const done: number[] = []
      while (done.at(-1) !== 40) done.push(maker.step(frames))
      expect(done).toEqual(Array.from({ length: Math.ceil(40 / frames) }, (_, step) => Math.min(40, (step + 1) * frames)))
      expect(maker.step(1)).toBe(40)
      maker.finish()
      expect(readFileSync(other).equals(readFileSync(one))).toBe(true)
    }
  })

  it('of another seed shows other frames', async () => {
    const other = inFolder('seed.mp4')
    makeClip(binding, smallClip(other, { seed: 2, loops: 1 }))
    const [mine, its] = await Promise.all([frameDigests(path), frameDigests(other)])
    expect(its).toHaveLength(40)
    expect(its.filter((digest) => mine.includes(digest))).toEqual([])
  })
})

describe('the options of a clip', () => {
  it('say how many B-frames may follow each other', async () => {
    const longest = async (bFrames: number): Promise<number> => {
      const path = inFolder(`b-${bFrames}.mp4`)
      makeClip(binding, smallClip(path, { bFrames, loops: 1 }))
      const runs = (await pictureTypes(path)).join('').split(/[^B]+/)
      return Math.max(...runs.map(({ length }) => length))
    }
    expect([await longest(0), await longest(1), await longest(3)]).toEqual([0, 1, 3])
  })

  it('say how far apart key frames may lie', async () => {
    const path = inFolder('keys.mp4')
    makeClip(binding, smallClip(path, { keyInterval: 10, sceneFrames: 40, loops: 2 }))
    const packets = await probePackets(path, 0)
    const keys = packets.filter(({ flags }) => (flags & PacketFlag.key) !== 0).map(({ pts }) => pts / 1001)
    expect(keys).toEqual([0, 10, 20, 30, 40, 50, 60, 70])
  })

  it('name another encoder, whose clip loops as well', async () => {
    const path = inFolder('mpeg4.mp4')
    expect(makeClip(binding, smallClip(path, { encoder: 'mpeg4', threads: 2 }))).toEqual({ encoder: 'mpeg4', frames: 120 })
    expect(await probe(path, 'codec_name', 'nb_frames')).toEqual({ codec_name: 'mpeg4', nb_frames: '120' })
    const digests = await frameDigests(path)
    expect(new Set(digests.slice(0, 40)).size).toBe(40)
    expect([digests.slice(40, 80), digests.slice(80)]).toEqual([digests.slice(0, 40), digests.slice(0, 40)])
    expect(await pictureTypes(path)).toContain('B')
  })

  it.each([
    [16, 16],
    [18, 50],
    [22, 34],
    [1024, 16],
    [16, 1024],
    [322, 182],
    [180, 320],
  ])('may ask for %i x %i', async (width, height) => {
    const path = inFolder(`${width}x${height}.mp4`)
    makeClip(binding, smallClip(path, { width, height, sceneFrames: 50, pieceFrames: 100, loops: 1, encoder: 'mpeg4' }))
    expect(await probe(path, 'width', 'height', 'nb_frames')).toEqual({ width, height, nb_frames: '100' })
    expect(await frameDigests(path)).toHaveLength(100)
  })

  it('may ask for a single frame', async () => {
    const path = inFolder('one.mp4')
    expect(makeClip(binding, smallClip(path, { sceneFrames: 1, pieceFrames: 1, loops: 5 })).frames).toBe(5)
    expect(new Set(await frameDigests(path)).size).toBe(1)
  })
})

describe('the footage of a clip', () => {
  it('compresses as that of a camera does: neither like a still nor like noise, about every second frame a B-frame', async () => {
    const path = inFolder('footage.mp4')
    const frames = 90
    makeClip(binding, smallClip(path, { width: 960, height: 540, sceneFrames: 45, pieceFrames: frames, loops: 1, threads: 2 }))
    const packets = await probePackets(path, 0)
    const bitsPerPixel = (8 * packets.reduce((sum, { size }) => sum + size, 0)) / (960 * 540 * frames)
    expect(bitsPerPixel).toBeGreaterThan(0.03)
    expect(bitsPerPixel).toBeLessThan(0.2)
    const share = (await pictureTypes(path)).filter((type) => type === 'B').length / frames
    expect(share).toBeGreaterThan(0.4)
    expect(share).toBeLessThan(0.65)
  })
})

describe('a clip that cannot be made', () => {
  it.each([
    [
      'an encoder that does not exist',
      'ERR_UNSUPPORTED',
      { encoder: 'no-such-encoder' },
      'avcodec_find_encoder_by_name',
      'no-such-encoder',
    ],
    ['an encoder of sound', 'ERR_UNSUPPORTED', { encoder: 'aac' }, 'avcodec_find_encoder_by_name', 'aac'],
    ['an encoder of other pixels', 'ERR_ENCODE', { encoder: 'png' }, 'avcodec_open2', 'pixel format yuv420p'],
    ['an encoder without B-frames', 'ERR_ENCODE', { encoder: 'mjpeg' }, 'avcodec_open2', 'B-frames'],
    [
      'an encoder whose packets MP4 does not hold',
      'ERR_UNSUPPORTED',
      { encoder: 'ffvhuff', bFrames: 0 },
      'avformat_write_header',
      'ffvhuff',
    ],
  ])('with %s throws %s with the call and the reason', (_, code, more, call, reason) => {
    const failure = { code, call, message: expect.stringContaining(reason), avError: expect.any(Number) }
    expect(() => makeClip(binding, smallClip(inFolder('failed.mp4'), more))).toThrow(expect.objectContaining(failure))
  })

  it.each([
    ['in a folder that does not exist', join(folder, 'none', 'clip.mp4'), -2, 'No such file or directory'],
    ['in place of a folder', folder, -21, 'Is a directory'],
    ['at a URL, which is taken for a path', 'http://127.0.0.1:9/clip.mp4', -2, 'No such file or directory'],
  ])('%s throws ERR_IO with the call and the reason', (_, path, avError, message) => {
    expect(() => makeClip(binding, smallClip(path))).toThrow(
      expect.objectContaining({ code: 'ERR_IO', call: 'avio_open2', avError, message }),
    )
  })

  it.runIf(process.platform === 'linux')('for want of room throws ERR_IO', () => {
    const failure = { code: 'ERR_IO', avError: -28, message: expect.stringContaining('No space left on device') }
    expect(() => makeClip(binding, smallClip('/dev/full'))).toThrow(expect.objectContaining(failure))
  })
})

describe('a clip maker', () => {
  it.each(['finish', 'close'] as const)('throws ERR_CLOSED after %s, but from close', (end) => {
    const maker = new binding.ClipMaker(smallClip(inFolder('closed.mp4')))
    maker.step(5)
    maker[end]()
    const closed = expect.objectContaining({ code: 'ERR_CLOSED' })
    expect(() => maker.step(1)).toThrow(closed)
    expect(() => maker.finish()).toThrow(closed)
    maker.close()
  })

  it('can be dropped at any time: it is collected, and its file closed', async () => {
    const child = fileURLToPath(new URL('../children/drop-clip-makers.mjs', import.meta.url))
    const { stdout, stderr } = await run(process.execPath, ['--expose-gc', child, folder])
    expect([stdout, stderr]).toEqual(['collected 12 of 12, 0 files more are open\n', ''])
  })
})
