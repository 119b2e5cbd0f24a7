// Owns how a run of the decoder crosses the border.
import type { NativeSegment } from '../native/binding.js'
import type { DecoderRun, KeyPoint } from '../tasks.js'

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
