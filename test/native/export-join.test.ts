// Packets of a source and of an encoder in one stream, taken apart again by ffmpeg and by hand.
import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { loadBinding, type NativePictureOutput } from '../../dist/native/binding.js'
import { clips } from '../fixtures/index.js'
import { consultFfmpeg } from '../oracle/ffmpeg-oracle.js'
import { encodeFrames, pictureOutput, remuxOf, runOf, trackOf, writeFile } from './exporters.js'
import { sourceOf } from './samplers.js'

const run = promisify(execFile)
const binding = loadBinding()
const folder = mkdtempSync(join(tmpdir(), 'framemill-join-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Joined {
  readonly path: string
  /** Digests of the frames that were copied: as the source shows them, and as the file does. */
  readonly source: readonly string[]
  readonly file: readonly string[]
  readonly frames: number
}

/** Encodes some frames before a key frame (of all key packets, the one of that number) and copies what the source stores from there on. */
async function joinAt(source: string, number: number, head: number, name: string, encoding: Partial<NativePictureOutput>): Promise<Joined> {
  const { pts, dts, flags } = binding.scanPackets({ ...sourceOf(source), streamIndex: 0 })
  const { frames } = await consultFfmpeg(source)
  const at = [...flags.keys()].filter((packet) => ((flags[packet] ?? 0) & 1) !== 0)[number] ?? -1
  const [ticks, decoded] = [pts[at] ?? NaN, dts[at] ?? NaN]
  const before = frames.flatMap(({ ptsTicks }) => (ptsTicks < ticks ? [ptsTicks] : [])).slice(-head)
  const origin = before[0] ?? NaN
  const { timeBase } = binding.probe(sourceOf(source)).streams[0] ?? { timeBase: { num: 1, den: 1 } }
  const spool = join(folder, 'head')
  encodeFrames(binding, source, pictureOutput(spool, { timeBase, end: ticks - origin, ...encoding }), before)
  const leading = [...pts.subarray(at)].flatMap((each, i) => (each < ticks ? [i] : []))
  const path = join(folder, name)
  const isMp4 = name.endsWith('.mp4')
  const remux = remuxOf(path, isMp4 ? { options: ['video_track_timescale', String(timeBase.den)] } : { format: 'matroska' })
  writeFile(binding, source, remux, trackOf({ edges: spool }), [
    runOf({ kind: 'spool', path: spool, delay: Math.max(0, ticks - decoded), endsSequence: leading.length > 0 }),
    runOf({ origin, startPts: ticks, startDts: decoded, count: pts.length - at, dropped: Float64Array.from(leading), from: origin }),
  ])
  const joined = (await consultFfmpeg(path)).frames.map(({ digest }) => digest)
  const copied = frames.flatMap(({ ptsTicks, digest }) => (ptsTicks < ticks ? [] : [digest]))
  return { path, source: copied, file: joined.slice(head), frames: joined.length }
}

/** Parameter sets of an avcC by type, as ISO/IEC 14496-15 lays them out, and the ids they begin with. */
function setsOf(path: string): { readonly sps: number[]; readonly pps: number[] } {
  const file = readFileSync(path)
  let at = file.indexOf('avcC') + 4 + 5
  const list = (count: number, idAt: number): number[] =>
    Array.from({ length: count }, () => {
      const length = file.readUInt16BE(at)
      const bits = [...file.subarray(at + 2 + idAt, at + 2 + length)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
      at += 2 + length
      const zeros = bits.indexOf('1')
      return parseInt(bits.slice(zeros, 2 * zeros + 1), 2) - 1
    })
  const sps = list((file[at++] ?? 0) & 0x1f, 4)
  return { sps, pps: list(file[at++] ?? 0, 1) }
}

/** Types of the NAL units of an HEVC stream in their order, which MP4 stores after four bytes of length each. */
async function hevcTypes(path: string): Promise<number[]> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:v', '-c', 'copy', '-f', 'data', '-'], {
    encoding: 'buffer',
    maxBuffer: 2 ** 26,
  })
  const types: number[] = []
  for (let at = 0; at < stdout.length; at += 4 + stdout.readUInt32BE(at)) types.push(((stdout[at + 4] ?? 0) >> 1) & 0x3f)
  return types
}

