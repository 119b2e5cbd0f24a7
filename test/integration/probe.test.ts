// What probe() says, against ffprobe: facts of the container and its streams, and of the packets.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, type ProbeResult, type VideoStreamInfo } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { consultFfmpeg } from '../oracle/ffmpeg-oracle.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

const run = promisify(execFile)
let engine: Engine
let work: Workspace
beforeAll(() => {
  engine = new Engine({ workers: 2, cache: false })
  work = makeWorkspace()
})
afterAll(async () => {
  await engine.close()
  work.remove()
})

interface FfprobeStream {
  readonly index: number
  readonly codec_type?: string
  readonly codec_name?: string
  readonly profile?: string
  readonly width?: number
  readonly height?: number
  readonly pix_fmt?: string
  readonly time_base: string
  readonly color_space?: string
  readonly color_transfer?: string
  readonly color_primaries?: string
  readonly color_range?: string
  readonly field_order?: string
  readonly sample_aspect_ratio?: string
  readonly sample_rate?: string
  readonly channels?: number
  readonly channel_layout?: string
  readonly sample_fmt?: string
  readonly avg_frame_rate?: string
  readonly disposition?: { readonly attached_pic: number; readonly default: number }
  readonly tags?: Readonly<Record<string, string>>
}

interface Ffprobe {
  readonly format: { readonly format_name: string; readonly duration?: string; readonly start_time?: string; readonly size: string }
  readonly streams: readonly FfprobeStream[]
  readonly chapters: readonly { readonly start_time: string; readonly end_time: string; readonly tags?: { readonly title?: string } }[]
}

const probed = new Map<string, Promise<Ffprobe>>()

/** Asks ffprobe once for each file. */
function ffprobe(path: string): Promise<Ffprobe> {
  const answer = probed.get(path) ?? runFfprobe(path)
  probed.set(path, answer)
  return answer
}

async function runFfprobe(path: string): Promise<Ffprobe> {
  const args = ['-v', 'quiet', '-show_format', '-show_streams', '-show_chapters', '-of', 'json', `file:${path}`]
  const { stdout } = await run('ffprobe', args, { maxBuffer: 1 << 26 })
  const answer: Ffprobe = JSON.parse(stdout)
  return answer
}

function quotient(text: string | undefined): number | null {
  const [num = 0, den = 0] = (text ?? '').split(/[/:]/).map(Number)
  return num > 0 && den > 0 ? num / den : null
}

function mainVideo({ streams }: ProbeResult): VideoStreamInfo {
  const video = streams.find((stream) => stream.type === 'video' && stream.frameCount !== null)
  if (video?.type !== 'video') throw new Error('there is no measured video')
  return video
}

