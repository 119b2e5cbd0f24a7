// `framemill export` and `transcode` as their users meet them: a process of its own, its files as ffprobe sees them, its exit code.
import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, watch, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ExportReport } from '../../src/index.js'
import { clips } from '../fixtures/index.js'
import { fileUrl, runTool } from '../oracle/ffmpeg-command.js'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
/** 300 frames, 30 a second, a key frame each 2 s. */
const clip = clips.bFrames

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function start(args: readonly string[]): ChildProcessByStdio<Writable, Readable, Readable> {
  return spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
}

async function ended(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<Ended> {
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, stdout, stderr }
}

async function framemill(...args: string[]): Promise<Ended> {
  const child = start(args)
  child.stdin.end()
  return ended(child)
}

function reportOf(json: string): ExportReport {
  return JSON.parse(json)
}

interface Probed {
  readonly streams: readonly {
    readonly codec_type: string
    readonly codec_name: string
    readonly nb_read_frames?: string
    readonly disposition: { readonly attached_pic: number }
  }[]
  readonly format: { readonly format_name: string; readonly tags?: Readonly<Record<string, string>> }
  readonly chapters: readonly object[]
}

/** Decodes the file; fails on anything that ffprobe complains of. */
async function probe(path: string): Promise<Probed> {
  const what = ['-count_frames', '-show_streams', '-show_format', '-show_chapters', '-of', 'json']
  const { succeeded, stdout, errorLines } = await runTool('ffprobe', [...what, fileUrl(path)])
  expect({ path, succeeded, errorLines }).toEqual({ path, succeeded: true, errorLines: [] })
  return JSON.parse(stdout)
}

/** What users see: the record of what was made is hidden. */
async function visibleFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name !== '.framemill-export.jsonl').toSorted()
}

async function framesOf(path: string): Promise<number> {
  const { streams } = await probe(path)
  return Number(streams.find(({ codec_type }) => codec_type === 'video')?.nb_read_frames)
}

let folder = ''
let out = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framemill-cli-'))
  out = join(folder, 'out')
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('help', () => {
  const shared =
    'mode container encoder preset crf bitrate pixel-format key-interval encoder-option audio audio-bitrate channels sample-rate no-subtitles ' +
    'no-chapters no-metadata crop rotate flip width height fit background stack pad fps speed eq denoise blur overlay overlay-at text text-at ' +
    'fade-in fade-out filter volume loudness audio-filter existing retries timeout encoder-threads hwaccel workers memory-limit no-cache ' +
    'allow-playlists json report quiet'

  it.each([
    ['export', `clips out clips-at-once ${shared}`],
    ['transcode', `start end title ${shared}`],
  ])('of %s names every flag', async (command, flags) => {
    const { code, stdout, stderr } = await framemill(command, '--help')
    expect([code, stderr]).toEqual([0, ''])
    for (const flag of flags.split(' ')) expect(stdout).toContain(`--${flag} `)
    expect(stdout).toContain('Examples:')
  })
})

describe('misuse', () => {
  it.each([
    [['--clips', '1-2', '--mode', 'fast'], 'Allowed choices are auto, copy, smart, encode'],
    [['--clips', '1-2', '--crf', '20', '--bitrate', '1M'], '--crf and --bitrate contradict each other'],
    [['--clips', '1-2,x-3'], '--clips, clip 2: expected seconds'],
    [[], "required option '--clips <list>' not specified"],
    [['--clips', '1-2', '--encoder', 'no-such-encoder', '--mode', 'encode'], 'no-such-encoder'],
    [['--clips', 'same=1-2,same=3-4'], 'same'],
    [['--clips', '../above=1-2'], '../above'],
  ])('of %j ends with 2, one line and no folder', async (args, words) => {
    const { code, stdout, stderr } = await framemill('export', clip.path, '--out', out, ...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^framemill: /)
    expect(stderr).toContain(words)
    expect(stdout).toBe('')
    expect(await readdir(folder)).toEqual([])
  })

  it('in a list is told with its row, before anything is made', async () => {
    const list = join(folder, 'clips.csv')
    await writeFile(list, 'start,end,name\n1,2,good\n3,2,bad\n')
    const { code, stderr } = await framemill('export', clip.path, '--clips', list, '--out', out)
    expect([code, stderr]).toEqual([2, `framemill: ${list}, row 3: the end 2 is not after the start 3 (ERR_USAGE)\n`])
    expect(await readdir(folder)).toEqual(['clips.csv'])
  })
})

