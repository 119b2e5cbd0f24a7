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

/** Number of targets that have no frame. */
function encodeTargets(transcoder: NativeTranscoder, { run }: EncodePicturesTask, lane: WorkerLane): number {
  const total = run.targets.length
  let behind = 0
  let missing = 0
  for (let again = false; ; again = true) {
    if (again) lane.count('redone')
    transcoder.begin(segmentOf(run, run.targets.slice(behind), again))
    let outcome: number
    do {
      outcome = transcoder.step(framesAtOnce)
      lane.progress = (behind + transcoder.progress().done) / total
    } while (outcome === Outcome.frame)
    const { done, missing: without } = transcoder.progress()
    behind += done
    missing += without
    if (outcome === Outcome.done) return missing
    // A plain decode that meets trouble has no start to decode from: what is left has no frames.
    if (again) return missing + total - behind
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
