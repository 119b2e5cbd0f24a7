// Every benchmark runs to its end on tiny clips and proves its results; figures are not judged here.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const bench = fileURLToPath(new URL('../../bench/index.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bench-smoke-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the benchmarks', () => {
  it('run quickly from end to end, each proving its result', async () => {
    const json = join(folder, 'results.json')
    await run(process.execPath, [bench, '--quick', '--pairs', '1', '--media', join(folder, 'media'), '--json', json])
    const results: {
      scenario: string
      quick: boolean
      checks: string[]
      figures: { name: string; count: number; reached: boolean | null }[]
    }[] = JSON.parse(readFileSync(json, 'utf8'))
    const names = results.map(({ scenario }) => scenario)
    const micro = ['hand-off', 'scheduler', 'planner', 'index', 'cold-start']
    const tuning = ['adaptive', 'recommend', 'limits', 'model']
    const engine = ['speed-b-frames', 'speed-no-b-frames', 'sparse', 'analyze', 'memory', 'analyze-memory', 'cancel', 'leak']
    expect(names).toEqual(expect.arrayContaining([...engine, ...micro, ...tuning]))
    for (const { quick, checks, figures } of results) {
      expect(quick).toBe(true)
      expect(checks.length).toBeGreaterThan(0)
      expect(figures.length).toBeGreaterThan(0)
    }
    // Bytes are no matter of speed.
    const measured = results.find(({ scenario }) => scenario === 'analyze-memory')?.figures.filter(({ name }) => /^measurements/.test(name))
    expect(measured?.map(({ reached }) => reached)).toEqual([true, true])
  }, 300_000)

  it('name the scenarios there are when one is unknown', async () => {
    await expect(run(process.execPath, [bench, 'speed-of-light'])).rejects.toMatchObject({
      code: 2,
      stdout: expect.stringContaining('speed-b-frames'),
    })
  })
})
