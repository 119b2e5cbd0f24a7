// Each VideoErrorCode, in the words that a user meets, and what faulty files give all the same.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, type Frame, VideoError } from '../../dist/index.js'
import { PiscinaExecutor } from '../../dist/pool/piscina-executor.js'
import { clips } from '../fixtures/index.js'
import { consultFfmpeg } from '../oracle/ffmpeg-oracle.js'
import { ask, refusal } from './fixtures/ask.js'
import { serve } from './fixtures/local-server.js'
import { makeWorkspace, mediaDataOf, type Workspace } from './fixtures/workspace.js'

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

describe('a source that is no media file', () => {
  it('is ERR_NOT_FOUND when it is not there', async () => {
    const path = work.path('missing.mp4')
    const error = await refusal(engine, path)
    expect(error).toMatchObject({ code: 'ERR_NOT_FOUND', path, call: 'stat', message: `Cannot open "${path}": there is no such file` })
    expect((await refusal(engine, `${clips.bFrames.path}/inside.mp4`)).code).toBe('ERR_NOT_FOUND')
    expect((await refusal(engine, new URL(`file://${path}`))).code).toBe('ERR_NOT_FOUND')
  })

  it('is ERR_NOT_A_FILE when it is a folder', async () => {
    expect(await refusal(engine, work.folder)).toMatchObject({
      code: 'ERR_NOT_A_FILE',
      message: `Cannot open "${work.folder}": it is a folder, not a regular file`,
    })
  })

  it('is ERR_OPEN when it is empty, text, or cut off before its header', async () => {
    expect(await refusal(engine, clips.empty.path)).toMatchObject({
      code: 'ERR_OPEN',
      message: `Cannot open "${clips.empty.path}": the file is empty`,
    })
    for (const { path } of [clips.text, clips.noMoov]) {
      const message = `Cannot open "${path}": Invalid data found when processing input (avformat_open_input)`
      expect(await refusal(engine, path)).toMatchObject({
        code: 'ERR_OPEN',
        path,
        message,
        call: 'avformat_open_input',
        avError: -1094995529,
      })
    }
  })

  it('is ERR_IO when the system cannot say what it is', async () => {
    expect((await refusal(engine, `/${'a'.repeat(5000)}`)).code).toBe('ERR_IO')
  })

  it('is misuse when it is no path at all', async () => {
    for (const source of ['', 'a\0b']) await expect(ask(engine, source, { count: 1 })).rejects.toThrow(TypeError)
  })
})

describe('a file without a video', () => {
  it('is ERR_NO_VIDEO, with the streams that it has', async () => {
    const said = async (path: string): Promise<string> => {
      const error = await refusal(engine, path)
      expect(error.code).toBe('ERR_NO_VIDEO')
      return error.message.replace(path, 'FILE')
    }
    expect(await said(clips.audioOnly.path)).toBe('Cannot read pictures of "FILE": it has no video stream (streams: aac audio)')
    const coverOnly = 'Cannot read pictures of "FILE": its only picture is a cover, not a video stream'
    expect(await said(clips.coverOnlyM4a.path)).toBe(`${coverOnly} (streams: aac audio, mjpeg cover picture)`)
    expect(await said(clips.coverOnlyMp3.path)).toBe(`${coverOnly} (streams: mp3 audio, mjpeg cover picture)`)
  })

  it('is ERR_NO_VIDEO when the stream asked for is sound or does not exist', async () => {
    const { path } = clips.manyStreams
    expect((await refusal(engine, path, { count: 1, stream: 2 })).message).toContain('stream 2 is audio')
    expect((await refusal(engine, path, { count: 1, stream: 9 })).message).toContain('it has no stream 9')
  })

  it('gives a cover that is asked for by its index', async () => {
    const { frames } = await ask(engine, clips.manyStreams.path, { all: true, stream: 5 })
    expect(frames.map(({ width, height }) => [width, height])).toEqual([[640, 480]])
  })

  it('is ERR_UNSUPPORTED when FFmpeg has no decoder for the codec', async () => {
    const path = work.changed('unknown-codec.mp4', clips.noBFrames.path, (bytes) => {
      bytes.write('zzzz', bytes.indexOf('avc1', bytes.indexOf('stsd')))
    })
    const message = `Cannot read pictures of "${path}": the linked FFmpeg has no decoder for codec zzzz`
    expect(await refusal(engine, path)).toMatchObject({ code: 'ERR_UNSUPPORTED', path, message, call: 'avcodec_find_decoder' })
  })

  it('is ERR_DECODE when its packets are no pictures', async () => {
    const path = work.changed('garbage.mp4', clips.noBFrames.path, (bytes) => {
      const { start, end } = mediaDataOf(bytes)
      bytes.fill(0xff, start, end)
    })
    const error = await refusal(engine, path, { count: 2 })
    expect(error).toMatchObject({ code: 'ERR_DECODE', path })
    expect(error.message).toContain(`Cannot sample "${path}": none of the 2 frames could be decoded (`)
    await expect(engine.sampleBatch(path, { count: 2 })).rejects.toMatchObject({ code: 'ERR_DECODE' })
  })
})

