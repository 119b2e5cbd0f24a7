// Owns which jobs can be measured, by name; options/benchmark.ts has the same names for those who may not import jobs.
import type { JobName } from '../options/benchmark.js'
import type { BenchJob } from './bench-job.js'
import { sampleWork } from './sample-work.js'

const jobs: { readonly [Name in JobName]: BenchJob } = { sample: sampleWork }

export const benchJobs: ReadonlyMap<string, BenchJob> = new Map(Object.entries(jobs))
