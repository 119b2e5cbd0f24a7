import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { concludeExport } from '../../src/cli/export-conclusion.js'
import { exportProgressText } from '../../src/cli/export-progress.js'
import type { ShownExport } from '../../src/cli/export-progress.js'
import { clipLines, exportClosingLine, failureLines, sizeText } from '../../src/cli/export-text.js'
import { Interrupted, OutputError, ReaderGone } from '../../src/cli/failure.js'
import { Stdout } from '../../src/cli/stdout.js'
import type { ClipReport, ExportReport } from '../../src/index.js'

const intro: ClipReport = {
  name: 'intro',
  status: 'done',
  mode: 'smart',
  reason: 'the first 12 frames precede a key frame',
  start: 10,
  end: 30,
  output: 'clips/intro.mp4',
  frames: 600,
  encodedFrames: 12,
  bytes: 4_404_019,
  attempts: 1,
  wallSeconds: 0.312,
  warnings: [],
  error: null,
}
const nothing = { mode: null, output: null, frames: 0, encodedFrames: 0, bytes: 0, attempts: 0, wallSeconds: 0 } as const
const failed: ClipReport = {
  ...intro,
  ...nothing,
  name: 'goal',
  status: 'failed',
  reason: '',
  attempts: 3,
  error: { code: 'ERR_DECODE', message: 'Cannot decode "talk.mp4"' },
}

function reportOf(clips: readonly ClipReport[]): ExportReport {
  const count = (status: string): number => clips.filter((clip) => clip.status === status).length
  const sum = (value: (clip: ClipReport) => number): number => clips.reduce((total, clip) => total + value(clip), 0)
  return {
    source: 'talk.mp4',
    clips,
    totals: {
      clips: clips.length,
      done: count('done'),
      skipped: count('skipped'),
      failed: count('failed'),
      cancelled: count('cancelled'),
      frames: sum(({ frames }) => frames),
      encodedFrames: sum(({ encodedFrames }) => encodedFrames),
      seconds: sum(({ status, start, end }) => (status === 'done' ? end - start : 0)),
      bytes: sum(({ bytes }) => bytes),
      wallSeconds: 2.13,
      cpuSeconds: 3,
      taskSeconds: 4,
      speedUp: 1.9,
      workers: 2,
      utilisation: 0.95,
      peakMemory: 2 ** 27,
    },
  }
}

describe('the line of a clip', () => {
  it('says how it was made, frames, size, time and why, in columns', () => {
    const whole: ClipReport = {
      ...intro,
      name: 'a',
      mode: 'encode',
      reason: 'a filter',
      frames: 1234,
      encodedFrames: 1234,
      bytes: 900,
      attempts: 2,
      wallSeconds: 12.34,
    }
    expect(clipLines(reportOf([intro, whole]))).toEqual([
      'intro  smart   600 frames (12 encoded)  4.2 MiB           0.31 s  the first 12 frames precede a key frame',
      'a      encode             1,234 frames    900 B  12.3 s, 2 tries  a filter',
    ])
  })

  it('says of others what became of them, and is followed by warnings', () => {
    const skipped: ClipReport = { ...intro, ...nothing, name: 'b', status: 'skipped', reason: 'made by the same request' }
    const cancelled: ClipReport = { ...intro, ...nothing, name: 'c', status: 'cancelled', reason: '' }
    expect(clipLines(reportOf([intro, skipped, cancelled])).slice(1)).toEqual([
      'b      skipped    made by the same request',
      'c      cancelled',
    ])
    expect(clipLines(reportOf([{ ...intro, warnings: ['decoded in software'] }]))[1]).toBe('  warning: decoded in software')
  })

  it('is another one where the clip failed, with tries and code', () => {
    expect(clipLines(reportOf([failed]))).toEqual([])
    expect(failureLines(reportOf([intro, failed]))).toEqual([
      'framemill: clip "goal" failed after 3 tries: Cannot decode "talk.mp4" (ERR_DECODE)',
    ])
    expect(failureLines(reportOf([{ ...failed, attempts: 1 }]))[0]).toMatch(/^framemill: clip "goal" failed: /)
  })

  it('prints no control characters of names and reasons', () => {
    const hostile: ClipReport = { ...intro, name: 'a\u001b[2J', reason: '\u0007', warnings: ['\u001b]0;'] }
    const lines = [...clipLines(reportOf([hostile])), ...failureLines(reportOf([{ ...failed, name: '\u001b' }]))]
    expect(lines.join('')).not.toMatch(/\p{Cc}/u)
  })
})

describe('the closing line', () => {
  it('says how much in how long, and how much of it was encoded', () => {
    const clips = [0, 1, 2].map((number) => ({ ...intro, name: String(number), encodedFrames: 50 }))
    expect(exportClosingLine(reportOf(clips))).toBe('3 clips, 60.0 s in 2.1 s (28x realtime) on 2 workers; 150 of 1,800 frames encoded')
  })

  it('counts those that are not there', () => {
    expect(exportClosingLine(reportOf([intro, failed]))).toBe(
      '1 of 2 clips, 20.0 s in 2.1 s (9.4x realtime) on 2 workers; 12 of 600 frames encoded; 1 failed',
    )
    expect(exportClosingLine(reportOf([{ ...intro, ...nothing, status: 'skipped' }]))).toBe(
      '0 of 1 clip, 0.0 s in 2.1 s on 2 workers; 1 skipped',
    )
  })
})

