// The command line as its users meet it: a process of its own, its output, its files, its exit code.
import { execFile, spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clips } from '../fixtures/index.js'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const clip = clips.bFrames

function start(args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

interface Ended {
  readonly code: number | null
  readonly pixels: Buffer
  readonly stdout: string
  readonly stderr: string
}

async function framemill(...args: string[]): Promise<Ended> {
  const child = start(args)
  const [pixels, stderr, [code]] = await Promise.all([buffer(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, pixels, stdout: pixels.toString(), stderr }
}

function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line))
}

function md5(data: Uint8Array): string {
  return createHash('md5').update(data).digest('hex')
}

/** Equal slices, one a frame. */
function slices(data: Buffer, size: number): Buffer[] {
  return Array.from({ length: data.length / size }, (_, index) => data.subarray(index * size, (index + 1) * size))
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framemill-cli-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('help', () => {
  it('goes to stdout and ends with 0', async () => {
    const { code, stdout, stderr } = await framemill('sample', '--help')
    expect([code, stderr]).toEqual([0, ''])
    const flags =
      'fps every every-frames count at frames keyframes all start end stream width height fit pixel-format scale-filter no-autorotate no-square-pixels ' +
      'no-tone-map accuracy out format quality sheet sprite raw json md5 order workers codec-threads memory-limit no-cache allow-playlists timeout quiet'
    for (const flag of flags.split(' ')) expect(stdout).toContain(`--${flag} `)
    expect(stdout).toContain('Examples:')
  })

  it('gives the version of the package', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(await framemill('--version')).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe('misuse', () => {
  it.each([
    [['sample', clip.path, '--fsp', '2'], "unknown option '--fsp'"],
    [['sample', clip.path], 'which frames?'],
    [['sample', '--fps', '2'], "missing required argument 'file'"],
    [['sample', clip.path, clip.path, '--fps', '2'], 'too many arguments'],
    [['sample', clip.path, '--fps', '-2'], 'Expected a number above 0'],
    [['sample', clip.path, '--fps', '2', '--count', '3'], '--fps and --count contradict each other'],
    [['sample', clip.path, '--fps', '2', '--fit', 'stretch'], 'contain, cover, fill, inside'],
    [['sample', clip.path, '--at', '1:75'], 'Expected seconds'],
    [['sample', clip.path, '--fps', '2', '--start', '5', '--end', '2'], 'end'],
    [['sample', clip.path, '--fps', '2', '--raw', '-', '--json'], 'contradict'],
    [['frobnicate'], "unknown command 'frobnicate'"],
  ])('of %j ends with 2 and is named on stderr', async (args, words) => {
    const { code, stdout, stderr } = await framemill(...args)
    expect(code).toBe(2)
    expect(stderr).toContain(words)
    expect(stderr).toMatch(/^framemill: /)
    expect(stdout.replace(/^\{"type":"error".*\}\n$/, '')).toBe('')
  })
})

describe('a source that cannot be sampled', () => {
  it.each([
    ['nothing of that name', 'none.mp4', 'ERR_NOT_FOUND'],
    ['a folder', '.', 'ERR_NOT_A_FILE'],
    ['an empty file', clips.empty.path, 'ERR_OPEN'],
    ['text', clips.text.path, 'ERR_OPEN'],
    ['an MP4 without moov', clips.noMoov.path, 'ERR_OPEN'],
    ['sound only', clips.audioOnly.path, 'ERR_NO_VIDEO'],
    ['cover art only', clips.coverOnlyM4a.path, 'ERR_NO_VIDEO'],
    ['a playlist', clips.playlist.path, 'ERR_REFUSED'],
  ])('(%s) ends with 1, one line, its code, and no file', async (_what, path, errorCode) => {
    const { code, stdout, stderr } = await framemill('sample', path, '--fps', '1', '--json', '--out', join(folder, 'out'))
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`^framemill: .*\\(${errorCode}\\)\n$`))
    expect(jsonLines(stdout)).toEqual([{ type: 'error', code: errorCode, message: expect.any(String) }])
    expect(await readdir(folder)).toEqual([])
  })

  it('gives the frames it has when it is cut off, tells what is lost, and ends with 1', async () => {
    const { code, stdout, stderr } = await framemill('sample', clips.cutOffMp4.path, '--all', '--json')
    const lines = jsonLines(stdout)
    expect(code).toBe(1)
    expect(stderr).toMatch(/framemill: the file is cut off after [\d:.]+: \d+ frames? (is|are) lost/)
    expect(lines.filter(({ type }) => type === 'frame').length).toBeGreaterThan(0)
    expect(lines.filter(({ type }) => type === 'lost').length).toBeGreaterThan(0)
    expect(lines.at(-1)).toMatchObject({ type: 'summary' })
  })
})

describe('stdout', () => {
  it('holds a line for each frame when nothing else is asked for, and stderr what was done', async () => {
    const { code, stdout, stderr } = await framemill('sample', clip.path, '--fps', '2')
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(20)
    expect(stdout.split('\n')[3]).toMatch(/^ +3 +0:01\.500 {2}pts \d+ +320x180 rgb24$/)
    expect(stderr).toMatch(
      /^h264-b-frames\.mp4 {2}320x180 h264 30 fps 0:10\.0 {2}-> {2}20 frames 320x180 rgb24\ndone in .* frames decoded.*\n$/,
    )
  })

  it('holds exactly the public JSON fields, in time order, and stderr nothing when quiet', async () => {
    const { code, stdout, stderr } = await framemill('sample', clip.path, '--fps', '2', '--width', '64', '--json', '--quiet')
    const lines = jsonLines(stdout)
    expect([code, stderr, lines.length]).toEqual([0, '', 21])
    for (const [number, line] of lines.slice(0, -1).entries()) {
      expect(Object.keys(line)).toEqual(['type', 'number', 'requestedTimestamp', 'timestamp', 'pts', 'width', 'height', 'isKeyFrame'])
      expect(line).toMatchObject({
        type: 'frame',
        number,
        requestedTimestamp: number / 2,
        width: 64,
        height: 36,
        isKeyFrame: number % 4 === 0,
      })
      expect(line.timestamp).toBeCloseTo(number / 2, 6)
    }
    expect(Object.keys(lines.at(-1) ?? {})).toEqual(
      'type frames packetsRead framesDecoded framesSkipped seeks workers codecThreads wallSeconds cpuSeconds'.split(' '),
    )
    expect(lines.at(-1)).toMatchObject({ type: 'summary', frames: 20 })
  })

  it('holds with --raw - the pixels that ffmpeg decodes, and nothing else', async () => {
    const { code, pixels } = await framemill('sample', clip.path, '--all', '--pixel-format', 'source', '--raw', '-')
    const arguments_ = ['-v', 'error', '-i', clip.path, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-']
    const expected = await promisify(execFile)('ffmpeg', arguments_, { encoding: 'buffer', maxBuffer: 1 << 26 })
    expect(code).toBe(0)
    expect(pixels.length).toBe((clip.facts.frames * 320 * 180 * 3) / 2)
    expect(md5(pixels)).toBe(md5(expected.stdout))
  })

  it('ends the work quietly when its reader goes away', async () => {
    const child = start(['sample', clip.path, '--all', '--raw', '-'])
    const ended = Promise.all([text(child.stderr), once(child, 'close')])
    await once(child.stdout, 'data')
    child.stdout.destroy()
    const [stderr, [code]] = await ended
    expect([code, stderr]).toEqual([0, ''])
  })
})

describe('files', () => {
  it('of --raw and md5s of --md5 tell the same pixels', async () => {
    const path = join(folder, 'frames.raw')
    const { code, stdout } = await framemill('sample', clip.path, '--count', '5', '--width', '64', '--raw', path, '--json', '--md5')
    expect(code).toBe(0)
    expect(slices(await readFile(path), 64 * 36 * 3).map(md5)).toEqual(
      jsonLines(stdout)
        .slice(0, -1)
        .map((line) => line.md5),
    )
    expect(await readdir(folder)).toEqual(['frames.raw'])
  })

  it('of --out are one image a frame, named by number and time, with the pixels of the frame', async () => {
    const out = join(folder, 'made', 'here')
    const request = ['sample', clip.path, '--at', '0,5.5,0:07.25', '--width', '64', '--out', out, '--format', 'png', '--json', '--md5']
    const { code, stdout } = await framemill(...request)
    expect(code).toBe(0)
    const lines = jsonLines(stdout).slice(0, -1)
    const names = (await readdir(out)).sort()
    expect(names).toEqual(lines.map(({ number, timestamp }) => `00000${number}_${Number(timestamp).toFixed(3)}s.png`))
    const pixels = names.map(async (name) =>
      md5(
        await sharp(await readFile(join(out, name)))
          .removeAlpha()
          .raw()
          .toBuffer(),
      ),
    )
    expect(await Promise.all(pixels)).toEqual(lines.map((line) => line.md5))
  })

  it('of --sheet and --sprite come together from one decode, and are named on stderr', async () => {
    const [sheet, sprite] = [join(folder, 'sheet.jpg'), join(folder, 'sprite')]
    const { code, stdout, stderr } = await framemill('sample', clip.path, '--every', '1', '--sheet', sheet, '--sprite', sprite)
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toContain(`wrote ${sheet}`)
    expect(stderr).toContain(`wrote 1 sprite sheet and thumbnails.vtt (10 frames) to ${sprite}`)
    const { width = 0, height = 0 } = await sharp(await readFile(sheet)).metadata()
    expect(width).toBeGreaterThan(320 * 2)
    expect(height).toBeGreaterThan(180 * 2)
    expect((await readdir(sprite)).sort()).toEqual(['sprite-001.jpg', 'thumbnails.vtt'])
    expect(await sharp(await readFile(join(sprite, 'sprite-001.jpg'))).metadata()).toMatchObject({ width: 1600, height: 90 })
    const vtt = await readFile(join(sprite, 'thumbnails.vtt'), 'utf8')
    expect(vtt).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:01\.000\nsprite-001\.jpg#xywh=0,0,160,90\n/)
    expect(vtt).toMatch(/\n00:00:09\.000 --> 00:00:10\.000\nsprite-001\.jpg#xywh=1440,0,160,90\n$/)
  })

  it('that cannot be written end the work with 1 and the words of the system', async () => {
    // Below a file no folder can be made.
    const { code, stderr } = await framemill('sample', clip.path, '--sheet', join(clip.path, 'none', 'sheet.jpg'))
    expect(code).toBe(1)
    expect(stderr).toBe(`framemill: Cannot write "${join(clip.path, 'none')}": not a directory (ENOTDIR)\n`)
  })

  it('are made of a clip whatever its name', async () => {
    const { code } = await framemill('sample', clips.awkwardName.path, '--count', '2', '--out', folder, '--quiet')
    expect(code).toBe(0)
    expect(await readdir(folder)).toHaveLength(2)
  })
})

describe('a signal', () => {
  // Nobody reads stdout, so the work cannot end before the signal comes.
  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends the work with 130 and leaves only whole files', async (signal) => {
    const [images, sprite] = [join(folder, 'images'), join(folder, 'sprite')]
    const child = start([
      'sample',
      clip.path,
      '--all',
      '--raw',
      '-',
      '--out',
      images,
      '--sprite',
      sprite,
      '--sheet',
      join(folder, 'sheet.png'),
    ])
    const stderr = text(child.stderr)
    await once(child.stdout, 'readable')
    child.kill(signal)
    const [code] = await once(child, 'exit')
    child.stdout.destroy()
    expect(code).toBe(130)
    expect(await stderr).toBe(`framemill: interrupted by ${signal} (ABORT_ERR)\n`)
    const left = await readdir(folder, { recursive: true, withFileTypes: true })
    for (const entry of left.filter((found) => found.isFile())) {
      expect(entry.name).toMatch(/^\d{6}_\d+\.\d{3}s\.jpg$/)
      const image = sharp(await readFile(join(entry.parentPath, entry.name)), { failOn: 'warning' })
      expect((await image.raw().toBuffer({ resolveWithObject: true })).info).toMatchObject({ width: 320, height: 180 })
    }
  })
})

describe('probe', () => {
  it('tells people about each stream on a line', async () => {
    const { code, stdout, stderr } = await framemill('probe', clip.path)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^h264-b-frames\.mp4 {2}/)
    expect(stdout).toMatch(/\n {2}#0 {2}video {2}h264.* 320x180 .*30 fps/)
  })

  it('gives one JSON document', async () => {
    const { code, stdout } = await framemill('probe', clips.manyStreams.path, '--json')
    const document = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(document.streams.map((stream: { type: string }) => stream.type)).toEqual(expect.arrayContaining(['video', 'audio']))
    expect(document.chapters).toHaveLength(2)
  })

  it('ends with 1 and the code of the error', async () => {
    const { code, stdout, stderr } = await framemill('probe', clips.text.path, '--json')
    expect(code).toBe(1)
    expect(stderr).toContain('(ERR_OPEN)')
    expect(jsonLines(stdout)).toEqual([{ type: 'error', code: 'ERR_OPEN', message: expect.any(String) }])
  })
})
