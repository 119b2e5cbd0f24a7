// Owns the tasks that encode: pictures with the guard of sampling, sound in one go.
import type { NativeBinding } from '../native/binding.js'
import type { WorkerLane } from '../pool/lane.js'
import type { EncodedPictures, EncodePicturesTask, EncodeSoundTask } from '../tasks.js'
import { decodeTargets, decodingOf } from './decoder-run.js'

const soundPacketsAtOnce = 64

export function runEncodePictures(task: EncodePicturesTask, lane: WorkerLane, binding: NativeBinding): EncodedPictures {
  const { run, origin, hardware, outputs } = task
  const transcoder = new binding.Transcoder({ ...decodingOf(task), origin, hardware, outputs })
  try {
    const missing = decodeTargets(transcoder, run, lane, (done) => {
      lane.progress = done / run.targets.length
    })
    const reason = missing === 0 ? '' : transcoder.lastError() || 'the stream has no frame for it'
    const { device } = transcoder.progress()
    return { kind: 'encode-pictures', outputs: transcoder.finish(), missing, reason, device }
  } finally {
    transcoder.close()
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
