// Owns a plan as one who only counts sees it: which decoder runs there are, what each costs, which frames come out of it. Pure.
import type { PacketIndex } from '../source/packet-index.js'
import { segmentCost, type SamplingPlan } from './sampling.js'

export interface SegmentOutline {
  /** The same for the same decoder run in every plan of a source. */
  readonly key: string
  /** Packets to decode. */
  readonly cost: number
  readonly frames: readonly number[]
}

export interface PlanOutline {
  /** In the order in which they start. */
  readonly tasks: readonly (readonly SegmentOutline[])[]
  readonly codecThreads: number
  readonly atOnce: number
  readonly frames: number
}

export function outlineOf(plan: SamplingPlan, index: PacketIndex): PlanOutline {
  const tasks = plan.tasks.map(({ segments }) =>
    segments.map((segment) => ({
      key: segmentKey(segment.start?.pts ?? null, segment.targets),
      cost: segmentCost(segment, index, plan.frames),
      frames: segment.frames,
    })),
  )
  return { tasks, codecThreads: plan.codecThreads, atOnce: plan.atOnce, frames: plan.frames.length }
}

/** Names a decoder run by where it starts and what it gives. */
export function segmentKey(startPts: number | null, targets: readonly number[]): string {
  return `${startPts ?? 'first'}:${targets[0] ?? ''}-${targets.at(-1) ?? ''}/${targets.length}`
}
