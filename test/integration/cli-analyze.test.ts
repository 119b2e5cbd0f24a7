// `framemill analyze` and `highlights` as their users meet them: a process of its own, its files as FFmpeg and sharp see them, its exit code.
import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parse } from 'csv-parse/sync'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { clips } from '../fixtures/index.js'
import { fileUrl, runTool } from '../oracle/ffmpeg-command.js'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function start(args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function framemill(...args: string[]): Promise<Ended> {
  const child = start(args)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, stdout, stderr }
}

async function mustSucceed(tool: 'ffmpeg' | 'ffprobe', ...args: string[]): Promise<string> {
  const { succeeded, stdout, errorLines } = await runTool(tool, args)
  expect({ succeeded, errorLines }).toEqual({ succeeded: true, errorLines: [] })
  return stdout
}

let sources = ''
/** Three scenes of 3 s, 25 frames a second: a moving pattern, standing colour bars without sound, a fractal. */
let cuts = ''
/** Two minutes of noise: its measurements are more than a pipe holds. */
let noise = ''
beforeAll(async () => {
  sources = await mkdtemp(join(tmpdir(), 'framemill-analyze-sources-'))
  cuts = join(sources, 'cuts.mp4')
  noise = join(sources, 'noise.wav')
  await mustSucceed('ffmpeg', '-f', 'lavfi', '-i', 'anoisesrc=r=8000:d=120', noise)
  const picture = (name: string): string[] => ['-f', 'lavfi', '-t', '3', '-i', `${name}=s=320x180:r=25`]
  await mustSucceed(
    'ffmpeg',
    ...[...picture('testsrc2'), ...picture('smptehdbars'), ...picture('mandelbrot')],
    ...['-f', 'lavfi', '-i', "aevalsrc='if(between(t,3,6),0,0.5*sin(440*2*PI*t))':s=48000:d=9"],
    ...['-filter_complex', '[0:v][1:v][2:v]concat=n=3,format=yuv420p[v]', '-map', '[v]', '-map', '3:a'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-g', '50', '-c:a', 'aac', cuts],
  )
})
afterAll(() => rm(sources, { recursive: true, force: true }))

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framemill-analyze-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function filesIn(path: string): Promise<string[]> {
  const found = await readdir(path, { recursive: true, withFileTypes: true })
  return found.filter((entry) => entry.isFile()).map(({ name }) => name)
}

describe('help', () => {
  const measure = 'start end quality top duration'
  const run = 'workers memory-limit no-cache allow-playlists quiet json'
  it.each([
    [
      'analyze',
      `${measure} ${run} scenes highlights silences beats black freeze series strategy verify silence-noise silence-duration threshold min-scene-len flash-len ` +
        'no-transitions weights luma-only min-content-val window-width filter-mode method fade-bias add-final-scene hash-size bins fps ' +
        'every-frames all stream audio-stream no-video no-audio edges csv html chart scene-list edl otio chapters thumbnails thumbnail-width ' +
        'codec-threads max-pixels timeout',
    ],
    ['highlights', `${measure} ${run} sample-fps highlight-weights export clips-at-once mode width fps crf audio report existing`],
  ])('of %s names every flag', async (command, flags) => {
    const { code, stdout, stderr } = await framemill(command, '--help')
    expect([code, stderr]).toEqual([0, ''])
    for (const flag of flags.split(' ')) expect(stdout).toContain(`--${flag} `)
    expect(stdout).toContain('Examples:')
  })
})

describe('misuse', () => {
  it.each([
    [['analyze', '--scenes', 'talk.mp4'], 'Expected adaptive, content, threshold, hash or histogram'],
    [['analyze', 'CLIP', '--scenes', 'hash', '--threshold', '4'], 'threshold'],
    [['analyze', 'CLIP', '--start', '5', '--end', '2'], 'end'],
    [['highlights', 'CLIP', '--export', 'OUT', '--mode', 'copy', '--width', '100'], "mode 'copy'"],
  ])('%j ends with 2, one line, and no file', async (args, words) => {
    const given = args.map((arg) => ({ CLIP: cuts, OUT: join(folder, 'out') })[arg] ?? arg)
    const { code, stdout, stderr } = await framemill(...given)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^framemill: /)
    expect(stderr).toContain(words)
    expect(await readdir(folder)).toEqual([])
  })
})

