// Owns lists of scenes as chapters: FFmpeg's metadata file, WebVTT, and the simple chapters of OGM that Matroska's tools read.
import { expected } from '../errors.js'
import { clockTime } from './scene-csv.js'
import type { Scene } from './scenes.js'

/** `ffmetadata`: for `ffmpeg -map_chapters`. `webvtt`: a track of kind "chapters" for web players. `ogm`: CHAPTER01=..., for mkvmerge. */
export type ChapterFormat = 'ffmetadata' | 'webvtt' | 'ogm'

/** A chapter for each scene, called `Scene 1` and so on; in `ogm` without its end, which that format does not know. */
export function scenesToChapters(scenes: readonly Scene[], format: ChapterFormat = 'ffmetadata'): string {
  const chapters = scenes.map(({ start, end }, index) => ({ start, end, title: `Scene ${index + 1}` }))
  const write = Object.entries(formats).find(([name]) => name === format)?.[1]
  if (write === undefined) throw new RangeError(expected(`one of ${Object.keys(formats).join(', ')}`, 'format', format))
  return write(chapters)
}

interface Chapter {
  readonly start: number
  readonly end: number
  readonly title: string
}

const formats: Readonly<Record<ChapterFormat, (chapters: readonly Chapter[]) => string>> = {
  ffmetadata: (chapters) => [';FFMETADATA1\n', ...chapters.map(ffmetadataChapter)].join('\n'),
  webvtt: (chapters) => ['WEBVTT\n', ...chapters.map(webvttCue)].join('\n'),
  ogm: (chapters) => chapters.map(ogmChapter).join(''),
}

/** In microseconds: whole milliseconds would begin a chapter before its first frame, or after it. */
function ffmetadataChapter({ start, end, title }: Chapter): string {
  return `[CHAPTER]\nTIMEBASE=1/1000000\nSTART=${Math.round(start * 1e6)}\nEND=${Math.round(end * 1e6)}\ntitle=${title}\n`
}

function webvttCue({ start, end, title }: Chapter): string {
  return `${clockTime(start)} --> ${clockTime(end)}\n${title}\n`
}

function ogmChapter({ start, title }: Chapter, index: number): string {
  const number = String(index + 1).padStart(2, '0')
  return `CHAPTER${number}=${clockTime(start)}\nCHAPTER${number}NAME=${title}\n`
}
