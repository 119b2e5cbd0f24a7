// What else a clip carries besides pictures: subtitles, chapters, tags, sound that is not everywhere. ffprobe and ffmpeg say what is there.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, type Clip, type ClipReport, type ClipSettings } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { fileUrl, runTool } from '../oracle/ffmpeg-command.js'

const srt = '1\n00:00:01,000 --> 00:00:02,500\nHello, <i>world</i>\n\n2\n00:00:03,200 --> 00:00:05,000\nSecond\nline\n\n'

let folder: string
let engine: Engine
/** Six seconds of pictures with a key frame each second, two of sound, subtitles as SubRip. */
let titled: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framemill-contents-'))
  engine = new Engine({ workers: 2, cache: false })
  await writeFile(join(folder, 'titles.srt'), srt)
  titled = join(folder, 'titled.mkv')
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=size=128x72:rate=25:duration=6', '-f', 'lavfi', '-i', 'sine=440:duration=2']
  const codecs = ['-c:v', 'libx264', '-g', '25', '-c:a', 'aac', '-c:s', 'subrip', '-metadata:s:s:0', 'language=eng']
  await made([...inputs, '-i', join(folder, 'titles.srt'), ...codecs, titled])
})
afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true, force: true })
})

async function made(args: readonly string[]): Promise<void> {
  expect(await runTool('ffmpeg', ['-y', ...args])).toMatchObject({ succeeded: true })
}

async function exported(source: string, clip: Clip, settings: ClipSettings = {}): Promise<ClipReport & { readonly output: string }> {
  const name = `clip-${Math.random().toString(36).slice(2)}`
  const { clips: made } = await engine.exportClips(source, [{ ...clip, name }], { outDir: join(folder, 'out'), ...settings })
  const [report] = made
  expect(report).toMatchObject({ status: 'done', error: null })
  if (report === undefined || report.output === null) throw new Error('Expected a clip')
  return { ...report, output: report.output }
}

async function shownText(path: string): Promise<string> {
  const { stdout } = await runTool('ffmpeg', ['-i', fileUrl(path), '-map', '0:s', '-f', 'srt', '-'])
  return stdout.replaceAll('\r', '').trim()
}

async function probed(path: string, ...what: string[]): Promise<string> {
  const { succeeded, stdout, errorLines } = await runTool('ffprobe', [...what, '-of', 'csv=p=0', fileUrl(path)])
  expect({ succeeded, errorLines }).toEqual({ succeeded: true, errorLines: [] })
  return stdout.trim()
}

describe('subtitles', () => {
  it.each([
    { container: 'mkv', codec: 'subrip' },
    { container: 'mp4', codec: 'mov_text' },
    { container: 'webm', codec: 'webvtt' },
  ] as const)('within the clip are carried into $container, cut to it and at its times', async ({ container, codec }) => {
    const { output, warnings } = await exported(titled, { start: 2, end: 4.32 }, { container })
    expect(warnings.filter((warning) => warning.includes('subtitles'))).toEqual([])
    expect(await probed(output, '-select_streams', 's', '-show_entries', 'stream=codec_name:stream_tags=language')).toBe(`${codec},eng`)
    const text = await shownText(output)
    expect(text).toMatch(
      /^1\n00:00:00,0\d\d --> 00:00:00,[45]\d\d\nHello, <i>world<\/i>\n\n2\n00:00:01,(?:1[5-9]|2)\d* --> 00:00:02,3\d\d\nSecond\nline$/,
    )
  })

  it('are left out when that is asked for', async () => {
    const { output } = await exported(titled, { start: 2, end: 4 }, { subtitles: false })
    expect(await probed(output, '-select_streams', 's', '-show_entries', 'stream=codec_name')).toBe('')
  })
})

describe('chapters and tags', () => {
  it('are those of the part, moved to its start', async () => {
    const { output } = await exported(clips.manyStreams.path, { start: 0.4, end: 1.2, title: 'Mine' })
    const chapters = await probed(output, '-show_entries', 'chapter=start_time,end_time:chapter_tags=title')
    expect(chapters.split('\n')).toEqual(['0.000000,0.400000,First', '0.400000,0.800000,Second'])
    expect(await probed(output, '-show_entries', 'format_tags=title')).toBe('Mine')
  })

  it('are left out when that is asked for, but for the title that was given', async () => {
    const { output } = await exported(clips.manyStreams.path, { start: 0.4, end: 1.2 }, { chapters: false, metadata: false })
    expect(await probed(output, '-show_entries', 'chapter=start_time')).toBe('')
    expect(await probed(output, '-show_entries', 'format_tags=title')).toBe('')
  })
})

describe('sound', () => {
  it.each(['copy', 'smart', 'encode'] as const)('that has ended before the clip begins is no reason to fail, in mode %s', async (mode) => {
    const { output, frames } = await exported(titled, { start: 3, end: 5 }, { mode })
    const counted = ['-select_streams', 'v', '-count_frames', '-show_entries', 'stream=nb_read_frames']
    expect(Number(await probed(output, ...counted))).toBe(frames)
  })

  it('is left out with audio: false', async () => {
    const { output } = await exported(titled, { start: 0, end: 1 }, { audio: false })
    expect(await probed(output, '-select_streams', 'a', '-show_entries', 'stream=codec_name')).toBe('')
  })
})

describe('what is not quite as asked for', () => {
  it('is told of a copy that begins at the key frame before and ends after the last frame that it must hold', async () => {
    const { start, warnings } = await exported(titled, { start: 2.5, end: 3.5 }, { mode: 'copy', container: 'mkv' })
    expect(start).toBeCloseTo(2.023, 2)
    expect(warnings).toContain('it begins 0.480 s early, at a key frame')
  })

  it('is told of an end beyond the end of the source', async () => {
    const { warnings } = await exported(titled, { start: 5, end: 60 })
    expect(warnings).toContainEqual(expect.stringMatching(/^it ends with the source, at 6\.0\d\d s$/))
  })

  it('is told of a codec that is not the source’s', async () => {
    const { mode, warnings } = await exported(titled, { start: 0, end: 1 }, { container: 'webm' })
    expect(mode).toBe('encode')
    expect(warnings).toContain('its pictures are vp9, those of the source h264')
  })

  it('is an error that names the image that is not there', async () => {
    const missing = join(folder, 'no-such.png')
    const clip = { start: 0, end: 1, transform: { overlay: { image: missing } } }
    const { clips: made } = await engine.exportClips(titled, [clip], { outDir: join(folder, 'out') })
    expect(made).toMatchObject([{ status: 'failed', error: { code: 'ERR_NOT_FOUND', message: expect.stringContaining(missing) } }])
  })

  it('is refused where an output’s name says another container', async () => {
    await expect(engine.transcode(titled, join(folder, 'x.mp4'), { container: 'mkv' })).rejects.toThrow(RangeError)
  })

  it('is not a quality: one that is asked for is given, by encoding', async () => {
    expect((await exported(titled, { start: 0, end: 1 }, { video: { crf: 30 } })).mode).toBe('encode')
  })
})
