// Owns turning the run-length tables of one track into one row per sample. Knows nothing of edit lists.
import { demand } from './mp4-boxes.js'

/** The samples of a track as stored, in decode order. Ticks are of the media time scale. */
export interface Mp4Samples {
  readonly count: number
  /** Starts at -dtsShift, as libavformat's index does. */
  readonly dts: Float64Array
  /** What libavformat adds to dts, besides dtsShift, to get pts; null: the track has no such table and pts is dts. */
  readonly compositionOffset: Float64Array | null
  /** How far below zero composition offsets reach. */
  readonly dtsShift: number
  readonly lastDuration: number
  readonly isKey: Uint8Array
  readonly size: Uint32Array
  /** Byte in the file behind the last of the sample. */
  readonly end: Float64Array
}

/** The tables as mp4box names their fields; it types as present what a file may lack. */
interface SampleTables {
  readonly stts: { readonly sample_counts: readonly number[]; readonly sample_deltas: readonly number[] }
  readonly ctts?: { readonly sample_counts: readonly number[]; readonly sample_offsets: readonly number[] }
  readonly stss?: { readonly sample_numbers: readonly number[] }
  readonly stsz: { readonly sample_sizes: readonly number[] }
  readonly stsc: {
    readonly first_chunk: readonly number[]
    readonly samples_per_chunk: readonly number[]
    readonly sample_description_index: readonly number[]
  }
  readonly stco?: { readonly chunk_offsets: readonly number[] }
  readonly co64?: { readonly chunk_offsets: readonly number[] }
}

export function expandSamples(tables: SampleTables, descriptionCount: number): Mp4Samples {
  const size = Uint32Array.from(tables.stsz.sample_sizes)
  const count = size.length
  // A parser drops an empty packet, a codec without parser delivers it.
  demand(
    size.every((bytes) => bytes > 0 && bytes <= 0x3fffffff),
    'sample size',
  )
  const { compositionOffset, dtsShift } = expandCompositionOffsets(tables, count)
  const { dts, lastDuration } = expandDecodeTimes(tables, count, 0 - dtsShift)
  // Such packets get other timestamps from libavformat, codec by codec.
  if (compositionOffset)
    demand(
      compositionOffset.every((offset) => offset + dtsShift >= 0),
      'pts before dts',
    )
  const end = expandChunks(tables, size, descriptionCount)
  return { count, dts, compositionOffset, dtsShift, lastDuration, isKey: expandKeys(tables, count), size, end }
}

function expandDecodeTimes({ stts }: SampleTables, count: number, start: number): { dts: Float64Array; lastDuration: number } {
  const dts = new Float64Array(count)
  let filled = 0
  let time = start
  let lastDuration = 0
  for (const [run, length] of stts.sample_counts.entries()) {
    demand(length > 0, 'empty run in stts')
    lastDuration = stts.sample_deltas[run] ?? 0
    for (const until = Math.min(count, filled + length); filled < until; filled++) {
      dts[filled] = time
      time += lastDuration
    }
    if (filled === count) break
  }
  demand(filled === count && Number.isSafeInteger(time), 'samples of stts')
  return { dts, lastDuration }
}

function expandCompositionOffsets(tables: SampleTables, count: number): { compositionOffset: Float64Array | null; dtsShift: number } {
  const { sample_counts: lengths, sample_offsets: offsets } = tables.ctts ?? { sample_counts: [], sample_offsets: [] }
  if (lengths.length === 0) return { compositionOffset: null, dtsShift: 0 }
  const compositionOffset = new Float64Array(count)
  let filled = 0
  let dtsShift = 0
  for (const [run, length] of lengths.entries()) {
    const offset = offsets[run] ?? 0
    demand(length > 0 && length < 2 ** 31 && Math.abs(offset) < 2 ** 28, 'run in ctts')
    // libavformat leaves the last two runs out of account: muxers put nonsense there.
    if (run + 2 < lengths.length) dtsShift = Math.max(dtsShift, -offset)
    const until = Math.min(count, filled + length)
    compositionOffset.fill(offset, filled, until)
    filled = until
  }
  demand(filled === count, 'samples of ctts')
  return { compositionOffset, dtsShift }
}

function expandKeys({ stss }: SampleTables, count: number): Uint8Array {
  const isKey = new Uint8Array(count)
  if (!stss) return isKey.fill(1)
  demand(stss.sample_numbers.length > 0, 'no key sample')
  let last = 0
  for (const number of stss.sample_numbers) {
    demand(number > last && number <= count, 'order of stss')
    isKey[number - 1] = 1
    last = number
  }
  return isKey
}

function expandChunks(tables: SampleTables, size: Uint32Array, descriptionCount: number): Float64Array {
  const { first_chunk: firstChunks, samples_per_chunk: lengths, sample_description_index: descriptions } = tables.stsc
  const offsets = (tables.stco ?? tables.co64)?.chunk_offsets
  demand(offsets !== undefined && !(tables.stco && tables.co64), 'one table of chunk offsets')
  const end = new Float64Array(size.length)
  let sample = 0
  demand(firstChunks[0] === 1, 'first chunk')
  for (const [run, firstChunk] of firstChunks.entries()) {
    const length = lengths[run] ?? 0
    const description = descriptions[run] ?? 0
    const nextChunk = firstChunks[run + 1] ?? offsets.length + 1
    demand(length > 0 && description >= 1 && description <= descriptionCount, 'run in stsc')
    demand(nextChunk > firstChunk && nextChunk <= offsets.length + 1, 'order of stsc')
    demand((nextChunk - firstChunk) * length <= size.length - sample, 'samples of stsc')
    for (let chunk = firstChunk; chunk < nextChunk; chunk++) {
      let position = offsets[chunk - 1] ?? 0
      for (const until = sample + length; sample < until; sample++) {
        position += size[sample] ?? 0
        end[sample] = position
      }
    }
  }
  demand(sample === size.length, 'samples of stsc')
  return end
}
