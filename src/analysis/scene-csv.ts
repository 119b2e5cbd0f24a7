// Owns lists of scenes as CSV, with PySceneDetect's columns: what reads its lists reads these.
import type { Scene } from './scenes.js'

const columns = [
  'Scene Number',
  'Start Frame',
  'Start Timecode',
  'Start Time (seconds)',
  'End Frame',
  'End Timecode',
  'End Time (seconds)',
  'Length (frames)',
  'Length (timecode)',
  'Length (seconds)',
  'Kind',
]

/**
 * A header, and a row for each scene. As in PySceneDetect's lists frames are counted from 1 and the end frame is the scene's last one, while
 * end times are those of the frame after it; timecodes are `HH:MM:SS.mmm`. `Kind` is one column more: cut, fade or dissolve.
 */
export function scenesToCsv(scenes: readonly Scene[]): string {
  const rows = scenes.map(({ start, end, startFrame, endFrame, kind }, index) => [
    index + 1,
    startFrame + 1,
    clockTime(start),
    start.toFixed(3),
    endFrame,
    clockTime(end),
    end.toFixed(3),
    endFrame - startFrame,
    clockTime(end - start),
    (end - start).toFixed(3),
    kind,
  ])
  return [columns, ...rows].map((cells) => `${cells.join(',')}\n`).join('')
}

/** `HH:MM:SS.mmm`; hours grow beyond two digits. */
export function clockTime(seconds: number): string {
  const milliseconds = Math.round(Math.max(0, seconds) * 1000)
  const whole = Math.floor(milliseconds / 1000)
  const clock = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map((value) => String(value).padStart(2, '0'))
  return `${clock.join(':')}.${String(milliseconds % 1000).padStart(3, '0')}`
}
