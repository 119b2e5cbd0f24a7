// Owns asking ffprobe for the packets of a stream: the oracle of packet indexes.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { PacketFlag } from '../../src/source-types.js'

const run = promisify(execFile)

export interface ProbedPacket {
  readonly pts: number
  readonly dts: number
  readonly size: number
  /** Key and hidden bits of PacketFlag. */
  readonly flags: number
}

interface ProbeAnswer {
  readonly packets?: readonly { readonly pts?: number; readonly dts?: number; readonly size: string; readonly flags: string }[]
  readonly streams?: readonly { readonly index: number; readonly codec_type?: string; readonly time_base: string }[]
}

async function ffprobe(path: string, ...options: string[]): Promise<ProbeAnswer> {
  const { stdout } = await run('ffprobe', ['-v', 'quiet', ...options, '-of', 'json', path], { maxBuffer: 2 ** 30 })
  const answer: ProbeAnswer = JSON.parse(stdout)
  return answer
}

/** Packets in decode order; `options` go to ffprobe as they are. */
export async function probePackets(path: string, streamIndex: number, ...options: string[]): Promise<ProbedPacket[]> {
  const select = ['-select_streams', String(streamIndex), '-show_entries', 'packet=pts,dts,size,flags']
  const { packets = [] } = await ffprobe(path, ...options, ...select)
  return packets.map(({ pts = NaN, dts = NaN, size, flags }) => ({
    pts,
    dts,
    size: Number(size),
    flags: (flags.includes('K') ? PacketFlag.key : 0) | (flags.includes('D') ? PacketFlag.hidden : 0),
  }))
}

/** Video streams with their time base as ffprobe writes it; none when ffprobe cannot open the file. */
export async function probeVideoStreams(path: string): Promise<{ index: number; timeBase: string }[]> {
  const answer = await ffprobe(path, '-show_entries', 'stream=index,codec_type,time_base').catch((): ProbeAnswer => ({}))
  const video = (answer.streams ?? []).filter((stream) => stream.codec_type === 'video')
  return video.map((stream) => ({ index: stream.index, timeBase: stream.time_base }))
}
