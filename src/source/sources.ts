// Owns opening sources: location, facts, packet index, each from memory, the disk cache, or the file, in that order.
import { VideoError } from '../errors.js'
import type { NativeSourceFacts, NativeStreamFacts } from '../native/binding.js'
import type { Scheduler } from '../pool/scheduler.js'
import { PacketFlag, type PacketTable } from '../source-types.js'
import { decodeFacts, decodeIndex, encodeFacts, encodeIndex, type StoredIndex } from './index-codec.js'
import type { IndexCache } from './index-cache.js'
import { locate, type Location, type SourceInput } from './location.js'
import { readMp4Index } from './mp4-index.js'
import { PacketIndex } from './packet-index.js'
import { surveyStream } from './survey.js'
import { timelineOf } from './timeline.js'
import { chooseVideoStream } from './video-stream.js'

/** What is known of an opened source. */
export interface Source {
  readonly location: Location
  readonly facts: NativeSourceFacts
}

/** A source with the packet index of one of its video streams. */
export interface VideoSource extends Source {
  readonly stream: NativeStreamFacts
  readonly index: PacketIndex
  /** What a cut-off file lacks; null for a whole one. */
  readonly lost: LostEnd | null
}

/** The end of a file that is cut off. */
export interface LostEnd {
  /** Frames that the container names; null where it names none. */
  readonly frames: number | null
  /** Seconds on the timeline where the frames end that are there. */
  readonly from: number
  readonly reason: string
}

export interface OpenOptions {
  readonly signal?: AbortSignal | undefined
  /** Share of the packet scan that is done, 0 to 1; not called when the index comes from a cache or the moov box. */
  readonly onIndexing?: ((done: number) => void) | undefined
}

export interface SourcesOptions {
  readonly scheduler: Scheduler
  readonly cache: IndexCache | null
  readonly allowPlaylists: boolean
  readonly maxPixels: number
  readonly onCacheHit: () => void
}

/** Sources whose facts and indexes stay in memory. */
const rememberedSources = 16

export class Sources {
  readonly #options: SourcesOptions
  /** By identity, then by stream; most recently used last. */
  readonly #facts = new Map<string, NativeSourceFacts>()
  readonly #indexes = new Map<string, StoredIndex>()

  constructor(options: SourcesOptions) {
    this.#options = options
  }

