// Owns the task that puts a file together.
import type { NativeBinding } from '../native/binding.js'
import type { WorkerLane } from '../pool/lane.js'
import type { WriteFileTask } from '../tasks.js'

const packetsAtOnce = 256

export function runWriteFile(
  { source, file, tracks, runs, seconds }: WriteFileTask,
  lane: WorkerLane,
  binding: NativeBinding,
): { readonly kind: 'write-file' } {
  const remuxer = new binding.Remuxer({ ...source, ...file })
  try {
    for (const track of tracks) remuxer.addTrack(track)
    for (const run of runs) remuxer.addRun(run)
    while (remuxer.step(packetsAtOnce)) lane.progress = remuxer.seconds() / seconds
    remuxer.finish()
    return { kind: 'write-file' }
  } finally {
    remuxer.close()
  }
}
