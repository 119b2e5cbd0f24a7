// How much work a round of measuring does.
import { describe, expect, it } from 'vitest'
import { latencyWork, throughputWork, type PacedSource } from '../../src/tune/work.ts'

/** Ten minutes, a key frame every second, 20 times as fast as it plays. */
const long: PacedSource = { file: 'long.mp4', seconds: 600, gopSeconds: 1, pace: 20, description: '' }
const seconds = (work: ReturnType<typeof latencyWork>): number => work.flat().reduce((sum, { start, end }) => sum + end - start, 0)

describe('one file after the other', () => {
  it('takes as long as asked for with one worker', () => {
    expect(latencyWork([long], 1.5, 2)).toEqual([[{ file: 'long.mp4', start: 0, end: 30 }]])
  })

  it('repeats a short file until it is work enough', () => {
    const work = latencyWork([{ ...long, seconds: 3 }], 1.5, 2)
    expect(work).toHaveLength(1)
    expect(work[0]).toHaveLength(10)
    expect(seconds(work)).toBeCloseTo(30, 9)
  })

  it('holds several GOPs for each worker where the file has them, within reason', () => {
    expect(latencyWork([{ ...long, gopSeconds: 5 }], 1.5, 2)[0]?.[0]?.end).toBe(40)
    expect(latencyWork([{ ...long, gopSeconds: 60 }], 1.5, 2)[0]?.[0]?.end).toBe(60)
    expect(latencyWork([{ ...long, gopSeconds: 60, seconds: 50 }], 1.5, 2)[0]?.[0]?.end).toBe(50)
  })

  it('shares the time among several files', () => {
    const work = latencyWork([long, { ...long, file: 'slow.mp4', pace: 4 }], 2, 1)
    expect(work).toEqual([
      [
        { file: 'long.mp4', start: 0, end: 20 },
        { file: 'slow.mp4', start: 0, end: 4 },
      ],
    ])
  })
})

describe('many files at once', () => {
  it('are several jobs for every CPU, together as much work as asked for', () => {
    const work = throughputWork([long], 2, 2)
    expect(work).toHaveLength(4)
    expect(seconds(work)).toBeCloseTo(40, 9)
  })

  it('are at least all files given', () => {
    const sources = Array.from({ length: 9 }, (_, i) => ({ ...long, file: `${i}.mp4` }))
    const work = throughputWork(sources, 3, 1)
    expect(work.map(([part]) => part?.file)).toEqual(sources.map(({ file }) => file))
  })
})
