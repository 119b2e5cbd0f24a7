// Where cuts may be, told from made-up packets.
import { describe, expect, it } from 'vitest'
import { cutCandidates } from '../../src/plan/cut-candidates.ts'
import { indexOf, type MadePacket } from './packet-tables.ts'

/** A stream without reordered frames: key frames at these places, sizes by a function. */
function stream(count: number, keys: readonly number[], size: (frame: number) => number = () => 500): MadePacket[] {
  return Array.from({ length: count }, (_, pts) => ({ pts, isKey: keys.includes(pts), size: keys.includes(pts) ? 10_000 : size(pts) }))
}

describe('cutCandidates', () => {
  it('tells key frames that come early from those that come by rule', () => {
    const { keys, early, odd, doubt } = cutCandidates(indexOf(stream(300, [0, 100, 130, 230])))
    expect(keys).toEqual([0, 100, 130, 230])
    expect([...early]).toEqual([130])
    expect([odd, doubt]).toEqual([[], null])
  })

  it('takes a single longest GOP for chance', () => {
    expect([...cutCandidates(indexOf(stream(300, [0, 40, 130, 180]))).early]).toEqual([40, 130, 180])
  })

  it('finds a packet that costs about what a key frame does', () => {
    const sizes = (frame: number): number => (frame === 70 ? 6000 : frame % 4 === 0 ? 1200 : 300)
    expect(cutCandidates(indexOf(stream(300, [0, 100, 130], sizes))).odd).toEqual([70])
  })

  it('leaves alone a packet that is large only beside small ones', () => {
    const sizes = (frame: number): number => (frame === 70 ? 3000 : 300)
    expect(cutCandidates(indexOf(stream(300, [0, 100, 130], sizes))).odd).toEqual([])
  })

  it('finds where packets grow small for good, within two frames', () => {
    const sizes = (frame: number): number => (frame < 200 ? 2000 : 20)
    const { odd } = cutCandidates(indexOf(stream(300, [0, 100, 130], sizes)))
    expect(odd.length).toBe(1)
    expect(Math.abs((odd[0] ?? 0) - 200)).toBeLessThanOrEqual(2)
  })

  it.each([
    ['a single key frame', stream(100, [0]), 'it has a single key frame'],
    [
      'key frames only',
      stream(
        20,
        Array.from({ length: 20 }, (_, i) => i),
      ),
      'nearly every frame is a key frame',
    ],
    ['key frames by count', stream(300, [0, 100, 200]), 'its encoder sets key frames by count, not where scenes begin'],
  ])('doubts a stream with %s', (_, packets, doubt) => {
    expect(cutCandidates(indexOf(packets)).doubt).toBe(doubt)
  })
})
