// Owns the task that compares frames of a source with those of a file made from it.
import type { NativeBinding } from '../native/binding.js'
import type { CompareTask } from '../tasks.js'
import { segmentOf } from './decoder-run.js'

export function runCompare(
  { source, streamIndex, maxPixels, run, other }: CompareTask,
  binding: NativeBinding,
): { readonly kind: 'compare'; readonly psnr: Float64Array<ArrayBuffer> } {
  const psnr = binding.compareFrames({
    one: { ...source, streamIndex, codecThreads: 1, maxPixels },
    other: { ...other.source, streamIndex: other.streamIndex, codecThreads: 1, maxPixels },
    oneSegment: segmentOf(run, run.targets),
    otherSegment: segmentOf(other.run, other.run.targets),
  })
  return { kind: 'compare', psnr }
}