describe('limits', () => {
  it('of pixels are ERR_TOO_LARGE with both sizes', async () => {
    await using small = new Engine({ workers: 1, cache: false, maxPixels: 57_599 })
    const error = await refusal(small, clips.bFrames.path)
    expect(error.code).toBe('ERR_TOO_LARGE')
    expect(error.message).toContain('its frames have 57600 pixels (320x180), more than maxPixels 57599')
    await using justEnough = new Engine({ workers: 1, cache: false, maxPixels: 57_600 })
    expect((await ask(justEnough, clips.bFrames.path, { count: 1 })).frames).toHaveLength(1)
  })

  it('of pixels hold for the result too', async () => {
    const error = await refusal(engine, clips.bFrames.path, { count: 1, width: 60_000, height: 60_000 })
    expect(error).toMatchObject({ code: 'ERR_TOO_LARGE' })
    expect(error.message).toContain('at 60000x60000: that is more than maxPixels 268402689')
  })

  it('of memory are ERR_MEMORY when one frame, or the tensor, does not fit', async () => {
    await using small = new Engine({ workers: 1, cache: false, memoryLimit: 300_000 })
    expect((await refusal(small, clips.bFrames.path, { count: 1, width: 640 })).code).toBe('ERR_MEMORY')
    await expect(small.sampleBatch(clips.bFrames.path, { count: 2 })).rejects.toMatchObject({ code: 'ERR_MEMORY' })
    expect((await ask(small, clips.bFrames.path, { all: true })).frames).toHaveLength(300)
    expect(small.stats().memoryInUse).toBe(0)
  })

  it('of a consumer that keeps every slot are told to the logger, and sampling goes on when one is released', async () => {
    const warnings: string[] = []
    const kept: Frame[] = []
    const releaseAll = (message: string): void => {
      warnings.push(message)
      for (const frame of kept.splice(0)) frame.release()
    }
    await using small = new Engine({
      workers: 1,
      cache: false,
      memoryLimit: 1_200_000,
      logger: { warn: releaseAll, debug: () => undefined },
    })
    let count = 0
    for await (const frame of small.sample(clips.bFrames.path, { count: 5 })) {
      kept.push(frame.keep())
      count++
    }
    expect(count).toBe(5)
    expect(warnings).toEqual([expect.stringMatching(/^All \d slots are kept by the caller/)])
    for (const frame of kept) frame.release()
  }, 10_000)
})

describe('a URL', () => {
  it('is ERR_IO when nobody answers there', async () => {
    const url = 'http://127.0.0.1:1/x.mp4'
    expect(await refusal(engine, url)).toMatchObject({
      code: 'ERR_IO',
      path: url,
      message: `Cannot open "${url}": Connection refused (avformat_open_input)`,
    })
  })

  it('is ERR_NOT_FOUND when the server has no such file', async () => {
    const server = await serve({})
    expect((await refusal(engine, server.url('/x.mp4'))).code).toBe('ERR_NOT_FOUND')
    expect(server.asked).toContain('/x.mp4')
    await server.close()
  })

  it('is ERR_TIMEOUT when the server accepts and never answers, or stops in the middle', async () => {
    const server = await serve({ '/silent.mp4': 'silence', '/half.ts': { file: clips.lateStart.path, bytes: 100_000 } })
    await using hasty = new Engine({ workers: 1, cache: false, timeoutMs: 300 })
    for (const path of ['/silent.mp4', '/half.ts']) {
      const error = await refusal(hasty, server.url(path))
      expect(error.code).toBe('ERR_TIMEOUT')
      expect(error.message).toContain('the source gave no data for longer than the time-out')
    }
    expect(hasty.stats().slotsInUse).toBe(0)
    await server.close()
  })

  it('that is answered with ranges is sampled exactly', async () => {
    const { path } = clips.bFrames
    const server = await serve({ '/clip.mp4': { file: path } })
    const options = { timestamps: [9.5, 0.5, 5], pixelFormat: 'source' } as const
    const [remote, local] = [await ask(engine, server.url('/clip.mp4'), options), await ask(engine, path, options)]
    expect(remote.frames.map(({ data }) => data)).toEqual(local.frames.map(({ data }) => data))
    await server.close()
  })
})

describe('a closed engine', () => {
  it('throws ERR_CLOSED from every method that works, and closes again without complaint', async () => {
    const closed = new Engine({ workers: 1, cache: false })
    await closed.close()
    await closed.close()
    const { path } = clips.bFrames
    await expect(closed.sample(path, { all: true }).next()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(closed.sampleBatch(path, { count: 1 })).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(closed.probe(path)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })

  it('ends what was running with ERR_CLOSED', async () => {
    const closing = new Engine({ workers: 1, cache: false })
    const frames = closing.sample(clips.bFrames.path, { all: true })
    await frames.next()
    const batch = closing.sampleBatch(clips.fullHd.path, { all: true })
    const probe = closing.probe(clips.ts.path)
    const [, ...ends] = await Promise.allSettled([closing.close(), collect(frames), batch, probe])
    for (const end of ends) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'ERR_CLOSED' })
    }
    expect(ends.some(({ status }) => status === 'rejected')).toBe(true)
    expect(closing.stats().slotsInUse).toBe(0)
  })
})

