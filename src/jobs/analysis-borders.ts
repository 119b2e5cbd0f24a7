// Owns what changed from one task's last picture to the next one's first: measured as soon as both are there, so that pictures are held
// for no longer.
import { pictureColumns } from '../analysis/series.js'
import { smallPicture, type AnalysisPlan, type AnalysisRequest, type PlannedAnalysis } from '../plan/analysis.js'
import type { AnalyzedPictures } from '../tasks.js'
import type { EngineCore } from './engine-core.js'
import type { PictureArrays } from './series-memory.js'

type Picture = Uint8Array<ArrayBuffer>

/** A task's pictures that nobody has compared yet. */
interface Ends {
  /** The place of the first frame. */
  readonly at: number
  first: Picture | null
  last: Picture | null
}

export class AnalysisBorders {
  readonly #engine: EngineCore
  readonly #request: AnalysisRequest
  readonly #plan: AnalysisPlan
  readonly #columns: PictureArrays
  readonly #number: ReadonlyMap<PlannedAnalysis, number>
  /** By the task's number in the order of presentation; null: it has no pictures; undefined: it is not done. */
  readonly #ends: (Ends | null | undefined)[] = []

  constructor(engine: EngineCore, request: AnalysisRequest, plan: AnalysisPlan, columns: PictureArrays) {
    this.#engine = engine
    this.#request = request
    this.#plan = plan
    this.#columns = columns
    this.#number = new Map(plan.tasks.map((planned, number) => [planned, number]))
  }

  /** Call once for each task, when its rows are placed; null: it failed. Resolves when the borders are measured that it completes. */
  async add(planned: PlannedAnalysis, analyzed: Pick<AnalyzedPictures, 'first' | 'last'> | null, signal: AbortSignal): Promise<void> {
    const number = this.#number.get(planned) ?? -1
    const at = planned.places.find((place) => !Number.isNaN(this.#columns.luma[place]))
    const own = analyzed === null || analyzed.first.length === 0 || at === undefined ? null : { at, ...analyzed }
    this.#ends[number] = own
    const [before, after] = [this.#next(number, -1), this.#next(number, 1)]
    if (own === null) return this.#measure(before, after, signal)
    await this.#measure(before, own, signal)
    await this.#measure(own, after, signal)
  }

  /** The nearest task that has pictures; null while one on the way is not done, or there is none. */
  #next(number: number, step: 1 | -1): Ends | null {
    let at = number + step
    while (at >= 0 && at < this.#plan.tasks.length && this.#ends[at] === null) at += step
    return this.#ends[at] ?? null
  }

  async #measure(one: Ends | null, other: Ends | null, signal: AbortSignal): Promise<void> {
    const [before, now] = [one?.last ?? null, other?.first ?? null]
    if (one === null || other === null || before === null || now === null) return
    one.last = other.first = null
    const { source, stream, edges } = this.#request
    const { width, height } = smallPicture(stream)
    const { numbers } = await this.#engine.scheduler.once(
      { kind: 'measure-changes', source, width, height, edges, pairs: [{ before, now }] },
      { signal, isUrgent: true },
    )
    for (const [i, name] of pictureColumns.entries()) {
      const value = numbers[i] ?? NaN
      if (!Number.isNaN(value)) this.#columns[name][other.at] = value
    }
  }
}