it('tells sizes in binary units', () => {
  expect([0, 1023, 1024, 4_404_019, 2 ** 31, 2 ** 52].map(sizeText)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KiB',
    '4.2 MiB',
    '2.0 GiB',
    '4,096.0 TiB',
  ])
})

describe('progress', () => {
  const progress: ShownExport = {
    name: 'exporting',
    done: 0.25,
    total: 1,
    fraction: 0.25,
    clipsDone: 1,
    clipsFailed: 0,
    clipsTotal: 5,
    frames: 840,
    seconds: 28,
    secondsTotal: 112,
    active: [
      { name: 'goal', fraction: 0.5 },
      { name: 'second-half', fraction: 0.1 },
    ],
  }

  it('shows part, clips, rate, speed and what is left', () => {
    expect(exportProgressText(progress, 2)).toBe('exporting   25 %  1/5 clips  420 frames/s  14x realtime  ETA 0:06')
    expect(exportProgressText({ ...progress, clipsFailed: 2 }, 2)).toContain('1/5 clips  2 failed  420 frames/s')
    expect(exportProgressText({ ...progress, fraction: 0, frames: 0, seconds: 0 }, 0)).toBe('exporting    0 %  1/5 clips')
  })

  it('names the clips at work as far as there is room beside a bar', () => {
    for (const columns of [60, 75, 85, 90, 100, 120, 160])
      expect(exportProgressText(progress, 2, columns).length).toBeLessThanOrEqual(Math.max(columns, 65))
    expect(exportProgressText(progress, 2, 160)).toMatch(/^exporting {2}#+-+ .* ETA 0:06 {2}goal, second-half$/)
    expect(exportProgressText(progress, 2, 90)).toMatch(/^exporting {2}#+-+ .* ETA 0:06 {2}goal$/)
    expect(exportProgressText(progress, 2, 80)).toMatch(/^exporting {2}#+-+ .* ETA 0:06$/)
  })
})

describe('the end of a run', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'framemill-end-'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  async function conclude(
    report: ExportReport,
    given: { json?: boolean; report?: string; quiet?: boolean },
    signal: AbortSignal = new AbortController().signal,
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const request = { json: given.json ?? false, report: given.report, quiet: given.quiet ?? false }
    const code = await concludeExport(report, request, { stop: { signal }, stdout: new Stdout(stdout, signal), stderr })
    return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') }
  }

  it('says all there is to say on stderr, only failures when quiet', async () => {
    const report = reportOf([intro, failed])
    const told = await conclude(report, {})
    expect(told.code).toBe(1)
    expect(told.stdout).toBe('')
    expect(told.stderr).toBe(`${[...clipLines(report), ...failureLines(report), exportClosingLine(report)].join('\n')}\n`)
    expect((await conclude(report, { quiet: true })).stderr).toBe(`${failureLines(report).join('\n')}\n`)
    expect(await conclude(reportOf([intro]), { quiet: true })).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('gives the whole report on stdout and in a file', async () => {
    const [report, file] = [reportOf([intro, { ...intro, name: 'b', status: 'skipped' }]), join(folder, 'report.json')]
    const { code, stdout } = await conclude(report, { json: true, report: file })
    expect(code).toBe(0)
    expect(stdout.endsWith('}\n')).toBe(true)
    expect(JSON.parse(stdout)).toEqual(report)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(report)
    expect(await readdir(folder)).toEqual(['report.json'])
  })

  it('tells the report also when it was interrupted, and ends with 130', async () => {
    const [report, file] = [
      reportOf([intro, { ...intro, ...nothing, name: 'b', status: 'cancelled' }, failed]),
      join(folder, 'interrupted.json'),
    ]
    const aborted = AbortSignal.abort(new Interrupted('interrupted by SIGINT'))
    const { code, stdout, stderr } = await conclude(report, { json: true, report: file }, aborted)
    expect(code).toBe(130)
    expect(stderr.trimEnd().split('\n').at(-1)).toBe('framemill: interrupted by SIGINT (ABORT_ERR)')
    expect([JSON.parse(stdout), JSON.parse(await readFile(file, 'utf8'))]).toEqual([report, report])
  })

  it('ends as it went when the reader of stdout has gone away', async () => {
    const controller = new AbortController()
    const closed = new Writable({ write: (_data, _encoding, written) => written(new Error('EPIPE')) })
    closed.on('error', (cause) => controller.abort(new ReaderGone('closed', { cause })))
    const listeners = { stop: controller, stdout: new Stdout(closed, controller.signal), stderr: new PassThrough() }
    const request = { json: true, report: undefined, quiet: true }
    expect(await concludeExport(reportOf([intro, failed]), request, listeners)).toBe(1)
  })

  it('tells on stdout what the file would not take', async () => {
    const [report, stdout] = [reportOf([intro]), new PassThrough()]
    const { signal } = new AbortController()
    const file = join(folder, 'none', 'report.json')
    const ended = concludeExport(
      report,
      { json: true, report: file, quiet: true },
      { stop: { signal }, stdout: new Stdout(stdout, signal), stderr: new PassThrough() },
    )
    await expect(ended).rejects.toThrow(OutputError)
    expect(JSON.parse(String(stdout.read()))).toEqual(report)
  })
})
