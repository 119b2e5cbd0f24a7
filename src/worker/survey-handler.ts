// Owns the survey task: which frames a plain decode gives, without converting one.
import { Fact, factCount, Outcome, type NativeSampler } from '../native/binding.js'
import type { WorkerLane } from '../pool/lane.js'
import type { SurveyTask, TaskValue } from '../tasks.js'
import type { SamplerReaders } from './decoder-run.js'

type Survey = Extract<TaskValue, { readonly kind: 'survey' }>

export function runSurvey(task: SurveyTask, lane: WorkerLane, readers: SamplerReaders): Survey {
  const request = { ...task.source, streamIndex: task.streamIndex, codecThreads: 1, maxPixels: task.maxPixels }
  const onHit = (hit: boolean): void => lane.count(hit ? 'readerHits' : 'readerOpens')
  return readers.with(request, onHit, (sampler) => survey(sampler, task))
}

function survey(sampler: NativeSampler, { start, until }: SurveyTask): Survey {
  const facts = new Float64Array(factCount)
  const pts: number[] = []
  const keys: number[] = []
  sampler.begin({
    startPts: start?.pts ?? NaN,
    startDts: start?.dts ?? NaN,
    fromStreamStart: start === null,
    nearDts: start?.dts ?? NaN,
    skipUnreferenced: false,
    plain: true,
    showPrevious: false,
    byOrdinal: false,
    targets: new Float64Array(0),
    until,
  })
  while (sampler.next(null, facts) === Outcome.frame) {
    const ticks = facts[Fact.pts] ?? NaN
    // A run from a key packet also decodes leading pictures of the GOP before, without their references.
    if (start !== null && ticks < start.pts) continue
    pts.push(ticks)
    keys.push(facts[Fact.isKey] ?? 0)
  }
  return { kind: 'survey', pts: Float64Array.from(pts), keys: Uint8Array.from(keys) }
}
