// No configuration is measured before all of them have given the same results.
import { describe, expect, it } from 'vitest'
import { VideoError } from '../../src/errors.ts'
import { proveEqual, type Provable } from '../../src/tune/field.ts'
import type { Work } from '../../src/tune/measuring.ts'

const first: Work = [[{ file: 'a', start: 0, end: 1 }]]
const second: Work = [[{ file: 'b', start: 0, end: 1 }]]

function giving(workers: number, digestOf: (work: Work) => string, { frames = 5, seconds = 1 } = {}): Provable {
  return { configuration: { workers, codecThreads: 1 }, prove: async (work) => ({ digest: digestOf(work), frames, wallSeconds: seconds }) }
}

const quiet = { onProven: () => undefined, isNeeded: () => false, onLeftOut: () => undefined }

const usual = (work: Work): string => (work === first ? 'aa' : 'bb')

describe('the proof', () => {
  it('holds when every configuration gives the same for each work', async () => {
    const done: number[] = []
    await proveEqual([giving(1, usual), giving(2, usual)], [first, second], { ...quiet, onProven: (share) => done.push(share) })
    expect(done).toEqual([0.25, 0.5, 0.75, 1])
  })

  it('fails where one gives something else, and names it', async () => {
    const other = giving(2, (work) => (work === second ? 'bc' : 'aa'))
    await expect(proveEqual([giving(1, usual), other], [first, second], quiet)).rejects.toMatchObject({
      code: 'ERR_DECODE',
      message: 'Cannot measure: 2x1 gives other frames than 1x1',
    })
  })

  it('fails where there are no frames at all', async () => {
    await expect(proveEqual([giving(1, usual, { frames: 0 })], [first], quiet)).rejects.toMatchObject({
      message: 'Cannot measure: 1x1 gives no frames',
    })
  })

  it('leaves out who is hopelessly slow, unless needed', async () => {
    const [one, slow, fast] = [giving(1, usual), giving(2, usual, { seconds: 2 }), giving(3, usual, { seconds: 0.3 })]
    const left: Provable[] = []
    const kept = await proveEqual([one, slow, fast], [first], {
      ...quiet,
      isNeeded: (runner) => runner === one,
      onLeftOut: (runner) => left.push(runner),
    })
    expect(kept).toEqual([one, fast])
    expect(left).toEqual([slow])
  })

  it('goes on without a configuration whose process is lost, but not without the first', async () => {
    const gone: Provable = {
      configuration: { workers: 8, codecThreads: 1 },
      prove: () => Promise.reject(new VideoError('ERR_WORKER', 'it ended with SIGKILL')),
    }
    const why: (string | null)[] = []
    const one = giving(1, usual)
    expect(await proveEqual([one, gone], [first], { ...quiet, onLeftOut: (_, reason) => why.push(reason) })).toEqual([one])
    expect(why).toEqual(['8x1 could not be measured: it ended with SIGKILL'])
    await expect(proveEqual([gone, one], [first], quiet)).rejects.toMatchObject({ code: 'ERR_WORKER' })
  })
})
