// Owns the benchmark: clip, sweep, recommendation, model, profile.
import { join } from 'node:path'
import type { JobName, ResolvedBenchmark } from '../options/benchmark.js'
import { userFolder } from '../user-folders.js'
import { describeConfiguration, nameBottleneck, type Bottleneck, type BottleneckKind } from './bottleneck.js'
import { configurationsWithin, type Configuration } from './configuration.js'
import { CpuMeter } from './cpu-meter.js'
import { Field, proveEqual } from './field.js'
import type { HostLimits } from './host-limits.js'
import { measurementOf } from './measurement.js'
import { MeasuringProcess } from './measuring-process.js'
import { modelScaling, type ScalingModel } from './model.js'
import { saveProfile, type HostIdentity, type JobProfile } from './profile.js'
import { recommend, type GoalRecommendation } from './recommendation.js'
import { sweep, type Contender, type Series } from './sweep.js'
import { latencyWork, throughputWork } from './work.js'

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
  readonly model: ScalingModel
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
  /** Seconds of work for one worker in a round. */
  readonly roundSeconds: number
  readonly leastRounds: number
  readonly precision: number
}

const thorough: Pace = { budgetSeconds: 60, roundSeconds: 1.5, leastRounds: 5, precision: 0.003 }
const quick: Pace = { budgetSeconds: 10, roundSeconds: 0.4, leastRounds: 3, precision: 0.005 }
const mostFrameMemory = 2 ** 30
/** A median this much behind the best one's cannot be luck. */
const clearlyBehind = 0.85
/** CPUs of others from which on a measurement is not to be trusted. */
const muchByOthers = 0.15

export interface BenchmarkHost {
  readonly limits: HostLimits
  readonly identity: HostIdentity
}

/**
 * Measures every configuration of each job in processes of their own, which end with the call.
 * @throws VideoError for faults of the files; the signal's reason
 */
export async function benchmark(options: ResolvedBenchmark, host: BenchmarkHost): Promise<Recommendation[]> {
  const recommendations: Recommendation[] = []
  for (const job of options.jobs) {
    options.signal?.throwIfAborted()
    recommendations.push(await measureJob(job, options, host))
  }
  if (!options.save) return recommendations
  const jobs = Object.fromEntries(recommendations.map(({ job, latency, ...throughput }) => [job, profileOf(throughput, latency)]))
  const savedTo = await saveProfile(host.identity, jobs)
  return recommendations.map((recommendation) => ({ ...recommendation, savedTo }))
}

async function measureJob(job: JobName, options: ResolvedBenchmark, { limits }: BenchmarkHost): Promise<Recommendation> {
  const { isQuick, signal, onProgress } = options
  const pace = isQuick ? quick : thorough
  const memoryLimit = options.memoryLimit ?? limits.memoryBytes
  const files = options.files.length > 0 ? options.files : [await typicalClip(job, options)]
  const startedAt = performance.now()
  const frameMemory = options.memoryLimit === null ? null : Math.min(mostFrameMemory, Math.floor(memoryLimit / 4))
  const field = new Field({ job, files, configurations: configurationsWithin(limits.cpuBudget), frameMemory })
  return endingWith(field, signal, async () => {
    const sources = await field.open()
    const works = {
      throughput: throughputWork(sources, pace.roundSeconds, limits.cpuBudget),
      latency: latencyWork(sources, pace.roundSeconds, limits.cpuBudget),
    }
    await proveEqual(field.runners, [works.throughput, works.latency], (done) => onProgress({ phase: 'prove', job, done }))
    const traced = tracedOf(field.runners)
    const budgetSeconds = Math.max(0, pace.budgetSeconds - (performance.now() - startedAt) / 1000)
    const meter = new CpuMeter()
    const before = { busy: meter.seconds(), at: performance.now() }
    const series = await sweep(field.runners, {
      ...pace,
      works,
      clearlyBehind,
      budgetSeconds,
      onRound: (done) => onProgress({ phase: 'measure', job, done }),
      onDropped: (contender) => {
        const runner = field.runners.find((other) => other === contender)
        if (runner !== undefined && !traced.includes(contender)) void runner.end()
      },
    })
    const seconds = (performance.now() - before.at) / 1000
    const ownSeconds = [...series.throughput, ...series.latency]
      .flatMap(({ rounds }) => rounds)
      .reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
    const busy = meter.seconds()
    const othersCpus = busy === null || before.busy === null ? null : Math.max(0, (busy - before.busy - ownSeconds) / seconds)
    const answerFor = (measured: readonly Series[]): GoalAnswer => answer(measured, memoryLimit, limits)
    const throughput = answerFor(series.throughput)
    const latency = answerFor(series.latency)
    onProgress({ phase: 'predict', job, done: 0 })
    const model = await modelScaling(
      field.runners.filter((runner) => traced.includes(runner)),
      latency.measurements,
      works.latency,
      options.predict,
    )
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
      notes: othersCpus !== null && othersCpus > muchByOthers ? [disturbedNote(othersCpus)] : [],
      isQuick,
      savedTo: null,
    }
  })
}

