// Owns the box structure of an MP4/MOV file: finds moov, cuts one video track out of it, and refuses whatever libavformat reads in a way
// of its own. Knows box headers and no sample tables.
import { Buffer } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'

/** Thrown where libavformat's reading of a file cannot be reproduced with certainty; libavformat itself must then read it. */
export class Mp4NotReproducible extends Error {
  override readonly name = 'Mp4NotReproducible'
}

export function demand(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Mp4NotReproducible(what)
}

/** A box inside a buffer: its payload is [body, end). */
export interface BoxSpan {
  readonly type: string
  readonly start: number
  readonly body: number
  readonly end: number
}

// Some 40 MB of tables make a ten-hour film at 60 frames per second with its sound.
const maxMoovBytes = 256 * 2 ** 20
const maxTopLevelBoxes = 1024
const readChunkBytes = 2 ** 20

const openingTypes: ReadonlySet<string> = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot'])
// Of several moov boxes libavformat reads the first. Any other type may add streams or fragments (meta, udta, moof, sidx, trak ...).
const inertTypes: ReadonlySet<string> = new Set(['ftyp', 'mdat', 'free', 'skip', 'wide', 'pnot', 'PICT', 'uuid', 'junk', 'pdin'])

/** Reads the whole moov box of `file`. Only box headers are read of everything else. */
export async function readMoov(
  file: FileHandle,
  fileSize: number,
  signal?: AbortSignal,
): Promise<{ moov: Buffer; /** In the file. */ position: number; bytesRead: number }> {
  let moov: Buffer | undefined
  let moovPosition = 0
  let bytesRead = 0
  let position = 0
  for (let count = 0; position + 8 <= fileSize; count++) {
    signal?.throwIfAborted()
    demand(count < maxTopLevelBoxes, 'too many boxes')
    const header = Buffer.alloc(Math.min(16, fileSize - position))
    await fill(header, file, position)
    bytesRead += header.length
    const type = header.toString('latin1', 4, 8)
    if (count === 0) demand(openingTypes.has(type), 'not an ISO base media file')
    if (moov && !/^[\x20-\x7e]{4}$/.test(type)) break // what cameras append behind the last box
    const size = topLevelSize(header, type, fileSize - position)
    if (type === 'moov' && !moov) {
      demand(size <= maxMoovBytes && position + size <= fileSize, 'size of moov')
      moov = await readMoovBytes(file, position, size, signal)
      moovPosition = position
      bytesRead += size
    } else {
      demand(inertTypes.has(type) || type === 'moov', `top-level box ${type}`)
    }
    position += size
  }
  demand(moov !== undefined, 'no moov')
  return { moov, position: moovPosition, bytesRead }
}

function topLevelSize(header: Buffer, type: string, remaining: number): number {
  const size = header.readUInt32BE(0)
  if (size === 0) {
    demand(type === 'mdat', 'open-ended box')
    return remaining
  }
  if (size !== 1) {
    demand(size >= 8, 'box size')
    return size
  }
  demand(header.length === 16, 'box size')
  const large = header.readBigUInt64BE(8)
  demand(large >= 16n && large <= BigInt(Number.MAX_SAFE_INTEGER), 'box size')
  return Number(large)
}

async function readMoovBytes(file: FileHandle, position: number, size: number, signal?: AbortSignal): Promise<Buffer> {
  const bytes = Buffer.alloc(size)
  for (let done = 0; done < size; done += readChunkBytes) {
    signal?.throwIfAborted()
    await fill(bytes.subarray(done, done + readChunkBytes), file, position + done)
  }
  return bytes
}

async function fill(bytes: Buffer, file: FileHandle, position: number): Promise<void> {
  const { bytesRead } = await file.read(bytes, 0, bytes.length, position).catch((error: unknown) => {
    throw new Mp4NotReproducible('read error', { cause: error })
  })
  demand(bytesRead === bytes.length, 'file shrank while it was read')
}

/** The box at `start`, which must lie inside [start, limit). */
export function boxAt(bytes: Buffer, start: number, limit: number): BoxSpan {
  demand(start + 8 <= limit, 'box header')
  const size = bytes.readUInt32BE(start)
  const headerSize = size === 1 ? 16 : 8
  demand(start + headerSize <= limit, 'box header')
  const boxSize = size === 1 ? Number(bytes.readBigUInt64BE(start + 8)) : size
  demand(boxSize >= headerSize && start + boxSize <= limit, 'box size')
  return { type: bytes.toString('latin1', start + 4, start + 8), start, body: start + headerSize, end: start + boxSize }
}

/** The boxes of [start, end); up to seven trailing bytes belong to no box, as QuickTime's terminators do. */
export function boxesIn(bytes: Buffer, start: number, end: number): BoxSpan[] {
  const found: BoxSpan[] = []
  for (let at = start; at + 8 <= end;) {
    const box = boxAt(bytes, at, end)
    found.push(box)
    at = box.end
  }
  return found
}

export function childrenOf(bytes: Buffer, box: BoxSpan): BoxSpan[] {
  return boxesIn(bytes, box.body, box.end)
}

/** The one child of that type; none or several are refused. */
export function childOf(bytes: Buffer, box: BoxSpan, type: string): BoxSpan {
  const [child, second] = childrenOf(bytes, box).filter((each) => each.type === type)
  demand(child !== undefined && second === undefined, `one ${type}`)
  return child
}

const keptTypes: ReadonlyMap<string, readonly string[]> = new Map([
  ['moov', ['mvhd', 'trak']],
  ['trak', ['edts', 'mdia']],
  ['edts', ['elst']],
  ['mdia', ['mdhd', 'minf']],
  ['minf', ['stbl']],
  ['stbl', ['stts', 'ctts', 'stss', 'stsz', 'stsc', 'stco', 'co64']],
])

/** A copy of `box` holding only the boxes that make a packet index: what goes to the parser is what was checked here. */
export function pruned(bytes: Buffer, box: BoxSpan, keep: (child: BoxSpan) => boolean = () => true): Buffer {
  const types = keptTypes.get(box.type)
  if (!types) return bytes.subarray(box.start, box.end)
  const children = childrenOf(bytes, box).filter((child) => types.includes(child.type) && keep(child))
  demand(new Set(children.map((child) => child.type)).size === children.length, `duplicate box in ${box.type}`)
  const parts = children.map((child) => pruned(bytes, child))
  const header = Buffer.alloc(8)
  header.writeUInt32BE(
    parts.reduce((sum, part) => sum + part.length, 8),
    0,
  )
  header.write(box.type, 4, 'latin1')
  return Buffer.concat([header, ...parts])
}
