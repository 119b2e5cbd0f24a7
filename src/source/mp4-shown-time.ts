// Owns how long an MP4 or MOV file shows its tracks: rewrites that in a finished file, and nothing else.
import { type Buffer } from 'node:buffer'
import { open } from 'node:fs/promises'
import { boxAt, childOf, childrenOf, demand, readMoov, type BoxSpan } from './mp4-boxes.js'

/**
 * Ends the pictures of a file after so many seconds: packets stay, and what they show later is cut off by the edit list. libavformat's muxer
 * has no word for it, and shows whatever it was given.
 *
 * ISO/IEC 14496-12, 8.2.2 (mvhd), 8.3.2 (tkhd), 8.6.6 (elst).
 * @throws Mp4NotReproducible when the file is not as libavformat writes it
 */
export async function endPicturesAt(path: string, seconds: number): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const { moov, position } = await readMoov(file, (await file.stat()).size)
    const box = boxAt(moov, 0, moov.length)
    const header = childOf(moov, box, 'mvhd')
    const timescale = moov.readUInt32BE(header.body + (isLong(moov, header) ? 20 : 12))
    const tracks = childrenOf(moov, box).filter(({ type }) => type === 'trak')
    const pictures = tracks.find((track) => handlerOf(moov, track) === 'vide')
    demand(pictures !== undefined, 'a video track')
    // Down: a tick too many would show one frame more, and a frame lasts more than a tick.
    const duration = Math.floor(seconds * timescale + 1e-6)
    const list = childOf(moov, childOf(moov, pictures, 'edts'), 'elst')
    writeLastEdit(moov, list, duration)
    const shown = editsOf(moov, list)
    writeDuration(moov, childOf(moov, pictures, 'tkhd'), { long: 28, short: 20 }, shown)
    const longest = tracks.map((track) => readDuration(moov, childOf(moov, track, 'tkhd'), { long: 28, short: 20 }))
    writeDuration(moov, header, { long: 24, short: 16 }, Math.max(...longest))
    await file.write(moov, 0, moov.length, position)
  } finally {
    await file.close()
  }
}

/** Where a field lies in the payload of a full box of version 1, and of version 0. */
interface Place {
  readonly long: number
  readonly short: number
}

function isLong(moov: Buffer, box: BoxSpan): boolean {
  return moov.readUInt8(box.body) === 1
}

function handlerOf(moov: Buffer, track: BoxSpan): string {
  const handler = childOf(moov, childOf(moov, track, 'mdia'), 'hdlr')
  return moov.toString('latin1', handler.body + 8, handler.body + 12)
}

function readDuration(moov: Buffer, box: BoxSpan, place: Place): number {
  return isLong(moov, box) ? Number(moov.readBigUInt64BE(box.body + place.long)) : moov.readUInt32BE(box.body + place.short)
}

function writeDuration(moov: Buffer, box: BoxSpan, place: Place, duration: number): void {
  if (isLong(moov, box)) moov.writeBigUInt64BE(BigInt(duration), box.body + place.long)
  else moov.writeUInt32BE(duration, box.body + place.short)
}

function entryBytes(moov: Buffer, list: BoxSpan): number {
  return isLong(moov, list) ? 20 : 12
}

/** All edits together. */
function editsOf(moov: Buffer, list: BoxSpan): number {
  const count = moov.readUInt32BE(list.body + 4)
  let total = 0
  for (let entry = 0; entry < count; entry++) {
    const at = list.body + 8 + entry * entryBytes(moov, list)
    total += isLong(moov, list) ? Number(moov.readBigUInt64BE(at)) : moov.readUInt32BE(at)
  }
  return total
}

/** The last edit is the one of the media; those before it are empty. */
function writeLastEdit(moov: Buffer, list: BoxSpan, duration: number): void {
  const count = moov.readUInt32BE(list.body + 4)
  demand(count > 0, 'an edit')
  const at = list.body + 8 + (count - 1) * entryBytes(moov, list)
  if (isLong(moov, list)) moov.writeBigUInt64BE(BigInt(duration), at)
  else moov.writeUInt32BE(duration, at)
}
