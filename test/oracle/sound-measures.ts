// Owns what docs/analysis.md says of sound, computed the plain way from the samples that ffmpeg decodes; and ffmpeg's own measurements.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fileUrl } from './ffmpeg-command.js'

const run = promisify(execFile)
const maxBuffer = 2 ** 30

/** All channels of a file's first audio stream, as ffmpeg decodes them. */
export async function decodeChannels(path: string, count: number): Promise<Float32Array[]> {
  const args = ['-v', 'error', '-nostdin', '-i', fileUrl(path), '-map', '0:a:0', '-f', 'f32le', '-c:a', 'pcm_f32le', '-']
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer })
  const samples = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength))
  const length = samples.length / count
  return Array.from({ length: count }, (_, channel) => Float32Array.from({ length }, (_, n) => samples[n * count + channel] ?? NaN))
}

export interface PlainMeasures {
  readonly count: number
  readonly rms: number[]
  readonly peak: number[]
  readonly zeroCrossings: number[]
  readonly centroid: number[]
  readonly flux: number[]
}

/** Every window of whole sound; `lfe` is a channel that the mix leaves out. */
export function measurePlainly(channels: readonly Float32Array[], rate: number, lfe?: number): PlainMeasures {
  const length = channels[0]?.length ?? 0
  const mixed = channels.filter((_, channel) => channel !== lfe)
  const mix = Float32Array.from({ length }, (_, n) => mixed.reduce((sum, channel) => sum + (channel[n] ?? 0), 0) / mixed.length)
  const boundary = (window: number): number => Math.round((window * rate) / 100)
  let count = 0
  while (boundary(count) < length) count += 1
  const windows = Array.from({ length: count }, (_, window) => ({ from: boundary(window), to: Math.min(length, boundary(window + 1)) }))
  const spectra = windows.map((_, window) => spectrumAt(mix, Math.floor((boundary(window) + boundary(window + 1)) / 2), rate))
  const parts = windows.map(({ from, to }) => channels.map((channel) => channel.subarray(from, to)))
  return {
    count,
    rms: parts.map((part) => Math.sqrt(sumOf(part.map((each) => sumOf(each.map((x) => x * x)))) / sumOf(part.map((each) => each.length)))),
    peak: parts.map((part) => Math.max(...part.map((each) => each.reduce((most, x) => Math.max(most, Math.abs(x)), 0)))),
    zeroCrossings: windows.map(({ from, to }) => crossingsOf(mix, from, to)),
    centroid: spectra.map(({ centroid }) => centroid),
    flux: spectra.map(({ levels, end }, window) => {
      if (end > length) return 0
      const before = spectra[window - 1]?.levels ?? []
      return sumOf(levels.map((level, band) => Math.max(0, level - (before[band] ?? 0))))
    }),
  }
}

const sumOf = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0)

function crossingsOf(mix: Float32Array, from: number, to: number): number {
  const first = Math.max(1, from)
  let crossings = 0
  for (let n = first; n < to; n += 1) if ((mix[n] ?? 0) < 0 !== (mix[n - 1] ?? 0) < 0) crossings += 1
  return crossings / Math.max(1, to - first)
}

const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700)

/** Hann window of a power of two of at least 1024 / 48,000 s, centred; a sine has its amplitude as magnitude. */
function spectrumAt(mix: Float32Array, centre: number, rate: number): { centroid: number; levels: number[]; end: number } {
  const length = Math.max(64, 2 ** Math.ceil(Math.log2(Math.ceil((rate * 1024) / 48_000))))
  const hann = (n: number): number => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length)
  const power = powerSpectrum(Float64Array.from({ length }, (_, n) => (mix[centre - length / 2 + n] ?? 0) * hann(n))).map(
    (each) => each * (4 / length) ** 2,
  )
  const magnitudes = power.map(Math.sqrt)
  const bin = rate / length
  const total = sumOf(magnitudes)
  const centroid = total < 1e-7 ? 0 : sumOf(magnitudes.map((magnitude, k) => magnitude * k * bin)) / total
  const highest = mel(Math.min(16_000, rate / 2))
  const edges = [1]
  for (let band = 1; band <= 40; band += 1) {
    const hertz = 700 * (10 ** ((highest * band) / 40 / 2595) - 1)
    edges.push(Math.max((edges.at(-1) ?? 0) + 1, Math.round(hertz / bin)))
  }
  const bands = edges.slice(0, -1).map((from, band) => power.subarray(from, edges[band + 1]))
  const whole = bands.filter((_, band) => (edges[band + 1] ?? 0) <= power.length)
  return { centroid, end: centre + length / 2, levels: whole.map((band) => Math.log(1 + 1e4 * Math.sqrt(sumOf(band)))) }
}

