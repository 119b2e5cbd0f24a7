// Owns the sound that ffmpeg plays for a part of a file, laid out on the timeline; and by how much one sound lags behind another.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
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
  const samples = new Float32Array(last.pts + last.count - first.pts)
  let taken = 0
  for (const { pts, count } of frames) {
    samples.set(decoded.subarray(taken, taken + count), Math.max(0, pts - first.pts))
    taken += count
  }
  const complaints = lines.filter((line) => /\[(warning|error|fatal|panic)\]/.test(line))
  return { rate: first.rate, start: first.pts / first.rate, samples, complaints }
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
 * NaN where it is nowhere near.
 */
export function lagOf(window: Float32Array, sound: Float32Array, place: number, rate: number): number | undefined {
  if (meanSquareOf(window) < silence) return undefined
  const step = Math.max(1, Math.floor(rate / 8000))
  const reach = Math.round((widestLag * rate) / step)
  const [coarseWindow, coarseSound] = [averaged(window, step, 0), averaged(sound, step, place % step)]
  const coarsePlace = Math.floor(place / step)
  const coarse = bestLag(coarseWindow, coarseSound, coarsePlace, -reach, reach, asGood)
  if (Number.isNaN(coarse)) return NaN
  return bestLag(window, sound, place, (coarse - 2) * step, (coarse + 2) * step, 1)
}

/** The smallest lag of those whose correlation reaches a share of the best one's. */
function bestLag(window: Float32Array, sound: Float32Array, place: number, from: number, to: number, share: number): number {
  const correlations: { lag: number; value: number }[] = []
  for (let lag = from; lag <= to; lag += 1) {
    // The window is later in its own file by `lag` when the source has it earlier by as much.
    const value = correlation(window, sound, place - lag)
    if (value !== undefined) correlations.push({ lag, value })
  }
  const best = Math.max(...correlations.map(({ value }) => value))
  if (!(best > leastCorrelation)) return NaN
  const good = correlations.filter(({ value }) => value >= share * best)
  return good.reduce((nearest, { lag }) => (Math.abs(lag) < Math.abs(nearest) ? lag : nearest), Infinity)
}

/** Cosine of the angle between the window and the part of the sound at `at`; undefined where the sound does not reach. */
function correlation(window: Float32Array, sound: Float32Array, at: number): number | undefined {
  if (at < 0 || at + window.length > sound.length) return undefined
  let [product, ofWindow, ofSound] = [0, 0, 0]
  for (let n = 0; n < window.length; n += 1) {
    const [a, b] = [window[n] ?? 0, sound[at + n] ?? 0]
    product += a * b
    ofWindow += a * a
    ofSound += b * b
  }
  return ofSound === 0 ? 0 : product / Math.sqrt(ofWindow * ofSound)
}

function averaged(samples: Float32Array, step: number, from: number): Float32Array {
  return Float32Array.from({ length: Math.floor((samples.length - from) / step) }, (_, n) => {
    let sum = 0
    for (let k = 0; k < step; k += 1) sum += samples[from + n * step + k] ?? 0
    return sum / step
  })
}

export function meanSquareOf(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length)
}
