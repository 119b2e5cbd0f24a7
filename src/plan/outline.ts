// Owns a plan as one who only counts sees it: which decoder runs there are, what each costs, which frames come out of it. Pure.
import { segmentCost, type SamplingPlan, type SamplingRequest } from './sampling.js'

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
  readonly atOnce: number
  /** Places that frames of this plan have, at most. */
  readonly slots: number
  readonly frames: number
}

export function outlineOf(plan: SamplingPlan, { index, slotLimit }: Pick<SamplingRequest, 'index' | 'slotLimit'>): PlanOutline {
  const tasks = plan.tasks.map(({ segments }) =>
    segments.map((segment) => ({
      key: segmentKey(segment.start?.pts ?? null, segment.targets),
      cost: segmentCost(segment, index, plan.frames),
      frames: segment.frames,
    })),
  )
  return { tasks, atOnce: plan.atOnce, slots: Math.min(plan.usefulSlots, slotLimit), frames: plan.frames.length }
}

/** Names a decoder run by where it starts and what it gives. */
export function segmentKey(startPts: number | null, targets: readonly number[]): string {
  return `${startPts ?? 'first'}:${targets[0] ?? ''}-${targets.at(-1) ?? ''}/${targets.length}`
}
