// An export whose process is killed: what is there under a final name is whole, and a second run makes the rest.
import { once } from 'node:events'
import { copyFile, mkdir, stat, watch, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ClipFiles } from '../../dist/jobs/export-files.js'
import type { ExportReport } from '../../src/index.js'
import { clips } from '../fixtures/index.js'
import { ended, leftIn, playedFrames, seeded, startCommand, type Ended } from './fixtures/exported.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

const modes = ['copy', 'smart', 'encode'] as const
/** Seven clips of 3 s at 30 frames a second, beginning between key frames. */
const wanted = Array.from({ length: 7 }, (_, number) => ({
  ...{ start: 0.3 + number / 2, end: 3.3 + number / 2 },
  ...{ name: `c${number}`, mode: modes[number % 3] },
}))
const framesEach = 90

let work: Workspace
let list: string
beforeAll(() => {
  work = makeWorkspace()
  list = work.write('clips.json', JSON.stringify({ clips: wanted }))
})
afterAll(() => work.remove())

function command(out: string, ...flags: string[]): string[] {
  return ['export', clips.bFrames.path, '--clips', list, '--out', out, '--quiet', '--json', '--no-cache', ...flags]
}

async function run(out: string, ...flags: string[]): Promise<Ended & { report: ExportReport }> {
  const end = await ended(startCommand(...command(out, ...flags)))
  return { ...end, report: JSON.parse(end.stdout) }
}

/** Kills the command without warning once the folder has changed that many times. */
async function killedAfter(changes: number, out: string): Promise<Ended> {
  await mkdir(out)
  const ending = new AbortController()
  const events = watch(out, { signal: ending.signal })[Symbol.asyncIterator]()
  const child = startCommand(...command(out))
  const end = ended(child).finally(() => ending.abort())
  try {
    for (let seen = 0; seen < changes; seen++) await events.next()
    child.kill('SIGKILL')
  } catch (error) {
    if (!ending.signal.aborted) throw error
  }
  return end
}

async function facts(path: string): Promise<{ ino: number; mtimeMs: number }> {
  const { ino, mtimeMs } = await stat(path)
  return { ino, mtimeMs }
}

describe('a killed export', () => {
  const random = seeded(5)
  const moments = [1, ...Array.from({ length: 3 }, (_, third) => 10 + 25 * third + random(25))]

  it.each(moments)('leaves only whole files after %i changes of its folder, and a second run makes the rest', async (changes) => {
    const out = work.path(`killed-${changes}`)
    expect(await killedAfter(changes, out)).toMatchObject({ code: null, signal: 'SIGKILL' })
    const left = await leftIn(out)
    const before = new Map<string, object>()
    for (const file of left.files) {
      expect(await playedFrames(join(out, file))).toBe(framesEach)
      before.set(file, await facts(join(out, file)))
    }

    const { code, stderr, report } = await run(out, '--existing', 'skip')
    expect([code, stderr]).toEqual([0, ''])
    expect(report.clips.map(({ name, status }) => [name, status])).toEqual(
      wanted.map(({ name }) => [name, before.has(`${name}.mp4`) ? 'skipped' : 'done']),
    )
    expect(await leftIn(out)).toEqual({ files: wanted.map(({ name }) => `${name}.mp4`).toSorted(), temporary: [] })
    for (const [file, known] of before) expect(await facts(join(out, file))).toEqual(known)
    for (const { name } of wanted.filter((clip) => !before.has(`${clip.name}.mp4`))) {
      expect(await playedFrames(join(out, `${name}.mp4`))).toBe(framesEach)
    }
  })
})

describe('a second run', () => {
  it('leaves the temporary files of a process that lives alone, and removes those of one that does not', async () => {
    const out = work.path('leftovers')
    await mkdir(out)
    const gone = startCommand('--version')
    await Promise.all([once(gone, 'close'), ended(gone)])
    const [, here = ''] = /-([0-9a-f]{8})-/.exec(new ClipFiles(join(out, 'c0.mp4')).temporary) ?? []
    const name = (pid: number | undefined, part: string): string => `.c0.mp4.${pid}-${here}-0123abcd.${part}.tmp`
    const dead = ['clip', 'v0', 'a', 'head', 'tail'].map((part) => name(gone.pid, part))
    const others = [name(process.pid, 'clip'), '.c0.mp4.tmp', '.notes.12-0123abcd.tmp']
    for (const file of [...dead, ...others]) await writeFile(join(out, file), 'x')
    expect((await run(out, '--existing', 'skip')).code).toBe(0)
    expect((await leftIn(out)).temporary).toEqual(others.toSorted())
  })

  it('refuses a file under its name that another request made, or that nobody recorded', async () => {
    const out = work.path('others')
    await mkdir(out)
    await copyFile(clips.bFrames.path, join(out, 'c5.mp4'))
    const first = await run(out, '--existing', 'skip', '--no-metadata')
    expect(first.code).toBe(1)
    const { code, report } = await run(out, '--existing', 'skip')
    expect(code).toBe(1)
    expect(report.clips.map(({ status, error }) => [status, error?.code])).toEqual(wanted.map(() => ['failed', 'ERR_EXISTS']))
    expect(report.clips[0]?.error?.message).toContain('no record that this request made it')
    const third = await run(out, '--existing', 'skip', '--no-metadata')
    expect(third.report.clips.map(({ status }) => status)).toEqual(wanted.map(({ name }) => (name === 'c5' ? 'failed' : 'skipped')))
  })

  it('passes over a line of the record that was torn when the disk was full', async () => {
    const out = work.path('torn')
    await mkdir(out)
    await writeFile(join(out, '.framemill-export.jsonl'), '{"file":"c0.mp4","fingerpr')
    expect((await run(out, '--existing', 'skip')).report.totals).toMatchObject({ done: wanted.length })
    expect((await run(out, '--existing', 'skip')).report.totals).toMatchObject({ skipped: wanted.length })
  })
})
