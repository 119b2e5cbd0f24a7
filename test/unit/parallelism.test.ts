// How many decoders work at once, and with how many threads each.
import { describe, expect, it } from 'vitest'
import { shareOut, type EngineLimits } from '../../src/plan/parallelism.ts'

const engine: EngineLimits = { maxPixels: 1e9, workers: 8, codecThreads: 'auto', cpuBudget: 8 }
const fullHd = { width: 1920, height: 1080, bitDepth: 8 }

describe('decoders at once', () => {
  it('are as many as workers when there is enough to share out', () => {
    expect(shareOut(100, fullHd, engine)).toEqual({ atOnce: 8, codecThreads: 1 })
  })

  it('are as many as segments when these are few, and codec threads make up the rest', () => {
    expect(shareOut(3, fullHd, engine)).toEqual({ atOnce: 3, codecThreads: 2 })
    expect(shareOut(1, fullHd, engine)).toEqual({ atOnce: 1, codecThreads: 8 })
  })

  it('are as many as memory has room for: 32 pictures each', () => {
    const picture = 1920 * 1080 * 1.5
    expect(shareOut(100, fullHd, { ...engine, decoderMemory: 4.5 * 32 * picture })).toEqual({ atOnce: 4, codecThreads: 2 })
    expect(shareOut(100, { ...fullHd, bitDepth: 10 }, { ...engine, decoderMemory: 4.5 * 32 * picture })).toMatchObject({ atOnce: 2 })
    expect(shareOut(100, fullHd, { ...engine, decoderMemory: 1 })).toEqual({ atOnce: 1, codecThreads: 8 })
  })

  it('keep the codec threads that were asked for', () => {
    expect(shareOut(2, fullHd, { ...engine, workers: 4, codecThreads: 3 })).toEqual({ atOnce: 4, codecThreads: 3 })
  })

  it('have no more codec threads than native code takes', () => {
    expect(shareOut(1, fullHd, { ...engine, cpuBudget: 200 }).codecThreads).toBe(64)
  })
})
