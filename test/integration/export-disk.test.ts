// A disk that takes no more, a folder that may not be written to: the error says which and why, and nothing half-written is left.
import { execFileSync, spawn } from 'node:child_process'
import { chmod, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Clip, ExportOptions, ExportReport } from '../../src/index.js'
import { clips } from '../fixtures/index.js'
import { ended, leftIn, playedFrames, type Child } from './fixtures/exported.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

const exporter = fileURLToPath(new URL('../children/export.mjs', import.meta.url))

let work: Workspace
beforeAll(() => {
  work = makeWorkspace()
})
afterAll(() => work.remove())

interface Outcome {
  readonly report?: ExportReport
  readonly error?: { readonly code: string; readonly message: string }
  readonly warnings: string
}

/** Exports in a process that begins as `shell` says, whose "$@" is the export. */
async function exported(wanted: readonly Clip[], options: ExportOptions, shell = 'exec "$@"'): Promise<Outcome> {
  const request = JSON.stringify({ source: clips.bFrames.path, clips: wanted, options })
  const child: Child = spawn('bash', ['-c', shell, 'bash', process.execPath, exporter, request], { stdio: ['ignore', 'pipe', 'pipe'] })
  const { stdout, stderr } = await ended(child)
  const outcome: Pick<Outcome, 'report' | 'error'> = JSON.parse(stdout)
  return { ...outcome, warnings: stderr }
}

/** A folder that takes 192 KiB in all; null where this user may mount none. */
function smallDisk(path: string): (() => void) | null {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=192k', 'framemill-test', path], { stdio: 'ignore' })
    return () => void execFileSync('umount', [path])
  } catch {
    return null
  }
}

/** What each clip takes, roughly: 12 KB, 200 KB, 9 KB. The middle one does not fit on the disk, or in one file. */
const wanted: readonly Clip[] = [
  { name: 'small', start: 0, end: 0.5 },
  { name: 'large', start: 0, end: 10 },
  { name: 'later', start: 4, end: 4.4 },
]

async function expectOnlyLargeFailed(folder: string, { report, warnings }: Outcome, reason: RegExp): Promise<void> {
  expect(warnings).toBe('')
  expect(report?.clips.map(({ name, status, attempts, output }) => [name, status, attempts, output === null])).toEqual([
    ['small', 'done', 1, false],
    // Trying again would not help: not a try more than it takes to see that.
    ['large', 'failed', 1, true],
    ['later', 'done', 1, false],
  ])
  expect(report?.clips[1]).toMatchObject({ warnings: [], error: { code: 'ERR_IO', message: expect.stringMatching(reason) } })
  expect(await leftIn(folder)).toEqual({ files: ['later.mp4', 'small.mp4'], temporary: [] })
  expect(await playedFrames(join(folder, 'small.mp4'))).toBe(15)
  expect(await playedFrames(join(folder, 'later.mp4'))).toBe(12)
}

describe.each(['copy', 'encode'] as const)('in mode %s', (mode) => {
  let unmount: (() => void) | null = null
  afterEach(() => unmount?.())

  it('a disk that is full, or a file that may not grow, fails the clip that is too large and no other', async () => {
    const folder = work.path(`limited-${mode}`)
    await mkdir(folder)
    unmount = smallDisk(folder)
    const options = { outDir: folder, mode, video: mode === 'encode' ? { crf: 20 } : undefined, clipsAtOnce: 1 }
    if (unmount !== null) await expectOnlyLargeFailed(folder, await exported(wanted, options), /no space left/i)
    unmount?.()
    unmount = null
    // Without the right to mount there still is the largest size of a file. Node ignores the signal that comes with the error.
    const plain = work.path(`plain-${mode}`)
    const limit = 'ulimit -f 128; trap "" XFSZ; exec "$@"'
    await expectOnlyLargeFailed(plain, await exported(wanted, { ...options, outDir: plain }, limit), /file too large/i)
  })
})

describe('a folder', () => {
  it('that is a file is an error before anything is begun', async () => {
    const file = work.write('a-file', 'text')
    for (const outDir of [file, join(file, 'below')]) {
      const { error } = await exported(wanted, { outDir })
      expect(error).toMatchObject({ code: 'ERR_IO', message: expect.stringContaining(outDir) })
    }
    expect((await stat(file)).size).toBe(4)
  })

  it('that may not be written to is an error before anything is begun', async () => {
    const folder = work.path('read-only')
    await mkdir(folder)
    await chmod(folder, 0o555)
    // Rights do not bind the superuser: a mount that is read-only does.
    const isRoot = process.getuid?.() === 0
    const shell = isRoot ? `unshare --mount bash -c 'mount --bind -o ro "$0" "$0" && exec "$@"' "${folder}" "$@"` : 'exec "$@"'
    const { error } = await exported(wanted, { outDir: folder }, shell)
    expect(error).toMatchObject({ code: 'ERR_IO', message: expect.stringMatching(/read-only.*(EROFS|EACCES)|(EROFS|EACCES).*read-only/) })
    expect(await leftIn(folder)).toEqual({ files: [], temporary: [] })
  })
})
