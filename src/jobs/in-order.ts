// Owns the merge: deliveries of many workers into one order. Frames of the plan are numbered 0, 1, 2... in that order.
import type { Channel } from '../pool/channel.js'

/** Gives deliveries by frame number, holding back what came early. Ends with the channel, or after the last of `count` frames. */
export async function* inOrder<Item extends { readonly frame: number }>(
  deliveries: Channel<Item>,
  count: number,
  onDrop: (item: Item) => void,
): AsyncGenerator<Item, void, void> {
  const early = new Map<number, Item>()
  try {
    for (let next = 0; next < count;) {
      const item = await deliveries.next()
      if (item === null) return
      early.set(item.frame, item)
      for (let ready = early.get(next); ready !== undefined; ready = early.get(next)) {
        deliveries.throwIfFailed()
        early.delete(next++)
        yield ready
      }
    }
  } finally {
    for (const item of early.values()) onDrop(item)
  }
}

/** Gives `count` deliveries as they come. */
export async function* asCompleted<Item>(deliveries: Channel<Item>, count: number): AsyncGenerator<Item, void, void> {
  for (let given = 0; given < count; given++) {
    const item = await deliveries.next()
    if (item === null) return
    yield item
  }
}
