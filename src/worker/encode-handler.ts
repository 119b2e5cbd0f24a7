// Owns the tasks that encode: pictures with the guard of sampling, sound in one go.
import { Outcome, type NativeBinding, type NativeTranscoder } from '../native/binding.js'
import type { WorkerLane } from '../pool/lane.js'
import type { EncodedPictures, EncodePicturesTask, EncodeSoundTask } from '../tasks.js'
import { segmentOf } from './decoder-run.js'

/** Frames between two looks at how far the task is. */
const framesAtOnce = 8
const soundPacketsAtOnce = 64

export function runEncodePictures(task: EncodePicturesTask, lane: WorkerLane, binding: NativeBinding): EncodedPictures {
  const { source, streamIndex, codecThreads, maxPixels, origin, hardware, outputs } = task
  const transcoder = new binding.Transcoder({ ...source, streamIndex, codecThreads, maxPixels, origin, hardware, outputs })
  try {
    const missing = encodeTargets(transcoder, task, lane)
    const reason = missing === 0 ? '' : transcoder.lastError() || 'the stream has no frame for it'
    const { device } = transcoder.progress()
    return { kind: 'encode-pictures', outputs: transcoder.finish(), missing, reason, device }
  } finally {
    transcoder.close()
  }
}

/** Number of targets that have no frame. After trouble, what is left is decoded plainly, if need be from an earlier key frame. */
function encodeTargets(transcoder: NativeTranscoder, { run }: EncodePicturesTask, lane: WorkerLane): number {
  const total = run.targets.length
  const again = run.plain ? run.fallbacks : [run.start, ...run.fallbacks]
  let behind = 0
  let missing = 0
  for (let attempt = 0; ; attempt++) {
    if (attempt > 0) lane.count('redone')
    const isLast = attempt === again.length
    transcoder.begin(segmentOf(run, run.targets.slice(behind), again[attempt - 1]))
    const outcome = decodeOn(transcoder, isLast, (done) => {
      lane.progress = (behind + done) / total
    })
    if (outcome === Outcome.missing) continue
    const { done, missing: without } = transcoder.progress()
    behind += done
    missing += without
    if (outcome === Outcome.done) return missing
    // Nothing is left to decode from: the rest has no frames.
    if (isLast) return missing + total - behind
  }
}

/** Until the end, trouble, or, unless `isLast`, a first target without a frame: as long as nothing was encoded, another start may give it. */
function decodeOn(transcoder: NativeTranscoder, isLast: boolean, onStep: (done: number) => void): number {
  for (let done = 0; ;) {
    const outcome = transcoder.step(done === 0 ? 1 : framesAtOnce)
    const progress = transcoder.progress()
    onStep(progress.done)
    if (outcome !== Outcome.frame) return outcome
    if (!isLast && done === 0 && progress.missing > 0) return Outcome.missing
    done = progress.done
  }
}

export function runEncodeSound(
  { source, sound }: EncodeSoundTask,
  lane: WorkerLane,
  binding: NativeBinding,
): { readonly kind: 'encode-sound' } {
  const { start, end, timeBase } = sound
  const seconds = ((end - start) * timeBase.num) / timeBase.den
  const transcoder = new binding.SoundTranscoder({ ...source, ...sound })
  try {
    while (transcoder.step(soundPacketsAtOnce)) lane.progress = transcoder.seconds() / seconds
    return { kind: 'encode-sound' }
  } finally {
    transcoder.close()
  }
}
