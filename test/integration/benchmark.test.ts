// Measuring this host for real, with small clips: what comes back, what is kept, and how it ends early.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, recommendWorkers, type Recommendation } from '../../dist/index.js'
import { configurationsWithin } from '../../dist/tune/configuration.js'
import { readHostLimits } from '../../dist/tune/host-limits.js'
import { hostIdentity, profilePath, saveProfile } from '../../dist/tune/profile.js'
import { loadBinding } from '../../dist/native/binding.js'
import { clips } from '../fixtures/index.js'

const run = promisify(execFile)
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'framemill-benchmark-'))
const { cpuBudget } = readHostLimits()
const usualConfig = process.env['FRAMEMILL_CONFIG_DIR']

beforeAll(() => {
  process.env['FRAMEMILL_CONFIG_DIR'] = join(folder, 'config')
})
afterAll(() => {
  if (usualConfig === undefined) delete process.env['FRAMEMILL_CONFIG_DIR']
  else process.env['FRAMEMILL_CONFIG_DIR'] = usualConfig
  rmSync(folder, { recursive: true, force: true })
})

function names(configurations: readonly { readonly workers: number; readonly codecThreads: number }[]): string[] {
  return configurations.map(({ workers, codecThreads }) => `${workers}x${codecThreads}`)
}

/** Processes that are measured, of this one. */
function children(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.filter(
    (pid) => read(`/proc/${pid}/status`).includes(`PPid:\t${process.pid}\n`) && read(`/proc/${pid}/cmdline`).includes('measure/entry'),
  )
}

