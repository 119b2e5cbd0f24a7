// Encoding through the border: faults by name, cancelling, and spools that another thread makes a file of.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { fileURLToPath } from 'node:url'
import { loadBinding, Outcome } from '../../dist/native/binding.js'
import { NativeLaneWord, nativeLaneWordCount } from '../../dist/native/lane-words.js'
import { clips } from '../fixtures/index.js'
import { consultFfmpeg } from '../oracle/ffmpeg-oracle.js'
import { encodeFrames, openTranscoder, pictureOutput, remuxOf, runOf, segmentFor, soundOf, trackOf } from './exporters.js'
import { openSampler, sourceOf } from './samplers.js'

const binding = loadBinding()
const folder = mkdtempSync(join(tmpdir(), 'framemill-encode-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => binding.useLane(null))

const video = clips.noBFrames.path
const spool = join(folder, 'spool')
/** Of the first frames: 30 a second, in ticks of 1/15360. */
const ticks = (frames: number): number[] => Array.from({ length: frames }, (_, i) => i * 512)
const fault = (code: string, message: string): unknown => expect.objectContaining({ code, message: expect.stringContaining(message) })

/** Opens a transcoder and encodes a few frames. */
function encode(output: Parameters<typeof pictureOutput>[1], path = video): void {
  encodeFrames(binding, path, pictureOutput(spool, output), ticks(3))
}

describe('an encoder', () => {
  it('that there is not, or that is not for pictures, is named before anything is read', () => {
    for (const encoder of ['x264-of-tomorrow', 'aac']) {
      expect(() => openTranscoder(binding, video, pictureOutput(spool, { encoder }))).toThrow(fault('ERR_UNSUPPORTED', encoder))
    }
    const sound = { ...sourceOf(clips.audioOnly.path), ...soundOf(spool, { encoder: 'libx264' }) }
    expect(() => new binding.SoundTranscoder(sound)).toThrow(fault('ERR_UNSUPPORTED', 'libx264'))
  })

  it('names the option that it does not have, and the value that it does not take', () => {
    expect(() => encode({ options: ['tempo', '5'] })).toThrow(fault('ERR_UNSUPPORTED', 'libx264 has no option tempo'))
    expect(() => encode({ options: ['g', 'often'] })).toThrow(fault('ERR_UNSUPPORTED', 'libx264 does not take "often" for its option g'))
    const sound = new binding.SoundTranscoder({ ...sourceOf(clips.audioOnly.path), ...soundOf(spool, { options: ['tempo', '5'] }) })
    expect(() => {
      while (sound.step(64));
    }).toThrow(fault('ERR_UNSUPPORTED', 'aac has no option tempo'))
    sound.close()
  })

  it('names the pixel format and the filter that there is not', () => {
    expect(() => encode({ pixelFormat: 'yuv999' })).toThrow(fault('ERR_UNSUPPORTED', 'yuv999'))
    expect(() => encode({ pixelFormat: 'pal8' })).toThrow(fault('ERR_UNSUPPORTED', 'libx264 does not take the pixel format pal8'))
    expect(() => encode({ filter: 'sharpest' })).toThrow(fault('ERR_UNSUPPORTED', "No such filter: 'sharpest'"))
  })

  it('that cannot write is a fault of the file system', () => {
    const path = join(folder, 'none/spool')
    expect(() => encode({ path })).toThrow(fault('ERR_IO', path))
    const open = (): unknown => new binding.Remuxer({ ...sourceOf(video), ...remuxOf(join(folder, 'none/clip.mp4')) })
    expect(open).toThrow(expect.objectContaining({ code: 'ERR_IO', avError: -2 }))
  })

  it.each([
    ['alone', {}],
    ['after a filter', { filter: 'hflip' }],
  ])('is given no picture of another size, %s', (_, more) => {
    const targets = [...binding.scanPackets({ ...sourceOf(clips.sizeChange.path), streamIndex: 0 }).pts].sort((a, b) => a - b)
    const output = pictureOutput(spool, { timeBase: { num: 1, den: 90_000 }, ...more })
    expect(() => encodeFrames(binding, clips.sizeChange.path, output, targets)).toThrow(
      fault('ERR_UNSUPPORTED', 'the pictures change from 320x180 to 192x144 in mid-stream'),
    )
  })
})

describe('a run of the decoder', () => {
  it('gives VP8 frames that have the timestamp of the alternate reference before them', async () => {
    const { frames } = await consultFfmpeg(clips.vp8.path)
    const { pts, flags } = binding.scanPackets({ ...sourceOf(clips.vp8.path), streamIndex: 0 })
    const hidden = [...pts].filter((_, packet) => ((flags[packet] ?? 0) & 2) !== 0)
    expect(hidden.length).toBeGreaterThan(0)
    const targets = frames.map(({ ptsTicks }) => ptsTicks)
    for (const last of [...hidden, targets.at(-1) ?? 0]) {
      const wanted = targets.filter((each) => each <= last)
      const sampler = openSampler(binding, clips.vp8.path)
      const facts = new Float64Array(8)
      sampler.begin(segmentFor(wanted))
      expect(wanted.map(() => [sampler.next(null, facts), facts[1]])).toEqual(wanted.map((each) => [Outcome.frame, each]))
      sampler.close()
    }
  })
})

describe('cancelling', () => {
  it('ends a step of a transcoder, a sound transcoder and a remuxer', () => {
    const lane = new Int32Array(new SharedArrayBuffer(4 * nativeLaneWordCount))
    binding.useLane(lane)
    const transcoder = openTranscoder(binding, video, pictureOutput(spool))
    transcoder.begin(segmentFor(ticks(150)))
    expect(transcoder.step(5)).toBe(Outcome.frame)
    const encoded = lane[NativeLaneWord.framesEncoded]
    const sound = new binding.SoundTranscoder({ ...sourceOf(clips.audioOnly.path), ...soundOf(join(folder, 'sound')) })
    expect(sound.step(1)).toBe(true)
    const remuxer = new binding.Remuxer({ ...sourceOf(video), ...remuxOf(join(folder, 'clip.mp4')) })
    remuxer.addTrack(trackOf())
    remuxer.addRun(runOf({ fromStreamStart: true, count: 150 }))
    expect(remuxer.step(5)).toBe(true)

    lane[NativeLaneWord.cancel] = 1
    for (const step of [() => transcoder.step(100), () => sound.step(100), () => remuxer.step(100)]) {
      expect(step).toThrow(expect.objectContaining({ code: 'CANCELLED' }))
    }
    expect(lane[NativeLaneWord.framesEncoded]).toBe(encoded)
    for (const open of [transcoder, sound, remuxer]) open.close()
  })
})

describe('a spool', () => {
  it('made by one thread is a file by another, with every frame in its time', async () => {
    expect(encodeFrames(binding, video, pictureOutput(spool), ticks(45))).toBe(45)
    const path = join(folder, 'other-thread.mp4')
    const remux = { ...sourceOf(video), ...remuxOf(path, { options: ['video_track_timescale', '15360'] }) }
    const child = fileURLToPath(new URL('../children/write-file.mjs', import.meta.url))
    const workerData = { remux, track: trackOf({ spool }), runs: [runOf({ kind: 'spool', path: spool })] }
    const [message] = await once(new Worker(child, { workerData }), 'message')
    expect(message).toEqual({ copied: 0 })
    expect((await consultFfmpeg(path)).frames.map(({ ptsTicks }) => ptsTicks)).toEqual(ticks(45))
  })

  it('holds frames in the time base that was asked for, and as many as the filter gives', () => {
    expect(encodeFrames(binding, video, pictureOutput(spool, { filter: 'fps=15' }), ticks(60))).toBe(30)
    expect(encodeFrames(binding, video, pictureOutput(spool, { timeBase: { num: 512, den: 15_360 } }), ticks(60))).toBe(60)
  })
})