/** |X|^2 of the bins up to half the rate; the length is a power of two. */
function powerSpectrum(samples: Float64Array): Float64Array {
  const { re, im } = transform(samples, new Float64Array(samples.length))
  return Float64Array.from({ length: samples.length / 2 + 1 }, (_, k) => (re[k] ?? 0) ** 2 + (im[k] ?? 0) ** 2)
}

interface Complex {
  readonly re: Float64Array
  readonly im: Float64Array
}

/** cos and sin of -2 pi k / length. */
const turns = new Map<number, Complex>()

function turnsOf(length: number): Complex {
  const known = turns.get(length) ?? {
    re: Float64Array.from({ length: length / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / length)),
    im: Float64Array.from({ length: length / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / length)),
  }
  turns.set(length, known)
  return known
}

/** Cooley and Tukey's, by halves. */
function transform(re: Float64Array, im: Float64Array): Complex {
  const length = re.length
  if (length === 1) return { re, im }
  const half = length / 2
  const every = (parts: Float64Array, offset: number): Float64Array => {
    const half = new Float64Array(length / 2)
    for (let n = 0; n < half.length; n += 1) half[n] = parts[2 * n + offset] ?? 0
    return half
  }
  const even = transform(every(re, 0), every(im, 0))
  const odd = transform(every(re, 1), every(im, 1))
  const result = { re: new Float64Array(length), im: new Float64Array(length) }
  const turn = turnsOf(length)
  for (let k = 0; k < half; k += 1) {
    const cos = turn.re[k] ?? 0
    const sin = turn.im[k] ?? 0
    const oddRe = odd.re[k] ?? 0
    const oddIm = odd.im[k] ?? 0
    const turnedRe = oddRe * cos - oddIm * sin
    const turnedIm = oddRe * sin + oddIm * cos
    result.re[k] = (even.re[k] ?? 0) + turnedRe
    result.im[k] = (even.im[k] ?? 0) + turnedIm
    result.re[k + half] = (even.re[k] ?? 0) - turnedRe
    result.im[k + half] = (even.im[k] ?? 0) - turnedIm
  }
  return result
}

/** 100 ms of sound as ffmpeg's filters ebur128 and astats see them. */
export interface FfmpegMeasure {
  /** Seconds of the stream's own time where it begins. */
  readonly start: number
  /** LUFS of the 400 ms that end with it; ffmpeg's floor is -120.7. */
  readonly momentary: number
  /** dBFS of all channels; -Infinity for silence. */
  readonly rms: number
}

/** Of all of a file's first audio stream, brought to `rate`, which is its own or another. */
export async function measureWithFfmpeg(path: string, rate: number): Promise<FfmpegMeasure[]> {
  const measure =
    'ebur128=metadata=1,astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level,ametadata=mode=print:file=-'
  const input = ['-v', 'error', '-nostdin', '-copyts', '-i', fileUrl(path), '-map', '0:a:0']
  const { stdout } = await run('ffmpeg', [...input, '-af', `aresample=${rate},${measure}`, '-f', 'null', '-'], { maxBuffer })
  return stdout
    .split('frame:')
    .slice(1)
    .map((block) => {
      const value = (key: string): number =>
        Number.parseFloat(new RegExp(`${key}[:=]\\s*(\\S+)`).exec(block)?.[1]?.replace('inf', 'Infinity') ?? 'NaN')
      // In samples, since its seconds are rounded to six digits.
      return { start: value('pts') / rate, momentary: value('lavfi\\.r128\\.M'), rms: value('RMS_level') }
    })
}
