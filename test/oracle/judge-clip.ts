// Judges the pictures of an exported file by what ffmpeg and ffprobe make of it: number, times, pixels, and whether they play without complaint.
import { probeClip, type ClipFacts } from './clip-facts.js'
import { partArguments, type ExpectedClip, type FrameSpan } from './clip-range.js'
import { fileUrl, runTool } from './ffmpeg-command.js'
import { hashFrames } from './ffmpeg-oracle.js'
import { fraction, multiply, toNumber } from './fraction.js'
import { compareWithSource } from './frame-likeness.js'

export interface ClipDemands {
  /** Which frames have to be bit-identical to the source's. */
  readonly exact: 'all' | 'none' | FrameSpan
  /** Decibels that all other frames have to reach. */
  readonly leastPsnr: number
  /** Seconds by which a frame may be off; default the ticks of both files, and the millisecond of Matroska. */
  readonly timeTolerance?: number
  /** Seconds at which the first frame may be at the latest; default 0. */
  readonly latestStart?: number
}

export interface ClipJudgement {
  /** Sentences; none: the clip is what was asked for. */
  readonly faults: readonly string[]
  readonly frames: number
  /** For each frame whether it is bit-identical to the source's. */
  readonly identical: readonly boolean[]
  /** The smallest of the frames that are not identical; Infinity where all are. */
  readonly leastPsnr: number
  /** Whether what ffmpeg shows is broken where parts are joined: it complains, or a frame that must be exact is not. */
  readonly hasCorruptSeam: boolean
}

const millisecond = 0.001
const everyComplaint = ['-v', 'level+warning']
/** Sentences of one kind beyond this many are only counted. */
const mostOfAKind = 4

export async function judgeClip(output: string, expected: ExpectedClip, demands: ClipDemands): Promise<ClipJudgement> {
  const facts = await probeClip(output)
  const nothing = { frames: 0, identical: [], leastPsnr: NaN, hasCorruptSeam: true }
  if (facts === undefined) return { ...nothing, faults: [`ffprobe finds no video in ${output}`] }
  const { decoded, errorLines: allLines } = await hashFrames(output, facts, expected.hash, [...everyComplaint, '-xerror'])
  const errorLines = allLines.length === 0 ? [] : await withoutOwn(allLines, expected)
  const faults = fewOf(errorLines.map((line) => `ffmpeg complains: ${line}`))
  const span = spanOf(demands, expected.frames.length)
  const identical = decoded.map(({ digest }, number) => digest === expected.frames[number]?.digest)
  const inexact = identical.flatMap((isSame, number) => (!isSame && number >= span.from && number < span.to ? [number] : []))
  const hasCorruptSeam = errorLines.length > 0 || inexact.length > 0
  if (decoded.length !== expected.frames.length) faults.push(`it shows ${decoded.length} frames instead of ${expected.frames.length}`)
  if (inexact.length > 0) faults.push(`frames ${listOf(inexact)} are not bit-identical to the source's`)
  faults.push(
    ...timeFaults(
      decoded.map(({ ptsTicks }) => exactSeconds(ptsTicks, facts)),
      expected,
      facts,
      demands,
    ),
  )
  faults.push(...(await packetFaults(output)))
  let leastPsnr = Infinity
  const byteLength = decoded[0]?.byteLength
  if (identical.includes(false) && byteLength !== undefined) {
    const likeness = await compareWithSource(output, expected, byteLength).catch((error: unknown) => ({
      psnrs: [],
      faults: [String(error)],
    }))
    const others = likeness.psnrs.flatMap((psnr, number) => (identical[number] === true ? [] : [{ number, psnr }]))
    leastPsnr = Math.min(...others.map(({ psnr }) => psnr))
    const unlike = others.filter(({ psnr }) => psnr < demands.leastPsnr)
    if (unlike.length > 0) {
      faults.push(
        `frames ${listOf(unlike.map(({ number }) => number))} are less than ${demands.leastPsnr} dB like the source's (${leastPsnr.toFixed(1)} dB)`,
      )
    }
    faults.push(...fewOf(likeness.faults))
  }
  return { faults, frames: decoded.length, identical, leastPsnr, hasCorruptSeam }
}

