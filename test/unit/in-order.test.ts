// The merge of what many workers deliver.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asCompleted, inOrder } from '../../src/jobs/in-order.ts'
import { Channel } from '../../src/pool/channel.ts'

interface Item {
  readonly frame: number
}

async function all<Value>(items: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = []
  for await (const item of items) list.push(item)
  return list
}

function filled(frames: readonly number[]): Channel<Item> {
  const channel = new Channel<Item>()
  for (const frame of frames) channel.push({ frame })
  return channel
}

const none = (): void => expect.unreachable('nothing is dropped')

describe('inOrder', () => {
  it('gives frames by their numbers whatever the order of arrival', async () => {
    const permutation = fc.integer({ min: 0, max: 40 }).chain((count) => {
      const numbers = Array.from({ length: count }, (_, frame) => frame)
      return fc.shuffledSubarray(numbers, { minLength: count })
    })
    await fc.assert(
      fc.asyncProperty(permutation, async (frames) => {
        const given = await all(inOrder(filled(frames), frames.length, none))
        expect(given.map(({ frame }) => frame)).toEqual(frames.map((_, frame) => frame))
      }),
    )
  })

  it('waits for the frame that is next', async () => {
    const channel = filled([1, 2])
    const merged = inOrder(channel, 3, none)
    const first = merged.next()
    channel.push({ frame: 0 })
    expect((await first).value).toEqual({ frame: 0 })
    expect((await merged.next()).value).toEqual({ frame: 1 })
  })

  it('drops what came early when the consumer leaves', async () => {
    const dropped: number[] = []
    const merged = inOrder(filled([0, 3, 2]), 5, ({ frame }) => dropped.push(frame))
    await merged.next()
    const waiting = merged.next()
    void waiting.catch(() => undefined)
    const early = inOrder(filled([2, 1, 0]), 4, ({ frame }) => dropped.push(10 + frame))
    await early.next()
    await early.return()
    expect(dropped.sort((a, b) => a - b)).toEqual([11, 12])
  })

  it('drops what came early when the channel ends with an error', async () => {
    const dropped: number[] = []
    const channel = new Channel<Item>()
    const merged = inOrder(channel, 3, ({ frame }) => dropped.push(frame))
    const first = merged.next()
    channel.push({ frame: 2 })
    channel.push({ frame: 1 })
    await new Promise((resolve) => setImmediate(resolve))
    channel.end(new Error('aborted'))
    await expect(first).rejects.toThrow('aborted')
    expect(dropped).toEqual([2, 1])
  })

  it('gives nothing after an error, not even what came early', async () => {
    const channel = filled([1, 2, 0])
    const merged = inOrder(channel, 5, () => undefined)
    expect((await merged.next()).value).toEqual({ frame: 0 })
    channel.end(new Error('aborted'))
    await expect(merged.next()).rejects.toThrow('aborted')
  })

  it('ends with a channel that ends early, and after the last frame without waiting for an end', async () => {
    const short = filled([0, 2])
    short.end()
    const dropped: number[] = []
    expect(await all(inOrder(short, 3, ({ frame }) => dropped.push(frame)))).toEqual([{ frame: 0 }])
    expect(dropped).toEqual([2])
    expect(await all(inOrder(filled([1, 0, 7]), 2, none))).toHaveLength(2)
  })
})

describe('asCompleted', () => {
  it('gives as many as are asked for, as they came', async () => {
    expect(await all(asCompleted(filled([4, 0, 2, 1]), 3))).toEqual([{ frame: 4 }, { frame: 0 }, { frame: 2 }])
  })
})
