// Owns the question whether packets name the frames that a plain decode gives, and the answer by decoding where they do not.
//
// One packet with a timestamp, one frame with the same timestamp: that is the rule, and planning relies on it. It does not
// hold (a) for a stream whose packets have no timestamps, (b) before the first key packet and for leading pictures of an
// open GOP at the very start, which no decoder can show, (c) behind a packet that the end of the file cuts off, (d) for
// field-coded pictures, two packets each. Such parts are decoded once, unconverted, and the result is kept with the index.
import type { NativeStreamFacts } from '../native/binding.js'
import type { Scheduler } from '../pool/scheduler.js'
import { PacketFlag, type PacketTable } from '../source-types.js'
import type { KeyPoint, TaskSource } from '../tasks.js'
import type { FrameTable } from './packet-index.js'

export interface SurveyResult {
  /** Set when only counting tells frames apart. */
  readonly found: FrameTable | null
  /** Timestamps of packets that give no frame. */
  readonly absent: Float64Array
}

/** Codecs whose pictures may be split into two field packets. */
const fieldCodecs = new Set(['h264', 'hevc', 'mpeg2video', 'mpeg1video', 'vc1'])
/** Packets decoded to see whether an interlaced stream codes fields or frames. */
const fieldTrialPackets = 60

interface Part {
  readonly start: KeyPoint | null
  /** Last presentation tick of interest. */
  readonly until: number
}

/** Frames in the order of output. */
interface Decoded {
  readonly pts: Float64Array
  readonly keys: Uint8Array
}

export async function surveyStream(
  scheduler: Scheduler,
  source: TaskSource,
  stream: NativeStreamFacts,
  packets: PacketTable,
  maxPixels: number,
  signal: AbortSignal | undefined,
): Promise<SurveyResult> {
  const decode = async ({ start, until }: Part): Promise<Decoded> =>
    scheduler.once({ kind: 'survey', source, streamIndex: stream.index, maxPixels, start, until }, { signal })

  const nothing = { found: null, absent: new Float64Array(0) }
  if (packets.pts.length === 0) return nothing
  if (lacksTimestamps(packets) || (await codesFields(stream, packets, decode))) {
    return { found: tableOf(await decode({ start: null, until: NaN })), absent: nothing.absent }
  }
  const absent: number[] = []
  for (const part of [doubtfulHead(packets), doubtfulTail(packets)]) {
    if (part !== null) absent.push(...missingFrom(packets, part, (await decode(part)).pts))
  }
  return { found: null, absent: Float64Array.from(absent) }
}

function lacksTimestamps({ pts, flags }: PacketTable): boolean {
  return pts.some((ticks, packet) => Number.isNaN(ticks) && !isHidden(flags, packet))
}

async function codesFields(stream: NativeStreamFacts, packets: PacketTable, decode: (part: Part) => Promise<Decoded>): Promise<boolean> {
  const isInterlaced = stream.fieldOrder !== 'progressive' && stream.fieldOrder !== ''
  if (!isInterlaced || !fieldCodecs.has(stream.codec)) return false
  const head = [...packets.pts.subarray(0, fieldTrialPackets)].filter((_, packet) => !isHidden(packets.flags, packet))
  const until = Math.max(...head)
  const firstKey = packets.flags.findIndex((bits) => (bits & PacketFlag.key) !== 0)
  const from = firstKey === -1 ? -Infinity : (packets.pts[firstKey] ?? -Infinity)
  const named = new Set((await decode({ start: null, until })).pts)
  const absent = head.filter((ticks) => ticks >= from && !named.has(ticks))
  return absent.length > head.length / 4
}

/** Packets before the first key packet, and pictures shown before it. */
function doubtfulHead({ pts, flags }: PacketTable): Part | null {
  const key = flags.findIndex((bits) => (bits & PacketFlag.key) !== 0)
  if (key === -1) return { start: null, until: NaN }
  const keyTicks = pts[key] ?? NaN
  const isDoubtful = pts.some((ticks, packet) => !isHidden(flags, packet) && (packet < key || ticks < keyTicks))
  return isDoubtful ? { start: null, until: keyTicks } : null
}

/** From the last key packet before the first cut-off packet to the end. */
function doubtfulTail({ pts, dts, flags }: PacketTable): Part | null {
  const cut = flags.findIndex((bits) => (bits & PacketFlag.truncated) !== 0)
  if (cut === -1) return null
  let key = cut - 1
  while (key >= 0 && ((flags[key] ?? 0) & PacketFlag.key) === 0) key--
  return { start: key < 0 ? null : { pts: pts[key] ?? NaN, dts: dts[key] ?? NaN }, until: NaN }
}

function missingFrom({ pts, flags }: PacketTable, { start, until }: Part, decoded: Float64Array): number[] {
  const found = new Set(decoded)
  const from = start?.pts ?? -Infinity
  const to = Number.isNaN(until) ? Infinity : until
  return [...pts].filter((ticks, packet) => !isHidden(flags, packet) && ticks >= from && ticks <= to && !found.has(ticks))
}

/** Frames by presentation time; of equal times the one that is output last stays on screen. */
function tableOf({ pts: decoded, keys }: Decoded): FrameTable {
  const order = [...decoded.keys()].filter((ordinal) => !Number.isNaN(decoded[ordinal]) && (decoded[ordinal] ?? 0) > -(2 ** 53))
  order.sort((a, b) => (decoded[a] ?? 0) - (decoded[b] ?? 0) || a - b)
  const shown = order.filter((ordinal, i) => decoded[ordinal] !== decoded[order[i + 1] ?? -1])
  return {
    pts: Float64Array.from(shown, (ordinal) => decoded[ordinal] ?? NaN),
    ordinals: Float64Array.from(shown),
    keys: Uint8Array.from(shown, (ordinal) => keys[ordinal] ?? 0),
  }
}

function isHidden(flags: Uint8Array, packet: number): boolean {
  return ((flags[packet] ?? 0) & PacketFlag.hidden) !== 0
}
