// Owns the proof that a peer gave the frames that were asked for: presentation times, and pixels next to ours.
// @ts-check
import { spawn } from 'node:child_process'
import { psnr, RawReader } from '../compare.mjs'
import { median } from '../statistics.mjs'

/** Why frames are not those that were asked for. */
export class OtherFrames extends Error {
  /** @param {'number' | 'size' | 'time' | 'pixels' | 'values'} what differs @param {string} message */
  constructor(what, message) {
    super(message)
    this.what = what
  }
}

/**
 * @typedef {object} Shown
 * @property {number} timestamp seconds; NaN: not told
 * @property {Uint8Array} rows every `step`th row, one after the other
 */

/** Seconds after which a process is taken to hang. */
export const mostSeconds = 180

/** Bytes of pictures that are kept for a comparison. */
const mostKept = 128e6

/** Rows from one that is compared to the next; of many large pictures not every row is kept. @param {number} frames @param {{ width: number, height: number }} size */
export function rowStep(frames, { width, height }) {
  return Math.min(height, Math.max(1, Math.ceil((frames * width * height * 3) / mostKept)))
}

/**
 * The frames that a command in mode "verify" writes.
 * @param {import('../measure.mjs').Command} command @param {{ width: number, height: number }} size @param {number} step
 */
export async function showFrames({ program, args }, { width, height }, step) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const limit = setTimeout(() => child.kill('SIGKILL'), mostSeconds * 1000)
  /** @type {Buffer[]} */
  const errors = []
  child.stderr.on('data', (chunk) => errors.push(chunk))
  const closed = new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  const raw = new RawReader(child.stdout)
  /** @type {Shown[]} */
  const shown = []
  try {
    for (let header = await raw.read(16); header !== null; header = await raw.read(16)) {
      const view = new DataView(header.buffer)
      const size = `${view.getUint32(8, true)}x${view.getUint32(12, true)}`
      if (size !== `${width}x${height}`) throw new OtherFrames('size', `frame ${shown.length} is ${size}, not ${width}x${height}`)
      const picture = await raw.read(width * height * 3)
      if (picture === null) throw new OtherFrames('size', `frame ${shown.length} is not whole`)
      shown.push({ timestamp: view.getFloat64(0, true), rows: everyRow(picture, width * 3, step) })
    }
    const code = await closed
    if (child.signalCode === 'SIGKILL') throw new Error(`was stopped after ${mostSeconds} s`)
    if (code !== 0) throw new Error(`ended with exit code ${code}: ${Buffer.concat(errors).toString().trim().slice(-1000)}`)
    return shown
  } finally {
    clearTimeout(limit)
    child.kill('SIGKILL')
  }
}

/** @param {Uint8Array} picture @param {number} stride @param {number} step */
function everyRow(picture, stride, step) {
  if (step === 1) return picture
  const height = picture.length / stride
  const rows = new Uint8Array(Math.ceil(height / step) * stride)
  for (let row = 0; row < height; row += step) rows.set(picture.subarray(row * stride, (row + 1) * stride), (row / step) * stride)
  return rows
}

/** Our own frames against ffprobe's packets. @param {readonly Shown[]} ours @param {readonly number[]} expected seconds */
export function checkTimes(ours, expected) {
  if (ours.length !== expected.length) throw new OtherFrames('number', `${ours.length} frames instead of ${expected.length}`)
  for (const [number, time] of expected.entries()) {
    const { timestamp } = ours[number] ?? { timestamp: NaN }
    // Timestamps of some containers are rounded to a millisecond.
    if (!(Math.abs(timestamp - time) < 1.5e-3))
      throw new OtherFrames('time', `frame ${number} is that of ${timestamp} s instead of ${time} s`)
  }
}

/** Decibels by which a picture may be liker to our picture before or after than to that of its own number. */
const tolerance = 0.5

/** Decibels to our picture below which a picture is another one: converters of other makes stay above, other frames far below. */
export const leastLikeness = 30

/**
 * @param {readonly Shown[]} ours @param {readonly Shown[]} theirs
 * @param {{ frameSeconds: number, least: number }} limits times may differ by half of a frame; decibels
 * @returns {{ leastPsnr: number, medianPsnr: number, toldTimes: boolean, otherMatrix: boolean }} otherMatrix: they took BT.601 where we took BT.709
 */
export function compareShown(ours, theirs, { frameSeconds, least }) {
  if (theirs.length !== ours.length) throw new OtherFrames('number', `${theirs.length} frames instead of ${ours.length}`)
  const [ownFirst, first] = [ours[0]?.rows ?? new Uint8Array(), theirs[0]?.rows ?? new Uint8Array()]
  const otherMatrix = psnr(first, asBt601(ownFirst)) > psnr(first, ownFirst)
  const likeTheirs = otherMatrix ? ours.map(({ timestamp, rows }) => ({ timestamp, rows: asBt601(rows) })) : ours
  const psnrs = theirs.map(({ timestamp, rows }, number) => {
    const own = likeTheirs[number] ?? { timestamp: NaN, rows: ownFirst }
    const name = `frame ${number}`
    if (Math.abs(timestamp - own.timestamp) > frameSeconds / 2)
      throw new OtherFrames('time', `${name} is that of ${timestamp.toFixed(3)} s instead of ${own.timestamp.toFixed(3)} s`)
    const likeness = psnr(rows, own.rows)
    for (const neighbour of [likeTheirs[number - 1], likeTheirs[number + 1]])
      if (neighbour !== undefined && psnr(rows, neighbour.rows) > likeness + tolerance)
        throw new OtherFrames(
          'pixels',
          `${name} is liker to ours of ${neighbour.timestamp.toFixed(3)} s than to ours of ${own.timestamp.toFixed(3)} s`,
        )
    if (likeness < least) throw new OtherFrames('pixels', `${name} is only ${likeness.toFixed(1)} dB like ours, less than ${least} dB`)
    return likeness
  })
  const toldTimes = theirs.every(({ timestamp }) => !Number.isNaN(timestamp))
  return { leastPsnr: Math.min(...psnrs), medianPsnr: median(psnrs), toldTimes, otherMatrix }
}

/**
 * What a converter makes of a BT.709 stream that takes it for BT.601, whatever the stream says of itself: our RGB back to its Y'CbCr by
 * the one matrix, and to RGB by the other.
 * @param {Uint8Array} rgb
 */
function asBt601(rgb) {
  const taken = new Uint8ClampedArray(rgb.length)
  for (let at = 0; at < rgb.length; at += 3) {
    const [r, g, b] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0]
    const y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    const [cb, cr] = [(b - y) / 1.8556, (r - y) / 1.5748]
    taken[at] = y + 1.402 * cr
    taken[at + 1] = y - 0.344136 * cb - 0.714136 * cr
    taken[at + 2] = y + 1.772 * cb
  }
  return new Uint8Array(taken.buffer)
}