/** One worker and the most workers, with one codec thread each: the model is made from them. */
function tracedOf(contenders: readonly Contender[]): Contender[] {
  const single = contenders.filter(({ configuration }) => configuration.codecThreads === 1)
  return [...single.slice(0, 1), ...single.slice(-1)]
}

/** Runs `work` and ends the processes, also at once when the signal is aborted. */
async function endingWith<Value>(
  field: { end(): Promise<void> },
  signal: AbortSignal | undefined,
  work: () => Promise<Value>,
): Promise<Value> {
  const onAbort = (): void => void field.end()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await work()
  } catch (error) {
    signal?.throwIfAborted() // whatever went wrong after that followed from it
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await field.end()
  }
}

async function typicalClip(job: JobName, { signal, onProgress }: ResolvedBenchmark): Promise<string> {
  // The number changes with the clip.
  const path = join(userFolder('cache'), 'bench', `${job}-1.mp4`)
  const process = new MeasuringProcess()
  return endingWith(process, signal, async () => {
    await process.ask({ kind: 'makeClip', job, path }, (done) => onProgress({ phase: 'clip', job, done }))
    return path
  })
}

function answer(series: readonly Series[], memoryLimit: number, limits: HostLimits): GoalAnswer {
  const measurements = series.map(measurementOf)
  const chosen = recommend(measurements, memoryLimit)
  const find = ({ workers, codecThreads }: Configuration): (typeof measurements)[number] | undefined =>
    measurements.find((other) => other.workers === workers && other.codecThreads === codecThreads)
  const measured = find(chosen)
  const one = find({ workers: 1, codecThreads: 1 })
  if (measured === undefined || one === undefined) throw new RangeError('Expected measurements of 1x1 and of what was chosen')
  const bottleneck = nameBottleneck(measured, one, limits)
  return { ...chosen, bottleneck, explanation: explain(chosen, memoryLimit, measured.peakRssBytes) }
}

function explain(chosen: GoalRecommendation, memoryLimit: number, peakRssBytes: number): string[] {
  const { measurements, tooLarge, oneStepOff, speedupOverOne } = chosen
  const what = describeConfiguration(chosen)
  const best = measurements.reduce((found, other) => (other.throughput > found.throughput ? other : found))
  const why =
    measurements.length === 1
      ? 'the CPU limits leave nothing else to try'
      : chosen.workers * chosen.codecThreads === 1
        ? 'nothing that needs more is faster beyond the noise'
        : `${speedupOverOne.toFixed(2)} times one worker, and nothing that needs less is as fast within the noise`
  const sentences = [`${what}: ${why}`]
  if (best.throughput > chosen.throughput && tooLarge.length === 0) {
    sentences.push(
      `${describeConfiguration(best)} came out ${percent(best.throughput / chosen.throughput - 1)} faster, which is within the noise`,
    )
  }
  for (const large of tooLarge) {
    const gain = `${describeConfiguration(large)} would be ${percent(large.change)} faster`
    sentences.push(`${gain} but needs ${megabytes(large.peakRssBytes)}, and the memory limit is ${megabytes(memoryLimit)}`)
  }
  if (peakRssBytes > memoryLimit)
    sentences.push(`even this needs ${megabytes(peakRssBytes)}, more than the memory limit of ${megabytes(memoryLimit)}`)
  for (const { change, ...other } of oneStepOff) {
    sentences.push(`${describeConfiguration(other)} instead: ${change < 0 ? percent(-change) + ' slower' : percent(change) + ' faster'}`)
  }
  return sentences
}

function disturbedNote(cpus: number): string {
  return `other processes kept ${cpus.toFixed(1)} CPUs busy: measure again when the host has nothing else to do`
}

function profileOf(throughput: Configuration, latency: Configuration): JobProfile {
  const only = ({ workers, codecThreads }: Configuration): Configuration => ({ workers, codecThreads })
  return { throughput: only(throughput), latency: only(latency) }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}
