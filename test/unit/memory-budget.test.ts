// Admission by memory: first come, first served, never more than the limit.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryBudget } from '../../src/pool/memory-budget.ts'

/** What a promise has come to after everything that could run has run. */
async function stateOf(promise: Promise<number>): Promise<number | 'waiting'> {
  return Promise.race([promise, new Promise<'waiting'>((resolve) => setImmediate(() => resolve('waiting')))])
}

describe('MemoryBudget', () => {
  it('grants what is wished for, but beyond the least no more than half of what is left', async () => {
    const budget = new MemoryBudget(100)
    expect(await budget.acquire(10, 30, undefined)).toBe(30)
    expect(await budget.acquire(10, 60, undefined)).toBe(35)
    expect(await budget.acquire(30, 60, undefined)).toBe(30)
    expect(budget.used).toBe(95)
  })

  it('lets wait who needs more than is left, until it comes back', async () => {
    const budget = new MemoryBudget(100)
    const first = await budget.acquire(80, 80, undefined)
    const second = budget.acquire(50, 70, undefined)
    expect(await stateOf(second)).toBe('waiting')
    budget.release(first)
    expect(await stateOf(second)).toBe(50)
  })

  it('serves in the order of arrival, so that a large job is not starved by small ones', async () => {
    const budget = new MemoryBudget(100)
    await budget.acquire(60, 60, undefined)
    const large = budget.acquire(90, 90, undefined)
    const small = budget.acquire(10, 10, undefined)
    expect([await stateOf(large), await stateOf(small)]).toEqual(['waiting', 'waiting'])
    budget.release(60)
    expect([await stateOf(large), await stateOf(small)]).toEqual([90, 10])
  })

  it('says at once that a job can never be admitted, with both figures', async () => {
    const budget = new MemoryBudget(5_000_000)
    await expect(budget.acquire(7_500_000, 9_000_000, undefined)).rejects.toMatchObject({
      code: 'ERR_MEMORY',
      message: 'Cannot start: the frames in flight need 7.5 MB and the memory limit is 5.0 MB; raise memoryLimit or ask for smaller frames',
    })
  })

  it('forgets who stops waiting, and serves the next', async () => {
    const budget = new MemoryBudget(100)
    await budget.acquire(100, 100, undefined)
    const abort = new AbortController()
    const left = budget.acquire(90, 90, abort.signal)
    const next = budget.acquire(50, 50, undefined)
    abort.abort(new Error('enough'))
    await expect(left).rejects.toThrow('enough')
    budget.release(100)
    expect(await stateOf(next)).toBe(50)
  })

  it('serves the next at once when the one before it stops waiting and there is room', async () => {
    const budget = new MemoryBudget(100)
    await budget.acquire(60, 60, undefined)
    const abort = new AbortController()
    const large = budget.acquire(90, 90, abort.signal)
    const small = budget.acquire(10, 10, undefined)
    abort.abort(new Error('enough'))
    await expect(large).rejects.toThrow('enough')
    expect(await stateOf(small)).toBe(10)
  })

  it('never grants more than the limit, and grants everyone in the end', async () => {
    const wish = fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 100 }))
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { maxLength: 30 }), async (wishes) => {
        const budget = new MemoryBudget(100)
        const jobs = wishes.map(async ([least, more]) => {
          const granted = await budget.acquire(least, least + more, undefined)
          expect(granted).toBeGreaterThanOrEqual(least)
          expect(granted).toBeLessThanOrEqual(least + more)
          expect(budget.used).toBeLessThanOrEqual(100)
          await Promise.resolve()
          budget.release(granted)
        })
        await Promise.all(jobs)
        expect(budget.used).toBe(0)
      }),
    )
  })
})
