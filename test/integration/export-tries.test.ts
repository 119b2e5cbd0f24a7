// Tries of a clip: how long one may take, which faults are worth another, and what is told of them.
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Engine, type Clip, type ExportOptions, type ExportReport } from '../../dist/index.js'
import type { EngineCore } from '../../dist/jobs/engine-core.js'
import { exportClips } from '../../dist/jobs/export.js'
import { clips } from '../fixtures/index.js'
import { leftIn, playedFrames } from './fixtures/exported.js'
import { faultyCore, type Fault } from './fixtures/faulty-engine.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

let work: Workspace
beforeAll(() => {
  work = makeWorkspace()
})
afterAll(() => work.remove())

describe('the time limit', () => {
  it('stops the clip that takes longer, and that one only; what its worker does next is another clip', async () => {
    const out = work.path('limited')
    await using engine = new Engine({ workers: 1, cache: false })
    // Sixty frames of 4K at the slowest preset: minutes, were they let.
    const slow = { mode: 'encode', transform: { width: 3840, height: 2160 }, video: { preset: 'placebo' } } as const
    const wanted: readonly Clip[] = [
      { name: 'before', start: 0, end: 1, mode: 'copy' },
      { name: 'slow', start: 0, end: 2, ...slow },
      { name: 'after', start: 0.5, end: 1.5, mode: 'copy' },
    ]
    const report = await engine.exportClips(clips.fullHd.path, wanted, { outDir: out, timeoutSeconds: 1.5, clipsAtOnce: 1 })
    expect(report.clips.map(({ name, status }) => [name, status])).toEqual([
      ['before', 'done'],
      ['slow', 'failed'],
      ['after', 'done'],
    ])
    const [, late] = report.clips
    const error = { code: 'ERR_TIMEOUT', message: 'Cannot export "slow": it was not done after 1.5 s' }
    expect(late).toMatchObject({ attempts: 1, output: null, error })
    expect(late?.wallSeconds).toBeGreaterThanOrEqual(1.5)
    expect(await leftIn(out)).toEqual({ files: ['after.mp4', 'before.mp4'], temporary: [] })
    expect(await playedFrames(join(out, 'after.mp4'))).toBe(30)
  })
})

describe('the time limit of clips that take turns on one worker', () => {
  it('does not count what each waits for the others', async () => {
    await using engine = new Engine({ workers: 1, cache: false })
    const encode = (count: number, timeoutSeconds?: number): Promise<ExportReport> =>
      engine.exportClips(
        clips.bFrames.path,
        Array.from({ length: count }, (_, number): Clip => ({ name: `t${number}`, start: 0, end: 4, mode: 'encode' })),
        { outDir: work.path('turns'), existing: 'overwrite', clipsAtOnce: count, timeoutSeconds },
      )
    const alone = await encode(1)
    // Three times what one takes, a quarter of what the last waits.
    const together = await encode(12, 3 * alone.totals.wallSeconds)
    expect(together.totals).toMatchObject({ done: 12, failed: 0 })
    expect(Math.max(...together.clips.map(({ wallSeconds }) => wallSeconds))).toBeGreaterThan(3 * alone.totals.wallSeconds)
  })
})