describe.each([...clips.all, clips.audioOnly, clips.coverOnlyM4a, clips.coverOnlyMp3])('of $name', ({ path }) => {
  it('the container and the streams are those that ffprobe finds', async () => {
    const [found, expected] = await Promise.all([engine.probe(path), ffprobe(path)])
    expect(found.container).toBe(expected.format.format_name)
    expect(found.size).toBe(Number(expected.format.size))
    expect(found.startTime).toBeCloseTo(Number(expected.format.start_time ?? 0), 5)
    if (expected.format.duration === undefined) expect(found.duration).toBeNull()
    else expect(found.duration).toBeCloseTo(Number(expected.format.duration), 5)
    const described = found.streams.map((stream) => ({
      index: stream.index,
      codec: stream.codec,
      isDefault: stream.isDefault,
      timeBase: `${stream.timeBase.num}/${stream.timeBase.den}`,
    }))
    expect(described).toEqual(
      expected.streams.map((stream) => ({
        index: stream.index,
        codec: stream.codec_name ?? 'none',
        isDefault: stream.disposition?.default === 1,
        timeBase: stream.time_base,
      })),
    )
    expect(found.chapters.map(({ title }) => title)).toEqual(expected.chapters.map(({ tags }) => tags?.title ?? ''))
    for (const [i, { start, end }] of found.chapters.entries()) {
      expect(start).toBeCloseTo(Number(expected.chapters[i]?.start_time), 6)
      expect(end).toBeCloseTo(Number(expected.chapters[i]?.end_time), 6)
    }
  })

  it('pictures and sounds are those that ffprobe finds', async () => {
    const [found, expected] = await Promise.all([engine.probe(path), ffprobe(path)])
    const known = (value: string | undefined): string | null => (value === undefined || value === 'unknown' ? null : value)
    for (const [i, stream] of found.streams.entries()) {
      const wanted = expected.streams[i]
      if (wanted === undefined) throw new Error('ffprobe finds fewer streams')
      // A profile without a name is a number to ffprobe.
      expect(stream.profile).toBe(wanted.profile === undefined || /^(unknown|\d+)$/.test(wanted.profile) ? null : wanted.profile)
      expect([stream.language, stream.title]).toEqual([wanted.tags?.['language'] ?? null, wanted.tags?.['title'] ?? null])
      if (stream.type === 'video') {
        expect(stream).toMatchObject({
          width: wanted.width,
          height: wanted.height,
          pixelFormat: wanted.pix_fmt,
          isAttachedPicture: wanted.disposition?.attached_pic === 1,
          colorMatrix: known(wanted.color_space),
          colorTransfer: known(wanted.color_transfer),
          colorPrimaries: known(wanted.color_primaries),
          colorRange: known(wanted.color_range),
        })
        expect(stream.claimedFrameRate ?? 0).toBeCloseTo(quotient(wanted.avg_frame_rate) ?? 0, 6)
        expect(stream.sampleAspectRatio.num / stream.sampleAspectRatio.den).toBeCloseTo(quotient(wanted.sample_aspect_ratio) ?? 1, 9)
      }
      if (stream.type === 'audio') {
        expect(stream).toMatchObject({
          channels: wanted.channels,
          sampleRate: Number(wanted.sample_rate),
          channelLayout: wanted.channel_layout,
          sampleFormat: wanted.sample_fmt,
        })
      }
    }
  })
})

describe.each(clips.all)('of the packets of $name', ({ path, facts }) => {
  it('the measures are those of the clip', async () => {
    const video = mainVideo(await engine.probe(path))
    expect([video.codec, video.width, video.height, video.pixelFormat]).toEqual([facts.codec, facts.width, facts.height, facts.pixelFormat])
    expect([video.frameCount, video.keyFrames, video.hasBFrames]).toEqual([facts.frames, facts.keyFrames, facts.hasBFrames])
  })

  it('the frame rate is that of the frames that ffmpeg shows', async () => {
    const times = (await consultFfmpeg(path)).frames.map(({ seconds }) => seconds)
    const durations = times.slice(1).map((time, i) => time - (times[i] ?? NaN))
    const common = [...durations].sort((a, b) => a - b)[durations.length >> 1] ?? NaN
    const odd = durations.filter((duration) => Math.abs(duration - common) > common / 10)
    const video = mainVideo(await engine.probe(path))
    expect(video.isVariableFrameRate).toBe(odd.length > durations.length / 100)
    if (times.length < 2) expect(video.averageFrameRate).toBeNull()
    else expect(video.averageFrameRate).toBeCloseTo((times.length - 1) / ((times.at(-1) ?? NaN) - (times[0] ?? NaN)), 3)
  })
})

