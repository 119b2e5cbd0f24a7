// Slots: from free to granted to leased and back, and where their pictures lie.
import { describe, expect, it } from 'vitest'
import { slotBytesFor, SlotPool } from '../../src/pool/slots.ts'

function pool(count: number, onFree: () => void = () => undefined): SlotPool {
  return SlotPool.allocate(100, count, onFree)
}

describe('slotBytesFor', () => {
  it('leaves 64 bytes for what swscale writes past a row, and starts every slot on a cache line', () => {
    for (const bytes of [1, 63, 64, 65, 640 * 360 * 3]) {
      expect(slotBytesFor(bytes) - bytes).toBeGreaterThanOrEqual(64)
      expect(slotBytesFor(bytes) - bytes).toBeLessThan(128)
      expect(slotBytesFor(bytes) % 64).toBe(0)
    }
  })
})

describe('SlotPool', () => {
  it('lends each slot once, the first ones first, until none is free', () => {
    const slots = pool(3)
    expect([slots.take(), slots.take(), slots.take(), slots.take()]).toEqual([0, 1, 2, undefined])
    expect([slots.free, slots.inUse, slots.highWater]).toEqual([0, 3, 3])
  })

  it('has a slot back after the last of its leases', () => {
    const back: number[] = []
    const slots = pool(2, () => back.push(slots.free))
    const slot = slots.take() ?? -1
    slots.lease(slot, 3)
    slots.release(slot)
    slots.release(slot)
    expect([slots.free, back]).toEqual([1, []])
    slots.release(slot)
    expect([slots.free, back]).toEqual([2, [2]])
  })

  it('has a slot back that no lease was made of', () => {
    const slots = pool(1)
    slots.giveBack(slots.take() ?? -1)
    expect([slots.free, slots.inUse, slots.highWater]).toEqual([1, 0, 1])
  })

  it('shows pictures side by side in one shared buffer, without overlap', () => {
    const slots = pool(3)
    const views = [0, 1, 2].map((slot) => slots.view(slot, 100))
    for (const [slot, view] of views.entries()) view.fill(slot + 1)
    expect(views.map((view) => view.byteOffset)).toEqual([0, slotBytesFor(100), 2 * slotBytesFor(100)])
    expect(views.every((view, slot) => view.buffer === slots.memory.buffer && view.every((byte) => byte === slot + 1))).toBe(true)
    expect(slots.memory.buffer.byteLength).toBe(3 * slotBytesFor(100))
  })
})
