// No configuration is measured before all of them have given the same results.
import { describe, expect, it } from 'vitest'
import { proveEqual, type Provable } from '../../src/tune/field.ts'
import type { Work } from '../../src/tune/measuring.ts'

const first: Work = [[{ file: 'a', start: 0, end: 1 }]]
const second: Work = [[{ file: 'b', start: 0, end: 1 }]]

function giving(workers: number, digestOf: (work: Work) => string, frames = 5): Provable {
  return { configuration: { workers, codecThreads: 1 }, prove: async (work) => ({ digest: digestOf(work), frames, wallSeconds: 1 }) }
}

const usual = (work: Work): string => (work === first ? 'aa' : 'bb')

describe('the proof', () => {
  it('holds when every configuration gives the same for each work', async () => {
    const done: number[] = []
    await proveEqual([giving(1, usual), giving(2, usual)], [first, second], (share) => done.push(share))
    expect(done).toEqual([0.25, 0.5, 0.75, 1])
  })

  it('fails where one gives something else, and names it', async () => {
    const other = giving(2, (work) => (work === second ? 'bc' : 'aa'))
    await expect(proveEqual([giving(1, usual), other], [first, second], () => undefined)).rejects.toMatchObject({
      code: 'ERR_DECODE',
      message: 'Cannot measure: 2x1 gives other frames than 1x1',
    })
  })

  it('fails where there are no frames at all', async () => {
    await expect(proveEqual([giving(1, usual, 0)], [first], () => undefined)).rejects.toMatchObject({
      message: 'Cannot measure: 1x1 gives no frames',
    })
  })
})
