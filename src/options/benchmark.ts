// Owns what a benchmark takes.
import { z } from 'zod'
import { parseOptions } from './parse.js'

/** Jobs that can be measured. */
export type JobName = 'sample'

export const jobNames: readonly JobName[] = ['sample']

export interface BenchmarkProgress {
  /** `clip`: makes the clip to measure with; `prove`: every configuration gives the same result; `measure`: rounds; `predict`: the model. */
  readonly phase: 'clip' | 'prove' | 'measure' | 'predict'
  readonly job: JobName
  /** 0 to 1 within the phase. */
  readonly done: number
}

export interface BenchmarkOptions {
  /** Default 'all'. */
  readonly job?: JobName | 'all' | undefined
  /** Paths or URLs of videos to answer for. Default: a generated clip typical of the job, made once and kept in the cache folder. */
  readonly files?: readonly string[] | undefined
  /** About 10 seconds instead of about 60, and a less certain answer. */
  readonly quick?: boolean | undefined
  /** Bytes that the process may use; configurations that need more are not recommended. Default: the memory the host grants. */
  readonly memoryLimit?: number | undefined
  /** Numbers of CPUs to predict the throughput for, one worker for each; 256 at most. */
  readonly predict?: readonly number[] | undefined
  /** Keeps the answer in the profile that `new Engine({ workers: 'auto' })` uses. Default false. */
  readonly save?: boolean | undefined
  /** Aborting it ends all measuring; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: BenchmarkProgress) => void) | undefined
}

export interface ResolvedBenchmark {
  readonly jobs: readonly JobName[]
  readonly files: readonly string[]
  readonly isQuick: boolean
  readonly memoryLimit: number | null
  readonly predict: readonly number[]
  readonly save: boolean
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: BenchmarkProgress) => void
}

const mostPredictedCpus = 256
const schema = z.strictObject({
  job: z.enum(['all', ...jobNames]).optional(),
  files: z.array(z.string().min(1)).optional(),
  quick: z.boolean().optional(),
  memoryLimit: z.number().int().min(1).optional(),
  predict: z.array(z.number().int().min(1).max(mostPredictedCpus)).optional(),
  save: z.boolean().optional(),
  signal: z.instanceof(AbortSignal, { message: 'an AbortSignal' }).optional(),
  onProgress: z.custom<(progress: BenchmarkProgress) => void>((value) => typeof value === 'function', 'a function').optional(),
})

/** @throws TypeError, RangeError naming the option */
export function resolveBenchmarkOptions(options: BenchmarkOptions): ResolvedBenchmark {
  const given = parseOptions(schema, options)
  return {
    jobs: given.job === undefined || given.job === 'all' ? jobNames : [given.job],
    files: given.files ?? [],
    isQuick: given.quick ?? false,
    memoryLimit: given.memoryLimit ?? null,
    predict: [...new Set(given.predict)].sort((a, b) => a - b),
    save: given.save ?? false,
    signal: given.signal,
    onProgress: given.onProgress ?? (() => undefined),
  }
}
