// Owns the sentences that say why a configuration is recommended, and what makes an answer doubtful. Pure.
import type { HostLimits } from './host-limits.js'
import type { OpenedSource } from './measuring.js'
import type { ScalingModel } from './model.js'
import type { GoalRecommendation } from './recommendation.js'
import { counted, describeConfiguration, mebibytes, percent } from './wording.js'

/** The answer and why first; then what does not fit, and what one step off would do. */
export function explain(chosen: GoalRecommendation, memoryLimit: number): string[] {
  const { measurements, tooLarge, oneStepOff, speedupOverOne } = chosen
  const own = measurements.find(({ workers, codecThreads }) => workers === chosen.workers && codecThreads === chosen.codecThreads)
  const needed = own?.peakRssBytes ?? 0
  const why =
    measurements.length === 1
      ? 'the CPU limits leave nothing else to try'
      : needed > memoryLimit
        ? `nothing fits the memory limit of ${mebibytes(memoryLimit)}, and this needs least, ${mebibytes(needed)}`
        : chosen.workers * chosen.codecThreads === 1 && tooLarge.length === 0
          ? 'nothing that needs more is faster beyond the noise'
          : `${speedupOverOne.toFixed(2)} times one worker, and nothing that needs less is as fast within the noise`
  const fits = needed <= memoryLimit
  const large = (fits ? tooLarge : []).map(
    ({ change, peakRssBytes, ...other }) =>
      `${describeConfiguration(other)} would be ${percent(change)} faster, but needs ${mebibytes(peakRssBytes)}, and the memory limit is ${mebibytes(memoryLimit)}`,
  )
  const isNamed = (other: { workers: number; codecThreads: number }): boolean =>
    fits && tooLarge.some(({ workers, codecThreads }) => workers === other.workers && codecThreads === other.codecThreads)
  const steps = oneStepOff
    .filter((other) => !isNamed(other))
    .map(({ change, ...other }) => {
      const difference = change < 0 ? `${percent(-change)} slower` : `${percent(change)} faster, which is within the noise`
      return `${describeConfiguration(other)} instead: ${difference}`
    })
  return [`${describeConfiguration(chosen)}: ${why}`, ...large, ...steps]
}

/** CPUs of others from which on a measurement is not to be trusted. */
const muchByOthers = 0.15
/** A prediction this far from what was measured says that the model does not hold here. */
const farOff = 0.3
/** Seconds of video below which a round is the same few frames again and again. */
const shortSeconds = 5

export interface Circumstances {
  readonly limits: HostLimits
  readonly othersCpus: number | null
  readonly model: ScalingModel | null
  readonly sources: readonly OpenedSource[]
  /** Configurations that could not be measured, and why. */
  readonly lost: readonly string[]
}

/** What makes an answer doubtful; empty where nothing does. */
export function doubts({ limits, othersCpus, model, sources, lost }: Circumstances): string[] {
  const notes = [...lost]
  // On a host with CPUs to spare, what others do with theirs takes nothing away.
  if (othersCpus !== null && limits.cpus - othersCpus < limits.cpuBudget - muchByOthers) {
    notes.push(`other processes, or the hypervisor, took ${othersCpus.toFixed(1)} CPUs: measure again when the host has nothing else to do`)
  }
  const short = sources.filter(({ seconds }) => seconds < shortSeconds)
  if (short.length > 0) notes.push(`${counted(short.length, 'video')} of less than ${shortSeconds} s: a longer one tells more`)
  if (model === null) return notes
  const worst = Math.max(0, ...model.checks.map(({ error }) => Math.abs(error)))
  if (worst > farOff) notes.push(`the model is ${percent(worst, 0)} off what was measured here: its predictions are worth nothing`)
  if (model.checks.length === 0 && model.predictions.length > 0)
    notes.push('with one worker there is nothing to hold the model against, and no slow-down by others is in its predictions')
  return notes
}
