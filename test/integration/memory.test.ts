// Memory stays a chosen number over many jobs, whenever V8 may collect garbage.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { clips } from '../fixtures/index.js'

const child = fileURLToPath(new URL('../children/many-jobs.mjs', import.meta.url))

describe('an engine', () => {
  it('uses the slot memory of one job for the next', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [child, clips.fullHd.path])
    // New memory for each of the 30 jobs would be more than 5,000 MB.
    expect(Number(stdout)).toBeLessThan(300)
  })
})
