// Owns which jobs can be measured, by name.
import type { JobName } from '../options/benchmark.js'
import type { MeasuredJob } from './measured-job.js'
import { sampleWork } from './sample-work.js'

const jobs: { readonly [Name in JobName]: MeasuredJob } = { sample: sampleWork }

/** @throws TypeError for a name that is none */
export function measuredJob(name: string): MeasuredJob {
  const job = new Map<string, MeasuredJob>(Object.entries(jobs)).get(name)
  if (job === undefined) throw new TypeError(`Expected a job that can be measured but received "${name}"`)
  return job
}