describe('analyze', () => {
  it('finds scenes to the frame and writes them in every form', async () => {
    const file = (name: string): string => join(folder, 'out', name)
    const files = ['--edl', file('c.edl'), '--otio', file('c.otio'), '--chapters', file('c.txt'), '--scene-list', file('c.csv')]
    const shown = ['--html', file('c.html'), '--chart', file('c.svg'), '--thumbnails', file('thumbs'), '--thumbnail-width', '64']
    const asked = ['--scenes', '--highlights', '--top', '2', '--duration', '3', '--silences', '--freeze', '--json', '--quiet']
    const { code, stdout, stderr } = await framemill('analyze', cuts, ...asked, ...files, ...shown)
    expect([code, stderr]).toEqual([0, ''])

    const found = JSON.parse(stdout)
    expect(Object.keys(found)).toEqual(['source', 'duration', 'scenes', 'highlights', 'silences', 'freezes'])
    expect(found).toMatchObject({ source: cuts, duration: 9 })
    const scenes = [0, 75, 150].map((startFrame) => ({
      ...{ start: startFrame / 25, end: startFrame / 25 + 3, startFrame, endFrame: startFrame + 75, kind: 'cut', transition: null },
    }))
    expect(found.scenes).toEqual(scenes)
    expect(found.highlights).toHaveLength(2)
    for (const highlight of found.highlights) {
      expect(highlight).toMatchObject({ score: expect.any(Number), components: { motion: expect.any(Number) }, reason: expect.any(String) })
      expect(highlight.end <= 3.1 || highlight.start >= 5.9).toBe(true)
    }
    expect(found.silences).toEqual([{ start: expect.closeTo(3, 1), end: expect.closeTo(6, 1) }])
    expect(found.freezes).toEqual([{ start: 3, end: 6 }])

    const names = ['c.csv', 'c.edl', 'c.html', 'c.otio', 'c.svg', 'c.txt', 'scene-001.jpg', 'scene-002.jpg', 'scene-003.jpg']
    expect((await filesIn(folder)).toSorted()).toEqual(names)
    const rows: unknown = parse(await readFile(file('c.csv')), { columns: true })
    expect(rows).toMatchObject([{ 'Start Frame': '1' }, { 'Start Frame': '76', 'End Frame': '150' }, { 'Start Time (seconds)': '6.000' }])
    expect(await readFile(file('c.edl'), 'utf8')).toContain('\n002  AX       V     C        00:00:03:00 00:00:06:00 ')
    const { tracks } = JSON.parse(await readFile(file('c.otio'), 'utf8'))
    expect(tracks.children.map(({ kind }: { kind: string }) => kind)).toEqual(['Video', 'Audio'])
    expect(tracks.children[0].children[2].media_references.DEFAULT_MEDIA.target_url).toBe(pathToFileURL(cuts).href)
    expect(await readFile(file('c.html'), 'utf8')).toMatch(/^<!doctype html>[^]*<\/html>\s*$/i)
    expect((await sharp(file('c.svg')).metadata()).format).toBe('svg')
    const means = await Promise.all(
      [1, 2, 3].map(async (number) => {
        const image = sharp(file(`thumbs/scene-00${number}.jpg`), { failOn: 'warning' })
        expect(await image.metadata()).toMatchObject({ width: 64, height: 36 })
        return (await image.stats()).channels.map(({ mean }) => Math.round(mean)).join()
      }),
    )
    expect(new Set(means).size).toBe(3)
  })

  it('finds the same cuts where packets hint at them, and says how little it looked at', async () => {
    const list = join(folder, 'fast.csv')
    const { code, stdout, stderr } = await framemill('analyze', cuts, '--strategy', 'fast', '--scene-list', list, '--json')
    expect(code).toBe(0)
    const { duration, scenes, search } = JSON.parse(stdout)
    expect([duration, scenes.map(({ startFrame }: { startFrame: number }) => startFrame)]).toEqual([9, [0, 75, 150]])
    expect(search).toMatchObject({ strategy: 'fast', fallback: null, framesTotal: 225, verified: null })
    expect(search.framesMeasured).toBeLessThan(225)
    expect(stderr).toMatch(/^cuts\.mp4 {2}25 fps 0:09\.0 {2}-> {2}scenes of \d+ of 225 frames, analysed in [\d.]+ s\nwrote .*fast\.csv\n$/)
    expect((await readFile(list, 'utf8')).trimEnd().split('\n')).toHaveLength(4)
  })

  it('writes chapters that FFmpeg puts into a file', async () => {
    const [list, marked] = [join(folder, 'chapters.ffmeta'), join(folder, 'marked.mkv')]
    expect(await framemill('analyze', cuts, '--chapters', list, '--quiet')).toMatchObject({ code: 0 })
    await mustSucceed('ffmpeg', ...['-i', fileUrl(cuts), '-i', fileUrl(list), '-map', '0', '-map_chapters', '1', '-c', 'copy', marked])
    const { chapters } = JSON.parse(await mustSucceed('ffprobe', '-show_chapters', '-of', 'json', fileUrl(marked)))
    expect(chapters).toMatchObject(
      [0, 3, 6].map((at, index) => ({
        start_time: `${at}.000000`,
        end_time: `${at + 3}.000000`,
        tags: { title: `Scene ${index + 1}` },
      })),
    )
    const vtt = join(folder, 'chapters.vtt')
    expect(await framemill('analyze', cuts, '--chapters', vtt, '--quiet')).toMatchObject({ code: 0 })
    const { packets } = JSON.parse(await mustSucceed('ffprobe', '-show_packets', '-of', 'json', fileUrl(vtt)))
    expect(packets).toMatchObject([0, 3, 6].map((at) => ({ pts_time: `${at}.000000`, duration_time: '3.000000' })))
  })

  it('prints tables on stdout, and what was done on stderr', async () => {
    const { code, stdout, stderr } = await framemill('analyze', cuts, '--scenes', '--black')
    expect(code).toBe(0)
    expect(stdout.split('\n')).toEqual([
      '3 scenes',
      '  1     0:00.000 -    0:03.000      3.0 s  cut',
      '  2     0:03.000 -    0:06.000      3.0 s  cut',
      '  3     0:06.000 -    0:09.000      3.0 s  cut',
      'no black parts',
      '',
    ])
    expect(stderr).toMatch(/^cuts\.mp4 {2}25 fps 0:09\.0 {2}-> {2}225 frames, (analysed in [\d.]+ s|measured before)\n$/)
  })

  it('prints the measurements as CSV or JSON, of the part that was asked for', async () => {
    const part = ['--start', '1', '--end', '3', '--fps', '5', '--quiet']
    const csv = await framemill('analyze', cuts, '--csv', ...part)
    const rows: Record<string, string>[] = parse(csv.stdout, { columns: true })
    expect([csv.code, rows.map(({ timestamp }) => Number(timestamp))]).toEqual([0, Array.from({ length: 10 }, (_, index) => 1 + index / 5)])
    const json = await framemill('analyze', cuts, '--series', '--json', ...part)
    const { series } = JSON.parse(json.stdout)
    expect(series.motion).toEqual(rows.map(({ motion }) => (motion === '' ? null : Number(motion))))
    // A sine of this amplitude.
    for (const { rms } of rows) expect(Number(rms)).toBeCloseTo(0.5 / Math.SQRT2, 1)
    expect(series.sound.rms).toHaveLength(200)
  })

  it('ends with 1 where there is no sound or no picture to answer from, and answers the rest', async () => {
    const asked = ['--scenes', '--silences', '--highlights', '--json', '--quiet']
    const silent = await framemill('analyze', clips.noBFrames.path, ...asked)
    expect([silent.code, silent.stderr]).toEqual([1, 'framemill: no audio stream: silences cannot be found\n'])
    expect(JSON.parse(silent.stdout)).toMatchObject({ scenes: [{ endFrame: 150 }], silences: null, highlights: [{ rank: 1 }] })
    const blind = await framemill('analyze', clips.audioOnly.path, ...asked, '--edl', join(folder, 'none.edl'))
    expect([blind.code, blind.stderr]).toEqual([1, 'framemill: no video stream: scenes cannot be found\n'])
    expect(JSON.parse(blind.stdout)).toMatchObject({ scenes: null, silences: [], highlights: [{ rank: 1 }] })
    expect(await readdir(folder)).toEqual([])
  })

  it('answers of a single frame, and names what a cut-off file no longer has', async () => {
    const one = await framemill('analyze', clips.oneFrame.path, '--scenes', '--highlights', '--black', '--series', '--json', '--quiet')
    expect([one.code, one.stderr]).toEqual([0, ''])
    expect(JSON.parse(one.stdout)).toMatchObject({ scenes: [{ startFrame: 0, endFrame: 1 }], black: [], series: { motion: [null] } })
    const cut = await framemill('analyze', clips.cutOffMp4.path, '--highlights', '--json', '--quiet')
    expect(cut.code).toBe(1)
    expect(cut.stderr).toMatch(/^framemill: video could not be analysed from 0:0\d\.\d{3} to 0:10\.000: .+\n$/)
    expect(JSON.parse(cut.stdout)).toMatchObject({ gaps: [{ kind: 'video', end: 10 }] })
  })

  it('ends with 1 before any work when a file could not be written, or there is no source', async () => {
    await writeFile(join(folder, 'file'), '')
    const blocked = await framemill('analyze', cuts, '--edl', join(folder, 'file', 'a.edl'))
    expect(blocked).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^framemill: Cannot write ".*\(EEXIST\)\n$/) })
    const none = await framemill('analyze', join(folder, 'none.mp4'), '--json')
    expect([none.code, JSON.parse(none.stdout)]).toMatchObject([1, { type: 'error', code: 'ERR_NOT_FOUND' }])
  })
})

