// What a source may not reach: an uploaded "video" opens no other file and no network, and nothing blocks on a FIFO.
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { basename } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine } from '../../dist/index.js'
import { clips } from '../fixtures/index.js'
import { ask, refusal } from './fixtures/ask.js'
import { serve, type LocalServer } from './fixtures/local-server.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

let engine: Engine
let trusting: Engine
let work: Workspace
let server: LocalServer
beforeAll(async () => {
  engine = new Engine({ workers: 1, cache: false })
  trusting = new Engine({ workers: 1, cache: false, allowPlaylists: true })
  work = makeWorkspace()
  server = await serve({ '/segment.ts': { file: clips.ts.path } })
})
afterAll(async () => {
  await engine.close()
  await trusting.close()
  await server.close()
  work.remove()
})

const hls = (segment: string): string => `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n${segment}\n#EXT-X-ENDLIST\n`
const dash = (base: string): string =>
  `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT5S" minBufferTime="PT1S" profiles="urn:mpeg:dash:profile:isoff-main:2011"><Period duration="PT5S"><AdaptationSet mimeType="video/mp4"><Representation id="0" bandwidth="1000" width="320" height="180"><BaseURL>${base}</BaseURL><SegmentList duration="5"><SegmentURL media="${base}"/></SegmentList></Representation></AdaptationSet></Period></MPD>`

describe('a file that is no regular one', () => {
  it('is refused by its kind before it is opened, so that a FIFO without a writer does not block', async () => {
    execFileSync('mkfifo', [work.path('fifo.mp4')])
    expect(await refusal(engine, work.path('fifo.mp4'))).toMatchObject({
      code: 'ERR_NOT_A_FILE',
      message: expect.stringMatching(/it is a FIFO, not a regular file$/),
    })
    await expect(engine.probe(work.path('fifo.mp4'))).rejects.toMatchObject({ code: 'ERR_NOT_A_FILE' })
    await expect(engine.sampleBatch(work.path('fifo.mp4'), { count: 1 })).rejects.toMatchObject({ code: 'ERR_NOT_A_FILE' })
  })

  it.each(['/dev/zero', '/dev/null'])('such as %s is refused', async (path) => {
    expect(await refusal(engine, path)).toMatchObject({
      code: 'ERR_NOT_A_FILE',
      message: `Cannot open "${path}": it is a device, not a regular file`,
    })
  })

  it('such as a socket is refused', async () => {
    const socket = createServer().listen(work.path('socket.mp4'))
    await once(socket, 'listening')
    expect((await refusal(engine, work.path('socket.mp4'))).message).toMatch(/it is a socket/)
    socket.close()
  })
})

describe('another protocol', () => {
  it.each(['ftp://host/x.mp4', 'rtmp://host/x', 'rtsp://host/x', 'tcp://127.0.0.1:1', 'concatf://list', 'crypto+file://x'])(
    'as in %s is ERR_REFUSED',
    async (url) => {
      expect(await refusal(engine, url)).toMatchObject({
        code: 'ERR_REFUSED',
        path: url,
        message: expect.stringMatching(/only files and http\(s\) URLs are read/),
      })
      expect((await refusal(trusting, url)).code).toBe('ERR_REFUSED')
    },
  )

  it.each([
    'concat:a.ts|b.ts',
    'subfile,,start,0,end,9,,:x.mp4',
    'pipe:0',
    'data:video/mp4;base64,AAAA',
    'crypto:x.mp4',
    'cache:http://127.0.0.1/',
  ])('hidden in the name %s is only a name of a file that is not there', async (name) => {
    expect((await refusal(engine, name)).code).toBe('ERR_NOT_FOUND')
  })

  it('hidden in the name of a file that is there is only its name', async () => {
    const name = work.changed('concat:a.mp4|b.mp4', clips.oneFrame.path, () => undefined)
    expect((await ask(engine, name, { all: true })).frames).toHaveLength(1)
  })
})

