// Owns telling which packets of an exported file are its source's own, by their bytes; for H.264 and HEVC by the slices in them, as what
// surrounds slices differs from container to container.
import { fileUrl, runTool } from './ffmpeg-command.js'
import { probeClip } from './clip-facts.js'

export interface PacketOrigin {
  /** In the output's time base. */
  readonly ptsTicks: number
  /** Of the source's packet with the same bytes, in the source's time base; undefined where there is none: it was encoded. */
  readonly sourceTicks: number | undefined
}

export interface PacketOrigins {
  /** In the output's decode order. */
  readonly packets: readonly PacketOrigin[]
  readonly copied: number
  readonly encoded: number
}

/** Filters that leave only slices, behind start codes, of what either container holds. */
const slices: Readonly<Record<string, string>> = {
  h264: 'h264_mp4toannexb,filter_units=pass_types=1-5',
  hevc: 'hevc_mp4toannexb,filter_units=pass_types=0-31',
}

/** Pictures' packets only, those of the stream with the most pixels. */
export async function copiedPackets(output: string, source: string): Promise<PacketOrigins> {
  const known = new Map<string, number[]>()
  for (const { digest, ptsTicks } of await packetDigests(source)) known.set(digest, [...(known.get(digest) ?? []), ptsTicks])
  const packets = (await packetDigests(output)).map(({ digest, ptsTicks }) => ({ ptsTicks, sourceTicks: known.get(digest)?.shift() }))
  const copied = packets.filter(({ sourceTicks }) => sourceTicks !== undefined).length
  return { packets, copied, encoded: packets.length - copied }
}

async function packetDigests(path: string): Promise<{ ptsTicks: number; digest: string }[]> {
  const facts = await probeClip(path)
  if (facts === undefined) throw new Error(`ffprobe finds no video in ${path}`)
  const select = ['-select_streams', String(facts.streamIndex), '-show_entries', 'stream=codec_name', '-of', 'default=nw=1:nk=1']
  const { stdout: codec } = await runTool('ffprobe', [...select, fileUrl(path)])
  const filter = slices[codec.trim().split('\n')[0] ?? '']
  const { stdout, succeeded, errorLines } = await runTool('ffmpeg', [
    ...['-nostdin', '-copyts', '-i', fileUrl(path), '-map', `0:${facts.streamIndex}`, '-c', 'copy', '-copyinkf'],
    ...[...(filter === undefined ? [] : ['-bsf:v', filter]), '-f', 'framehash', '-hash', 'md5', '-'],
  ])
  if (!succeeded) throw new Error(`ffmpeg cannot read the packets of ${path}: ${errorLines.join('; ')}`)
  const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const [, , pts = '', , , digest = ''] = line.split(',').map((field) => field.trim())
    return { ptsTicks: Number(pts), digest }
  })
}
