// Owns the benchmark: clip, sweep, recommendation, model, profile.
import type { JobName, ResolvedBenchmark } from '../options/benchmark.js'
import { nameBottleneck, type Bottleneck, type BottleneckKind } from './bottleneck.js'
import { configurationsWithin, sameConfiguration, threadsOf } from './configuration.js'
import { CpuMeter } from './cpu-meter.js'
import { doubts, explain } from './explanation.js'
import { Field, proveEqual, type Runner } from './field.js'
import type { HostLimits } from './host-limits.js'
import { measurementOf } from './measurement.js'
import { endingWith } from './measuring-process.js'
import { modelScaling, type ScalingModel } from './model.js'
import { mustBeSavable, saveProfile, type HostIdentity } from './profile.js'
import { recommend, type GoalRecommendation } from './recommendation.js'
import { sweep, type Goal, type Series } from './sweep.js'
import { typicalClip } from './typical-clip.js'
import { latencyWork, throughputWork, type PacedSource } from './work.js'

/** The answer for one goal, and what holds it back. */
export interface GoalAnswer extends GoalRecommendation {
  readonly bottleneck: Bottleneck
  /** Why this one, in sentences. */
  readonly explanation: readonly string[]
}

/** How many workers and codec threads suit a job on this host. Top-level figures are for the throughput of many files at once. */
export interface Recommendation extends Omit<GoalAnswer, 'bottleneck'> {
  readonly type: 'recommendation'
  readonly job: JobName
  readonly bottleneck: BottleneckKind
  readonly bottleneckReason: string
  /** For one file that somebody waits for. */
  readonly latency: GoalAnswer
  readonly limits: HostLimits
  /** Bytes that a configuration could need at most. */
  readonly memoryLimit: number
  readonly sources: readonly { readonly file: string; readonly description: string; readonly seconds: number }[]
  /** null when quick and nothing is to be predicted. */
  readonly model: ScalingModel | null
  /** CPUs that other processes kept busy meanwhile, on average; null where the system does not tell. */
  readonly othersCpus: number | null
  /** What makes the answer doubtful. */
  readonly notes: readonly string[]
  readonly isQuick: boolean
  /** Where the answer was kept; null when it was not asked for. */
  readonly savedTo: string | null
}

interface Pace {
  readonly budgetSeconds: number
  /** Seconds of work for one worker in a round, at most and at least. */
  readonly roundSeconds: number
  readonly leastRoundSeconds: number
  readonly leastRounds: number
  readonly precision: number
}

const thorough: Pace = { budgetSeconds: 60, roundSeconds: 1.5, leastRoundSeconds: 0.5, leastRounds: 5, precision: 0.003 }
const quick: Pace = { budgetSeconds: 10, roundSeconds: 0.4, leastRoundSeconds: 0.15, leastRounds: 3, precision: 0.005 }
const mostFrameMemory = 2 ** 30
/** A median this much behind the best one's cannot be luck. */
const clearlyBehind = 0.85
export interface BenchmarkHost {
  readonly limits: HostLimits
  readonly identity: HostIdentity
}

/**
 * Measures every configuration of each job in processes of their own, which end with the call.
 * @throws VideoError for faults of the files, and where the answer could not be kept; the signal's reason
 */
export async function benchmark(options: ResolvedBenchmark, host: BenchmarkHost): Promise<Recommendation[]> {
  if (options.save) await mustBeSavable()
  const recommendations: Recommendation[] = []
  for (const job of options.jobs) recommendations.push(await measureJob(job, options, host))
  if (!options.save) return recommendations
  const entries = recommendations.map(({ job, workers, codecThreads, confidence }) => [job, { workers, codecThreads, confidence }] as const)
  const savedTo = await saveProfile(host.identity, Object.fromEntries(entries))
  return recommendations.map((recommendation) => ({ ...recommendation, savedTo }))
}