describe('a playlist', () => {
  const wordOf = (error: Error): string => error.message.replace(/^.*": /s, '')

  it.each(clips.playlists)('$name is ERR_REFUSED', async ({ path }) => {
    const error = await refusal(engine, path)
    expect(error).toMatchObject({ code: 'ERR_REFUSED', path })
    expect(wordOf(error)).toBe('its format or protocol may open further files or URLs, which is not allowed here (avformat_open_input)')
    await expect(engine.probe(path)).rejects.toMatchObject({ code: 'ERR_REFUSED' })
  })

  it.each([
    ['of HLS', 'remote.m3u8', (url: string) => hls(url)],
    ['of HLS named .mp4', 'remote.mp4', (url: string) => hls(url)],
    ['of DASH', 'remote.mpd', (url: string) => dash(url)],
    ['for concat', 'remote.ffconcat', (url: string) => `ffconcat version 1.0\nfile '${url}'\n`],
    [
      'of SDP',
      'remote.sdp',
      () => 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n',
    ],
  ])('%s that names a server asks nothing of it', async (_, name, content) => {
    const before = server.asked.length
    const path = work.write(name, content(server.url('/segment.ts')))
    expect(['ERR_REFUSED', 'ERR_OPEN']).toContain((await refusal(engine, path)).code)
    expect(server.asked.slice(before)).toEqual([])
  })

  it('served by a server is refused as well, and its segments are not fetched', async () => {
    const playlist = work.write('served.m3u8', hls('/segment.ts'))
    const host = await serve({ '/served.m3u8': { file: playlist }, '/segment.ts': { file: clips.ts.path } })
    expect((await refusal(engine, host.url('/served.m3u8'))).code).toBe('ERR_REFUSED')
    expect(host.asked).not.toContain('/segment.ts')
    await host.close()
  })

  it('gives its frames where playlists are allowed', async () => {
    const { frames } = await ask(trusting, clips.playlist.path, { count: 3, pixelFormat: 'source' })
    const alone = await ask(engine, clips.ts.path, { count: 3, pixelFormat: 'source' })
    expect(frames.map(({ data }) => data)).toEqual(alone.frames.map(({ data }) => data))
  })

  it('of a local file reaches no network even where playlists are allowed', async () => {
    const before = server.asked.length
    const path = work.write('allowed.m3u8', hls(server.url('/segment.ts')))
    await refusal(trusting, path)
    expect(server.asked.slice(before)).toEqual([])
  })

  it('that names a text file of the host gives no frame of it even where playlists are allowed', async () => {
    const { code } = await refusal(trusting, clips.playlistOfHostFile.path)
    expect(['ERR_OPEN', 'ERR_NO_VIDEO', 'ERR_DECODE', 'ERR_REFUSED', 'ERR_IO']).toContain(code)
  })
})

describe('a MOV file whose samples lie in another file', () => {
  it('does not open that file', async () => {
    // The data reference "url " with the flag "in this file" becomes an alias by name to a clip that is there.
    const target = work.changed('target.mov', clips.mjpeg.path, () => undefined)
    const path = work.write('external.mov', withExternalReference(work, basename(target)))
    const { frames, report } = await ask(engine, path, { all: true }).catch(() => ({ frames: [], report: null }))
    const pristine = await ask(engine, clips.mjpeg.path, { count: 1 })
    expect(pristine.frames).toHaveLength(1)
    // Its own media data is blank: any frame that decodes cleanly came from the other file.
    expect(frames.filter(({ isDamaged }) => !isDamaged)).toEqual([])
    expect(report === null || report.frames === 0 || report.damaged === report.frames).toBe(true)
  })
})

/** mjpeg.mov with its samples blanked and its data reference made an alias to `name` in the same folder. */
function withExternalReference({ changed }: Workspace, name: string): Buffer {
  let result = Buffer.alloc(0)
  changed('base.mov', clips.mjpeg.path, (bytes) => {
    const media = bytes.indexOf('mdat')
    bytes.fill(0, media + 4, media - 4 + bytes.readUInt32BE(media - 4))
    const alias = aliasTo(name)
    const dref = bytes.indexOf('dref') - 4
    const old = bytes.readUInt32BE(dref)
    const entry = Buffer.concat([uint32(12 + alias.length), Buffer.from('alis'), uint32(0), alias])
    const box = Buffer.concat([uint32(16 + entry.length), Buffer.from('dref'), uint32(0), uint32(1), entry])
    const grown = box.length - old
    for (const parent of ['dinf', 'minf', 'mdia', 'trak', 'moov']) {
      const at = bytes.lastIndexOf(parent, dref) - 4
      bytes.writeUInt32BE(bytes.readUInt32BE(at) + grown, at)
    }
    result = Buffer.concat([bytes.subarray(0, dref), box, bytes.subarray(dref + old)])
  })
  return result
}

/** An alias record of version 2 whose absolute and POSIX names are `name`. */
function aliasTo(name: string): Buffer {
  const head = Buffer.alloc(150)
  head.writeUInt16BE(2, 6)
  head.writeUInt8(Math.min(27, name.length), 50)
  head.write(name.slice(0, 27), 51)
  head.writeInt16BE(1, 130) // from the alias one level up,
  head.writeInt16BE(1, 132) // and down to the target
  const item = (type: number, text: string): Buffer => {
    const data = Buffer.from(text)
    const tag = Buffer.alloc(4)
    tag.writeInt16BE(type, 0)
    tag.writeUInt16BE(data.length, 2)
    return Buffer.concat([tag, data, Buffer.alloc(data.length % 2)])
  }
  const end = Buffer.alloc(4)
  end.writeInt16BE(-1, 0)
  const record = Buffer.concat([head, item(2, `disk:${name}`), item(18, name), end])
  record.writeUInt16BE(record.length, 4)
  return record
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
