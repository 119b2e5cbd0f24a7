// Owns the pieces of work that write files: which parts of which clips everybody is asked to export.
// @ts-check
import { randomNumbers } from '../statistics.mjs'

/** @typedef {import('./work.mjs').Video} Video */

/**
 * @typedef {object} Part frames from `first` on, `frames` of them
 * @property {string} name of the file, without extension
 * @property {number} start seconds: the time of the first frame
 * @property {number} end seconds: the time of the frame after the last one
 * @property {number} first number of a frame of the video
 * @property {number} frames
 *
 * @typedef {'smart' | 'copy' | 'encode'} Mode
 *
 * @typedef {object} ExportWork
 * @property {string} name
 * @property {string} title
 * @property {readonly { name: string, title: string, file: (media: import('../media.mjs').Media) => Promise<string> }[]} clips
 * @property {readonly Mode[]} modes of framemill
 * @property {(video: Video) => Part[]} parts
 */

const seed = 20240229
const clipSeconds = 20
const clipCount = 5

/** @type {readonly ExportWork[]} */
export const exportWorks = [
  {
    name: 'export5',
    title: 'five clips of 20 s, exact to the frame',
    clips: [
      { name: 'keys-5s', title: '1080p H.264, key frames 5 s apart', file: (media) => media.long() },
      { name: 'keys-1s', title: '1080p H.264, key frames 1 s apart', file: (media) => media.longDenseKeys() },
    ],
    modes: ['smart', 'copy', 'encode'],
    parts: scatteredParts,
  },
  {
    name: 'transcode',
    title: 'one file, encoded again',
    clips: [{ name: 'medium', title: '1080p H.264 with B-frames', file: (media) => media.medium() }],
    modes: ['encode'],
    parts: (video) => [part(video, 0, video.ticks.length, 'whole')],
  },
]

/** One in each fifth of the video, at frames of no kind in particular. @param {Video} video */
export function scatteredParts(video) {
  const random = randomNumbers(seed)
  const fifth = Math.floor(video.ticks.length / clipCount)
  const perSecond = (video.ticks.length - 1) / (video.seconds(video.ticks.at(-1) ?? NaN) - video.seconds(video.ticks[0] ?? NaN))
  const frames = Math.min(Math.round(clipSeconds * perSecond), Math.floor(fifth * 0.6))
  return Array.from({ length: clipCount }, (_, k) => {
    const first = k * fifth + 1 + Math.floor(random() * (fifth - frames - 2))
    return part(video, first, frames, `clip-${k + 1}`)
  })
}

/** @param {Video} video @param {number} first @param {number} frames @param {string} name @returns {Part} */
function part({ ticks, seconds, end }, first, frames, name) {
  const time = (/** @type {number} */ frame) => (frame < ticks.length ? seconds(ticks[frame] ?? NaN) : end)
  // Rounded down to whole microseconds, which is what ffmpeg reads: a time above the frame's own would leave it out.
  const told = (/** @type {number} */ seconds) => Math.max(0, Math.floor(seconds * 1e6)) / 1e6
  return { name, start: told(time(first)), end: told(time(first + frames)), first, frames }
}
