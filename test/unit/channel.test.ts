// The queue between producers and the loop that consumes.
import { describe, expect, it } from 'vitest'
import { Channel } from '../../src/pool/channel.ts'

describe('Channel', () => {
  it('gives items in the order of their arrival, whoever came first', async () => {
    const channel = new Channel<number>()
    channel.push(1)
    channel.push(2)
    expect([await channel.next(), await channel.next()]).toEqual([1, 2])
    const waiting = channel.next()
    channel.push(3)
    expect(await waiting).toBe(3)
  })

  it('gives what is left before it ends, and its end for ever', async () => {
    const channel = new Channel<number>()
    channel.push(1)
    channel.end()
    channel.push(2)
    expect([await channel.next(), await channel.next(), await channel.next()]).toEqual([1, null, null])
  })

  it('wakes a waiting consumer at its end', async () => {
    const channel = new Channel<number>()
    const waiting = channel.next()
    channel.end()
    expect(await waiting).toBeNull()
  })

  it('ends with an error at once, before items that are left; these can still be taken out', async () => {
    const channel = new Channel<number>()
    channel.push(1)
    channel.end(new Error('over'))
    await expect(channel.next()).rejects.toThrow('over')
    await expect(channel.next()).rejects.toThrow('over')
    expect(channel.takeAll()).toEqual([1])
  })

  it('counts the first end only', async () => {
    const channel = new Channel<number>()
    channel.end()
    channel.end(new Error('late'))
    expect(await channel.next()).toBeNull()
  })
})
