// Owns the sound that ffmpeg plays for a part of a file, laid out on the timeline; and by how much one sound lags behind another.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { correlations } from './cross-correlation.js'
import { fileUrl } from './ffmpeg-command.js'

const run = promisify(execFile)

export interface Sound {
  readonly rate: number
  /** Of the first sample, in seconds of the file's own time. */
  readonly start: number
  /** All channels added up; what is missing between two frames is silence. */
  readonly samples: Float32Array
  /** What ffmpeg complained of. */
  readonly complaints: readonly string[]
}

/** Clocks of whole milliseconds make the frames of an unbroken sound seem to lie this far apart, or over each other. */
const clockSeconds = 0.0015

/** What is decoded before a part and thrown away: codecs whose frames overlap need the one before. */
const leadSeconds = 1

/** The sound of the file's first audio stream between two times (in the file's own time), or undefined where there is none. */
export async function decodeSound(
  path: string,
  containerStart: number,
  from: number,
  to: number,
  rate?: number,
): Promise<Sound | undefined> {
  const seek = Math.max(0, from - containerStart - leadSeconds)
  const resampled = rate === undefined ? [] : [`aresample=${rate}`]
  const graph = [
    `atrim=start=${from.toFixed(6)}:end=${to.toFixed(6)}`,
    ...resampled,
    'aformat=channel_layouts=mono:sample_fmts=flt',
    'ashowinfo',
  ]
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-v', 'level+info', '-copyts', ...(seek === 0 ? [] : ['-ss', seek.toFixed(6)])],
    ...['-i', fileUrl(path), '-map', '0:a:0', '-af', graph.join(','), '-f', 'f32le', '-'],
  ]
  const { stdout, stderr } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 2 ** 30 }).catch(() => ({
    stdout: undefined,
    stderr: '',
  }))
  if (stdout === undefined) return undefined
  const lines = stderr.toString().split('\n')
  const frames = lines.flatMap((line) => {
    const [, pts, time, inRate, count] = /\bpts:(-?\d+) pts_time:(\S+) .*\brate:(\d+) nb_samples:(\d+)/.exec(line) ?? []
    return pts === undefined ? [] : [{ pts: Number(pts), time: Number(time), rate: Number(inRate), count: Number(count) }]
  })
  const [first, last] = [frames[0], frames.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const decoded = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength))
  const samples = new Float32Array(last.pts + last.count - first.pts + Math.ceil(clockSeconds * first.rate))
  let [taken, end] = [0, 0]
  for (const { pts, count } of frames) {
    const told = Math.max(0, pts - first.pts)
    const place = Math.abs(told - end) <= clockSeconds * first.rate ? end : told
    samples.set(decoded.subarray(taken, taken + count), place)
    taken += count
    end = place + count
  }
  const complaints = lines.filter((line) => /\[(warning|error|fatal|panic)\]/.test(line))
  return { rate: first.rate, start: first.pts / first.rate, samples: samples.subarray(0, end), complaints }
}

/** Seconds to either side within which a lag is looked for. */
const widestLag = 0.25
/** Share of the best correlation at which a smaller lag is as good: sounds repeat themselves. */
const asGood = 0.995
/** Below this mean square there is nothing to hear. */
const silence = 1e-7
/** Below this correlation the two sounds are not the same. */
const leastCorrelation = 0.5

/**
 * Samples by which `window` comes later in `sound` than at `place` (a sample of it): 0 where it belongs. Undefined where the window is silent.
 * NaN where it is nowhere near. Of several peaks that are as good, the nearest; every sample is looked at, as a hiss goes together with itself
 * at one lag alone.
 */
export function lagOf(window: Float32Array, sound: Float32Array, place: number, rate: number): number | undefined {
  if (meanSquareOf(window) < silence) return undefined
  const reach = Math.round(widestLag * rate)
  const values = correlations(window, sound, place - reach, 2 * reach + 1)
  const at = (k: number): number => values[k] ?? NaN
  const best = values.reduce((most, value) => (value > most ? value : most), -Infinity)
  if (!(best > leastCorrelation)) return NaN
  const isPeak = (k: number): boolean => at(k) >= asGood * best && !(at(k - 1) > at(k)) && !(at(k + 1) > at(k))
  const lags = [...values.keys()].filter(isPeak).map((k) => reach - k)
  // The window is later in its own file by as much as the source has it earlier.
  return lags.reduce((nearest, lag) => (Math.abs(lag) < Math.abs(nearest) ? lag : nearest), Infinity)
}

export function meanSquareOf(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length)
}
