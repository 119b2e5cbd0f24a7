// Owns what one who measures an engine is told: plans as they are made, tasks as they end. An engine has no observer unless given one.
import type { PlanOutline } from '../plan/outline.js'
import type { TaskRecord } from '../pool/scheduler.js'

/** What a plan would be on another host. */
export interface Replanning {
  readonly workers: number
  /** Seconds on the timeline; undefined for what the job asked for. */
  readonly span?: { readonly start: number; readonly end: number } | undefined
}

export interface ObservedPlan {
  /** Identity of the source: decoder runs are told apart by their names within one source only. */
  readonly source: string
  readonly outline: PlanOutline
  readonly ordered: boolean
  /** The same request planned anew; one codec thread per worker. */
  planFor(host: Replanning): PlanOutline
}

export interface EngineObserver {
  onPlan(plan: ObservedPlan): void
  onTask(record: TaskRecord): void
}
