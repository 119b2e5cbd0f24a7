// Owns the probing job: facts of the container, and of the main video stream's packets.
import type { SourceInput } from '../source/location.js'
import { VideoError } from '../errors.js'
import { describeSource, type ProbeResult } from '../source/probe-result.js'
import type { EngineCore } from './engine-core.js'

/** What `engine.probe()` takes besides the source. */
export interface ProbeOptions {
  /** Aborting it ends the reading; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** A source without a video that could be read is still described; only one that cannot be opened throws. */
export async function probe(engine: EngineCore, input: SourceInput, { signal }: ProbeOptions): Promise<ProbeResult> {
  engine.assertOpen()
  signal?.throwIfAborted()
  const { location, facts } = await engine.sources.open(input, { signal })
  try {
    const { stream, index, lost } = await engine.sources.openVideo(input, null, { signal })
    return describeSource(location, facts, { streamIndex: stream.index, index, isCutOff: lost !== null })
  } catch (error) {
    const isAboutVideo =
      error instanceof VideoError && ['ERR_NO_VIDEO', 'ERR_UNSUPPORTED', 'ERR_DECODE', 'ERR_TOO_LARGE'].includes(error.code)
    if (!isAboutVideo) throw error
    const result = describeSource(location, facts, null)
    return error.code === 'ERR_NO_VIDEO' ? result : { ...result, doubts: [...result.doubts, error.message] }
  }
}
