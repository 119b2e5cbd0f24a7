// Owns the bytes of cached facts and packet indexes: a JSON head, then the columns.
import type { NativeSourceFacts } from '../native/binding.js'
import type { PacketTable } from '../source-types.js'
import type { FrameTable } from './packet-index.js'

export function encodeFacts(facts: NativeSourceFacts): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(facts))
}

/** null when the bytes are no stored facts. */
export function decodeFacts(bytes: Uint8Array): NativeSourceFacts | null {
  const facts = parseJson(bytes)
  return isFacts(facts) ? facts : null
}

/** What is stored for one stream; enough to make its {@link PacketIndex} without opening the file. */
export interface StoredIndex {
  readonly packets: PacketTable
  readonly found: FrameTable | null
  /** Presentation ticks that a survey showed to have no frame. */
  readonly absent: Float64Array
  readonly damagedEnd: boolean
}

/** Raise when the layout or the meaning of a stored index changes. */
export const storedIndexVersion = 1

interface Head {
  readonly packets: number
  readonly found: number
  readonly absent: number
  readonly damagedEnd: boolean
}

const headBytes = 128

export function encodeIndex({ packets, found, absent, damagedEnd }: StoredIndex): Uint8Array {
  const head: Head = { packets: packets.pts.length, found: found?.pts.length ?? -1, absent: absent.length, damagedEnd }
  const columns = [
    packets.pts,
    packets.dts,
    packets.duration,
    found?.pts,
    found?.ordinals,
    absent,
    packets.size,
    packets.flags,
    found?.keys,
  ]
  const bytes = columns.map((column) =>
    column === undefined ? new Uint8Array(0) : new Uint8Array(column.buffer, column.byteOffset, column.byteLength),
  )
  return Buffer.concat([Buffer.from(JSON.stringify(head).padEnd(headBytes)), ...bytes])
}

/** null when the bytes are not a stored index. `bytes` must start at an offset that doubles may lie at. */
export function decodeIndex(bytes: Uint8Array): StoredIndex | null {
  const head = readHead(bytes)
  if (head === null) return null
  const found = Math.max(0, head.found)
  const expectedBytes = headBytes + 8 * (3 * head.packets + 2 * found + head.absent) + 5 * head.packets + found
  if (bytes.byteLength !== expectedBytes) return null
  let at = headBytes
  const take = (length: number, itemBytes: number): ArrayBuffer => {
    const start = at
    at += length * itemBytes
    return Uint8Array.from(bytes.subarray(start, at)).buffer
  }
  const doubles = (length: number): Float64Array => new Float64Array(take(length, 8))
  const [pts, dts, duration] = [doubles(head.packets), doubles(head.packets), doubles(head.packets)]
  const [foundPts, ordinals] = [doubles(found), doubles(found)]
  const absent = doubles(head.absent)
  const packets = { pts, dts, duration, size: new Uint32Array(take(head.packets, 4)), flags: new Uint8Array(take(head.packets, 1)) }
  const table = { pts: foundPts, ordinals, keys: new Uint8Array(take(found, 1)) }
  return { packets, found: head.found < 0 ? null : table, absent, damagedEnd: head.damagedEnd }
}

function readHead(bytes: Uint8Array): Head | null {
  const head = parseJson(bytes.subarray(0, headBytes))
  return isHead(head) ? head : null
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}

/** The cache checks the digest of what it gives back, and its key holds the version: the outline is enough. */
function isFacts(value: unknown): value is NativeSourceFacts {
  return typeof value === 'object' && value !== null && 'container' in value && 'streams' in value && Array.isArray(value.streams)
}

function isHead(value: unknown): value is Head {
  const isCount = (key: string): boolean => Number.isInteger(Reflect.get(Object(value), key))
  return typeof value === 'object' && value !== null && isCount('packets') && isCount('found') && isCount('absent')
}