describe('probe()', () => {
  it('tells rotation and the size on screen', async () => {
    const shown = async (path: string): Promise<unknown[]> => {
      const { rotation, displayWidth, displayHeight } = mainVideo(await engine.probe(path))
      return [rotation, displayWidth, displayHeight]
    }
    expect(await shown(clips.rotated90.path)).toEqual([90, 180, 320])
    expect(await shown(clips.rotated180.path)).toEqual([180, 320, 180])
    expect(await shown(clips.rotated270.path)).toEqual([270, 180, 320])
    expect(await shown(clips.wideSamples.path)).toEqual([0, 256, 144])
  })

  it('tells the kind of HDR', async () => {
    const kinds = await Promise.all([clips.hdrPq, clips.hdrHlg, clips.bt709].map(async ({ path }) => mainVideo(await engine.probe(path))))
    expect(kinds.map(({ hdr, bitDepth }) => [hdr, bitDepth])).toEqual([
      ['pq', 10],
      ['hlg', 10],
      [null, 8],
    ])
  })

  it('tells interlacing', async () => {
    expect(mainVideo(await engine.probe(clips.interlaced.path)).fieldOrder).toBe('top-first')
    expect((await ffprobe(clips.interlaced.path)).streams[0]?.field_order).toBe('tt')
    expect(mainVideo(await engine.probe(clips.bFrames.path)).fieldOrder).toBe('progressive')
  })

  it('measures the video of the highest resolution, never a cover', async () => {
    const { streams } = await engine.probe(clips.manyStreams.path)
    expect(streams.map((stream) => (stream.type === 'video' ? stream.frameCount : stream.type))).toEqual([
      null,
      50,
      'audio',
      'audio',
      expect.anything(),
      null,
    ])
    expect(streams.filter((stream) => stream.type === 'audio').map(({ language }) => language)).toEqual(['eng', 'deu'])
  })

  it('tells titles, attachments and chapters', async () => {
    const { streams, chapters } = await engine.probe(clips.titles.path)
    expect(streams.map(({ title }) => title)).toEqual([null, 'Wide', 'Commentary', null, null])
    expect(streams.find(({ type }) => type === 'attachment')).toMatchObject({ fileName: 'notes.txt', mimeType: 'text/plain' })
    expect(chapters).toEqual([
      { start: 0, end: 0.8, title: 'First' },
      { start: 0.8, end: 2, title: 'Second' },
    ])
  })

  it('tells the spacing of key frames', async () => {
    const { keyFrameSpacing } = mainVideo(await engine.probe(clips.bFrames.path))
    expect(keyFrameSpacing).toEqual({ minimum: expect.closeTo(2, 6), median: expect.closeTo(2, 6), maximum: expect.closeTo(2, 6) })
    expect(mainVideo(await engine.probe(clips.longGop.path)).keyFrameSpacing).toBeNull()
  })

  it('describes files without a video all the same', async () => {
    const { streams, doubts } = await engine.probe(clips.audioOnly.path)
    expect([streams.map(({ type }) => type), doubts]).toEqual([['audio'], []])
  })

  it('says when there is no decoder', async () => {
    const path = work.changed('unknown.mp4', clips.noBFrames.path, (bytes) => {
      bytes.write('zzzz', bytes.indexOf('avc1', bytes.indexOf('stsd')))
    })
    const { streams, doubts } = await engine.probe(path)
    expect(streams[0]?.isDecodable).toBe(false)
    expect(doubts.join('\n')).toMatch(/no decoder/)
  })

  it('has no doubts about sound clips but for what is odd about them', async () => {
    expect((await engine.probe(clips.bFrames.path)).doubts).toEqual([])
    expect((await engine.probe(clips.mkv.path)).doubts).toEqual([])
  })

  it.each([
    ['a file that is cut off', () => clips.cutOffMp4.path, /cut off/],
    ['a header that claims another duration', () => clips.cutOffMkv.path, /the header claims 10\.\d+ s, the last frame ends at 6\.\d+ s/],
    ['missing timestamps', () => clips.missingTimestamps.path, /packets have no presentation timestamp/],
  ])('doubts %s', async (_, path, words) => {
    expect((await engine.probe(path())).doubts.join('\n')).toMatch(words)
  })

  it('doubts an absurd frame rate', async () => {
    const path = work.changed('absurd.mp4', clips.noBFrames.path, (bytes) => {
      const mdhd = bytes.indexOf('mdhd')
      bytes.writeUInt32BE(bytes.readUInt32BE(mdhd + 16) * 100, mdhd + 16) // the time scale
    })
    expect((await engine.probe(path)).doubts.join('\n')).toMatch(/claims 3000 frames per second/)
  })
})
