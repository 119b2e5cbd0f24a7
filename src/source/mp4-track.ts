// Owns choosing the trak box that is a given libavformat stream, and checking that its tables say to libavformat what they say on paper.
import type { Buffer } from 'node:buffer'
import { boxAt, boxesIn, childOf, childrenOf, demand, pruned, type BoxSpan } from './mp4-boxes.js'

/** One video track, cut out of its moov. */
export interface Mp4Track {
  /** A moov box with this track only, reduced to the boxes of the packet index; every entry count fits its box. */
  readonly boxes: Buffer
  /** Sample descriptions, all of one codec. */
  readonly descriptionCount: number
  /** Every packet is a random-access point whatever the tables say. */
  readonly isIntraOnly: boolean
}

const intraOnlyCodecs: ReadonlySet<string> = new Set(['apco', 'apcs', 'apcn', 'apch', 'ap4h', 'ap4x', 'jpeg'])
// libavformat parses these: without a sync sample table the bitstream alone tells key frames.
const parsedCodecs: ReadonlySet<string> = new Set(['avc1', 'avc3', 'av01'])
// VP8 and VP9 are missing: whether a packet is shown stands in their bitstream only.
const codecs: ReadonlySet<string> = new Set([...intraOnlyCodecs, ...parsedCodecs, 'hvc1', 'hev1', 'dvh1', 'dvhe', 'mp4v'])

// 19 hours at 60 frames per second. The tables are expanded on the main thread.
const maxEntries = 2 ** 22

export function cutTrack(moov: Buffer, streamIndex: number, fileSize: number): Mp4Track {
  const movie = boxAt(moov, 0, moov.length)
  const children = childrenOf(moov, movie)
  demand(!children.some((child) => child.type === 'mvex'), 'fragments')
  const traks = children.filter((child) => child.type === 'trak')
  const trak = traks[streamIndex]
  demand(trak !== undefined, 'stream index')
  // libavformat rescales edits when it reaches the end of trak.
  demand(childOf(moov, movie, 'mvhd').end <= trak.start, 'mvhd behind trak')
  // Cover art is a stream of its own, numbered where it is met.
  const before = moov.subarray(0, trak.end)
  demand(!before.includes('covr') && !before.includes('quicktime.artwork'), 'cover art')
  // The first picture of a chapter track is delivered twice.
  const trackId = trackIdOf(moov, trak)
  demand(!traks.some((each) => chapterIdsOf(moov, each).includes(trackId)), 'chapter track')

  const media = childOf(moov, trak, 'mdia')
  const handler = childOf(moov, media, 'hdlr')
  demand(fourcc(moov, handler.body + 8, handler.end) === 'vide', 'not a video track')
  const info = childOf(moov, media, 'minf')
  checkDataReferences(moov, info)
  const stbl = childOf(moov, info, 'stbl')
  checkTables(moov, stbl, fileSize)
  checkHeader(moov, childOf(moov, movie, 'mvhd'), 100)
  checkHeader(moov, childOf(moov, media, 'mdhd'), 24)
  for (const edts of childrenOf(moov, trak).filter((child) => child.type === 'edts')) checkEditList(moov, childOf(moov, edts, 'elst'))

  const types = sampleEntryTypes(moov, childOf(moov, stbl, 'stsd'))
  const codec = types[0] ?? ''
  demand(codecs.has(codec) && types.every((type) => type === codec), `codec ${types.join(' ')}`)
  const hasSyncSamples = childrenOf(moov, stbl).some((child) => child.type === 'stss')
  demand(hasSyncSamples || !parsedCodecs.has(codec), 'no sync samples')
  const boxes = pruned(moov, movie, (child) => child.type !== 'trak' || child.start === trak.start)
  return { boxes, descriptionCount: types.length, isIntraOnly: intraOnlyCodecs.has(codec) }
}

function fourcc(bytes: Buffer, at: number, limit: number): string {
  demand(at + 4 <= limit, 'type code')
  return bytes.toString('latin1', at, at + 4)
}

function uint32(bytes: Buffer, at: number, limit: number): number {
  demand(at + 4 <= limit, 'number')
  return bytes.readUInt32BE(at)
}

function version(bytes: Buffer, box: BoxSpan, highest: number): number {
  const value = uint32(bytes, box.body, box.end) >>> 24
  demand(value <= highest, `version of ${box.type}`)
  return value
}

// Version 1 widens three fields by four bytes each.
function checkHeader(bytes: Buffer, box: BoxSpan, payloadBytes: number): void {
  demand(box.end - box.body >= payloadBytes + 12 * version(bytes, box, 1), `length of ${box.type}`)
}