describe('highlights', () => {
  it('are found and exported in one go', async () => {
    const out = join(folder, 'clips')
    const { code, stdout, stderr } = await framemill(
      ...['highlights', cuts, '--top', '2', '--duration', '3', '--export', out, '--mode', 'encode', '--width', '160', '--json'],
    )
    expect(code).toBe(0)
    const { highlights, export: report } = JSON.parse(stdout)
    expect(highlights.map(({ rank }: { rank: number }) => rank)).toEqual([1, 2])
    expect((await readdir(out)).filter((name) => !name.startsWith('.')).toSorted()).toEqual([
      'cuts-highlight-1.mp4',
      'cuts-highlight-2.mp4',
    ])
    for (const [index, { start, end }] of highlights.entries()) {
      const path = join(out, `cuts-highlight-${index + 1}.mp4`)
      const what = ['-count_frames', '-select_streams', 'v', '-show_entries', 'stream=width,nb_read_frames', '-of', 'csv=p=0']
      // Frames of the source from the first at or after the start to the last before the end.
      const frames = Math.ceil(end * 25 - 1e-6) - Math.ceil(start * 25 - 1e-6)
      expect(await mustSucceed('ffprobe', ...what, fileUrl(path))).toBe(`160,${frames}\n`)
      expect(report.clips[index]).toMatchObject({ status: 'done', mode: 'encode', output: path, frames })
    }
    expect(stderr).toMatch(/^cuts\.mp4 {2}.*\ncuts-highlight-1 +encode .*\ncuts-highlight-2 +encode .*\n2 clips, .*\n$/)
  })

  it('are only told without --export; a clip that cannot be made gives 1', async () => {
    const told = await framemill('highlights', cuts, '--top', '1', '--duration', '3', '--quiet')
    expect(told).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^1 highlight\n {2}1 +0:0\d\.\d{3} - .*\n$/) })
    await writeFile(join(folder, 'cuts-highlight-1.mp4'), 'mine')
    const blocked = await framemill('highlights', cuts, '--top', '1', '--duration', '3', '--quiet', '--export', folder)
    expect(blocked).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^framemill: clip "cuts-highlight-1" failed: .*\(ERR_EXISTS\)\n$/),
    })
    expect(await readFile(join(folder, 'cuts-highlight-1.mp4'), 'utf8')).toBe('mine')
  })
})

