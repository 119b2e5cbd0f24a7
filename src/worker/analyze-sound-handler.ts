// Owns the task that measures sound.
import type { NativeBinding } from '../native/binding.js'
import type { WorkerLane } from '../pool/lane.js'
import type { AnalyzedSound, AnalyzeSoundTask } from '../tasks.js'

/** Packets between two looks at how far the task is. */
const packetsAtOnce = 64

export function runAnalyzeSound({ source, sound }: AnalyzeSoundTask, lane: WorkerLane, binding: NativeBinding): AnalyzedSound {
  const analyzer = new binding.SoundAnalyzer({ ...source, ...sound })
  try {
    const seconds = analyzer.duration()
    while (analyzer.step(packetsAtOnce)) {
      if (seconds > 0) lane.progress = analyzer.seconds() / seconds
    }
    return { kind: 'analyze-sound', windows: analyzer.takeWindows(), gaps: analyzer.gaps() }
  } finally {
    analyzer.close()
  }
}
