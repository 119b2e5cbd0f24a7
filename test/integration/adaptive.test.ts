// Engines whose number of active workers changes: the frames are the same, the number is told, and it follows the meters while a job runs.
import { afterAll, describe, expect, it } from 'vitest'
import { Engine, type SampleOptions } from '../../dist/index.js'
import type { EngineCore } from '../../dist/jobs/engine-core.js'
import { sample } from '../../dist/jobs/sample.js'
import { loadBinding } from '../../dist/native/binding.js'
import { MemoryBudget } from '../../dist/pool/memory-budget.js'
import { PiscinaExecutor } from '../../dist/pool/piscina-executor.js'
import { Scheduler } from '../../dist/pool/scheduler.js'
import { SlotStore } from '../../dist/pool/slot-store.js'
import { Sources } from '../../dist/source/sources.js'
import { AdaptiveWorkers, type Reading } from '../../dist/tune/adaptive-workers.js'
import { readHostLimits } from '../../dist/tune/host-limits.js'
import { clips } from '../fixtures/index.js'
import { ask, md5, until } from './fixtures/ask.js'

const engines: Engine[] = []
function engineOf(workers: number | 'auto' | 'adaptive'): Engine {
  const engine = new Engine({ workers, codecThreads: 1, cache: false })
  engines.push(engine)
  return engine
}
afterAll(() => Promise.all(engines.map((engine) => engine.close())))

async function fingerprints(engine: Engine, path: string, options: SampleOptions): Promise<string[]> {
  const { frames, report } = await ask(engine, path, options)
  return [...frames.map(({ number, pts, data }) => `${number} ${pts} ${md5(data)}`), `${report.missing.length} missing`]
}

describe("an engine with workers 'adaptive'", () => {
  it.each([clips.bFrames, clips.longGop, clips.openGop, clips.vp9, clips.sizeChange])(
    'gives the frames of one with a fixed number, bit for bit: $name',
    async ({ path }) => {
      for (const options of [{ all: true }, { fps: 3, width: 100 }, { count: 7 }] as const) {
        expect(await fingerprints(engineOf('adaptive'), path, options)).toEqual(await fingerprints(engineOf(1), path, options))
      }
    },
  )

  it('has as many workers as the host grants, all active before there is anything to go by, and again when nothing runs', async () => {
    const engine = engineOf('adaptive')
    const { cpuBudget } = readHostLimits()
    expect(engine.stats()).toMatchObject({ workers: cpuBudget, activeWorkers: cpuBudget })
    await ask(engine, clips.bFrames.path, { count: 3 })
    const { activeWorkers } = engine.stats()
    expect(activeWorkers).toBeGreaterThanOrEqual(1)
    expect(activeWorkers).toBeLessThanOrEqual(cpuBudget)
    await engine.close()
    expect(engine.stats().activeWorkers).toBe(cpuBudget)
  })

  it('is the only one whose number changes', async () => {
    for (const workers of [1, 3]) {
      const engine = engineOf(workers)
      await ask(engine, clips.bFrames.path, { count: 3 })
      expect(engine.stats()).toMatchObject({ workers, activeWorkers: workers })
    }
  })
})

describe('while a job runs', () => {
  it('workers are taken away and given back as the meters say, and every frame comes', async () => {
    const workers = 2
    const scheduler = new Scheduler(new PiscinaExecutor(workers), 0)
    const others = { cpus: 0 }
    let meter: Reading = {
      atSeconds: 0,
      work: 0,
      busySeconds: 0,
      jobsBegun: 0,
      ownCpuSeconds: 0,
      allCpuSeconds: 0,
      memoryPressure: 0.1,
    }
    let look = (): void => undefined
    const adaptive = new AdaptiveWorkers({
      most: workers,
      cpus: 2,
      read: () => ({ ...meter, jobsBegun: scheduler.jobsBegun }),
      hasWork: () => scheduler.runs.length > 0,
      setActive: (active) => {
        scheduler.activeWorkers = active
      },
      startTimer: (callback) => {
        look = callback
        return () => {
          look = () => undefined
        }
      },
    })
    scheduler.onBegin = () => adaptive.start()
    const window = (): void => {
      const own = Math.min(scheduler.activeWorkers, 2 - others.cpus)
      meter = {
        ...meter,
        atSeconds: meter.atSeconds + 1,
        work: meter.work + 100 * own,
        busySeconds: meter.busySeconds + scheduler.activeWorkers,
        ownCpuSeconds: meter.ownCpuSeconds + own,
        allCpuSeconds: (meter.allCpuSeconds ?? 0) + own + others.cpus,
      }
      look()
    }

    const running = (): number => scheduler.runs.reduce((sum, run) => sum + run.running.length, 0)
    const pass = (windows: number, otherCpus: number): void => {
      others.cpus = otherCpus
      for (let i = 0; i < windows; i++) window()
    }

    const hashes: string[] = []
    for await (const frame of sample(coreOf(scheduler, workers), clips.bFrames.path, { all: true })) {
      hashes.push(md5(frame.data))
      if (frame.number !== 0) continue
      pass(5, 0)
      expect([scheduler.activeWorkers, running()]).toEqual([2, 2])
      pass(3, 1)
      expect([scheduler.activeWorkers, running()]).toEqual([1, 2]) // a task runs to its end
      await until(() => running() < 2)
      expect([running(), scheduler.queueLength > 0]).toEqual([1, true])
      pass(3, 1)
      expect([scheduler.activeWorkers, running()]).toEqual([1, 1])
      pass(3, 0)
      expect([scheduler.activeWorkers, running()]).toEqual([2, 2])
    }
    await until(() => scheduler.runs.length === 0)
    expect(hashes).toEqual((await ask(engineOf(1), clips.bFrames.path, { all: true })).frames.map(({ data }) => md5(data)))
    await scheduler.close()
  })
})

function coreOf(scheduler: Scheduler, workers: number): EngineCore {
  const binding = loadBinding()
  const memory = new MemoryBudget(200_000_000) // a slot for every frame: no task waits for the loop
  const maxPixels = 1e8
  return {
    scheduler,
    sources: new Sources({ scheduler, cache: null, allowPlaylists: false, maxPixels, onCacheHit: () => undefined }),
    memory,
    slotStore: new SlotStore(memory.limit),
    logger: { warn: () => undefined, debug: () => undefined },
    workers,
    codecThreads: 1,
    cpuBudget: workers,
    maxPixels,
    taskPixels: 1,
    pictureBytes: (picture) => binding.pictureBytes(picture),
    pixelFormatName: (format) => binding.pixelFormatName(format),
    assertOpen: () => undefined,
  }
}