it('ends with 1 and one line when the list or the source cannot be read', async () => {
  const list = await framemill('export', clip.path, '--clips', join(folder, 'none.csv'), '--out', out)
  expect(list).toMatchObject({ code: 1, stderr: expect.stringMatching(/^framemill: Cannot read ".*none\.csv": .* \(ENOENT\)\n$/) })
  const source = await framemill('export', join(folder, 'none.mp4'), '--clips', '1-2', '--out', out, '--json')
  expect(source).toMatchObject({ code: 1, stderr: expect.stringMatching(/^framemill: .*\(ERR_NOT_FOUND\)\n$/) })
  expect(JSON.parse(source.stdout)).toMatchObject({ type: 'error', code: 'ERR_NOT_FOUND' })
})

describe('export', () => {
  it('makes the clips of a list on the command line, and says so', async () => {
    const file = join(folder, 'reports', 'report.json')
    const { code, stdout, stderr } = await framemill(
      'export',
      clip.path,
      '--clips',
      '1-2,tail=8.5-',
      '--out',
      out,
      '--json',
      '--report',
      file,
    )
    expect(code).toBe(0)
    const report = reportOf(stdout)
    expect(reportOf(await readFile(file, 'utf8'))).toEqual(report)
    expect(report.totals).toMatchObject({ clips: 2, done: 2, failed: 0, cancelled: 0, skipped: 0, frames: 75 })

    const [first, tail] = report.clips
    expect(first).toMatchObject({
      status: 'done',
      frames: 30,
      error: null,
      attempts: 1,
      start: expect.closeTo(1, 3),
      end: expect.closeTo(2, 3),
    })
    expect(tail).toMatchObject({ name: 'tail', frames: 45, start: expect.closeTo(8.5, 3), end: expect.closeTo(10, 3) })
    const files = await visibleFiles(out)
    expect(files).toEqual([basename(first?.output ?? ''), 'tail.mp4'].toSorted())
    expect(await framesOf(join(out, basename(first?.output ?? '')))).toBe(30)
    expect(await framesOf(join(out, 'tail.mp4'))).toBe(45)

    const lines = stderr.trimEnd().split('\n')
    expect(lines.slice(-3)).toEqual([
      expect.stringMatching(/^\S+ +(copy|smart|encode) +30 frames.* [KM]iB +[\d.]+ s {2}\S/),
      expect.stringMatching(/^tail +(copy|smart|encode) +45 frames.* [KM]iB +[\d.]+ s {2}\S/),
      expect.stringMatching(/^2 clips, 2\.5 s in [\d.]+ s \([\d.,]+x realtime\) on \d+ workers?; \d+ of 75 frames encoded$/),
    ])
  })

  it('makes each clip in its own mode, with its own title', async () => {
    const modes = ['copy', 'smart', 'encode'] as const
    const list = join(folder, 'clips.json')
    await writeFile(
      list,
      JSON.stringify({ clips: modes.map((mode) => ({ start: '0:01.5', end: 2.5, name: mode, title: `As ${mode}`, mode })) }),
    )
    const { code, stdout, stderr } = await framemill('export', clip.path, '--clips', list, '--out', out, '--json', '--quiet')
    expect([code, stderr]).toEqual([0, ''])
    expect(reportOf(stdout).clips.map(({ mode, frames }) => ({ mode, frames }))).toEqual(modes.map((mode) => ({ mode, frames: 30 })))
    for (const mode of modes) {
      const { format, streams } = await probe(join(out, `${mode}.mp4`))
      expect(format.tags).toMatchObject({ title: `As ${mode}` })
      expect(streams).toEqual([expect.objectContaining({ codec_name: 'h264', nb_read_frames: '30' })])
    }
  })

  it('takes a list from stdin, and hands its flags on', async () => {
    const flags = '--mode encode --container mkv --width 160 --crf 30 --audio none --no-chapters --workers 1'.split(' ')
    const child = start(['export', clips.manyStreams.path, '--clips', '-', '--out', out, '--quiet', ...flags])
    child.stdin.end('end,start,name\n1,0.2,"small, silent"\n')
    expect(await ended(child)).toEqual({ code: 0, stdout: '', stderr: '' })
    const { format, streams, chapters } = await probe(join(out, 'small, silent.mkv'))
    expect(format.format_name).toContain('matroska')
    expect(chapters).toEqual([])
    const played = streams.filter(({ codec_type, disposition }) => codec_type !== 'attachment' && disposition.attached_pic === 0)
    expect(played).toEqual([expect.objectContaining({ codec_type: 'video', width: 160, height: 90, nb_read_frames: '20' })])
  })

  it('leaves a file alone that is there: with 1, or with 0 when that is wished', async () => {
    const run = (...flags: string[]): Promise<Ended> =>
      framemill('export', clip.path, '--clips', 'a=1-2', '--out', out, '--quiet', '--json', ...flags)
    expect((await run()).code).toBe(0)
    const made = await stat(join(out, 'a.mp4'))
    expect((await run()).code).toBe(1)
    const again = await run('--existing', 'skip')
    expect([again.code, again.stderr, reportOf(again.stdout).clips[0]?.status]).toEqual([0, '', 'skipped'])
    const left = await stat(join(out, 'a.mp4'))
    expect([left.ino, left.mtimeMs]).toEqual([made.ino, made.mtimeMs])
    expect((await run('--existing', 'overwrite')).code).toBe(0)
    expect((await stat(join(out, 'a.mp4'))).ino).not.toBe(made.ino)
    expect(await visibleFiles(out)).toEqual(['a.mp4'])
  })

  it('makes the others when one clip fails, tells which and why, and ends with 1', async () => {
    await mkdir(join(out, 'blocked.mp4', 'by-a-folder'), { recursive: true })
    const flags = ['--out', out, '--existing', 'overwrite', '--quiet', '--json']
    const { code, stdout, stderr } = await framemill('export', clip.path, '--clips', 'a=1-2,blocked=3-4,b=5-6', ...flags)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^framemill: clip "blocked" failed.*: .+ \(ERR_\w+\)\n$/)
    expect(reportOf(stdout).clips.map(({ name, status, output }) => [name, status, output === null])).toEqual([
      ['a', 'done', false],
      ['blocked', 'failed', true],
      ['b', 'done', false],
    ])
    expect(reportOf(stdout).totals).toMatchObject({ done: 2, failed: 1 })
    for (const name of ['a', 'b']) expect(await framesOf(join(out, `${name}.mp4`))).toBe(30)
    expect(await visibleFiles(out)).toEqual(['a.mp4', 'b.mp4', 'blocked.mp4'])
  })

  it('stops on SIGINT with 130: finished clips stay whole, the rest is cancelled and gone, the report tells which', async () => {
    const [file, names] = [join(folder, 'report.json'), Array.from({ length: 100 }, (_, index) => `c${index}`)]
    await mkdir(out)
    const ending = new AbortController()
    const events = watch(out, { signal: ending.signal })
    const list = names.map((name) => `${name}=0-10`).join(',')
    const child = start(['export', clip.path, '--clips', list, '--out', out, '--mode', 'encode', '--json', '--report', file])
    child.stdin.end()
    // Ends the wait for a first clip when there will be none.
    const end = ended(child).finally(() => ending.abort())
    for await (const { filename } of events) if (/^c\d+\.mp4$/.test(filename ?? '')) break
    child.kill('SIGINT')
    const { code, stdout, stderr } = await end

    expect(code).toBe(130)
    expect(stderr.trimEnd().split('\n').at(-1)).toBe('framemill: interrupted by SIGINT (ABORT_ERR)')
    const report = reportOf(await readFile(file, 'utf8'))
    expect(reportOf(stdout)).toEqual(report)
    expect(report.clips.map(({ name }) => name)).toEqual(names)
    const done = report.clips.filter(({ status }) => status === 'done').map(({ name }) => `${name}.mp4`)
    expect(done.length).toBeGreaterThan(0)
    expect(report.totals).toMatchObject({ done: done.length, failed: 0, cancelled: names.length - done.length })
    expect(report.totals.cancelled).toBeGreaterThan(0)
    expect(await visibleFiles(out)).toEqual(done.toSorted())
    for (const name of done.slice(0, 5)) expect(await framesOf(join(out, name))).toBe(300)
  })
})