describe('an encoded head and copied packets in one stream', () => {
  it('of H.264 have the parameter sets of both, and the copied frames are the source’s', async () => {
    const options = ['preset', 'ultrafast', 'bf', '0', 'x264-params', 'sps-id=7']
    const joined = await joinAt(clips.noBFrames.path, 2, 7, 'avc.mp4', { options })
    expect(setsOf(joined.path)).toEqual({ sps: [0, 7], pps: [0, 7] })
    expect([joined.frames, joined.file]).toEqual([7 + 90, joined.source])
  })

  it('of HEVC repeat the sets where they change, and end the sequence before a CRA picture', async () => {
    const options = ['preset', 'ultrafast', 'x265-params', 'log-level=none:bframes=0:frame-threads=1:pools=none']
    const joined = await joinAt(clips.hevcOpenGop.path, 1, 4, 'hevc.mp4', { encoder: 'libx265', options })
    expect(readFileSync(joined.path).includes('hev1')).toBe(true)
    const types = (await hevcTypes(joined.path)).filter((type) => type !== 39)
    const [vps, sps, pps, endOfSequence, cra] = [32, 33, 34, 36, 21]
    expect(types.slice(0, 3)).toEqual([vps, sps, pps])
    const end = types.indexOf(endOfSequence)
    expect(types.slice(end, end + 5)).toEqual([endOfSequence, vps, sps, pps, cra])
    expect(types.filter((type) => type === vps || type === endOfSequence)).toEqual([vps, endOfSequence, vps])
    expect(joined.frames).toBe(4 + joined.source.length)
    expect(joined.file).toEqual(joined.source)
  })

  it.each([
    ['VP9', clips.vp9, 'libvpx-vp9'],
    ['VP8', clips.vp8, 'libvpx'],
  ])('of %s need nothing but a key frame', async (_, { path }, encoder) => {
    const options = ['b', '1000000', 'deadline', 'realtime', 'lag-in-frames', '0', 'auto-alt-ref', '0']
    const joined = await joinAt(path, 1, 5, `${encoder}.mkv`, { encoder, options })
    expect([joined.frames, joined.file]).toEqual([5 + joined.source.length, joined.source])
  })
})

describe('packets of a Matroska file', () => {
  it('can be copied from the first on, although those of a stream with reordering have no decode timestamps', async () => {
    for (const [format, name] of [
      ['mp4', 'first.mp4'],
      ['matroska', 'first.mkv'],
    ] as const) {
      const path = join(folder, name)
      writeFile(binding, clips.mkv.path, remuxOf(path, { format }), trackOf(), [runOf({ fromStreamStart: true, count: 60 })])
      const frames = (await consultFfmpeg(clips.mkv.path)).frames.slice(0, 60)
      expect((await consultFfmpeg(path)).frames.map(({ digest }) => digest)).toEqual(frames.map(({ digest }) => digest))
    }
  })
})

describe('a source whose units have lengths of one byte', () => {
  it('takes no edges, whose units are longer', () => {
    const short = join(folder, 'short.mp4')
    copyFileSync(clips.noBFrames.path, short)
    const bytes = readFileSync(short)
    // lengthSizeMinusOne: what the packets hold does not matter here, but what is to be put beside them.
    const at = bytes.indexOf('avcC') + 4 + 4
    bytes[at] = (bytes[at] ?? 0) & 0xfc
    writeFileSync(short, bytes)
    const spool = join(folder, 'long-units')
    encodeFrames(binding, clips.noBFrames.path, pictureOutput(spool, { options: ['bf', '0', 'qp', '1'] }), [0, 512])
    expect(() =>
      writeFile(binding, short, remuxOf(join(folder, 'x.mp4')), trackOf({ edges: spool }), [runOf({ kind: 'spool', path: spool })]),
    ).toThrow(expect.objectContaining({ code: 'ERR_UNSUPPORTED', message: expect.stringContaining('1-byte lengths') }))
  })
})
