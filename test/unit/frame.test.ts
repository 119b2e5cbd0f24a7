// The frame as a lease: how it ends, what holds it, and what is refused afterwards.
import { describe, expect, it } from 'vitest'
import { VideoError } from '../../src/errors.ts'
import { Frame } from '../../src/pool/frame.ts'

const facts = {
  number: 3,
  requestedTimestamp: 1.5,
  timestamp: 1.48,
  pts: 37,
  isKeyFrame: false,
  isDamaged: false,
  width: 2,
  height: 1,
  pixelFormat: 'rgb24',
}

function lease(): { frame: Frame; data: Uint8Array<SharedArrayBuffer>; releases: () => number } {
  let count = 0
  const data = new Uint8Array(new SharedArrayBuffer(6))
  data.set([1, 2, 3, 4, 5, 6])
  const frame = new Frame(facts, 0, data, () => count++)
  return { frame, data, releases: () => count }
}

describe('Frame', () => {
  it('carries its facts and its pixels without a copy', () => {
    const { frame, data } = lease()
    expect(frame).toMatchObject(facts)
    expect(frame.data).toBe(data)
  })

  it('gives its slot back once, however often it is released', () => {
    const { frame, releases } = lease()
    frame.release()
    frame.release()
    frame[Symbol.dispose]()
    expect([releases(), frame.isReleased]).toEqual([1, true])
  })

  it('refuses its pixels after release, with a code and what to call', () => {
    const { frame } = lease()
    frame.release()
    for (const use of [() => frame.data, () => frame.copy(), () => frame.keep()]) {
      expect(use).toThrow(VideoError)
      expect(use).toThrow(expect.objectContaining({ code: 'ERR_RELEASED' }))
    }
    expect(() => frame.data).toThrow('Cannot read frame 3: it was released; call keep() or copy() to hold it longer')
  })

  it('keeps its facts after release', () => {
    const { frame } = lease()
    frame.release()
    expect(frame).toMatchObject(facts)
  })

  it('ends when the loop moves on, unless it was kept', () => {
    const [left, kept] = [lease(), lease()]
    expect(kept.frame.keep()).toBe(kept.frame)
    left.frame.releaseUnlessKept()
    kept.frame.releaseUnlessKept()
    expect([left.releases(), kept.releases()]).toEqual([1, 0])
    kept.frame.release()
    expect(kept.releases()).toBe(1)
  })

  it('is copied into memory of its own', () => {
    const { frame, data } = lease()
    const copy = frame.copy()
    data.fill(0)
    frame.release()
    expect(copy).toMatchObject(facts)
    expect([...copy.data]).toEqual([1, 2, 3, 4, 5, 6])
    expect(copy.data.buffer).toBeInstanceOf(ArrayBuffer)
  })

  it('ends with the block that uses it', () => {
    const { frame, releases } = lease()
    {
      using held = frame
      expect(held.data).toHaveLength(6)
    }
    expect(releases()).toBe(1)
  })
})