describe('transcode', () => {
  it('takes the container from the name and copies what can be copied', async () => {
    const output = join(folder, 'whole.mkv')
    const { code, stdout, stderr } = await framemill('transcode', clip.path, output, '--json')
    expect(code).toBe(0)
    expect(reportOf(stdout).clips).toEqual([expect.objectContaining({ status: 'done', mode: 'copy', frames: 300, encodedFrames: 0 })])
    expect(stderr).toMatch(/\n1 clip, 10\.0 s in .*; 0 of 300 frames encoded\n$/)
    expect((await probe(output)).format.format_name).toContain('matroska')
    expect(await framesOf(output)).toBe(300)
  })

  it('makes a part of it, in another size, with a title', async () => {
    const output = join(folder, 'part.mp4')
    const flags = ['--start', '0:01', '--end', '2', '--width', '160', '--height', '160', '--title', 'A part', '--quiet']
    expect(await framemill('transcode', clip.path, output, ...flags)).toEqual({ code: 0, stdout: '', stderr: '' })
    const { streams, format } = await probe(output)
    expect(streams).toEqual([expect.objectContaining({ width: 160, height: 160, nb_read_frames: '30' })])
    expect(format.tags).toMatchObject({ title: 'A part' })
  })

  it('leaves nothing behind when it cannot be done', async () => {
    const { code, stderr } = await framemill('transcode', clips.audioOnly.path, join(folder, 'none.mp4'), '--quiet')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^framemill: .*\(ERR_NO_VIDEO\)\n$/)
    expect(await readdir(folder)).toEqual([])
  })
})
