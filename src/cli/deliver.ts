// Owns the hand-over of frames to outputs: several frames may be in use at once, but never more than the limit.
import type { Output, SampledFrame } from './output.js'

/** A frame that stays valid after keep() until release(), and without keep() until the next is asked for. */
export interface LeasedFrame extends SampledFrame {
  keep(): unknown
  release(): void
}

/**
 * Offers every frame to every output, in the order they come. A frame that an output still reads is kept and released when the last of
 * them is done with it; no more than `limit(frame)` frames are kept when the next is asked for. Rejects with the first failure, of the
 * source or of an output, after everything in use has been released.
 */
export async function deliver(
  frames: AsyncIterable<LeasedFrame>,
  outputs: readonly Output[],
  limit: (frame: SampledFrame) => number,
): Promise<void> {
  const inUse = new Set<Promise<void>>()
  const failures: unknown[] = []
  try {
    for await (const frame of frames) {
      const keptAtMost = limit(frame)
      const uses = outputs.map((output) => output.accept(frame)).filter((use) => use !== undefined)
      if (uses.length > 0) {
        frame.keep()
        const use: Promise<void> = releaseAfter(frame, uses)
          .catch((error: unknown) => void failures.push(error))
          .finally(() => inUse.delete(use))
        inUse.add(use)
      }
      while (inUse.size >= keptAtMost) await Promise.race(inUse)
      if (failures.length > 0) break
    }
  } finally {
    await Promise.all(inUse)
  }
  if (failures.length > 0) throw failures[0]
}

/** Waits for all uses, also when one fails: the others still read the pixels. */
async function releaseAfter(frame: LeasedFrame, uses: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(uses)
  frame.release()
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