describe('a fault', () => {
  const cores: EngineCore[] = []
  afterEach(async () => {
    for (const core of cores.splice(0)) await core.scheduler.close()
  })
  function coreWith(fault: Fault): EngineCore {
    const core = faultyCore(fault)
    cores.push(core)
    return core
  }

  /** Exports one clip of 30 frames between two others, whose tasks never fail. */
  async function exported(fault: Fault, folder: string, options: Partial<ExportOptions> = {}): Promise<ExportReport['clips'][number]> {
    const core = coreWith((task) => (JSON.stringify(task).includes('/.faulty.') ? fault(task) : null))
    const [start, end] = [1.2, 2.2]
    const wanted = ['one', 'faulty', 'two'].map((name) => ({ name, start, end }))
    const { clips: told } = await exportClips(core, clips.bFrames.path, wanted, { mode: 'copy', ...options, outDir: folder })
    const [one, faulty, two] = told
    for (const other of [one, two]) expect(other).toMatchObject({ status: 'done', attempts: 1, warnings: [], frames: 30 })
    const files = ['faulty.mp4', 'one.mp4', 'two.mp4'].filter((file) => faulty?.status === 'done' || !file.startsWith('faulty'))
    expect(await leftIn(folder)).toEqual({ files, temporary: [] })
    for (const file of files) expect(await playedFrames(join(folder, file))).toBe(30)
    expect(core.memory.used).toBe(0)
    if (faulty === undefined) throw new Error('there is no such clip')
    return faulty
  }

  function failing(times: number, fault: ReturnType<Fault>, kind = 'write-file'): Fault {
    let left = times
    return (task) => (task.kind === kind && left-- > 0 ? fault : null)
  }

  const [EIO, EAGAIN, ENOENT, EACCES, ENOSPC] = [-5, -11, -2, -13, -28]

  it.each([
    ['an error of reading or writing', { code: 'ERR_IO', avError: EIO } as const],
    ['a lack of something', { code: 'ERR_IO', avError: EAGAIN } as const],
    ['a lost worker', new Error('the thread ended')],
    ['a lack of memory', { code: 'ERR_MEMORY', avError: 0 } as const],
  ])('that may pass (%s) is met by another try, which is told', async (what, fault) => {
    const clip = await exported(failing(2, fault), work.path(`passing ${what}`))
    expect(clip).toMatchObject({ status: 'done', attempts: 3, error: null })
    const told = (attempt: number): RegExp => new RegExp(`^try ${attempt} failed and was repeated after \\d+ ms: .+`)
    expect(clip.warnings).toEqual([expect.stringMatching(told(1)), expect.stringMatching(told(2))])
  })

  it('that does not pass is told after as many tries as were allowed', async () => {
    const clip = await exported(failing(Infinity, { code: 'ERR_IO', avError: EIO }), work.path('lasting'), { retries: 1 })
    expect(clip).toMatchObject({ status: 'failed', attempts: 2, output: null, error: { code: 'ERR_IO' } })
    expect(clip.warnings).toHaveLength(1)
    const once = await exported(failing(Infinity, { code: 'ERR_IO', avError: EIO }), work.path('never'), { retries: 0 })
    expect(once).toMatchObject({ status: 'failed', attempts: 1, warnings: [] })
  })

  it.each([
    ['no space', { code: 'ERR_IO', avError: ENOSPC } as const],
    ['no right', { code: 'ERR_IO', avError: EACCES } as const],
    ['no folder', { code: 'ERR_IO', avError: ENOENT } as const],
    ['a time limit', { code: 'ERR_TIMEOUT', avError: 0 } as const],
    ['a format that does not hold it', { code: 'ERR_UNSUPPORTED', avError: 0 } as const],
  ])('that lasts (%s) is not tried again', async (what, fault) => {
    const clip = await exported(failing(1, fault), work.path(`lasting ${what}`))
    expect(clip).toMatchObject({ status: 'failed', attempts: 1, warnings: [], error: { code: fault.code } })
  })

  it("of an encoder's preset is met by the encoder's own, which is told", async () => {
    const fault = failing(1, { code: 'ERR_ENCODE', avError: 0 }, 'encode-pictures')
    const clip = await exported(fault, work.path('preset'), { mode: 'encode', video: { preset: 'fast' } })
    expect(clip).toMatchObject({ status: 'done', mode: 'encode', attempts: 2 })
    expect(clip.warnings).toEqual([expect.stringMatching(/^tried again with the encoder's own preset: .*made to fail/)])
  })

  it.each(['auto', 'smart'] as const)('of a cheaper way (mode %s) is met by encoding, which is told as the reason', async (mode) => {
    const fault = failing(1, { code: 'ERR_UNSUPPORTED', avError: 0 })
    const clip = await exported(fault, work.path(`cheaper-${mode}`), { mode, container: 'mp4' })
    expect(clip).toMatchObject({ status: 'done', mode: 'encode', attempts: 2, encodedFrames: 30 })
    expect(clip.reason).toMatch(
      mode === 'auto' ? /^encoded instead of copied: .+made to fail/ : /^encoded instead of cut smartly: .+made to fail/,
    )
  })

  it('that may pass is waited out no longer once the export is cancelled', async () => {
    const abort = new AbortController()
    const faults = failing(Infinity, { code: 'ERR_IO', avError: EIO })
    const core = coreWith((task) => {
      const fault = faults(task)
      if (fault !== null) abort.abort()
      return fault
    })
    const settings = { mode: 'copy', outDir: work.path('waiting'), retries: 100, signal: abort.signal } as const
    const report = await exportClips(core, clips.bFrames.path, [{ start: 0, end: 1 }], settings)
    expect(report.totals).toMatchObject({ cancelled: 1, failed: 0 })
    expect((await leftIn(work.path('waiting'))).files).toEqual([])
  })
})