  /** Facts of the container and its streams. Throws VideoError. */
  async open(input: SourceInput, { signal }: OpenOptions = {}): Promise<Source> {
    const location = await locate(input, this.#options.allowPlaylists)
    signal?.throwIfAborted()
    const { identity } = location.task
    const known = recall(this.#facts, identity) ?? (await this.#cachedFacts(location))
    if (known !== null) {
      this.#options.onCacheHit()
      remember(this.#facts, identity, known)
      return { location, facts: known }
    }
    const { facts } = await this.#options.scheduler.once({ kind: 'probe', source: location.task }, { signal })
    remember(this.#facts, identity, facts)
    if (location.fingerprint !== null) await this.#options.cache?.put('facts', location.fingerprint, encodeFacts(facts))
    return { location, facts }
  }

  /**
   * The source with the packet index of a video stream: `streamIndex`, or the one of the highest resolution.
   * @throws VideoError ERR_NO_VIDEO, ERR_UNSUPPORTED, ERR_TOO_LARGE, ERR_DECODE (no packet, no frame) besides open()'s
   */
  async openVideo(input: SourceInput, streamIndex: number | null, options: OpenOptions = {}): Promise<VideoSource> {
    const source = await this.open(input, options)
    const stream = chooseVideoStream(source, streamIndex, this.#options.maxPixels)
    const stored = await this.#index(source, stream, options)
    const index = new PacketIndex(timelineOf(source.facts, stream), stored.packets, stored.found, new Set(stored.absent))
    if (index.frameCount === 0) {
      const why = stored.packets.pts.length === 0 ? 'its video stream has no packets' : 'none of its packets decodes to a frame'
      throw new VideoError('ERR_DECODE', `Cannot decode "${source.location.name}": ${why}`, { path: source.location.name })
    }
    return { ...source, stream, index, lost: lostEnd(stored, index) }
  }

  async #index(source: Source, stream: NativeStreamFacts, options: OpenOptions): Promise<StoredIndex> {
    const { location } = source
    const key = `${location.task.identity}#${stream.index}`
    const known = recall(this.#indexes, key) ?? (await this.#cachedIndex(location, stream.index))
    if (known !== null) {
      this.#options.onCacheHit()
      remember(this.#indexes, key, known)
      return known
    }
    const { packets, damagedEnd } = await this.#readPackets(source, stream, options)
    const survey = await surveyStream(this.#options.scheduler, location.task, stream, packets, this.#options.maxPixels, options.signal)
    const stored = { packets, damagedEnd, ...survey }
    remember(this.#indexes, key, stored)
    if (location.fingerprint !== null) await this.#options.cache?.put(`index-${stream.index}`, location.fingerprint, encodeIndex(stored))
    return stored
  }

  async #readPackets(
    source: Source,
    stream: NativeStreamFacts,
    { signal, onIndexing }: OpenOptions,
  ): Promise<{ packets: PacketTable; damagedEnd: boolean }> {
    const { location, facts } = source
    const isMov = facts.container.startsWith('mov,')
    if (isMov && location.path !== null) {
      const fromMoov = await readMp4Index(location.path, stream.index, signal)
      const sameTicks = fromMoov?.timeBase.num === stream.timeBase.num && fromMoov.timeBase.den === stream.timeBase.den
      if (fromMoov !== null && sameTicks) return { packets: fromMoov.packets, damagedEnd: endsEarly(fromMoov.packets) }
    }
    const onProgress = onIndexing === undefined ? undefined : (permille: number): void => onIndexing(permille / 1000)
    const { packets } = await this.#options.scheduler.once(
      { kind: 'scan', source: location.task, streamIndex: stream.index },
      { signal, onProgress },
    )
    return { packets: isMov ? withDecodeDurations(packets) : packets, damagedEnd: packets.damagedEnd }
  }

  async #cachedFacts({ fingerprint }: Location): Promise<NativeSourceFacts | null> {
    const bytes = fingerprint === null ? null : await this.#options.cache?.get('facts', fingerprint)
    return bytes ? decodeFacts(bytes) : null
  }

  async #cachedIndex({ fingerprint }: Location, stream: number): Promise<StoredIndex | null> {
    const bytes = fingerprint === null ? null : await this.#options.cache?.get(`index-${stream}`, fingerprint)
    return bytes ? decodeIndex(bytes) : null
  }
}

function lostEnd({ damagedEnd, absent }: StoredIndex, index: PacketIndex): LostEnd | null {
  if (!damagedEnd) return null
  const last = index.frames.at(-1) ?? -Infinity
  const frames = absent.filter((ticks) => ticks > last).length
  return { frames: frames === 0 ? null : frames, from: index.end, reason: 'the file is cut off' }
}

function endsEarly({ flags }: PacketTable): boolean {
  return flags.some((bits) => (bits & PacketFlag.truncated) !== 0)
}

// MP4 stores durations as distances between decode timestamps; libavformat reports a guess instead where frames are
// reordered. Both ways of indexing use the container's own.
function withDecodeDurations(packets: PacketTable): PacketTable {
  const { dts } = packets
  const duration = packets.duration.map((own, i) => {
    const next = i + 1 < dts.length ? i : i - 1
    const distance = (dts[next + 1] ?? NaN) - (dts[next] ?? NaN)
    return Number.isNaN(distance) ? own : distance
  })
  return { ...packets, duration }
}

function recall<Value>(map: Map<string, Value>, key: string): Value | null {
  return map.get(key) ?? null
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > rememberedSources && oldest !== undefined) map.delete(oldest)
}
