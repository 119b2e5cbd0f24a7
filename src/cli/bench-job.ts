// Owns one run of `framemill bench`: progress, the answer as text or JSON, the chart.
import { extname } from 'node:path'
import { recommendWorkers, jobNames } from '../index.js'
import type { BenchmarkProgress, JobName, RecommendOptions, Recommendation } from '../index.js'
import { loadVega, svgChart } from './bench-svg.js'
import type { Vega } from './bench-svg.js'
import { recommendationText } from './bench-text.js'
import { ExitCode, Misuse } from './failure.js'
import { progressText, showProgress, silent } from './progress.js'
import type { ProgressDisplay } from './progress.js'
import type { Session } from './session.js'
import { mustBeWritable, writeWhole } from './staged-file.js'

export interface BenchFlags {
  readonly job?: string
  readonly quick?: boolean
  readonly json?: boolean
  readonly chart?: string
  readonly memoryLimit?: number
  readonly predict?: number[]
  readonly save?: boolean
  readonly quiet?: boolean
}

const phaseNames = { clip: 'making a clip', prove: 'checking', measure: 'measuring', predict: 'predicting' } as const
/** Progress is told in whole steps. */
const steps = 1000

/** Rejects when something could not be measured, or what was measured not be written; an answer that is there has been told by then. */
export async function runBench(files: readonly string[], flags: BenchFlags, { stop, stdout, stderr }: Session): Promise<ExitCode> {
  const { chart } = flags
  const vega = chart === undefined ? null : await prepareChart(chart)
  const progress: ProgressDisplay = flags.quiet === true ? silent : showProgress(stderr, progressText)
  const onProgress = ({ phase, job, done }: BenchmarkProgress): void =>
    progress.update({ name: `${job}: ${phaseNames[phase]}`, done: Math.round(done * steps), total: steps, sourceSeconds: null })
  const recommendations: Recommendation[] = []
  try {
    for (const job of jobsOf(flags.job)) {
      recommendations.push(await recommendWorkers({ ...optionsOf(files, flags), job, signal: stop.signal, onProgress }))
    }
  } finally {
    progress.stop()
  }
  for (const recommendation of recommendations) {
    await stdout.line(flags.json === true ? JSON.stringify(recommendation) : recommendationText(recommendation, process.stdout.columns))
  }
  if (chart !== undefined && vega !== null) await writeWhole(chart, Buffer.from(await svgChart(recommendations, vega)))
  return ExitCode.done
}

/** What is wrong with the chart is better learnt before a minute of measuring than after. */
async function prepareChart(chart: string): Promise<Vega> {
  if (extname(chart).toLowerCase() !== '.svg') throw new Misuse(`--chart ${chart}: the name of the chart must end with .svg`)
  await mustBeWritable(chart)
  return loadVega()
}

/** @throws Misuse for a job that cannot be measured */
function jobsOf(given: string = 'all'): readonly JobName[] {
  const jobs = jobNames.filter((name) => given === 'all' || given === name)
  if (jobs.length === 0) throw new Misuse(`--job ${given}: expected one of ${[...jobNames, 'all'].join(', ')}`)
  return jobs
}

function optionsOf(files: readonly string[], flags: BenchFlags): RecommendOptions {
  const { quick, memoryLimit, predict, save } = flags
  return { files, quick, memoryLimit, predict, save }
}
