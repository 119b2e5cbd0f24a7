// Owns how a run of the decoder crosses the border, and the guard around one whose frames are used at once: what met trouble
// is decoded again, plainly, and if need be from earlier key frames.
import { Outcome, type NativeDecoding, type NativeSampler, type NativeSegment } from '../native/binding.js'
import type { WorkerLane } from '../pool/lane.js'
import type { DecoderRun, KeyPoint, SampleTask } from '../tasks.js'
import type { Readers } from './readers.js'

export type SamplerReaders = Readers<NativeDecoding, NativeSampler>

/** A door that decodes targets in their order. */
export interface TargetDecoder {
  begin(segment: NativeSegment): void
  /** An {@link Outcome}: frame when there are more. `done` targets of the run are dealt with. */
  step(frames: number, done: number): number
  /** Of the segment begun last. */
  progress(): { readonly done: number; readonly missing: number }
}

/** Frames between two looks at how far the task is. */
const framesAtOnce = 8

/** What a decoding door is opened with for a task. */
export function decodingOf({
  source,
  streamIndex,
  codecThreads,
  maxPixels,
}: Pick<SampleTask, 'source' | 'streamIndex' | 'codecThreads' | 'maxPixels'>): NativeDecoding {
  return { ...source, streamIndex, codecThreads, maxPixels }
}

/** Number of targets that have no frame. After trouble, what is left is decoded plainly, if need be from an earlier key frame. */
export function decodeTargets(door: TargetDecoder, run: DecoderRun, lane: WorkerLane, onDone: (done: number) => void): number {
  const total = run.targets.length
  const again = run.plain ? run.fallbacks : [run.start, ...run.fallbacks]
  let behind = 0
  let missing = 0
  for (let attempt = 0; ; attempt++) {
    if (attempt > 0) lane.count('redone')
    const isLast = attempt === again.length
    door.begin(segmentOf(run, run.targets.slice(behind), again[attempt - 1]))
    const outcome = decodeOn(door, isLast, behind, onDone)
    if (outcome === Outcome.missing) continue
    const { done, missing: without } = door.progress()
    behind += done
    missing += without
    if (outcome === Outcome.done) return missing
    // Nothing is left to decode from: the rest has no frames.
    if (isLast) return missing + total - behind
  }
}

/** Until the end, trouble, or, unless `isLast`, a first target without a frame: as long as nothing was used, another start may give it. */
function decodeOn(door: TargetDecoder, isLast: boolean, behind: number, onDone: (done: number) => void): number {
  for (let done = 0; ;) {
    const outcome = door.step(done === 0 ? 1 : framesAtOnce, behind + done)
    const progress = door.progress()
    onDone(behind + progress.done)
    if (outcome !== Outcome.frame) return outcome
    if (!isLast && done === 0 && progress.missing > 0) return Outcome.missing
    done = progress.done
  }
}

/** `targets` are those of the run that are left; `again` is where a plain decode of them begins after trouble. */
export function segmentOf(
  { start: usual, skipUnreferenced, plain, byOrdinal }: DecoderRun,
  targets: readonly number[],
  again?: KeyPoint | null,
): NativeSegment {
  const start = again === undefined ? usual : again
  return {
    startPts: start?.pts ?? NaN,
    startDts: start?.dts ?? NaN,
    fromStreamStart: start === null,
    nearDts: start?.dts ?? NaN,
    skipUnreferenced: skipUnreferenced && again === undefined,
    plain: plain || again !== undefined,
    showPrevious: false,
    byOrdinal,
    targets: Float64Array.from(targets),
    until: NaN,
  }
}
