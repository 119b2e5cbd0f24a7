// The two ways to a packet index, the moov box and a native scan of all packets, must give the same one.
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadBinding } from '../../dist/native/binding.js'
import { PacketFlag } from '../../dist/source-types.js'
import { readMp4Index } from '../../dist/source/mp4-index.js'
import { clips } from '../fixtures/index.js'

const binding = loadBinding()
const corpus = process.env['FRAMEMILL_CORPUS']
const corpusFiles = corpus === undefined ? [] : readdirSync(corpus, { recursive: true, encoding: 'utf8' }).map((name) => join(corpus, name))
const files = [...clips.all.map(({ path }) => path), ...corpusFiles].filter((path) => /\.(mp4|mov|m4v)$/.test(path))

function scanned(path: string): { streamIndex: number; packets: ReturnType<typeof binding.scanPackets> } | null {
  const source = { url: `file:${path}`, protocols: 'file', allowPlaylists: false }
  try {
    const video = binding.probe(source).streams.find(({ type, isAttachedPicture }) => type === 'video' && !isAttachedPicture)
    return video === undefined ? null : { streamIndex: video.index, packets: binding.scanPackets({ ...source, streamIndex: video.index }) }
  } catch {
    return null
  }
}

describe('the packet index read from the moov box', () => {
  it('is there for most MP4 files', async () => {
    const indexed = await Promise.all(
      files.map(async (path) => ((await readMp4Index(path, scanned(path)?.streamIndex ?? 0)) === null ? 0 : 1)),
    )
    expect(indexed.reduce<number>((sum, one) => sum + one, 0)).toBeGreaterThan(files.length / 2)
  })

  it.each(files.map((path) => ({ name: basename(path), path })))('equals that of a native scan: $name', async ({ path }) => {
    const scan = scanned(path)
    const index = scan === null ? null : await readMp4Index(path, scan.streamIndex)
    if (scan === null || index === null) return // one of the two ways does not apply
    const cut = index.packets.flags.findIndex((flags) => (flags & PacketFlag.truncated) !== 0)
    const count = cut === -1 ? index.packets.pts.length : cut
    // Where the bitstream itself is broken its parser finds no key frame, whatever the container says.
    const isReadable = scan.packets.flags.some((flags) => (flags & PacketFlag.key) !== 0)
    const compared = isReadable ? PacketFlag.hidden | PacketFlag.key : PacketFlag.hidden
    const rows = (packets: typeof scan.packets | typeof index.packets) =>
      Array.from({ length: count }, (_, i) => [packets.pts[i], packets.dts[i], packets.size[i], (packets.flags[i] ?? 0) & compared])
    if (cut === -1) expect(scan.packets.pts).toHaveLength(count)
    expect(rows(scan.packets)).toEqual(rows(index.packets))
  })
})
