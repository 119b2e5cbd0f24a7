// Owns the proof that exported files hold the frames that were asked for: their number, and the first and the last by their pixels.
// @ts-check
import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { promisify } from 'node:util'
import { psnr } from '../compare.mjs'
import { median } from '../statistics.mjs'
import { OtherFrames } from './likeness.mjs'

const run = promisify(execFile)
const quiet = ['-hide_banner', '-nostdin', '-v', 'error']
const luma = ['-fps_mode', 'passthrough', '-vf', 'extractplanes=y', '-f', 'rawvideo', '-']

/** @typedef {import('./export-work.mjs').Part} Part */
/** @typedef {import('./work.mjs').Video} Video */
/**
 * @typedef {{ leastPsnr: number, medianPsnr: number, bytes: number, leastShown: number, mostShown: number, wholePsnr: number | null }} Proof
 * PSNRs of luma; wholePsnr: of all frames, where one part is the whole video
 */

/** Decibels below which a picture is another one; and by which it may be liker to a neighbour than to its own. */
const [least, tolerance] = [28, 0.5]

/**
 * @param {string} source @param {Video} video @param {string} folder @param {readonly Part[]} parts
 * @param {boolean} mayDiffer a wrong number of frames, and a wrong first or last one, are told and no failure
 * @returns {Promise<Proof>}
 */
export async function proveClips(source, video, folder, parts, mayDiffer) {
  /** @type {number[]} */
  const psnrs = []
  /** @type {number[]} */
  const surplus = []
  let bytes = 0
  const [first] = parts
  const isWhole = parts.length === 1 && first?.frames === video.ticks.length
  for (const part of parts) {
    const output = `${folder}/${part.name}.mp4`
    bytes += statSync(output).size
    const shown = await shownFrames(output)
    if (shown !== part.frames && !mayDiffer) throw new OtherFrames('number', `${part.name} shows ${shown} frames instead of ${part.frames}`)
    surplus.push(shown - part.frames)
    for (const place of [0, part.frames - 1]) {
      const likeness = await likenessAt(source, video, part.first + place, output, Math.min(place, shown - 1))
      if (!mayDiffer) psnrs.push(rightOrThrow(likeness, `${part.name}, frame ${place},`))
      else psnrs.push(likeness.own)
    }
  }
  return {
    leastPsnr: Math.min(...psnrs),
    medianPsnr: median(psnrs),
    bytes,
    leastShown: Math.min(...surplus),
    mostShown: Math.max(...surplus),
    wholePsnr: isWhole && first !== undefined ? await psnrOfAll(source, `${folder}/${first.name}.mp4`) : null,
  }
}

/** The mean over all frames, of two files with as many. @param {string} source @param {string} output */
async function psnrOfAll(source, output) {
  const numbered = 'settb=1/1000,setpts=N'
  const graph = `[0:v:0]${numbered}[a];[1:v:0]${numbered}[b];[a][b]psnr`
  const args = ['-hide_banner', '-nostdin', '-nostats', '-i', output, '-i', source, '-filter_complex', graph, '-f', 'null', '-']
  const { stderr } = await run('ffmpeg', args, { maxBuffer: 1 << 28 })
  return Number(/PSNR y:([\d.]+|inf)/.exec(stderr)?.[1] ?? NaN)
}

/** @param {{ own: number, before: number, after: number }} likeness @param {string} name */
function rightOrThrow({ own, before, after }, name) {
  if (before > own + tolerance)
    throw new OtherFrames('pixels', `${name} is liker to the frame before (${before.toFixed(1)} dB) than to its own`)
  if (after > own + tolerance)
    throw new OtherFrames('pixels', `${name} is liker to the frame after (${after.toFixed(1)} dB) than to its own`)
  if (own < least) throw new OtherFrames('pixels', `${name} is only ${own.toFixed(1)} dB like the source's`)
  return own
}

/** Decoded, as a packet that the edit list hides is no frame that is shown. @param {string} file */
async function shownFrames(file) {
  const args = [...quiet, '-i', file, '-map', '0:v:0', '-fps_mode', 'passthrough', '-f', 'framehash', '-hash', 'adler32', '-']
  const { stdout } = await run('ffmpeg', args, { maxBuffer: 1 << 28 })
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
}

/**
 * How like a frame of an output is to a frame of the source and to that one's neighbours.
 * @param {string} source @param {Video} video @param {number} frame @param {string} output @param {number} place of the frame in the output
 */
async function likenessAt(source, video, frame, output, place) {
  const { ticks, seconds, width, height } = video
  const from = Math.max(0, frame - 1)
  const count = Math.min(ticks.length, frame + 2) - from
  const half = (seconds(ticks[1] ?? NaN) - seconds(ticks[0] ?? NaN)) / 2
  const at = Math.max(0, seconds(ticks[from] ?? NaN) - half).toFixed(6)
  const originals = await pictures(['-ss', at, '-i', source, '-map', '0:v:0', '-frames:v', String(count), ...luma], width * height)
  const select = luma.map((argument) => (argument.startsWith('extract') ? `select=eq(n\\,${place}),${argument}` : argument))
  const [own] = await pictures(['-i', output, '-map', '0:v:0', '-frames:v', '1', ...select], width * height)
  if (own === undefined || originals.length !== count)
    throw new Error(`cannot read frame ${place} of ${output} and frame ${frame} of its source`)
  const to = (/** @type {number} */ number) => {
    const original = originals[number - from]
    return original === undefined ? -Infinity : psnr(own, original)
  }
  return { own: to(frame), before: to(frame - 1), after: to(frame + 1) }
}

/** @param {readonly string[]} args @param {number} bytes @returns {Promise<Uint8Array[]>} */
async function pictures(args, bytes) {
  const { stdout } = await run('ffmpeg', [...quiet, ...args], { encoding: 'buffer', maxBuffer: 1 << 28 })
  return Array.from({ length: Math.floor(stdout.length / bytes) }, (_, k) => stdout.subarray(k * bytes, (k + 1) * bytes))
}
