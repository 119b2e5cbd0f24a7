// The measured sound of real clips against ffmpeg's ebur128 and astats; vitest.config.ts leaves this file out without a folder FRAMEMILL_CORPUS.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadBinding } from '../../dist/native/binding.js'
import { measureWithFfmpeg, type FfmpegMeasure } from '../oracle/sound-measures.js'
import { measureSound } from '../native/sound-analyzers.js'
import { sourceOf } from '../native/samplers.js'

const binding = loadBinding()
const folder = process.env['FRAMEMILL_CORPUS'] ?? ''
const notClips = /\.(tsv|txt|md|json|ya?ml)$|SHA256SUMS$/

interface Clip {
  readonly name: string
  readonly path: string
  readonly streamIndex: number
  readonly rate: number
}

const corpus = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !notClips.test(entry.name))
  .flatMap((entry) => withSound(entry.name, join(entry.parentPath, entry.name)))
  .sort((a, b) => (a.path < b.path ? -1 : 1))

/** The clip, where it has sound that can be decoded. */
function withSound(name: string, path: string): Clip[] {
  try {
    const stream = binding.probe(sourceOf(path)).streams.find(({ type }) => type === 'audio')
    return stream?.hasDecoder === true ? [{ name, path, streamIndex: stream.index, rate: stream.sampleRate }] : []
  } catch {
    return []
  }
}

/** LU, and a share of full scale. Below -70 LUFS, R128's own gate, loudness is not compared. */
const [mostLoudness, mostLoudnessOfLowRates, mostRms] = [0.05, 0.2, 1e-6]
const gate = -70

/** Pieces of 100 ms whose 400 ms before were heard without a break: ffmpeg's filters do not notice one. */
function unbroken(pieces: readonly FfmpegMeasure[]): FfmpegMeasure[] {
  return pieces.filter(({ start }, n) => n >= 3 && Math.abs(start - (pieces[n - 3]?.start ?? NaN) - 0.3) < 0.002).slice(0, -1)
}

const compared: Record<'loudness' | 'rms', number[]> = { loudness: [], rms: [] }

describe('the measured sound of real clips', () => {
  it.each(corpus)("has ffmpeg's loudness and level: $name", async ({ path, streamIndex, rate }) => {
    const pieces = await measureWithFfmpeg(path, rate).catch(() => [])
    // At low rates ffmpeg's filter is louder than the standard's, which is given for 48 kHz, and any filter bends what is near half the rate.
    const isLow = rate < 32_000
    const loudnessPieces = isLow ? await measureWithFfmpeg(path, 48_000) : pieces
    const first = pieces[0]?.start ?? 0
    // To the microsecond: windows then begin where ffmpeg's pieces do.
    const timeBase = { num: 1, den: 1_000_000 }
    const { rms, loudness, count } = measureSound(binding, path, { streamIndex, timeBase, start: Math.round(first * 1e6) })
    expect(Math.abs(count - 10 * pieces.length)).toBeLessThan(25)
    const windowOf = ({ start }: FfmpegMeasure): number => Math.round((start - first) * 100)
    const ofLoudness = unbroken(loudnessPieces)
      .filter(({ momentary }) => momentary >= gate)
      .map((piece) => Math.abs((loudness[windowOf(piece) + 9] ?? NaN) - piece.momentary))
    const ofRms = unbroken(pieces).map((piece) => {
      const levels = rms.subarray(windowOf(piece), windowOf(piece) + 10)
      return Math.abs(Math.sqrt(levels.reduce((sum, each) => sum + each * each, 0) / 10) - 10 ** (piece.rms / 20))
    })
    expect(Math.max(0, ...ofLoudness)).toBeLessThan(isLow ? mostLoudnessOfLowRates : mostLoudness)
    expect(Math.max(0, ...ofRms)).toBeLessThan(mostRms)
    compared.loudness.push(...ofLoudness)
    compared.rms.push(...ofRms)
  })

  it('is there to be compared', () => {
    const facts = ([name, each]: [string, number[]]): string => `${name}: ${each.length} pieces, worst ${Math.max(...each).toPrecision(2)}`
    console.log(Object.entries(compared).map(facts).join('; '))
    expect(compared.loudness.length).toBeGreaterThan(0)
  })
})
