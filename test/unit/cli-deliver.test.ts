import { expect, it } from 'vitest'
import { deliver } from '../../src/cli/deliver.js'
import type { Output } from '../../src/cli/output.js'
import { makeFrame } from './cli-frame.js'
import type { MadeFrame } from './cli-frame.js'

function output(accept: Output['accept']): Output {
  return { accept, finish: async () => undefined, discard: async () => undefined }
}

/** Counts how many frames are out, as the engine's slots would. */
function counted(count: number): { frames: AsyncGenerator<MadeFrame, void, void>; made: MadeFrame[]; most: () => number } {
  const made: MadeFrame[] = []
  let most = 0
  async function* generate(): AsyncGenerator<MadeFrame, void, void> {
    for (let number = 0; number < count; number++) {
      const frame = makeFrame(number)
      made.push(frame)
      most = Math.max(most, made.filter(({ released }) => !released).length)
      yield frame
      if (!frame.kept) frame.release()
    }
  }
  return { frames: generate(), made, most: () => most }
}

// Uses end on a later turn of the event loop, in order.
const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('never keeps more frames than the limit', async () => {
  for (const limit of [1, 2, 3]) {
    const source = counted(20)
    await deliver(source.frames, [output(later)], () => limit)
    expect(source.most()).toBe(limit)
    expect(source.made.every(({ released, kept }) => released && kept)).toBe(true)
  }
})

it('leaves frames that are read at once to the source', async () => {
  const source = counted(5)
  const seen: number[] = []
  await deliver(source.frames, [output((frame) => void seen.push(frame.number))], () => 2)
  expect(seen).toEqual([0, 1, 2, 3, 4])
  expect(source.made.some(({ kept }) => kept)).toBe(false)
})

it('releases a frame only when the slowest of its outputs is done, also after a failure', async () => {
  const source = counted(3)
  let readable = 0
  const slow = output(async (frame) => {
    await later()
    await later()
    readable += frame.data.length > 0 ? 1 : 0
  })
  const broken = output(() => Promise.reject(new Error('disk full')))
  await expect(deliver(source.frames, [slow, broken], () => 2)).rejects.toThrow('disk full')
  expect(readable).toBe(source.made.length)
  expect(source.made.every(({ released }) => released)).toBe(true)
})

it('stops the source after a failure of an output', async () => {
  const source = counted(1000)
  await expect(deliver(source.frames, [output(() => Promise.reject(new Error('disk full')))], () => 2)).rejects.toThrow('disk full')
  expect(source.made.length).toBeLessThan(5)
})

it('waits for frames in use when the source fails, and tells that failure', async () => {
  const frame = makeFrame(0)
  async function* failing(): AsyncGenerator<MadeFrame, void, void> {
    yield frame
    throw new Error('cannot decode')
  }
  await expect(deliver(failing(), [output(later)], () => 4)).rejects.toThrow('cannot decode')
  expect(frame.released).toBe(true)
})
