// Owns the WebVTT file that tells a player which part of which sprite sheet shows which time.
import { roundToMilliseconds, vttTime } from './times.js'

/** A place in a sprite sheet; `start` is the timestamp of the frame drawn there, in seconds. */
export interface SpriteCue {
  readonly start: number
  readonly file: string
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Each cue lasts until the next one starts, the last until `end`. Of cues with the same millisecond only the last is written. */
export function thumbnailsVtt(cues: readonly SpriteCue[], end: number): string {
  const sorted = cues.map((cue) => ({ ...cue, start: roundToMilliseconds(cue.start) })).sort((a, b) => a.start - b.start)
  const shown = sorted.filter((cue, index) => cue.start !== sorted[index + 1]?.start)
  const blocks = shown.map((cue, index) => {
    const until = shown[index + 1]?.start ?? lastEnd(shown, end)
    return `${vttTime(cue.start)} --> ${vttTime(until)}\n${cue.file}#xywh=${cue.left},${cue.top},${cue.width},${cue.height}\n`
  })
  return ['WEBVTT\n', ...blocks].join('\n')
}

// A cue must end after it starts, also where the container gives no duration or one before its last frame.
function lastEnd(shown: readonly SpriteCue[], end: number): number {
  const last = shown.at(-1)?.start ?? 0
  const before = shown.at(-2)?.start
  return end > last ? end : last + (before === undefined ? 1 : last - before)
}
