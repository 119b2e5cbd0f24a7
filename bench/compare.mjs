// Owns the proof that both sides of a pair give the same frames: pixels against ffmpeg's, times against ffprobe's.
// @ts-check
import { spawn } from 'node:child_process'
import { median } from './statistics.mjs'
import { verify } from './result.mjs'

/** Decibels below which two pictures are not the same frame converted by the same rules. */
export const leastPsnr = 40

/**
 * Frames next to the raw frames a command writes to stdout, all of them.
 * @param {AsyncIterable<import('../dist/index.js').Frame>} frames
 * @param {import('./measure.mjs').Command} command
 * @param {(frame: import('../dist/index.js').Frame) => void} [onFrame]
 * @returns {Promise<{ frames: number, leastPsnr: number, medianPsnr: number }>}
 */
export async function compareFrames(frames, { program, args }, onFrame = () => undefined) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  const raw = new RawReader(child.stdout)
  const psnrs = []
  try {
    for await (const frame of frames) {
      onFrame(frame)
      const other = await raw.read(frame.data.length)
      verify(other !== null, `ffmpeg has a frame ${frame.number} too`)
      psnrs.push(psnr(frame.data, other))
    }
    verify((await raw.read(1)) === null, `ffmpeg has no more than ${psnrs.length} frames`)
  } finally {
    child.kill()
  }
  verify((await closed) === 0, `${program} ${args.join(' ')} ends well`)
  const least = Math.min(...psnrs)
  verify(
    least >= leastPsnr,
    `all ${psnrs.length} frames are at least ${leastPsnr} dB alike; frame ${psnrs.indexOf(least)} has ${least.toFixed(1)} dB`,
  )
  return { frames: psnrs.length, leastPsnr: least, medianPsnr: median(psnrs) }
}

/**
 * Presentation ticks of the frames on screen at k / fps, by ffprobe's packets alone.
 * @param {Awaited<ReturnType<typeof import('./ffmpeg.mjs').probeVideo>>} video
 * @param {number} fps
 */
export function expectedTicks({ ticks, seconds, end }, fps) {
  const expected = []
  let frame = 0
  for (let k = 0; k / fps < end - 1e-9; k++) {
    while (frame + 1 < ticks.length && seconds(ticks[frame + 1] ?? NaN) <= k / fps + 1e-6) frame++
    expected.push(ticks[frame] ?? NaN)
  }
  return expected
}

/** Identical pictures count as 100 dB. @param {Uint8Array} a @param {Uint8Array} b */
export function psnr(a, b) {
  let squares = 0
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    squares += difference * difference
  }
  return squares === 0 ? 100 : Math.min(100, 10 * Math.log10((255 * 255 * a.length) / squares))
}

/** Reads exact numbers of bytes from a stream. */
export class RawReader {
  /** @param {import('node:stream').Readable} stream */
  constructor(stream) {
    this.chunks = stream.iterator()
    this.rest = new Uint8Array(0)
  }

  /** Null at the end. @param {number} length @returns {Promise<Uint8Array | null>} */
  async read(length) {
    const wanted = new Uint8Array(length)
    for (let filled = 0; filled < length;) {
      if (this.rest.length === 0) {
        const { value, done } = await this.chunks.next()
        if (done) return null
        this.rest = value
      }
      const part = this.rest.subarray(0, length - filled)
      wanted.set(part, filled)
      filled += part.length
      this.rest = this.rest.subarray(part.length)
    }
    return wanted
  }
}
