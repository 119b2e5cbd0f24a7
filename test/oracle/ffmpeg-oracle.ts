// The independent oracle: the frames that the ffmpeg command shows for a clip, with their times, digests and key flags.
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { probeClip, type ClipFacts, type PacketFacts } from './clip-facts.js'
import { fileUrl, runTool } from './ffmpeg-command.js'
import { fraction, multiply, parseFraction, subtract, toNumber } from './fraction.js'

export interface ShownFrame {
  /** In the stream's time base. */
  readonly ptsTicks: number
  /** On the timeline: 0 is the container's start. */
  readonly seconds: number
  readonly isKey: boolean
  /** Of its pixels, tightly packed. */
  readonly byteLength: number
  readonly digest: string
}

export type DigestName = 'md5' | 'crc32'

export interface ClipOracle {
  readonly path: string
  /** Every frame that a plain decode puts on the screen, in the order of their timestamps; empty for a clip that cannot be decoded. */
  readonly frames: readonly ShownFrame[]
  /** When the last frame goes, in seconds on the timeline; undefined where ffprobe does not know how long that frame lasts. */
  readonly end: number | undefined
  /** The digest that a frame's pixels must have, made the way `frames` were. */
  readonly digestOf: (pixels: Uint8Array) => string
  /** What ffmpeg complained of. Empty: the clip is sound, and no frame of it may be called damaged. */
  readonly errorLines: readonly string[]
}

/** Above this many decoded bytes MD5 would take most of a run's time, and CRC-32 is taken; FRAMEMILL_FULL_MD5=1 takes MD5 for all. */
const mostBytesForMd5 = process.env['FRAMEMILL_FULL_MD5'] === '1' ? Infinity : 8e9

const digests = {
  md5: (pixels: Uint8Array): string => createHash('md5').update(pixels).digest('hex'),
  crc32: (pixels: Uint8Array): string => crc32(pixels).toString(16).padStart(8, '0'),
}

const consulted = new Map<string, Promise<ClipOracle>>()

/** Decodes the clip once per process with the ffmpeg command. Never throws for a clip's faults: a clip without frames has none. */
export function consultFfmpeg(path: string): Promise<ClipOracle> {
  const known = consulted.get(path) ?? decodeWithFfmpeg(path)
  consulted.set(path, known)
  return known
}

async function decodeWithFfmpeg(path: string): Promise<ClipOracle> {
  const facts = await probeClip(path)
  if (facts === undefined) return { path, frames: [], end: undefined, digestOf: digests.md5, errorLines: ['no video stream'] }
  const hash = digestNameFor(facts)
  // One thread: with several, what a decoder conceals in a damaged frame depends on how far its neighbours have come.
  const { decoded, errorLines } = await hashFrames(path, facts, hash, ['-threads', '1'])
  const isKey = await keyFlags(path, facts, decoded)
  const frames = decoded
    .map((frame, index) => ({ ...frame, seconds: secondsOf(frame.ptsTicks, facts), isKey: isKey[index] === true }))
    // Of frames with one timestamp only the last is ever on the screen.
    .filter((frame, index) => frame.ptsTicks !== decoded[index + 1]?.ptsTicks)
  return { path, frames, end: endOf(frames, facts), digestOf: digests[hash], errorLines }
}

/** The digest that is quick enough for the whole clip. */
export function digestNameFor(facts: ClipFacts): DigestName {
  return facts.width * facts.height * 1.5 * facts.packets.length > mostBytesForMd5 ? 'crc32' : 'md5'
}

export interface DecodedFrame {
  /** In the stream's time base, as the file has it: not moved to the container's start. */
  readonly ptsTicks: number
  readonly byteLength: number
  readonly digest: string
}

