// Owns making scenes of cuts that were found without measuring every frame.
import { filterCuts } from '../analysis/flash-filter.js'
import type { Scene } from '../analysis/scenes.js'
import type { ResolvedScenes } from '../options/scenes.js'
import type { PacketIndex } from '../source/packet-index.js'

/** Timestamps are quotients of whole numbers: two that mean the same may differ by this. */
const tolerance = 1e-6

/** Scenes of the frames `first` to before `last`, those that are too short taken away as the detector would. `cuts` ascend. */
export function scenesOfCuts(
  index: PacketIndex,
  { first, last }: { readonly first: number; readonly last: number },
  cuts: readonly number[],
  { filterMode, minSceneLen }: ResolvedScenes,
): Scene[] {
  if (last <= first) return []
  const isApart = (before: number, after: number): boolean => {
    const [a, b] = [first + before, first + after]
    return typeof minSceneLen === 'number'
      ? b - a >= minSceneLen
      : index.timestamp(b) - index.timestamp(a) >= minSceneLen.seconds - tolerance
  }
  const inside = cuts.filter((cut) => cut > first && cut < last).map((cut) => cut - first)
  const starts = [0, ...filterCuts(inside, filterMode, isApart, last - first - 1)].map((cut) => first + cut)
  return starts.map((start, i) => {
    const next = starts[i + 1] ?? last
    return {
      start: index.timestamp(start),
      end: next < index.frameCount ? index.timestamp(next) : index.end,
      startFrame: start,
      endFrame: next,
      kind: 'cut',
      transition: null,
    }
  })
}
