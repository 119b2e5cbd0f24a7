// Owns how a run of the decoder crosses the border.
import type { NativeSegment } from '../native/binding.js'
import type { DecoderRun } from '../tasks.js'

/** `targets` are those of the run that are left. */
export function segmentOf(
  { start, skipUnreferenced, plain, byOrdinal }: DecoderRun,
  targets: readonly number[],
  again = false,
): NativeSegment {
  return {
    startPts: start?.pts ?? NaN,
    startDts: start?.dts ?? NaN,
    fromStreamStart: start === null,
    nearDts: start?.dts ?? NaN,
    skipUnreferenced: skipUnreferenced && !again,
    plain: plain || again,
    showPrevious: false,
    byOrdinal,
    targets: Float64Array.from(targets),
    until: NaN,
  }
}
