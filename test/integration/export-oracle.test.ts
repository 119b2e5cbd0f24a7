// The judges of exported files on files that the ffmpeg command makes: good ones pass, and each kind of bad one is caught.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clips } from '../fixtures/index.js'
import { probeClip } from '../oracle/clip-facts.js'
import { decodePart, type ExpectedClip } from '../oracle/clip-range.js'
import { copiedPackets, copyableSpan, expectedFrames, judgeClip, judgeSound } from '../oracle/export-oracle.js'
import { consultFfmpeg } from '../oracle/ffmpeg-oracle.js'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'export-oracle-'))
const at = (name: string): string => join(folder, name)
const ffmpeg = (...args: string[]): Promise<unknown> => run('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', '-y', ...args])
const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-threads', '1']
const inexact = { exact: 'none', leastPsnr: 28 } as const
const exact = { exact: 'all', leastPsnr: 40 } as const

/** Ten seconds at 30 frames a second with a key frame each two; noise for sound, which never repeats itself. */
const source = at('source.mp4')
/** 1.3 s to 4 s: frames 39 to 119; key frames are 60 and, after the end, 120. */
let expected: ExpectedClip

beforeAll(async () => {
  const noise = ['-f', 'lavfi', '-i', 'anoisesrc=seed=7:color=pink:sample_rate=48000:duration=10:amplitude=0.4']
  await ffmpeg('-i', clips.bFrames.path, ...noise, '-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'aac', '-b:a', '192k', source)
  expected = await expectedFrames(source, 1.3, 4)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Encodes part of the source; `more` are output options, whose filters see the whole of it. */
async function encode(name: string, from: number, to: number, ...more: string[]): Promise<string> {
  const range = ['-ss', from.toFixed(6), '-to', to.toFixed(6)]
  await ffmpeg('-i', source, ...range, ...x264, '-c:a', 'aac', '-b:a', '192k', ...more, at(name))
  return at(name)
}

/** The head until the key frame encoded, and the source's own packets from `copyFrom` on, joined without sound. */
async function join2(name: string, copyFrom: number, ...bodyFilter: string[]): Promise<string> {
  const [head, body] = [at(`${name}-head.ts`), at(`${name}-body.ts`)]
  await ffmpeg('-i', source, '-ss', '1.3', '-to', '2', '-an', ...x264, '-bf', '0', '-output_ts_offset', '1', head)
  await ffmpeg('-ss', String(copyFrom), '-i', source, '-frames:v', '60', '-an', '-c', 'copy', ...bodyFilter, '-copyinkf', body)
  writeFileSync(at(`${name}.txt`), `file '${head}'\nfile '${body}'\n`)
  await ffmpeg('-f', 'concat', '-safe', '0', '-i', at(`${name}.txt`), '-c', 'copy', at(`${name}.mp4`))
  return at(`${name}.mp4`)
}

const said = (faults: readonly string[]): string => faults.join('\n')

describe('what a clip must show', () => {
  it('is the frames whose timestamps lie in its range, and the neighbours', async () => {
    const all = (await consultFfmpeg(source)).frames
    expect(expected.frames).toEqual(all.slice(39, 120))
    expect([expected.before, expected.after]).toEqual([all[38], all[120]])
    const whole = await expectedFrames(source, 0, 100)
    expect([whole.frames.length, whole.before, whole.after]).toEqual([300, undefined, undefined])
    expect((await expectedFrames(source, 1.301, 1.302)).frames).toEqual([])
    expect((await expectedFrames(source, 40 / 30, 42 / 30)).frames).toEqual(all.slice(40, 42))
  })

  it.each([clips.bFrames, clips.hevcOpenGop, clips.lateStart, clips.editList, clips.vfrMkv, clips.delayedVideo])(
    'is the same when only a part of $name is decoded',
    async ({ path }) => {
      const facts = await probeClip(path)
      const all = (await consultFfmpeg(path)).frames
      const last = all.at(-1)?.seconds ?? 0
      const [start, end] = [last * 0.7, last * 0.9]
      const within = ({ seconds }: { seconds: number }): boolean => seconds >= start && seconds < end
      const digests = (frames: readonly { digest: string }[]): string[] => frames.map(({ digest }) => digest)
      expect(facts).toBeDefined()
      if (facts === undefined) return
      const part = (await decodePart(path, facts, start, end)).filter(within)
      expect(part.length).toBeGreaterThan(5)
      expect(digests(part)).toEqual(digests(all.filter(within)))
    },
  )

  it('can be copied from its first key frame to the last mini-GOP', async () => {
    expect(copyableSpan(expected)).toEqual({ from: 21, to: 81 })
    // Frame 103 is a B-frame: the reference after it lies beyond, and what needs it cannot be copied.
    const { from, to } = copyableSpan(await expectedFrames(source, 1.3, 103.5 / 30))
    expect(from).toBe(21)
    expect(to).toBeGreaterThan(60)
    expect(to).toBeLessThan(65)
    const without = await expectedFrames(source, 2.1, 3.9)
    expect(copyableSpan(without)).toEqual({ from: 54, to: 54 })
  })
})

describe('the judge of pictures', () => {
  it('passes a clip that was encoded from the right frames', async () => {
    const judged = await judgeClip(await encode('right.mp4', 1.3, 4), expected, inexact)
    expect(judged).toMatchObject({ faults: [], frames: 81, hasCorruptSeam: false })
    expect(judged.leastPsnr).toBeGreaterThan(28)
    expect(judged.leastPsnr).toBeLessThan(60)
  })

  it('passes a copy whose edit list hides what lies before it, as exact', async () => {
    await ffmpeg('-ss', '1.3', '-i', source, '-c', 'copy', '-an', at('copy.mp4'))
    const judged = await judgeClip(at('copy.mp4'), await expectedFrames(source, 1.3, 100), exact)
    expect(judged).toMatchObject({ faults: [], frames: 261, leastPsnr: Infinity })
  })

  it('passes an encoded head joined to copied packets, as exact from the key frame on', async () => {
    const judged = await judgeClip(await join2('smart', 2), expected, { exact: copyableSpan(expected), leastPsnr: 28 })
    expect(judged).toMatchObject({ faults: [], frames: 81, hasCorruptSeam: false })
    expect(judged.identical.lastIndexOf(false)).toBe(20)
  })

  it('passes Matroska, whose clock is in milliseconds', async () => {
    expect((await judgeClip(await encode('right.mkv', 1.3, 4, '-an'), expected, inexact)).faults).toEqual([])
  })

  it('passes what was turned upright for good', async () => {
    const turned = clips.rotated90.path
    await ffmpeg('-i', turned, ...x264, at('upright.mp4'))
    expect((await judgeClip(at('upright.mp4'), await expectedFrames(turned, 0, 100), inexact)).faults).toEqual([])
  })

  it('passes a still picture whose grain is another from the last frame on, which an encoder does not follow', async () => {
    const still = 'testsrc2=size=160x96:rate=30:duration=0.04,loop=loop=-1:size=1,setpts=N/30/TB,trim=end_frame=30,split'
    const graph = `${still}[a][b];[a]noise=alls=6:all_seed=1[x];[b]noise=alls=6:all_seed=2[y];[x][y]concat`
    await ffmpeg('-f', 'lavfi', '-i', graph, ...x264, '-crf', '4', '-pix_fmt', 'yuv420p', at('grain.mp4'))
    await ffmpeg('-i', at('grain.mp4'), '-ss', '0.7', '-to', String(31 / 30), ...x264, '-crf', '23', at('still.mp4'))
    const judged = await judgeClip(at('still.mp4'), await expectedFrames(at('grain.mp4'), 0.7, 31 / 30), inexact)
    expect(judged).toMatchObject({ faults: [], frames: 10 })
  })

  it.each([
    ['one frame late', 40, 121, 'later'],
    ['one frame early', 38, 119, 'earlier'],
  ])('catches a clip that is %s', async (name, from, to, word) => {
    const late = await encode(`${name}.mp4`, from / 30, to / 30)
    const judged = await judgeClip(late, expected, inexact)
    expect(judged.frames).toBe(81)
    expect(said(judged.faults)).toContain(`frame 0 is liker to the source's one ${word}`)
    expect(said((await judgeClip(late, expected, { ...inexact, leastPsnr: 0 })).faults)).toContain(word)
  })

  it('catches a first frame that alone is the one before', async () => {
    const wrong = await encode('first.mp4', 1.3, 4, '-vf', "select='not(eq(n,39))',loop=1:1:39,setpts=N/30/TB")
    expect(said((await judgeClip(wrong, expected, { ...inexact, leastPsnr: 0 })).faults)).toContain(
      "frame 0 is liker to the source's one earlier",
    )
  })

  it('catches a dropped frame by number and by time, and a doubled one by its place', async () => {
    const dropped = await encode('dropped.mp4', 1.3, 4, '-vf', "select='not(eq(n,56))'", '-fps_mode', 'passthrough')
    const faults = said((await judgeClip(dropped, expected, inexact)).faults)
    expect(faults).toContain('80 frames instead of 81')
    expect(faults).toContain('frame 17 is at 0.6000 s instead of 0.5667 s')
    const slipped = await encode('slipped.mp4', 1.3, 4, '-vf', "select='not(eq(n,69))',loop=1:1:99,setpts=N/30/TB")
    const judged = await judgeClip(slipped, expected, { ...inexact, leastPsnr: 0 })
    expect(judged.frames).toBe(81)
    expect(said(judged.faults)).toContain('later')
  })

  it('catches times that drift, and a clip that does not begin at 0', async () => {
    const slow = await encode('slow.mp4', 1.3, 4, '-vf', 'setpts=1.01*PTS', '-fps_mode', 'passthrough', '-an')
    expect(said((await judgeClip(slow, expected, inexact)).faults)).toMatch(/frame \d+ is at 0\.\d+ s instead of/)
    const late = await encode('late.mp4', 1.3, 4, '-output_ts_offset', '0.5')
    expect(said((await judgeClip(late, expected, inexact)).faults)).toContain('the first frame is at 0.5')
  })

  it('catches copied packets without the pictures that they refer to', async () => {
    const broken = await join2('broken', 2, '-bsf:v', 'noise=drop=lt(n\\,8)')
    const judged = await judgeClip(broken, await expectedFrames(source, 1.3, 4), { exact: copyableSpan(expected), leastPsnr: 28 })
    expect(judged.hasCorruptSeam).toBe(true)
    expect(judged.faults.length).toBeGreaterThan(0)
  })

  it('catches an edge that is unlike the source', async () => {
    const coarse = await encode('coarse.mp4', 1.3, 4, '-crf', '45')
    expect(said((await judgeClip(coarse, expected, inexact)).faults)).toContain('less than 28 dB')
  })

  it('catches packets whose decode times go back, and damage', async () => {
    const once = await encode('once.ts', 1.3, 4)
    const bytes = await readFile(once)
    writeFileSync(at('twice.ts'), Buffer.concat([bytes, bytes]))
    expect(said((await judgeClip(at('twice.ts'), expected, inexact)).faults)).toMatch(/has dts -?\d+ after \d+/)
    expect((await judgeClip(clips.damagedMp4.path, await expectedFrames(clips.noBFrames.path, 0, 100), inexact)).hasCorruptSeam).toBe(true)
    expect((await judgeClip(clips.text.path, expected, inexact)).faults).toHaveLength(1)
  })
})

describe('the judge of sound', () => {
  it('passes sound that is cut and encoded with the pictures, and finds no lag', async () => {
    const judged = await judgeSound(await encode('sound.mp4', 1.3, 4), expected)
    expect(judged.faults).toEqual([])
    expect(judged.samples).toBeGreaterThan(2.7 * 48000 - 1600)
    expect(judged.lags.map((lag) => Math.round((lag ?? NaN) * 48000))).toEqual([0, 0])
  })

  it('passes copied sound to the sample', async () => {
    await ffmpeg('-ss', '1.3', '-i', source, '-c', 'copy', at('sound-copy.mp4'))
    const judged = await judgeSound(at('sound-copy.mp4'), await expectedFrames(source, 1.3, 100), { lag: 0 })
    expect(judged.faults).toEqual([])
  })

  it('goes by the first picture where that is not at 0, as when an encoder begins sound earlier', async () => {
    const primed = await encode('primed.mkv', 1.3, 4)
    expect((await judgeSound(primed, expected)).faults).toEqual([])
    expect((await judgeClip(primed, expected, inexact)).faults).toEqual(['the first frame is at 0.021 s instead of 0 s'])
    expect((await judgeClip(primed, expected, { ...inexact, latestStart: 0.022 })).faults).toEqual([])
  })

  it('passes sound that begins before the pictures of its source', async () => {
    const late = clips.delayedVideo.path
    await ffmpeg('-i', late, '-ss', '2', '-to', '4', ...x264, '-c:a', 'aac', at('delayed.mp4'))
    expect((await judgeSound(at('delayed.mp4'), await expectedFrames(late, 2, 4))).faults).toEqual([])
  })

  it('passes a quiet hiss whose source has a clock of milliseconds, and catches it 5 ms late', async () => {
    const hiss = ['-f', 'lavfi', '-i', 'anoisesrc=seed=5:color=white:sample_rate=44100:duration=4:amplitude=0.02']
    const small = ['-vf', 'scale=64:-2', '-c:v', 'libvpx', '-cpu-used', '8', '-t', '4']
    await ffmpeg('-i', source, ...hiss, '-map', '0:v', '-map', '1:a', ...small, '-c:a', 'libvorbis', at('hiss.webm'))
    const itsTimes = ['-fps_mode', 'passthrough', '-enc_time_base:v', '-1']
    const inWebm = await expectedFrames(at('hiss.webm'), 1.3, 3)
    await ffmpeg('-i', at('hiss.webm'), '-ss', '1.3', '-to', '3', ...itsTimes, ...x264, '-c:a', 'aac', '-b:a', '192k', at('hiss.mp4'))
    const both = ['-i', at('hiss.mp4'), '-itsoffset', '0.005', '-i', at('hiss.mp4'), '-map', '0:v', '-map', '1:a']
    await ffmpeg(...both, '-c', 'copy', at('hiss-late.mp4'))
    expect((await judgeSound(at('hiss.mp4'), inWebm)).faults).toEqual([])
    expect(said((await judgeSound(at('hiss-late.mp4'), inWebm)).faults)).toMatch(/the sound is [45]\.\d\d ms late near the start/)
  })

  it.each([
    ['late by 2 ms', 0.002],
    ['late by 30 ms', 0.03],
    ['early by 30 ms', -0.03],
    ['late by 150 ms', 0.15],
  ])('catches sound that is %s', async (name, seconds) => {
    const shift = seconds > 0 ? `adelay=${seconds * 1000}:all=1` : `atrim=start=${-seconds},asetpts=PTS-STARTPTS`
    const shifted = await encode(`${name}.mp4`, 1.3, 4, '-af', shift)
    const { faults, lags } = await judgeSound(shifted, expected)
    expect(said(faults)).toContain('late near the start')
    expect(lags[0]).toBeCloseTo(seconds, 4)
  })

  it('catches sound that drifts', async () => {
    const { faults, lags } = await judgeSound(await encode('drift.mp4', 1.3, 4, '-af', 'asetrate=48240,aresample=48000'), expected)
    expect(said(faults)).toContain('near the end')
    expect(lags[1]).toBeLessThan((lags[0] ?? NaN) - 0.003)
  })

  it('catches sound that ends early, is missing, or is another', async () => {
    expect(said((await judgeSound(await encode('short.mp4', 1.3, 4, '-af', 'atrim=end=3.8'), expected)).faults)).toContain(
      'the sound ends at 2.5',
    )
    expect((await judgeSound(await encode('mute.mp4', 1.3, 4, '-an'), expected)).faults).toEqual(['it has no sound'])
    const other = await encode('other.mp4', 6, 8.7)
    expect(said((await judgeSound(other, expected)).faults)).toContain("is not the source's")
    const silent = await expectedFrames(clips.bFrames.path, 1.3, 4)
    expect((await judgeSound(other, silent)).faults).toEqual(['it has sound where the source has none'])
  })
})

describe('the judge of packets', () => {
  it('knows copied packets, and those that were encoded', async () => {
    const { packets, copied, encoded } = await copiedPackets(await join2('counted', 2), source)
    expect([copied, encoded]).toEqual([60, 21])
    expect(packets.slice(0, 21).every(({ sourceTicks }) => sourceTicks === undefined)).toBe(true)
    expect((await copiedPackets(at('counted-head.ts'), source)).copied).toBe(0)
  })

  it.each([
    [clips.ts, 'from-ts.mp4', 152],
    [clips.hevcOpenGop, 'from-hevc.ts', 90],
    [clips.vp9, 'from-webm.mkv', 90],
    [clips.bFrames, 'from-mp4.mkv', 300],
  ])('knows those of $name in another container', async ({ path }, name, count) => {
    await ffmpeg('-i', path, '-c', 'copy', at(name))
    expect(await copiedPackets(at(name), path)).toMatchObject({ copied: count, encoded: 0 })
  })
})