/** Frames as ffmpeg gives them, also those that another one with the same timestamp takes the place of; `input` goes before the file. */
export async function hashFrames(
  path: string,
  facts: ClipFacts,
  hash: DigestName,
  input: readonly string[],
): Promise<{ decoded: readonly DecodedFrame[]; errorLines: readonly string[] }> {
  const { stdout, errorLines } = await runTool('ffmpeg', [
    ...['-nostdin', ...input, '-noautorotate', '-copyts', '-i', fileUrl(path), '-map', `0:${facts.streamIndex}`],
    // No rescaling of frames whose size changes on the way, no dropped or doubled frames, timestamps in the stream's own time base.
    ...['-autoscale', '0', '-fps_mode', 'passthrough', '-enc_time_base', '-1', '-f', 'framehash', '-hash', hash, '-'],
  ])
  return { decoded: parseFrameHash(stdout, facts), errorLines }
}

/** Reads the framehash muxer's lines: stream, dts, pts, duration, size, digest; `#tb 0: 1/90000` comes before them. */
function parseFrameHash(text: string, facts: ClipFacts): DecodedFrame[] {
  const timeBase = /^#tb 0: (\d+\/\d+)$/m.exec(text)?.[1]
  const frames = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  if (timeBase === undefined) return []
  const ticksPerUnit = multiply(parseFraction(timeBase), fraction(facts.timeBase.denominator, facts.timeBase.numerator))
  const inTicks = (units: string): number => Math.round(toNumber(multiply(fraction(BigInt(units)), ticksPerUnit)))
  return frames.map((line) => {
    const [, , pts = '', , byteLength = '', digest = ''] = line.split(',').map((field) => field.trim())
    return { ptsTicks: onNominalGrid(inTicks(pts), facts), byteLength: Number(byteLength), digest }
  })
}

/**
 * A raw stream has no timestamps: ffmpeg numbers its packets at the nominal rate, in whole microseconds that add up to a drift.
 * The numbering itself is meant, so the drift is taken out again.
 */
function onNominalGrid(ptsTicks: number, facts: ClipFacts): number {
  const duration = facts.packets[0]?.durationTicks ?? 0
  const isUntimed = facts.packets.every((packet) => packet.ptsTicks === undefined)
  return isUntimed && duration > 0 ? Math.round(ptsTicks / duration) * duration : ptsTicks
}

/** A frame is a key frame when its packet is flagged so. Packets without timestamps cannot be told apart: there the decoder is asked. */
async function keyFlags(path: string, facts: ClipFacts, frames: readonly DecodedFrame[]): Promise<boolean[]> {
  const shown = facts.packets.filter((packet) => !packet.isDiscarded)
  if (shown.every((packet) => packet.ptsTicks !== undefined)) {
    const keys = new Set(shown.filter((packet) => packet.isKey).map((packet) => packet.ptsTicks))
    return frames.map((frame) => keys.has(frame.ptsTicks))
  }
  const select = ['-threads', '1', '-select_streams', String(facts.streamIndex), '-show_entries', 'frame=key_frame', '-of', 'csv=p=0']
  const { stdout } = await runTool('ffprobe', [...select, fileUrl(path)])
  const flags = stdout.split('\n').filter((line) => line !== '')
  if (flags.length !== frames.length) throw new Error(`ffprobe decodes ${flags.length} frames of ${path}, ffmpeg ${frames.length}`)
  return flags.map((flag) => flag.startsWith('1'))
}

/** On the timeline. */
export function secondsOf(ticks: number, facts: ClipFacts): number {
  return toNumber(subtract(multiply(fraction(ticks), facts.timeBase), facts.start))
}

function endOf(frames: readonly ShownFrame[], facts: ClipFacts): number | undefined {
  const last = frames.at(-1)
  const ofLast = (packet: PacketFacts): boolean => packet.ptsTicks === last?.ptsTicks && !packet.isDiscarded
  const duration = (facts.packets.findLast(ofLast) ?? facts.packets.at(-1))?.durationTicks
  return last === undefined || duration === undefined ? undefined : secondsOf(last.ptsTicks + duration, facts)
}