describe('a signal', () => {
  it('ends the work with 130 and leaves no file', async () => {
    // The work cannot end: the source never comes.
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const files = ['--edl', join(folder, 'a.edl'), '--csv', join(folder, 'a.csv'), '--thumbnails', join(folder, 'thumbs')]
    const child = start(['analyze', `http://127.0.0.1:${port}/a.mp4`, '--scenes', ...files])
    const output = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    await once(server, 'request')
    child.kill('SIGINT')
    const [stdout, stderr, [code]] = await output
    server.closeAllConnections()
    server.close()
    expect({ stdout, stderr, code }).toEqual({ stdout: '', stderr: 'framemill: interrupted by SIGINT (ABORT_ERR)\n', code: 130 })
    expect(await filesIn(folder)).toEqual([])
  })

  it('ends it with 130 also while nobody reads what is printed; files that are there are whole', async () => {
    const child = start(['analyze', noise, '--series', '--json', '--csv', join(folder, 'a.csv')])
    const stderr = text(child.stderr)
    await once(child.stdout, 'readable')
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    child.stdout.destroy()
    expect([code, await stderr]).toEqual([130, 'framemill: interrupted by SIGTERM (ABORT_ERR)\n'])
    expect(await filesIn(folder)).toEqual(['a.csv'])
    expect(parse(await readFile(join(folder, 'a.csv')), { columns: true })).toHaveLength(12_000)
  })
})
