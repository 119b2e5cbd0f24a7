// Owns `--strategy fast`: scenes without measuring every frame, and what is said of how they were found.
import { VideoError } from '../index.js'
import type { Analysis, DetectScenesOptions, Engine, SceneReport } from '../index.js'
import { counted, grouped, printable } from './summary-text.js'

/** What JSON tells of the search, besides the scenes. */
export type SceneSearch = Omit<SceneReport, 'source' | 'scenes'>

/** null: the source has no pictures. */
export async function searchScenes(engine: Engine, source: string, options: DetectScenesOptions): Promise<SceneReport | null> {
  try {
    return await engine.detectScenes(source, options)
  } catch (error) {
    if (error instanceof VideoError && error.code === 'ERR_NO_VIDEO') return null
    throw error
  }
}

export function searchOf({ strategy, fallback, framesTotal, framesMeasured, verified }: SceneReport): SceneSearch {
  return { strategy, fallback, framesTotal, framesMeasured, verified }
}

/** `scenes of 312 of 18,000 frames`. */
export function searchText({ framesTotal, framesMeasured }: SceneSearch): string {
  return `scenes of ${grouped(framesMeasured)} of ${counted(framesTotal, 'frame')}`
}

/** Why all frames were looked at, and what was wrong with what the others had told. */
export function searchNotes({ fallback, verified }: SceneSearch): string[] {
  return [
    ...(fallback === null ? [] : [`every frame was looked at: ${printable(fallback)}`]),
    ...(verified === null
      ? []
      : [`verified by every frame (cuts only): the two steps had missed ${verified.missed.length} and made up ${verified.extra.length}`]),
  ]
}

/** What is known of a source of which nothing else was asked. */
export async function unmeasured(engine: Engine, source: string, signal: AbortSignal): Promise<Analysis> {
  const { duration, streams } = await engine.probe(source, { signal })
  const video = streams.flatMap((stream) => (stream.type === 'video' && stream.averageFrameRate !== null ? [stream] : []))[0]
  const end = duration ?? video?.end ?? 0
  const rate = video?.averageFrameRate ?? null
  return {
    ...{ source, start: 0, end, duration: end, pictures: null, sound: null, gaps: [], isCached: false },
    frameRate: rate === null ? null : { num: rate, den: 1 },
  }
}
