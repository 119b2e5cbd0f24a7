// Owns a trace: which plan a job made, and how long each of its decoder runs took. From it, the same work and the whole of its file can
// be played on hosts that are not there.
import type { EngineObserver, ObservedPlan } from '../jobs/observer.js'
import { segmentKey, type PlanOutline } from '../plan/outline.js'
import type { TaskRecord } from '../pool/scheduler.js'
import type { PredictedHost } from '../tune/measuring.js'
import { simulateRun, type SimulatedTask } from '../tune/simulate.js'
import { median } from '../tune/statistics.js'

export class Trace implements EngineObserver {
  readonly #plans: ObservedPlan[] = []
  /** Of each decoder run, as often as it was done. */
  readonly #segmentMs = new Map<string, number[]>()
  readonly #handOffs: number[] = []
  #longestTaskMs = 0

  onPlan(plan: ObservedPlan): void {
    this.#plans.push(plan)
  }

  onTask({ task, result, startedAt, endedAt }: TaskRecord): void {
    if (task.kind !== 'sample' || !result.ok || result.value.kind !== 'sample') return
    const { segmentMs } = result.value
    this.#longestTaskMs = Math.max(this.#longestTaskMs, endedAt - startedAt)
    for (const [i, segment] of task.segments.entries()) {
      const ms = segmentMs[i]
      if (ms === undefined) continue
      const name = runName(task.source.identity, segmentKey(segment.start?.pts ?? null, segment.targets))
      const known = this.#segmentMs.get(name)
      if (known === undefined) this.#segmentMs.set(name, [ms])
      else known.push(ms)
    }
    this.#handOffs.push(endedAt - startedAt - segmentMs.reduce((sum, ms) => sum + ms, 0))
  }

  get longestTaskMs(): number {
    return this.#longestTaskMs
  }

  /** Forgets everything. */
  clear(): void {
    this.#plans.length = 0
    this.#segmentMs.clear()
    this.#handOffs.length = 0
    this.#longestTaskMs = 0
  }

  /** Milliseconds of all decoder runs, each done once. */
  get serviceMs(): number {
    return [...this.#segmentMs.values()].reduce((sum, times) => sum + median(times), 0)
  }

  /** Forgets the plans, so that what was done again counts as done once; what decoder runs took is kept. */
  startOver(): void {
    this.#plans.length = 0
  }

  /**
   * What the traced jobs would take on a host, one after the other. `tracedSlowdown`: how much slower every decoder run was in the trace
   * than alone. `whole`: all of their files rather than the parts that were asked for.
   */
  simulate(
    host: PredictedHost,
    options: { readonly slowdown: number; readonly tracedSlowdown: number; readonly whole: boolean },
  ): Simulated {
    const rates = this.#plans.flatMap(({ source, outline }) =>
      outline.tasks.flat().flatMap(({ key, cost }) => {
        const ms = this.#timeOf(source, key)
        return ms === null || cost === 0 ? [] : [ms / cost]
      }),
    )
    const typicalRate = rates.length === 0 ? 0 : median(rates)
    const handOffMs = this.#handOffs.length === 0 ? 0 : median(this.#handOffs)
    let wallMs = 0
    let frames = 0
    for (const plan of this.#plans) {
      const outline = plan.planFor({ workers: host.workers, span: options.whole ? { start: 0, end: Infinity } : undefined })
      const run = {
        tasks: this.#tasksOf(plan.source, outline, typicalRate, options.tracedSlowdown),
        workers: Math.min(host.workers, outline.atOnce),
        slots: outline.slots,
        ordered: plan.ordered,
      }
      wallMs += simulateRun({ ...run, cpus: host.cpus, handOffMs, consumerMs: 0, slowdown: options.slowdown }).wallMs
      frames += outline.frames
    }
    return { wallMs, frames }
  }

  /** Milliseconds of a decoder run, the median; null for one that was not traced. */
  #timeOf(source: string, key: string): number | null {
    const times = this.#segmentMs.get(runName(source, key))
    return times === undefined ? null : median(times)
  }

  /** Decoder runs that the trace has not seen take the typical time per packet. */
  #tasksOf(source: string, { tasks }: PlanOutline, typicalRate: number, tracedSlowdown: number): SimulatedTask[] {
    return tasks.map((segments) => ({
      segments: segments.map(({ key, cost, frames }) => ({
        ms: (this.#timeOf(source, key) ?? cost * typicalRate) / tracedSlowdown,
        frames,
      })),
    }))
  }
}

/** Decoder runs of several files are in one trace. */
function runName(source: string, key: string): string {
  return `${source} ${key}`
}

export interface Simulated {
  readonly wallMs: number
  readonly frames: number
}
