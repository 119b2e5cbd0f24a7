// Owns the question that needs no engine: how many workers suit this host.
import { loadBinding } from './native/binding.js'
import { jobNames, resolveBenchmarkOptions, type BenchmarkOptions, type JobName } from './options/benchmark.js'
import type { BenchmarkHost, Recommendation } from './tune/benchmark.js'
import { readHostLimits } from './tune/host-limits.js'
import { hostIdentity } from './tune/profile.js'

/** {@link BenchmarkOptions} for one job. */
export interface RecommendOptions extends Omit<BenchmarkOptions, 'job'> {
  /** Default 'sample'. */
  readonly job?: JobName | undefined
}

/**
 * Measures this host and says how many workers and codec threads suit one job: about a minute, or 10 seconds with `quick`. The host should
 * have nothing else to do meanwhile.
 * @throws TypeError, RangeError for misuse; VideoError for faults of the files; the signal's reason
 */
export async function recommendWorkers(options: RecommendOptions = {}): Promise<Recommendation> {
  const resolved = resolveBenchmarkOptions(options)
  const jobs = options.job === undefined ? jobNames.slice(0, 1) : resolved.jobs
  const { benchmark } = await import('./tune/benchmark.js') // nothing that every engine should wait for
  const [recommendation] = await benchmark({ ...resolved, jobs }, benchmarkHost())
  if (recommendation === undefined) throw new RangeError('Expected a recommendation for the job')
  return recommendation
}

/** The host as it is now. */
export function benchmarkHost(): BenchmarkHost {
  const limits = readHostLimits()
  return { limits, identity: hostIdentity(limits, loadBinding().versions().ffmpeg) }
}
