// Owns the pieces of work that everybody is asked to do: what is asked of which clips, and which frames ffprobe's packets say that is.
// @ts-check
//
// One more piece of work is one more entry of `works`. Clips are spans where the whole would take too long; everybody has the same span.
import { expectedTicks } from '../compare.mjs'
import { randomNumbers } from '../statistics.mjs'

/** @typedef {import('./adapters/protocol.mjs').Request} Request */
/** @typedef {Awaited<ReturnType<typeof import('../ffmpeg.mjs').probeVideo>>} Video */

/**
 * @typedef {object} Clip
 * @property {string} name
 * @property {string} title
 * @property {(media: import('../media.mjs').Media) => Promise<string>} file
 * @property {import('../media.mjs').ClipKind} [encoder] needs it to be made
 * @property {number | null} end seconds at which the span ends; null: the whole
 *
 * @typedef {object} Work
 * @property {string} name
 * @property {string} title
 * @property {readonly Clip[]} clips
 * @property {boolean} [timesFirstFrame] the time to the first frame, as the process tells it, is a figure too
 * @property {(video: Video, end: number | null) => Request} request
 */

/** @param {number | null} end @returns {Clip} */
const long = (end) => ({ name: 'long', title: '1080p H.264 with B-frames', file: (media) => media.long(), end })
/** @type {Clip} */
const short = { name: 'short', title: '1080p H.264 with B-frames', file: (media) => media.short(), end: null }

/** @param {import('../media.mjs').ClipKind} kind @param {string} title @returns {Clip} */
const ofKind = (kind, title) => ({ name: kind, title, file: (media) => media.ofKind(kind), encoder: kind, end: 20 })

/** Of HD videos; smaller ones get a third of their width, so that scaling down is always part of the work. */
const thumbnailWidth = 640
const seed = 20240229

/** @type {readonly Work[]} */
export const works = [
  {
    name: 'sample',
    title: 'two frames a second, 640 wide',
    clips: [
      long(30),
      ofKind('h264-no-b-frames', '1080p H.264 without B-frames'),
      ofKind('hevc', '1080p HEVC'),
      ofKind('vp9', '1080p VP9'),
      ofKind('av1', '1080p AV1'),
      { name: 'large', title: '4K H.264 with B-frames', file: (media) => media.large(), end: 10 },
    ],
    request: (video, end) => ({ ...thumbnail(video), frames: 'grid', fps: 2, end: end ?? video.end }),
  },
  {
    name: 'sparse',
    title: 'ten exact frames of ten minutes, 640 wide',
    clips: [long(null)],
    request: (video) => ({ ...thumbnail(video), frames: 'times', times: irregularTimes(video, 10), end: null }),
  },
  {
    name: 'keyframes',
    title: 'all key frames, 640 wide',
    clips: [long(300)],
    request: (video, end) => ({ ...thumbnail(video), frames: 'keyframes', end }),
  },
  {
    name: 'all',
    title: 'every frame, full size',
    clips: [{ ...short, end: 15 }],
    request: ({ width, height, matrix }, end) => ({ frames: 'all', end, width, height, matrix }),
  },
  {
    name: 'first-frame',
    title: 'from nothing to the first frame, 640 wide',
    clips: [long(null)],
    timesFirstFrame: true,
    request: (video) => ({ ...thumbnail(video), frames: 'first', end: null }),
  },
  {
    name: 'batch',
    title: '32 frames as one array, 224x224',
    clips: [short],
    request: (video) => ({
      frames: 'times',
      times: evenTimes(video, 32),
      end: null,
      width: 224,
      height: 224,
      batch: true,
      matrix: video.matrix,
    }),
  },
]

/** Times in seconds of the frames that a request names, by ffprobe's packets alone. @param {Video} video @param {Request} request */
export function expectedTimes(video, { frames, fps = 1, times = [], end }) {
  const before = (/** @type {number} */ time) => end === null || time < end - 1e-6
  const all = video.ticks.map(video.seconds)
  if (frames === 'times') return times
  if (frames === 'grid') return expectedTicks({ ...video, end: end ?? video.end }, fps).map(video.seconds)
  if (frames === 'keyframes') return video.keyTicks.map(video.seconds).filter(before)
  return frames === 'first' ? all.slice(0, 1) : all.filter(before)
}

/** @param {Video} video */
function thumbnail({ width, height, matrix }) {
  const smaller = Math.min(thumbnailWidth, 2 * Math.round(width / 6))
  return { width: smaller, height: 2 * Math.round((smaller * height) / width / 2), matrix }
}

/** Own times of frames, one in each of `count` parts. @param {Video} video @param {number} count */
function irregularTimes({ ticks, seconds }, count) {
  const random = randomNumbers(seed)
  const part = ticks.length / count
  return Array.from({ length: count }, (_, k) => seconds(ticks[Math.floor((k + 0.05 + 0.9 * random()) * part)] ?? NaN))
}

/** Own times of frames at the centres of `count` equal parts. @param {Video} video @param {number} count */
function evenTimes({ ticks, seconds }, count) {
  return Array.from({ length: count }, (_, k) => seconds(ticks[Math.floor(((k + 0.5) * ticks.length) / count)] ?? NaN))
}
