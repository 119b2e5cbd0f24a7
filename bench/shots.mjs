// Owns the shots that compilations are made of: stretches without a cut of the real clips of a folder, brought to one size and rate.
// @ts-check
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { plateSize } from './compilations.mjs'

const run = promisify(execFile)

/** @typedef {import('./compilations.mjs').Shot} Shot */

/** Clips that would be nothing but blur, or too short for a piece. */
const leastHeight = 240
const leastSeconds = 2
/** Pictures as small as this tell whether a shot is still the same. */
const small = { width: 32, height: 18 }
/** Seconds on either side between which a picture may not become another, be it by a cut, a dissolve, a fade or a fast camera. */
const around = 0.5
/** Pearson correlation, and mean absolute difference, of the small pictures so far apart. */
const leastAlike = 0.7
const mostDifferent = 20
/** Standard deviation below which there is too little to see. */
const leastContrast = 15
const leastStretch = 1.2

/**
 * Shots of all clips in the folder and below it that can be read. What is no shot is told by pictures of a second apart, without any
 * detector: stretches of them that stay alike.
 * @param {string} folder
 * @param {{ rate: number, keepIn: string, say: (line: string) => void, most?: { seconds?: number, clips?: number, bytes?: number } }} options
 *   keepIn: folder of the files that are made, once; most: leaves out the rest of long clips, further clips, and clips of large files
 * @returns {Promise<Shot[]>}
 */
export async function findShots(folder, { rate, keepIn, say, most: { seconds = 60, clips = Infinity, bytes = Infinity } = {} }) {
  await mkdir(keepIn, { recursive: true })
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(mp4|webm|mkv|mov|ts|avi|m4v)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => statSync(file).size <= bytes)
    .sort()
  /** @type {Shot[]} */
  const shots = []
  for (const source of files) {
    if (new Set(shots.map(({ clip }) => clip)).size >= clips) break
    if (!(await isUsable(source))) continue
    const plate = await makePlate(source, { rate, seconds, keepIn, say })
    if (plate !== null)
      shots.push(...stretches(plate.pictures, rate).map((stretch) => ({ clip: basename(source), file: plate.file, ...stretch })))
  }
  return shots
}

/** @param {string} file */
async function isUsable(file) {
  const entries = 'stream=height,width:format=duration'
  const told = await run('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', entries, '-of', 'json', file]).catch(
    () => null,
  )
  if (told === null) return false
  const { streams, format } = JSON.parse(told.stdout)
  return Math.min(streams?.[0]?.height ?? 0, streams?.[0]?.width ?? 0) >= leastHeight && Number(format?.duration) >= leastSeconds
}

/**
 * The clip in {@link plateSize}, and its small pictures one after the other; null when ffmpeg does not decode it.
 * @param {string} source @param {{ rate: number, seconds: number, keepIn: string, say: (line: string) => void }} options
 */
async function makePlate(source, { rate, seconds, keepIn, say }) {
  const { width, height } = plateSize
  const graph = [
    `[0:v:0]fps=${rate},scale=${width}:${height}:force_original_aspect_ratio=increase:flags=area,crop=${width}:${height},setsar=1`,
    'format=yuv420p,split[plate][all]',
  ].join(',')
  const filters = `${graph};[all]scale=${small.width}:${small.height}:flags=area,format=gray[small]`
  const args = ['-t', String(seconds), '-i', source, '-filter_complex', filters]
  const encoding = ['-map', '[plate]', '-an', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12', '-g', '25']
  const recipe = [...args, ...encoding].map((argument) => (argument === source ? basename(source) : argument)).join('\n')
  const name = `plate-${createHash('sha256').update(recipe).digest('hex').slice(0, 10)}`
  const [file, pictureFile] = [join(keepIn, `${name}.mp4`), join(keepIn, `${name}.gray`)]
  if (!existsSync(file)) {
    say(`preparing ${basename(source)}`)
    const making = await mkdtemp(join(keepIn, 'making-'))
    try {
      const [plate, pictures] = [join(making, 'plate.mp4'), join(making, 'small.gray')]
      const outputs = [...encoding, plate, '-map', '[small]', '-f', 'rawvideo', pictures]
      const made = await run('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'fatal', '-y', ...args, ...outputs]).catch(() => null)
      if (made === null) return null
      await rename(pictures, pictureFile)
      await rename(plate, file)
    } finally {
      await rm(making, { recursive: true, force: true })
    }
  }
  return { file, pictures: readFileSync(pictureFile) }
}

/** Runs of frames around which the picture stays what it is. @param {Uint8Array} pictures @param {number} rate */
function stretches(pictures, rate) {
  const size = small.width * small.height
  const count = Math.floor(pictures.length / size)
  const picture = (/** @type {number} */ at) => pictures.subarray(at * size, (at + 1) * size)
  const away = Math.round(around * rate)
  const stays = (/** @type {number} */ at) => at >= away && at + away < count && isSame(picture(at - away), picture(at + away))
  /** @type {{ first: number, frames: number }[]} */
  const found = []
  let first = 0
  for (let at = 0; at <= count; at++) {
    if (at < count && stays(at)) continue
    if (at - first >= leastStretch * rate) found.push({ first, frames: at - first })
    first = at + 1
  }
  return found
}

/** @param {Uint8Array} a @param {Uint8Array} b */
function isSame(a, b) {
  const mean = (/** @type {Uint8Array} */ all) => all.reduce((sum, value) => sum + value, 0) / all.length
  const [meanA, meanB] = [mean(a), mean(b)]
  let [both, squaresA, squaresB, difference] = [0, 0, 0, 0]
  for (const [at, value] of a.entries()) {
    const other = b[at] ?? 0
    both += (value - meanA) * (other - meanB)
    squaresA += (value - meanA) ** 2
    squaresB += (other - meanB) ** 2
    difference += Math.abs(value - other)
  }
  const contrast = Math.sqrt(Math.min(squaresA, squaresB) / a.length)
  return contrast >= leastContrast && both / Math.sqrt(squaresA * squaresB) >= leastAlike && difference / a.length <= mostDifferent
}

/** scdet's score of every frame, from what its metadata filter prints. @param {string} printed */
export function changeScores(printed) {
  return [...printed.matchAll(/^lavfi\.scd\.score=([\d.]+)/gm)].map(([, score]) => Number(score))
}
