// Owns how well throughput can be foretold: traces of real runs, played by the simulation on other numbers of workers, and held against
// what was measured there.
import type { Configuration } from './configuration.js'
import type { PredictedHost, Prediction, PredictRequest, Traced, Work } from './measuring.js'
import type { Measurement } from './measurement.js'

/** A prediction next to a measurement it knows nothing of. */
export interface ModelCheck {
  /** Workers that were traced. */
  readonly from: number
  /** Workers it was predicted for. */
  readonly to: number
  /** Frames per second. */
  readonly predicted: number
  readonly measured: number
  /** predicted / measured − 1. */
  readonly error: number
}

export interface HostPrediction extends PredictedHost {
  /** Frames per second on the files as a whole, one after the other. */
  readonly throughput: number
  /** Next to one worker, on the same work. */
  readonly speedupOverOne: number
}

export interface ScalingModel {
  /** Slow-down of every worker per further busy one, measured: they share caches and memory. */
  readonly slowdown: number
  readonly checks: readonly ModelCheck[]
  readonly predictions: readonly HostPrediction[]
}

/** A configuration that can be traced. */
export interface Traceable {
  readonly configuration: Configuration
  predict(request: Omit<PredictRequest, 'kind'>): Promise<Traced>
}

/**
 * `traceables`, `measurements`: of one file after the other. Traced are one worker and the most workers, each with one codec thread;
 * checks assume no slow-down, so that nothing of the measurement they are held against is in them.
 */
export async function modelScaling(
  traceables: readonly Traceable[],
  measurements: readonly Measurement[],
  work: Work,
  predict: readonly number[],
): Promise<ScalingModel> {
  const single = traceables.filter(({ configuration }) => configuration.codecThreads === 1)
  const one = single.find(({ configuration }) => configuration.workers === 1)
  const most = single.toSorted((a, b) => b.configuration.workers - a.configuration.workers)[0]
  if (one === undefined || most === undefined) return { slowdown: 0, checks: [], predictions: [] }
  const many = most.configuration.workers
  const hostOf = (workers: number): PredictedHost => ({ workers, cpus: workers })
  const fromOne = await one.predict({ work, slowdown: 0, whole: false, hosts: [hostOf(many)] })
  if (many === 1) return { slowdown: 0, checks: [], predictions: await predictions(one, work, 0, predict) }
  const fromMany = await most.predict({ work, slowdown: 0, whole: false, hosts: [hostOf(1)] })
  const slowdown = Math.max(0, (fromMany.serviceSeconds / fromOne.serviceSeconds - 1) / (many - 1))
  const checks = [...check(1, many, fromOne.predictions[0], measurements), ...check(many, 1, fromMany.predictions[0], measurements)]
  return { slowdown, checks, predictions: await predictions(one, work, slowdown, predict) }
}

function check(from: number, to: number, predicted: Prediction | undefined, measurements: readonly Measurement[]): ModelCheck[] {
  const measured = measurements.find(({ workers, codecThreads }) => workers === to && codecThreads === 1)
  if (predicted === undefined || measured === undefined) return []
  const { throughput } = predicted
  return [{ from, to, predicted: throughput, measured: measured.throughput, error: throughput / measured.throughput - 1 }]
}

async function predictions(traceable: Traceable, work: Work, slowdown: number, cpus: readonly number[]): Promise<HostPrediction[]> {
  if (cpus.length === 0) return []
  const hosts = [1, ...cpus].map((workers) => ({ workers, cpus: workers }))
  const [one, ...others] = (await traceable.predict({ work, slowdown, whole: true, hosts })).predictions
  return others.map(({ workers, cpus: granted, throughput }) => ({
    workers,
    cpus: granted,
    throughput,
    speedupOverOne: throughput / (one?.throughput ?? NaN),
  }))
}