function trackIdOf(bytes: Buffer, trak: BoxSpan): number {
  const header = childOf(bytes, trak, 'tkhd')
  return uint32(bytes, header.body + (version(bytes, header, 1) === 1 ? 20 : 12), header.end)
}

function chapterIdsOf(bytes: Buffer, trak: BoxSpan): number[] {
  const references = childrenOf(bytes, trak).filter((child) => child.type === 'tref')
  const chapters = references.flatMap((each) => childrenOf(bytes, each)).filter((child) => child.type === 'chap')
  return chapters.flatMap((box) =>
    Array.from({ length: (box.end - box.body) >> 2 }, (_, index) => bytes.readUInt32BE(box.body + 4 * index)),
  )
}

// An alias longer than its header names another file, of which libavformat reads nothing.
function checkDataReferences(bytes: Buffer, info: BoxSpan): void {
  for (const dinf of childrenOf(bytes, info).filter((child) => child.type === 'dinf')) {
    for (const dref of childrenOf(bytes, dinf).filter((child) => child.type === 'dref')) {
      const entries = boxesIn(bytes, dref.body + 8, dref.end)
      demand(
        entries.every((entry) => entry.type !== 'alis' || entry.end - entry.start <= 12),
        'external data',
      )
    }
  }
}

// Payload bytes before the entries, bytes of one entry, highest version.
const layouts: ReadonlyMap<string, readonly [number, number, number]> = new Map([
  ['stts', [8, 8, 0]],
  ['ctts', [8, 8, 1]],
  ['stss', [8, 4, 0]],
  ['stsc', [8, 12, 0]],
  ['stco', [8, 4, 0]],
  ['co64', [8, 8, 0]],
])

function checkTables(bytes: Buffer, stbl: BoxSpan, fileSize: number): void {
  for (const type of ['stts', 'stsz', 'stsc']) childOf(bytes, stbl, type)
  for (const box of childrenOf(bytes, stbl)) {
    const length = box.end - box.body
    const layout = layouts.get(box.type)
    if (layout) {
      const [head, entry, highest] = layout
      version(bytes, box, highest)
      const count = uint32(bytes, box.body + 4, box.end)
      demand(count <= maxEntries && head + count * entry <= length, `length of ${box.type}`)
      // libavformat and mp4box each mend durations with the top bit set, and not alike.
      for (let i = 0; box.type === 'stts' && i < count; i++) demand(bytes.readInt32BE(box.body + 12 + 8 * i) >= 0, 'negative duration')
    } else if (box.type === 'stsz') {
      version(bytes, box, 0)
      const size = uint32(bytes, box.body + 4, box.end)
      const count = uint32(bytes, box.body + 8, box.end)
      demand(count > 0 && count <= maxEntries, 'sample count')
      demand(size === 0 ? 12 + 4 * count <= length : size * count <= fileSize, 'sample count')
    }
    // Partial sync samples and random-access groups are key packets too; compact sizes are rare and read in more than one way.
    const grouping = box.type === 'sbgp' && fourcc(bytes, box.body + 4, box.end) === 'rap '
    demand(box.type !== 'stps' && box.type !== 'stz2' && !grouping, box.type)
  }
}

function checkEditList(bytes: Buffer, elst: BoxSpan): void {
  const entryBytes = version(bytes, elst, 1) === 1 ? 20 : 12
  demand(elst.end - elst.body === 8 + entryBytes * uint32(bytes, elst.body + 4, elst.end), 'length of elst')
}

function sampleEntryTypes(bytes: Buffer, stsd: BoxSpan): string[] {
  const count = uint32(bytes, stsd.body + 4, stsd.end)
  const entries = boxesIn(bytes, stsd.body + 8, stsd.end)
  demand(count > 0 && entries.length === count, 'sample descriptions')
  for (const entry of entries) {
    if (entry.type === 'mp4v') demand(isMpeg4Visual(bytes, entry), 'codec behind mp4v')
  }
  return entries.map((entry) => entry.type)
}

// mp4v stands for whatever the object type in its ES descriptor says: 0x20 is MPEG-4 Visual.
function isMpeg4Visual(bytes: Buffer, entry: BoxSpan): boolean {
  const esds = boxesIn(bytes, entry.body + 78, entry.end).find((box) => box.type === 'esds')
  if (!esds) return false
  const descriptors = bytes.toString('latin1', esds.body + 4, esds.end)
  return /^\x03[\x80-\xff]{0,3}[\x00-\x7f][^]{2}[\x00-\x1f]\x04[\x80-\xff]{0,3}[\x00-\x7f]\x20/.test(descriptors)
}
