// Owns the packet index of one video stream of an MP4/MOV file, read from its moov box alone: the answer libavformat gives by reading it all.
import { open, stat } from 'node:fs/promises'
import type { Buffer } from 'node:buffer'
import { createFile, MP4BoxBuffer, type ISOFile } from 'mp4box'
import { PacketFlag, type PacketTable, type Rational } from '../source-types.js'
import { demand, Mp4NotReproducible, readMoov } from './mp4-boxes.js'
import { applyEdit, mediaEdit, type EditedSamples } from './mp4-edit-list.js'
import { expandSamples, type Mp4Samples } from './mp4-samples.js'
import { cutTrack } from './mp4-track.js'

/** The packets of one stream, in the stream's own time base. */
export interface Mp4Index {
  readonly timeBase: Rational
  /** Key packets are those of the container's sync sample table. */
  readonly packets: PacketTable
  /** What it cost: bytes read from the file. */
  readonly bytesRead: number
}

/**
 * Reads the packet index of stream `streamIndex` (libavformat's numbering). null: not an MP4/MOV, fragmented, no video stream, unreadable, or
 * anything whose libavformat reading this file does not reproduce with certainty; the caller then scans packets natively.
 * Throws the signal's reason when aborted.
 */
export async function readMp4Index(path: string, streamIndex: number, signal?: AbortSignal): Promise<Mp4Index | null> {
  signal?.throwIfAborted()
  // Opening a FIFO would wait for its writer.
  const fileSize = await stat(path).then(
    (facts) => (facts.isFile() ? facts.size : 0),
    () => 0,
  )
  const file = fileSize > 0 ? await open(path, 'r').catch(() => null) : null
  if (!file) return null
  try {
    const { moov, bytesRead } = await readMoov(file, fileSize, signal)
    signal?.throwIfAborted()
    return { ...indexOf(moov, streamIndex, fileSize), bytesRead }
  } catch (error) {
    if (error instanceof Mp4NotReproducible) return null
    throw error
  } finally {
    await file.close()
  }
}

function indexOf(moov: Buffer, streamIndex: number, fileSize: number): Omit<Mp4Index, 'bytesRead'> {
  const cut = cutTrack(moov, streamIndex, fileSize)
  const movie = parseMoov(cut.boxes)
  const [trak] = movie.traks
  demand(trak !== undefined, 'no track')
  const { mdia, edts } = trak
  const { timescale } = mdia.mdhd
  demand(isTimescale(timescale) && isTimescale(movie.mvhd.timescale), 'time scale')
  const samples = expandSamples(mdia.minf.stbl, cut.descriptionCount)
  const entries = edts?.elst?.entries ?? []
  const edited = entries.length > 0 ? applyEdit(samples, mediaEdit(entries, timescale, movie.mvhd.timescale)) : unedited(samples)
  return { timeBase: { num: 1, den: timescale }, packets: packetTable(samples, edited, cut.isIntraOnly, fileSize) }
}

function isTimescale(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 2 ** 31
}

function parseMoov(boxes: Buffer): ISOFile['moov'] {
  const buffer = new MP4BoxBuffer(boxes.length)
  new Uint8Array(buffer).set(boxes)
  const file = createFile(false)
  file.sampleListBuilt = true // its list would hold an object per sample; the tables are enough
  try {
    file.appendBuffer(buffer)
  } catch (error) {
    throw new Mp4NotReproducible('parser error', { cause: error })
  }
  return file.moov
}

function unedited({ count, dts }: Mp4Samples): EditedSamples {
  return { first: 0, end: count, dts, isHidden: new Uint8Array(count) }
}

function packetTable(samples: Mp4Samples, edited: EditedSamples, isIntraOnly: boolean, fileSize: number): PacketTable {
  const { first, end, dts, isHidden } = edited
  const { compositionOffset, dtsShift, isKey } = samples
  // Packets that all start at the first dts are spread by libavformat at a guessed frame rate.
  demand((dts[1] ?? Infinity) > (dts[0] ?? 0), 'first packet without duration')
  const pts = dts.map((time, row) => time + dtsShift + (compositionOffset?.[first + row] ?? 0))
  const duration = dts.map((time, row) => (dts[row + 1] ?? NaN) - time)
  duration[duration.length - 1] = duration.at(-2) ?? samples.lastDuration
  const flags = isHidden.map((hidden, row) => {
    const isTruncated = (samples.end[first + row] ?? 0) > fileSize
    const key = isIntraOnly || isKey[first + row] ? PacketFlag.key : 0
    return key | (hidden ? PacketFlag.hidden : 0) | (isTruncated ? PacketFlag.truncated : 0)
  })
  return { pts, dts, duration, size: samples.size.slice(first, end), flags }
}
