import { describe, expect, it } from 'vitest'
import { SlotStore } from '../../src/pool/slot-store.js'

const MIB = 2 ** 20

describe('SlotStore', () => {
  it('gives the memory of one job to the next of about the same size', () => {
    const store = new SlotStore(100 * MIB)
    const first = store.take(9 * MIB)
    store.giveBack(first)
    expect(store.take(12 * MIB)).toBe(first)
  })

  it('never lends the same memory twice at a time', () => {
    const store = new SlotStore(100 * MIB)
    const first = store.take(9 * MIB)
    expect(store.take(9 * MIB)).not.toBe(first)
  })

  it('gives at least what was asked for', () => {
    const store = new SlotStore(100 * MIB)
    for (const bytes of [1, MIB, MIB + 1, 3 * MIB, 64 * MIB + 1]) expect(store.take(bytes).byteLength).toBeGreaterThanOrEqual(bytes)
  })

  it('keeps no more than belongs to its limit, and lets the oldest go', () => {
    const store = new SlotStore(8 * MIB)
    const [old, recent] = [store.take(8 * MIB), store.take(16 * MIB)]
    store.giveBack(old)
    store.giveBack(recent)
    expect(store.take(8 * MIB)).not.toBe(old)
    expect(store.take(16 * MIB)).toBe(recent)
  })
})