/** Complaints but for those that ffmpeg has of the same part of the source. */
async function withoutOwn(lines: readonly string[], { source, facts, start, end, hash }: ExpectedClip): Promise<string[]> {
  const { errorLines } = await hashFrames(source, facts, hash, [...everyComplaint, ...partArguments(start, end)])
  const withoutAddress = (line: string): string => line.replace(/@ 0x[0-9a-f]+/g, '')
  const own = new Set(errorLines.map(withoutAddress))
  return lines.filter((line) => !own.has(withoutAddress(line)))
}

/** Times from the first frame on must be the source's; the first is at 0. */
function timeFaults(
  times: readonly number[],
  { frames, facts: source }: ExpectedClip,
  facts: ClipFacts,
  { timeTolerance, latestStart = 0 }: ClipDemands,
): string[] {
  const tolerance = timeTolerance ?? Math.max(millisecond, toNumber(source.timeBase), toNumber(facts.timeBase)) * 1.01
  const first = times[0] ?? 0
  const faults: string[] = []
  const startTolerance = Math.max(millisecond, toNumber(facts.timeBase)) * 1.01
  if (first < -startTolerance || first > latestStart + startTolerance) faults.push(`the first frame is at ${first} s instead of 0 s`)
  const descending = times.flatMap((time, number) => (time > (times[number - 1] ?? -Infinity) ? [] : [number]))
  if (descending.length > 0) faults.push(`frames ${listOf(descending)} are not later than the ones before`)
  const off = times.flatMap((time, number) => {
    const wanted = (frames[number]?.seconds ?? NaN) - (frames[0]?.seconds ?? NaN)
    return Math.abs(time - first - wanted) > tolerance ? [{ number, time: time - first, wanted }] : []
  })
  return [
    ...faults,
    ...fewOf(off.map(({ number, time, wanted }) => `frame ${number} is at ${time.toFixed(4)} s instead of ${wanted.toFixed(4)} s`)),
  ]
}

interface PacketReport {
  packets?: { stream_index: number; dts?: number }[]
}

/** Reads all packets of all streams: none without ascending decode times, and no complaint of the demuxer. */
async function packetFaults(output: string): Promise<string[]> {
  const { stdout, errorLines } = await runTool('ffprobe', [
    ...[...everyComplaint, '-show_entries', 'packet=stream_index,dts', '-of', 'json', fileUrl(output)],
  ])
  const { packets = [] }: PacketReport = JSON.parse(stdout)
  const latest = new Map<number, number>()
  const descending = packets.flatMap(({ stream_index: stream, dts }) => {
    if (dts === undefined) return []
    const previous = latest.get(stream) ?? -Infinity
    latest.set(stream, dts)
    return dts > previous ? [] : [`a packet of stream ${stream} has dts ${dts} after ${previous}`]
  })
  return [...fewOf(errorLines.map((line) => `ffprobe complains: ${line}`)), ...fewOf(descending)]
}

function spanOf({ exact }: ClipDemands, frames: number): FrameSpan {
  if (exact === 'all') return { from: 0, to: frames }
  return exact === 'none' ? { from: 0, to: 0 } : exact
}

/** In the container's own time, which begins at 0 in an exported file. */
function exactSeconds(ticks: number, facts: ClipFacts): number {
  return toNumber(multiply(fraction(ticks), facts.timeBase))
}

function listOf(numbers: readonly number[]): string {
  return numbers.length <= mostOfAKind
    ? numbers.join(', ')
    : `${numbers.slice(0, mostOfAKind).join(', ')} and ${numbers.length - mostOfAKind} more`
}

function fewOf(sentences: readonly string[]): string[] {
  return sentences.length <= mostOfAKind ? [...sentences] : [...sentences.slice(0, mostOfAKind), `${sentences.length} of that kind in all`]
}
