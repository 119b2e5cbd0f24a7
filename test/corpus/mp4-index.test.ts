// The packet index read from moov against ffprobe, over every MP4 and MOV of the folder FRAMEMILL_CORPUS.
import { readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PacketFlag } from '../../src/source-types.js'
import { readMp4Index } from '../../src/source/mp4-index.js'
import { probePackets, probeVideoStreams } from '../oracle/ffprobe-packets.js'

const corpus = process.env.FRAMEMILL_CORPUS ?? ''
const names = corpus ? readdirSync(corpus, { recursive: true, encoding: 'utf8' }) : []
const clips = names.filter((name) => ['.mp4', '.mov'].includes(extname(name).toLowerCase())).toSorted()

describe.runIf(corpus)('readMp4Index() over real clips', () => {
  it.each(clips)(
    'gives the packets ffprobe gives, or none: %s',
    async (name) => {
      const path = join(corpus, name)
      for (const { index: streamIndex, timeBase } of await probeVideoStreams(path)) {
        const index = await readMp4Index(path, streamIndex)
        if (!index) continue
        const { pts, dts, size, flags } = index.packets
        // Without parsers, for the key flag of the container instead of the bitstream's.
        const probed = await probePackets(path, streamIndex, '-fflags', 'noparse')
        // At the first packet the file has lost bytes of, libavformat shortens it or stops.
        const firstTruncated = flags.findIndex((each) => (each & PacketFlag.truncated) !== 0)
        const complete = firstTruncated < 0 ? flags.length : Math.min(firstTruncated, probed.length)
        if (firstTruncated < 0) expect(probed.length).toBe(flags.length)
        const rows = probed.slice(0, complete).map((_, row) => ({ pts: pts[row], dts: dts[row], size: size[row], flags: flags[row] }))
        expect(rows).toEqual(probed.slice(0, complete))
        expect(`${index.timeBase.num}/${index.timeBase.den}`).toBe(timeBase)
      }
    },
    60_000,
  )
})
