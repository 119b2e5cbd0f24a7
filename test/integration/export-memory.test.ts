// A thousand clips in one call hold as much memory and as many file handles as a hundred.
import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clips } from '../fixtures/index.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

const child = fileURLToPath(new URL('../children/export-many.mjs', import.meta.url))

interface Outcome {
  readonly done: number
  readonly frames: number
  /** MB: peak as the report tells it, as the system tells it, and JavaScript's heap in use. */
  readonly told: number
  readonly peak: number
  readonly heap: number
  readonly handles: number
}

let work: Workspace
beforeAll(() => {
  work = makeWorkspace()
})
afterAll(() => work.remove())

describe('an export of a thousand clips', () => {
  let hundred: Outcome
  let thousand: Outcome
  let warnings = ''
  beforeAll(async () => {
    // One arena: how glibc's allocator spreads free memory over threads is not what is measured.
    const env = { ...process.env, MALLOC_ARENA_MAX: '1' }
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--expose-gc', child, clips.bFrames.path, work.path('out')], {
      env,
    })
    const [first, second]: Outcome[] = JSON.parse(stdout)
    if (first === undefined || second === undefined) throw new Error('there are no two outcomes')
    ;[hundred, thousand, warnings] = [first, second, stderr]
    console.log(hundred, thousand)
  })

  it('makes them all, without a warning of too many listeners', async () => {
    expect([hundred.done, hundred.frames]).toEqual([100, 600])
    expect([thousand.done, thousand.frames]).toEqual([1000, 6000])
    expect((await readdir(work.path('out'))).filter((name) => name.endsWith('.mp4'))).toHaveLength(1000)
    expect(warnings).toBe('')
  })

  it('stays below 400 MB, of which the clips after the first hundred add less than 100', () => {
    expect(thousand.peak).toBeLessThan(400)
    // Garbage not yet collected, and free memory between what is in use; 0.1 MB held for each clip would show.
    expect(thousand.peak - hundred.peak).toBeLessThan(100)
    expect(thousand.told / thousand.peak).toBeGreaterThan(0.9)
    expect(thousand.told / thousand.peak).toBeLessThan(1.1)
  })

  it('keeps nothing of a clip that is done', () => {
    // What one more clip holds on to, in KB.
    expect(((thousand.heap - hundred.heap) / 900) * 1024).toBeLessThan(8)
    expect(thousand.handles).toBe(hundred.handles)
  })
})
