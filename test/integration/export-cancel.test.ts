// Stopping an export at any moment: the report comes, finished clips are whole, nothing is left of the others, and the engine works on.
import { mkdir, readFile, readdir, rm, watch } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Engine, type Clip, type ExportReport } from '../../dist/index.js'
import { digestOf, ended, leftIn, playedFrames, seeded, startCommand } from './fixtures/exported.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

let work: Workspace
let engine: Engine
let source: string
beforeAll(async () => {
  work = makeWorkspace()
  engine = new Engine({ workers: 2, cache: false })
  // libx264 repeats itself byte by byte only at widths that are multiples of 128: its macroblock tree reads past shorter rows.
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=256x144:rate=30:duration=6', '-f', 'lavfi', '-i', 'sine=duration=6']
  source = await work.encode('source.mp4', ...picture, '-c:v', 'libx264', '-preset', 'veryfast', '-g', '45', '-c:a', 'aac')
})
afterAll(async () => {
  await engine.close()
  work.remove()
})

/** Six clips of 60 frames in all modes; the encoded ones with sound of their own. */
const wanted: readonly Clip[] = Array.from({ length: 6 }, (_, number) => ({
  ...{ name: `c${number}`, start: 0.4 + number / 2, end: 2.4 + number / 2 },
  mode: (['copy', 'smart', 'encode'] as const)[number % 3],
  audio: number % 3 === 2 ? { bitrate: 96_000 } : undefined,
}))

/** What tasks have done so far: it moves on by single packets and frames, in whatever task is at work. */
function workDone(by: Engine): number {
  const { packetsRead, framesDecoded, framesEncoded, packetsCopied } = by.stats()
  return packetsRead + framesDecoded + framesEncoded + packetsCopied
}

let out: string
beforeEach(async () => {
  out = work.path('out')
  await rm(out, { recursive: true, force: true })
})

/** Aborts once that much more has been done, or an event of progress tells the same; the report, and what was open for how long. */
async function abortedAfter(amount: number, abort = new AbortController()): Promise<{ report: ExportReport; latencyMs: number }> {
  const from = workDone(engine)
  let abortedAt = NaN
  let isOver = false
  const exporting = engine.exportClips(source, wanted, { outDir: out, signal: abort.signal }).finally(() => {
    isOver = true
  })
  while (!isOver && workDone(engine) - from < amount) await new Promise((resolve) => setImmediate(resolve))
  abortedAt = performance.now()
  abort.abort()
  return { report: await exporting, latencyMs: performance.now() - abortedAt }
}

describe('an abort', () => {
  it('at any of 50 moments leaves finished clips as they would have been, and nothing of the others', async () => {
    const from = workDone(engine)
    const whole = await engine.exportClips(source, wanted, { outDir: work.path('whole') })
    const total = workDone(engine) - from
    expect(whole.totals).toMatchObject({ done: wanted.length, frames: 60 * wanted.length })
    for (const { name } of wanted) expect(await playedFrames(work.path(`whole/${name}.mp4`))).toBe(60)
    const digests = new Map<string, string>()
    for (const { output, name } of whole.clips) digests.set(name, await digestOf(output ?? ''))

    const random = seeded(9)
    const latencies: number[] = []
    let cancelled = 0
    let done = 0
    for (let moment = 0; moment < 50; moment++) {
      const { report, latencyMs } = await abortedAfter(1 + random(total))
      latencies.push(latencyMs)
      const finished = report.clips.filter(({ status }) => status === 'done')
      const stopped = report.clips.filter(({ status }) => status === 'cancelled')
      expect([finished.length + stopped.length, report.totals.done, report.totals.cancelled]).toEqual([6, finished.length, stopped.length])
      for (const { error, output } of stopped) expect([error?.code, output]).toEqual(['ABORT_ERR', null])
      expect(await leftIn(out)).toEqual({ files: finished.map(({ name }) => `${name}.mp4`).toSorted(), temporary: [] })
      for (const { name, output } of finished) expect(await digestOf(output ?? '')).toBe(digests.get(name))
      done += finished.length
      cancelled += stopped.length
      await rm(out, { recursive: true, force: true })
    }
    console.log(`resolved at most ${Math.max(...latencies).toFixed(0)} ms after the abort; ${done} clips done, ${cancelled} cancelled`)
    expect(done).toBeGreaterThan(0)
    expect(cancelled).toBeGreaterThan(done / 4)
    const after = await engine.exportClips(source, wanted, { outDir: out })
    expect(after.totals).toMatchObject({ done: wanted.length })
    expect([engine.stats().memoryInUse, engine.stats().queueLength]).toEqual([0, 0])
  })

  it('before the start is the answer at once, and makes no folder', async () => {
    const reason = new Error('enough')
    await expect(engine.exportClips(source, wanted, { outDir: out, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(await readdir(work.folder)).not.toContain('out')
  })

  it('of one export leaves another on the same engine alone', async () => {
    const other = engine.exportClips(source, wanted, { outDir: work.path('other') })
    const abort = new AbortController()
    const { report } = await abortedAfter(20, abort)
    expect(report.totals.cancelled).toBeGreaterThan(0)
    expect((await other).totals).toMatchObject({ done: wanted.length })
  })

  it('in onProgress stops the export that tells of it', async () => {
    const abort = new AbortController()
    const settings = { outDir: out, signal: abort.signal, clipsAtOnce: 1, onProgress: () => abort.abort() }
    const report = await engine.exportClips(source, wanted, settings)
    expect(report.totals.done + report.totals.cancelled).toBe(wanted.length)
    expect(report.totals.cancelled).toBeGreaterThan(0)
    expect((await leftIn(out)).temporary).toEqual([])
  })
})

describe('SIGINT', () => {
  const names = Array.from({ length: 40 }, (_, number) => `c${number}`)
  const list = names.map((name) => `${name}=0.2-6`).join(',')

  it.each([1, 4, 20, 60])('after %i changes of the folder ends the command with 130 and leaves whole files only', async (changes) => {
    await mkdir(out)
    const report = work.path('report.json')
    const ending = new AbortController()
    const events = watch(out, { signal: ending.signal })[Symbol.asyncIterator]()
    const child = startCommand('export', source, '--clips', list, '--out', out, '--mode', 'encode', '--quiet', '--report', report)
    const end = ended(child).finally(() => ending.abort())
    try {
      for (let seen = 0; seen < changes; seen++) await events.next()
    } catch (error) {
      if (!ending.signal.aborted) throw error
    }
    child.kill('SIGINT')
    expect(await end).toMatchObject({ code: 130, signal: null, stderr: 'framemill: interrupted by SIGINT (ABORT_ERR)\n' })
    const told: ExportReport = JSON.parse(await readFile(report, 'utf8'))
    const done = told.clips.filter(({ status }) => status === 'done').map(({ name }) => `${name}.mp4`)
    expect(told.totals).toMatchObject({ failed: 0, cancelled: names.length - done.length })
    expect(told.totals.cancelled).toBeGreaterThan(0)
    expect(await leftIn(out)).toEqual({ files: done.toSorted(), temporary: [] })
    for (const file of done) expect(await playedFrames(join(out, file))).toBe(174)
  })
})