/** Empty for what is gone by now. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

describe('framemill bench', () => {
  it('ends --json with one recommendation, draws it, and keeps it for new engines', async () => {
    const chart = join(folder, 'chart.svg')
    const args = ['bench', clips.bFrames.path, '--quick', '--json', '--chart', chart, '--predict', '4,64', '--save']
    const { stdout, stderr } = await run(process.execPath, [program, ...args])
    const answer: Recommendation = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
    expect(answer).toMatchObject({ type: 'recommendation', job: 'sample', limits: readHostLimits(), isQuick: true })
    for (const goal of [answer, answer.latency]) {
      expect(names(goal.measurements)).toEqual(names(configurationsWithin(cpuBudget)))
      expect(names(goal.measurements)).toContain(`${goal.workers}x${goal.codecThreads}`)
      expect(goal.confidence).toBeGreaterThan(0)
      expect(goal.confidence).toBeLessThanOrEqual(1)
      for (const { rounds, samples, throughput, cpuSeconds, peakRssBytes } of goal.measurements) {
        expect(rounds).toBeGreaterThanOrEqual(3)
        expect(samples).toHaveLength(rounds)
        expect(throughput).toBeGreaterThanOrEqual(Math.min(...samples))
        expect(throughput).toBeLessThanOrEqual(Math.max(...samples))
        expect(cpuSeconds).toBeGreaterThan(0)
        expect(peakRssBytes).toBeGreaterThan(30e6)
      }
    }
    expect(answer.model?.predictions.map(({ workers }) => workers)).toEqual([4, 64])
    expect(readFileSync(chart, 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>$/)
    expect(stderr).toContain('measuring')
    expect(answer.savedTo).toBe(profilePath(join(folder, 'config')))
    const engine = new Engine({ workers: 'auto' })
    expect(engine.stats().workers).toBe(answer.workers)
    await engine.close()
  })

  it('has one worker to recommend where there is one CPU', async () => {
    const { stdout } = await run('taskset', ['-c', '0', process.execPath, program, 'bench', clips.oneFrame.path, '--quick', '--json'])
    const answer: Recommendation = JSON.parse(stdout)
    expect(answer).toMatchObject({ workers: 1, codecThreads: 1, limits: { cpus: 1, cpuBudget: 1 } })
    expect(answer.explanation[0]).toBe('1 worker: the CPU limits leave nothing else to try')
  })

  it('ends with 130 and nothing left running when it is interrupted', async () => {
    const child = spawn(process.execPath, [program, 'bench', clips.bFrames.path, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
    const stdout = text(child.stdout)
    // Progress is told every five seconds: by then processes are being measured. Descendants that lived on would hold stderr open.
    await once(child.stderr, 'data')
    child.kill('SIGINT')
    child.stderr.resume()
    const [code] = await once(child, 'close')
    expect(code).toBe(130)
    expect(JSON.parse(await stdout)).toMatchObject({ type: 'error', code: 'ABORT_ERR' })
  })

  it('finds out before it measures that the answer could not be kept', async () => {
    const env = { ...process.env, FRAMEMILL_CONFIG_DIR: clips.bFrames.path }
    const args = [program, 'bench', clips.bFrames.path, '--save']
    await expect(run(process.execPath, args, { env })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Cannot save the profile'),
    })
  })

  it.each([
    [['--job', 'export'], 2, 'expected one of sample, all'],
    [['--memory-limit', 'much'], 2, 'Expected a size'],
    [['--predict', '4,x'], 2, 'Expected a whole number'],
    [['--predict', '257'], 2, 'Expected a whole number from 1 to 256'],
    [['--chart', 'chart.png'], 2, 'must end with .svg'],
    [[clips.audioOnly.path], 1, 'ERR_NO_VIDEO'],
    [['/no/such/file.mp4'], 1, 'ERR_NOT_FOUND'],
  ])('ends %j with exit code %i', async (args, code, message) => {
    await expect(run(process.execPath, [program, 'bench', '--quick', '--quiet', ...args])).rejects.toMatchObject({
      code,
      stderr: expect.stringContaining(message),
    })
  })
})

describe('making the typical clip', () => {
  it('leaves nothing behind when it is interrupted, and makes it once when it is not', async () => {
    const cache = join(folder, 'cache')
    const env = { ...process.env, FRAMEMILL_CACHE_DIR: cache }
    const child = spawn(process.execPath, [program, 'bench', '--quick'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    await once(child.stderr, 'data')
    child.kill('SIGINT')
    child.stderr.resume()
    const [code] = await once(child, 'close')
    expect(code).toBe(130)
    expect(readdirSync(join(cache, 'bench')).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('says what to do where it cannot be kept', async () => {
    const env = { ...process.env, FRAMEMILL_CACHE_DIR: clips.bFrames.path }
    await expect(run(process.execPath, [program, 'bench', '--quick', '--quiet'], { env })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Cannot keep the clip to measure with .* set FRAMEMILL_CACHE_DIR \(ERR_IO\)/),
    })
  })
})

describe('recommendWorkers', () => {
  it('rejects with what a listener of its progress throws', async () => {
    const reason = new Error('the listener is broken')
    const onProgress = (): void => {
      throw reason
    }
    await expect(recommendWorkers({ files: [clips.bFrames.path], quick: true, onProgress })).rejects.toBe(reason)
    expect(children()).toEqual([])
  })

  it('rejects with the reason of its signal, and ends its processes', async () => {
    const reason = new Error('enough')
    const abort = new AbortController()
    let measured: string[] = []
    const pending = recommendWorkers({
      files: [clips.bFrames.path],
      signal: abort.signal,
      onProgress: ({ phase }) => {
        if (phase !== 'measure') return
        measured = children()
        abort.abort(reason)
      },
    })
    await expect(pending).rejects.toBe(reason)
    expect(measured).toHaveLength(configurationsWithin(cpuBudget).length)
    expect(children()).toEqual([])
  })

  it('recommends fewer workers where memory is short, and says so', async () => {
    const answer = await recommendWorkers({ files: [clips.bFrames.path], quick: true, memoryLimit: 40e6 })
    expect(answer).toMatchObject({ workers: 1, codecThreads: 1 })
    expect(answer.explanation.join('\n')).toContain('nothing fits the memory limit of 38 MiB')
  })

  it.each([
    [{ files: 'talk.mp4' }, TypeError, 'Expected an array for files'],
    [{ predict: [0] }, RangeError, 'predict.0'],
    [{ workers: 2 }, TypeError, 'Unknown option "workers"'],
    [5, TypeError, 'Expected an object for options but received 5'],
    ['talk.mp4', TypeError, 'Expected an object for options but received "talk.mp4"'],
    [{ job: 'cook' }, RangeError, 'Expected one of all, sample for job but received "cook"'],
  ])('refuses %j', async (options, Misuse, message) => {
    // As JavaScript would, which knows no types.
    const unchecked = async (): Promise<unknown> => Reflect.apply(recommendWorkers, null, [options])
    await expect(unchecked()).rejects.toThrow(Misuse)
    await expect(unchecked()).rejects.toThrow(message)
  })
})

describe("an engine with workers 'auto'", () => {
  it('ignores a profile of another host, with a note', async () => {
    const host = { ...hostIdentity(readHostLimits(), loadBinding().versions().ffmpeg), cpuModel: 'Mill 9000' }
    process.env['FRAMEMILL_CONFIG_DIR'] = join(folder, 'config of another host')
    await saveProfile(host, { sample: { workers: 1, codecThreads: 1, confidence: 1 } })
    const notes: string[] = []
    const engine = new Engine({ logger: { warn: (note) => notes.push(note), debug: () => undefined } })
    expect(engine.stats().workers).toBe(cpuBudget)
    expect(notes).toEqual([expect.stringContaining('it was measured with the CPU Mill 9000')])
    await engine.close()
  })

  it('takes the workers and codec threads of a profile of this host', async () => {
    process.env['FRAMEMILL_CONFIG_DIR'] = join(folder, 'config')
    const host = hostIdentity(readHostLimits(), loadBinding().versions().ffmpeg)
    await saveProfile(host, { sample: { workers: 1, codecThreads: 1, confidence: 1 } })
    const engine = new Engine()
    const threads: number[] = []
    for await (const frame of engine.sample(clips.longGop.path, { count: 2, onReport: ({ codecThreads }) => threads.push(codecThreads) })) {
      frame.data.at(0)
    }
    expect(engine.stats().workers).toBe(1)
    expect(threads).toEqual([1])
    expect(readdirSync(join(folder, 'config'))).toEqual(['profile.json'])
    await engine.close()
  })
})

describe('engine.benchmark', () => {
  it('refuses to measure with a closed engine', async () => {
    const engine = new Engine({ workers: 1 })
    await engine.close()
    await expect(engine.benchmark()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })
})