async function measureJob(job: JobName, options: ResolvedBenchmark, { limits }: BenchmarkHost): Promise<Recommendation> {
  const { isQuick, signal, onProgress } = options
  const files =
    options.files.length > 0 ? options.files : [await typicalClip(job, signal, (done) => onProgress({ phase: 'clip', job, done }))]
  const memoryLimit = options.memoryLimit ?? limits.memoryBytes
  const frameMemory = options.memoryLimit === null ? null : Math.min(mostFrameMemory, Math.floor(memoryLimit / 4))
  const field = new Field({ job, files, configurations: configurationsWithin(limits.cpuBudget), frameMemory })
  return endingWith(field, signal, async () => {
    const { sources, works, series, traced, lost, othersCpus } = await measureField(job, field, limits, options)
    const throughput = answer(series.throughput, memoryLimit, limits, othersCpus)
    const latency = answer(series.latency, memoryLimit, limits, othersCpus)
    const predict = isQuick && options.predict.length === 0 ? null : options.predict
    onProgress({ phase: 'predict', job, done: 0 })
    const model = predict === null ? null : await modelScaling(traced, latency.measurements, works.latency, predict)
    onProgress({ phase: 'predict', job, done: 1 })
    const { bottleneck, ...rest } = throughput
    return {
      type: 'recommendation',
      job,
      ...rest,
      bottleneck: bottleneck.kind,
      bottleneckReason: bottleneck.reason,
      latency,
      limits,
      memoryLimit,
      sources: sources.map(({ file, description, seconds }) => ({ file, description, seconds })),
      model,
      othersCpus,
      notes: doubts({ limits, othersCpus, model, sources, lost }),
      isQuick,
      savedTo: null,
    }
  })
}

interface MeasuredField {
  readonly sources: readonly PacedSource[]
  readonly works: ReturnType<typeof worksFor>
  readonly series: { readonly [Name in Goal]: readonly Series[] }
  /** One worker and the most workers, one codec thread each: the model is made from them. */
  readonly traced: readonly Runner[]
  readonly lost: readonly string[]
  readonly othersCpus: number | null
}

async function measureField(job: JobName, field: Field, limits: HostLimits, options: ResolvedBenchmark): Promise<MeasuredField> {
  const pace = options.isQuick ? quick : thorough
  const startedAt = performance.now()
  const sources = await field.open()
  const works = worksFor(sources, pace, limits.cpuBudget)
  const single = field.runners.filter(({ configuration }) => configuration.codecThreads === 1)
  const traced = [...new Set([...single.slice(0, 1), ...single.slice(-1)])]
  const lost: string[] = []
  const runners = await proveEqual(field.runners, [works.throughput, works.latency], {
    onProven: (done) => options.onProgress({ phase: 'prove', job, done }),
    // The curve over numbers of workers needs the slow ones too.
    isNeeded: (runner) => single.includes(runner),
    onLeftOut: (runner, why) => {
      void runner.end()
      if (why !== null) lost.push(why)
    },
  })
  const meter = new CpuMeter()
  const before = { busy: meter.seconds(), at: performance.now() }
  const series = await sweep(runners, {
    ...pace,
    works,
    clearlyBehind,
    budgetSeconds: Math.max(0, pace.budgetSeconds - (performance.now() - startedAt) / 1000),
    onRound: (done) => options.onProgress({ phase: 'measure', job, done }),
    onDropped: (contender) => {
      const runner = runners.find((other) => other === contender)
      if (runner !== undefined && !traced.includes(runner)) void runner.end()
    },
  })
  const busy = meter.seconds()
  const own = [...series.throughput, ...series.latency].flatMap(({ rounds }) => rounds).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
  const seconds = (performance.now() - before.at) / 1000
  const othersCpus = busy === null || before.busy === null ? null : Math.max(0, (busy - before.busy - own) / seconds)
  return { sources, works, series, traced: traced.filter((runner) => runners.includes(runner)), lost, othersCpus }
}

/** Rounds long enough to be measured, and short enough for the least number of them to fit the time. */
function worksFor(
  sources: readonly PacedSource[],
  pace: Pace,
  cpuBudget: number,
): { readonly [Name in Goal]: ReturnType<typeof latencyWork> } {
  const share = configurationsWithin(cpuBudget).reduce((sum, configuration) => sum + 1 / threadsOf(configuration), 0)
  // Two goals, of which one may take longer to hold enough GOPs; one proof and the least rounds of each.
  const fitting = (0.8 * pace.budgetSeconds) / (3 * share * (pace.leastRounds + 1))
  const seconds = Math.min(pace.roundSeconds, Math.max(pace.leastRoundSeconds, fitting))
  return { throughput: throughputWork(sources, seconds, cpuBudget), latency: latencyWork(sources, seconds, cpuBudget) }
}

function answer(series: readonly Series[], memoryLimit: number, limits: HostLimits, othersCpus: number | null): GoalAnswer {
  const measurements = series.map(measurementOf)
  const chosen = recommend(measurements, memoryLimit)
  const measured = measurements.find((other) => sameConfiguration(other, chosen))
  const one = measurements.find((other) => sameConfiguration(other, { workers: 1, codecThreads: 1 }))
  if (measured === undefined || one === undefined) throw new RangeError('Expected measurements of 1x1 and of what was chosen')
  return { ...chosen, bottleneck: nameBottleneck(measured, one, limits, othersCpus), explanation: explain(chosen, memoryLimit) }
}
