// Owns what every list of scenes is made from besides the scenes.
import type { FrameRate } from './timecode.js'

/** What a list says of the video that its scenes are of. */
export interface SceneListInfo {
  /** Path or URL of the video. */
  readonly source: string
  /** Average frames per second, as an analysis tells it; null where it is not known. */
  readonly frameRate: FrameRate | null
}

/** The last part of a path or URL, on one line; of a URL without the query, which may hold secrets. */
export function fileNameOf(source: string): string {
  const path = /^[a-z][a-z0-9+.-]*:\/\//i.test(source) ? source.replace(/[?#].*$/s, '') : source
  return (/[^/\\]*$/.exec(path)?.[0] ?? path).replaceAll(/\p{Cc}/gu, ' ')
}

/** The same without its extension. */
export function titleOf(source: string): string {
  return fileNameOf(source).replace(/(?<=.)\.[^.]*$/, '')
}
