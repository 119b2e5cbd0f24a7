// Owns which frames of a source a clip must show: those of a plain decode whose timestamps lie in [start, end), and which of them can be copied.
import { probeClip, type ClipFacts } from './clip-facts.js'
import { fileUrl, runTool } from './ffmpeg-command.js'
import { consultFfmpeg, digestNameFor, hashFrames, secondsOf, type DigestName } from './ffmpeg-oracle.js'
import { toNumber } from './fraction.js'

export interface ExpectedFrame {
  /** In the source's time base. */
  readonly ptsTicks: number
  /** On the source's timeline. */
  readonly seconds: number
  readonly digest: string
}

export interface ExpectedClip {
  readonly source: string
  readonly facts: ClipFacts
  readonly start: number
  readonly end: number
  readonly frames: readonly ExpectedFrame[]
  /** The neighbours of the first and the last one, which a clip that is off by one would show; undefined at an end of the source. */
  readonly before: ExpectedFrame | undefined
  readonly after: ExpectedFrame | undefined
  /** Of the digests. */
  readonly hash: DigestName
}

/** A part of a clip's frames, as numbers in it; `to` is not included. */
export interface FrameSpan {
  readonly from: number
  readonly to: number
}

/** Two times closer than this are the same: the noise of computing them in doubles. */
const sameTimeSeconds = 1e-9
/** What is decoded before a part of a source and thrown away, so that nothing of the part depends on where decoding began. */
const leadSeconds = 2

const decodedParts = new Map<string, Promise<readonly ExpectedFrame[]>>()
const probed = new Map<string, Promise<ClipFacts | undefined>>()

/**
 * By default a source is decoded whole, once per process, and only of one that is too long for it the part is, from well before it; `decode`
 * says otherwise.
 */
export async function expectedFrames(source: string, start: number, end: number, decode?: 'whole' | 'part'): Promise<ExpectedClip> {
  const facts = await factsOf(source)
  const hash = digestNameFor(facts)
  const isWhole = decode === undefined ? hash === 'md5' : decode === 'whole'
  const frames = isWhole ? (await consultFfmpeg(source)).frames : await decodePart(source, facts, start, end)
  const first = frames.findIndex((frame) => frame.seconds >= start - sameTimeSeconds)
  const beyond = frames.findIndex((frame) => frame.seconds >= end - sameTimeSeconds)
  const last = beyond < 0 ? frames.length : beyond
  return {
    ...{ source, facts, start, end, hash },
    frames: first < 0 ? [] : frames.slice(first, last),
    before: first < 0 ? frames.at(-1) : first === 0 ? undefined : frames[first - 1],
    after: frames[last],
  }
}

/** The same clip where the picture that was on screen before belongs to it, from the clip's start on: a recording that stands still. */
export function withHeldFrame(expected: ExpectedClip): ExpectedClip {
  const { before, frames, start } = expected
  return before === undefined ? expected : { ...expected, frames: [{ ...before, seconds: start }, ...frames], before: undefined }
}

/** Frames around [start, end) by a decode of no more than that and a lead. */
export function decodePart(source: string, facts: ClipFacts, start: number, end: number): Promise<readonly ExpectedFrame[]> {
  const key = `${source} ${start} ${end}`
  const frames = decodedParts.get(key) ?? hashPart(source, facts, start, end)
  decodedParts.set(key, frames)
  return frames
}

async function hashPart(source: string, facts: ClipFacts, start: number, end: number): Promise<ExpectedFrame[]> {
  const { decoded } = await hashFrames(source, facts, digestNameFor(facts), partArguments(start, end))
  return decoded
    .map((frame) => ({ ...frame, seconds: secondsOf(frame.ptsTicks, facts) }))
    .filter((frame, index) => frame.ptsTicks !== decoded[index + 1]?.ptsTicks)
}

/** Input options with which ffmpeg decodes a part of a source and at least `lead` seconds before it. */
export function partArguments(start: number, end: number, lead: number = leadSeconds): string[] {
  const from = start - lead
  return from <= 0 ? ['-t', String(end + 1)] : ['-ss', from.toFixed(6), '-t', (end - from + 1).toFixed(6)]
}

/**
 * The frames of a clip that can be its source's own packets when nothing may be hidden: from the first key frame in it, in decode order, to
 * before the first packet that is shown after the end. Empty where there is no key frame. A packet may be flagged as one though its stream
 * does not say that decoding can begin there (H.264: intra pictures without a recovery point); the decoder knows, and `notEntries` leaves
 * those out.
 */
export function copyableSpan({ facts, frames }: ExpectedClip, notEntries: ReadonlySet<number> = new Set()): FrameSpan {
  const places = new Map(frames.map(({ ptsTicks }, number) => [ptsTicks, number]))
  const lastTicks = frames.at(-1)?.ptsTicks ?? -Infinity
  const first = facts.packets.findIndex(
    ({ ptsTicks = NaN, isKey, isDiscarded }) => isKey && !isDiscarded && places.has(ptsTicks) && !notEntries.has(ptsTicks),
  )
  const rest = first < 0 ? [] : facts.packets.slice(first)
  const stop = rest.findIndex(({ ptsTicks = NaN }) => ptsTicks > lastTicks)
  const from = places.get(rest[0]?.ptsTicks ?? NaN) ?? frames.length
  // What comes later in the file but is shown earlier needs the packet that is left out.
  const later = stop < 0 ? [] : rest.slice(stop).flatMap(({ ptsTicks = NaN }) => places.get(ptsTicks) ?? [])
  return { from, to: Math.max(from, Math.min(frames.length, ...later)) }
}

/** Timestamps of the frames around a clip that ffprobe's decoder does not call key frames. */
export async function notKeyFrames({ source, facts, start, end }: ExpectedClip): Promise<ReadonlySet<number>> {
  const origin = toNumber(facts.start)
  const interval = `${(origin + Math.max(0, start - leadSeconds)).toFixed(6)}%${(origin + end).toFixed(6)}`
  const { stdout } = await runTool('ffprobe', [
    ...['-select_streams', String(facts.streamIndex), '-read_intervals', interval, '-show_entries', 'frame=pts,key_frame'],
    ...['-of', 'json', fileUrl(source)],
  ])
  const { frames = [] }: { frames?: { pts?: number; key_frame: number }[] } = JSON.parse(stdout)
  return new Set(frames.flatMap(({ pts, key_frame: isKey }) => (pts === undefined || isKey === 1 ? [] : [pts])))
}

async function factsOf(source: string): Promise<ClipFacts> {
  const asked = probed.get(source) ?? probeClip(source)
  probed.set(source, asked)
  const facts = await asked
  if (facts === undefined) throw new Error(`ffprobe finds no video in ${source}`)
  return facts
}