async function collect(frames: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const frame of frames) if (frame !== undefined) count++
  return count
}

describe('a worker', () => {
  const probe = {
    kind: 'probe',
    source: { name: clips.bFrames.path, url: `file:${clips.bFrames.path}`, protocols: 'file', allowPlaylists: false, identity: '' },
  } as const

  it('that fails outside its task is ERR_WORKER, and the next task runs', async () => {
    const executor = new PiscinaExecutor(1)
    const notALane = new SharedArrayBuffer(8)
    await expect(executor.run(0, { task: probe, lane: notALane, slots: null })).rejects.toMatchObject({ code: 'ERR_WORKER' })
    const lane = new SharedArrayBuffer(1 << 20)
    expect(await executor.run(0, { task: probe, lane, slots: null })).toMatchObject({ ok: true, value: { kind: 'probe' } })
    await executor.close()
  })
})

describe('the addon', () => {
  const child = fileURLToPath(new URL('../children/load-engine.mjs', import.meta.url))
  const load = async (addon: string): Promise<{ code: string; message: string }> => {
    const { stdout } = await run(process.execPath, [child], { env: { ...process.env, FRAMEMILL_ADDON: addon } })
    return JSON.parse(stdout)
  }

  it('is ERR_ADDON when it is not there, with the path tried and the command that builds it', async () => {
    const path = work.path('nothing.node')
    expect(await load(path)).toEqual({
      code: 'ERR_ADDON',
      message: `Cannot load the native addon: there is no ${path}; build it with: npm run build:native`,
    })
  })

  it('is ERR_ADDON when it is something else', async () => {
    const path = work.write('text.node', 'no addon')
    const { code, message } = await load(path)
    expect(code).toBe('ERR_ADDON')
    expect(message).toContain(path)
    expect(message).toContain('npm run build:native')
  })
})

describe('a damaged file', () => {
  it.each([clips.cutOffMkv, clips.cutOffMp4])('$name gives the frames before its end', async ({ path }) => {
    const oracle = await consultFfmpeg(path)
    const { frames, report } = await ask(engine, path, { all: true })
    const whole = frames.filter(({ isDamaged }) => !isDamaged).length
    expect([frames.length, frames.length + report.missing.length]).toEqual([oracle.frames.length, oracle.frames.length])
    expect(whole).toBeGreaterThanOrEqual(179)
    expect((await engine.probe(path)).doubts.length).toBeGreaterThan(0)
  })

  it.each([clips.damagedTs, clips.damagedMp4])('$name gives every frame and says which are damaged', async ({ path, facts }) => {
    const { frames, report } = await ask(engine, path, { all: true })
    expect(frames.length + report.missing.length).toBe(facts.frames)
    expect(report.damaged).toBe(frames.filter(({ isDamaged }) => isDamaged).length)
    expect(report.damaged).toBeGreaterThan(0)
    expect(report.damaged).toBeLessThan(facts.frames / 2)
  })

  it('of which a part is lost reports each missing frame with its number, its time and a reason', async () => {
    const path = work.changed('half-lost.mp4', clips.noBFrames.path, (bytes) => {
      const { start, end } = mediaDataOf(bytes)
      bytes.fill(0xff, Math.round(start + (end - start) / 2), end)
    })
    const { frames, report } = await ask(engine, path, { all: true })
    expect(frames.length).toBeGreaterThan(50)
    expect(report.missing.length).toBeGreaterThan(30)
    expect(report.frames).toBe(frames.length)
    const numbers = [...frames.map(({ number }) => number), ...report.missing.map(({ number }) => number)].sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 150 }, (_, number) => number))
    for (const { number, requestedTimestamp, reason } of report.missing) {
      expect(requestedTimestamp).toBeCloseTo(number / 30, 6)
      expect(reason.length).toBeGreaterThan(5)
    }
  })

  it('leaves the rows of a batch zero that it has no frames for, and names them', async () => {
    const batch = await engine.sampleBatch(work.path('half-lost.mp4'), { frameIndexes: [149, 0, 149], width: 16, height: 9 })
    expect([batch.missing, [...batch.timestamps].map(Number.isNaN)]).toEqual([
      [0, 2],
      [true, false, true],
    ])
    const row = 16 * 9 * 3
    expect(batch.data.subarray(0, row).every((value) => value === 0)).toBe(true)
    expect(batch.data.subarray(row, 2 * row).some((value) => value !== 0)).toBe(true)
  })
})

describe('every VideoError', () => {
  it('names the source as the user named it', async () => {
    const relative = `${clips.text.path.slice(0, clips.text.path.lastIndexOf('/'))}/../clips/text.mp4`
    const error = await refusal(engine, relative)
    expect(error).toBeInstanceOf(VideoError)
    expect(error.message).toContain(relative)
    expect(error.path).toBe(relative)
  })
})
