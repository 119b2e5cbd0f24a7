// What ffprobe says of a clip without decoding it: its streams, its start, and the packets of the stream that is sampled by default.
import { compare, fraction, multiply, parseFraction, subtract, type Fraction } from './fraction.js'
import { fileUrl, runTool } from './ffmpeg-command.js'

export interface PacketFacts {
  readonly ptsTicks: number | undefined
  readonly durationTicks: number | undefined
  readonly isKey: boolean
  /** Decoded but not shown: an edit list leaves it out. */
  readonly isDiscarded: boolean
}

export interface ClipFacts {
  readonly streamIndex: number
  /** FFmpeg's name. */
  readonly codec: string
  readonly width: number
  readonly height: number
  readonly timeBase: Fraction
  /** Seconds of the timeline's zero in the container's own time. */
  readonly start: Fraction
  /** In file order. */
  readonly packets: readonly PacketFacts[]
}

interface ProbeStream {
  index: number
  codec_type?: string
  codec_name?: string
  width?: number
  height?: number
  time_base: string
  start_pts?: number
  disposition?: { attached_pic?: number }
}

interface ProbeReport {
  format?: { start_time?: string }
  streams?: ProbeStream[]
  packets?: { stream_index: number; pts?: number; duration?: number; flags: string }[]
}

const entries = [
  'format=start_time',
  'stream=index,codec_type,codec_name,width,height,time_base,start_pts',
  'stream_disposition=attached_pic',
  'packet=stream_index,pts,duration,flags',
].join(':')

/** Facts of the video stream with the most pixels (the first of equals; never an attached picture), or undefined where there is none. */
export async function probeClip(path: string): Promise<ClipFacts | undefined> {
  const { succeeded, stdout } = await runTool('ffprobe', ['-show_entries', entries, '-of', 'json', fileUrl(path)])
  if (!succeeded) return undefined
  const report: ProbeReport = JSON.parse(stdout)
  const streams = report.streams ?? []
  const stream = streams.filter(isMotionVideo).reduce<ProbeStream | undefined>(larger, undefined)
  if (stream === undefined) return undefined
  const packets = (report.packets ?? []).filter((packet) => packet.stream_index === stream.index)
  return {
    streamIndex: stream.index,
    codec: stream.codec_name ?? '',
    width: stream.width ?? 0,
    height: stream.height ?? 0,
    timeBase: parseFraction(stream.time_base),
    start: containerStart(report.format?.start_time, streams),
    packets: packets.map(({ pts, duration, flags }) => ({
      ptsTicks: pts,
      durationTicks: duration,
      isKey: flags.includes('K'),
      isDiscarded: flags.includes('D'),
    })),
  }
}

function isMotionVideo(stream: ProbeStream): boolean {
  return stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1
}

function larger(best: ProbeStream | undefined, stream: ProbeStream): ProbeStream {
  return best === undefined || pixels(stream) > pixels(best) ? stream : best
}

function pixels(stream: ProbeStream): number {
  return (stream.width ?? 0) * (stream.height ?? 0)
}

/** libavformat rounds the container's start to whole microseconds; the stream it came from still has it exactly. */
function containerStart(rounded: string | undefined, streams: readonly ProbeStream[]): Fraction {
  if (rounded === undefined) return fraction(0)
  const start = parseFraction(rounded)
  const microsecond = fraction(1, 1_000_000)
  const exact = streams
    .filter((stream) => stream.start_pts !== undefined)
    .map((stream) => multiply(fraction(stream.start_pts ?? 0), parseFraction(stream.time_base)))
    .filter((candidate) => compare(subtract(candidate, start), microsecond) < 0 && compare(subtract(start, candidate), microsecond) < 0)
  return (
    exact.reduce<Fraction | undefined>((best, other) => (best === undefined || compare(other, best) < 0 ? other : best), undefined) ?? start
  )
}
