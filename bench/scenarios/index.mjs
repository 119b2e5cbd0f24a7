// The packet index of a file, in the three ways there are: from the moov box, by reading all packets, from the disk cache.
// @ts-check
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { PiscinaExecutor } from '../../dist/pool/piscina-executor.js'
import { Scheduler } from '../../dist/pool/scheduler.js'
import { IndexCache } from '../../dist/source/index-cache.js'
import { Sources } from '../../dist/source/sources.js'
import { probeVideo } from '../ffmpeg.mjs'
import { repeat } from '../repeat.mjs'
import { figure, verify } from '../result.mjs'

const cacheBytes = 2 ** 26

/** @type {import('../scenario-list.mjs').Scenario} */
export const indexScenario = { name: 'index', run: measureIndex }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureIndex({ media, quick }) {
  const mp4 = await media.long()
  const matroska = await media.longMatroska()
  const folder = await mkdtemp(join(tmpdir(), 'framemill-index-'))
  const scheduler = new Scheduler(new PiscinaExecutor(1), 0)
  try {
    const cache = new IndexCache(folder, cacheBytes)
    const ways = {
      moov: indexing(scheduler, mp4, null),
      packets: indexing(scheduler, matroska, null),
      cache: indexing(scheduler, matroska, cache),
    }
    const packets = { mp4: await proveIndex(ways.moov, mp4), matroska: await proveIndex(ways.packets, matroska) }
    for (const _ of ['which fills the cache', 'from the cache']) await proveIndex(ways.cache, matroska)
    const readBefore = scheduler.counters.packetsRead
    const samples = await repeat(quick ? 3 : 30, { moov: ways.moov, packets: ways.packets })
    const readByScans = scheduler.counters.packetsRead - readBefore
    const { cache: fromCache } = await repeat(quick ? 3 : 30, { cache: ways.cache })
    verify(readByScans > 0 && readByScans % packets.matroska === 0, 'Matroska is indexed by reading its packets, MP4 is not')
    verify(scheduler.counters.packetsRead === readBefore + readByScans, 'an index from the cache takes no packet from the file')
    verify(scheduler.counters.framesDecoded === 0, 'no frame is decoded for an index')
    const perThousand = (/** @type {readonly number[]} */ all, /** @type {number} */ count) => all.map((ms) => (ms * 1000) / count)
    return {
      scenario: 'index',
      title: 'Index: the packets of a file',
      subject: `${basename(mp4)} (${packets.mp4} packets) and ${basename(matroska)} (${packets.matroska} packets), both in the system's file cache; opened before, indexed by a worker that runs already`,
      checks: [
        'the frames of each index have the presentation times that ffprobe gives, every time ffprobe has and no other',
        'Matroska is indexed by reading its packets, MP4 and the cached index without reading any; no frame is decoded',
      ],
      figures: [
        figure('MP4, from its moov box, per 1000 packets', 'ms', perThousand(samples.moov, packets.mp4)),
        figure('Matroska, by reading it, per 1000 packets', 'ms', perThousand(samples.packets, packets.matroska)),
        figure('Matroska, from the disk cache, per 1000 packets', 'ms', perThousand(fromCache, packets.matroska)),
      ],
    }
  } finally {
    await scheduler.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** One way to an index, again and again; nothing is remembered from one time to the next. @param {Scheduler} scheduler @param {string} file @param {IndexCache | null} cache */
function indexing(scheduler, file, cache) {
  const make = () => new Sources({ scheduler, cache, allowPlaylists: false, maxPixels: 2 ** 28, onCacheHit: () => undefined })
  let sources = make()
  return {
    before: async () => {
      sources = make()
      await sources.open(file)
    },
    work: async () => (await sources.openVideo(file, null)).index,
  }
}

/** @param {ReturnType<typeof indexing>} way @param {string} file @returns {Promise<number>} how many packets there are */
async function proveIndex(way, file) {
  await way.before()
  const { frames, packets } = await way.work()
  const { ticks } = await probeVideo(file)
  verify(
    frames.length === ticks.length && frames.every((own, i) => own === ticks[i]),
    `${basename(file)} has the presentation times that ffprobe gives`,
  )
  return packets.pts.length
}
