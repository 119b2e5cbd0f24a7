// A process ends when its work is done, whatever its engines are doing.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { clips } from '../fixtures/index.js'

const run = promisify(execFile)
const child = fileURLToPath(new URL('../children/leave-engine.mjs', import.meta.url))

describe('a process', () => {
  it.each(['unused', 'idle', 'unfinished', 'closed'])(
    'ends by itself with code 0 with an engine that is %s',
    async (way) => {
      const { stdout, stderr } = await run(process.execPath, [child, way, clips.bFrames.path])
      expect([stdout, stderr]).toEqual([`${way}\n`, ''])
    },
    20_000,
  )

  it('ends by itself when it does not await a job that runs', async () => {
    const { stdout, stderr } = await run(process.execPath, [child, 'running', clips.longGop.path])
    expect([stdout, stderr]).toEqual(['running\n', ''])
  }, 20_000)

  it('ends at process.exit() in the middle of a job', async () => {
    const { stdout, stderr } = await run(process.execPath, [child, 'exit', clips.fullHd.path])
    expect([stdout, stderr]).toEqual(['', ''])
  }, 20_000)

  it('ends with code 1 at an error in a loop that nobody catches', async () => {
    const failed = await run(process.execPath, [child, 'thrown', clips.bFrames.path]).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('stopped at 0') })
  }, 20_000)
})
