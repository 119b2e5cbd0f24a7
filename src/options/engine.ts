// Owns what an Engine takes.
import { z } from 'zod'
import { parseOptions } from './parse.js'

/** Notes for whoever runs the engine; an engine says nothing without one. */
export interface Logger {
  /** Something went on that should not, and was coped with. */
  warn(message: string): void
  /** What the engine decided. */
  debug(message: string): void
}

/** Everything about an engine that can be chosen; all of it has a default. */
export interface EngineOptions {
  /**
   * Worker threads. 'auto' (default): as many as were measured to be best on this host, else one for each CPU that its limits grant.
   * 'adaptive': one for each CPU at most, of which as many work at a time as throughput is worth and as other processes and memory leave
   * room for.
   */
  readonly workers?: number | 'auto' | 'adaptive' | undefined
  /** Threads inside each decoder. 'auto' (default): what the CPU budget leaves when there is less to do than workers. */
  readonly codecThreads?: number | 'auto' | undefined
  /** Bytes of frames that may be in memory at once. Default: a quarter of the host's memory, at most 1 GiB. */
  readonly memoryLimit?: number | undefined
  /** Disk cache of packet indexes: false for none, or a folder. Default: FRAMEMILL_CACHE_DIR or the user's cache folder. */
  readonly cache?: boolean | string | undefined
  /** Default: none, and nothing is said. */
  readonly logger?: Logger | undefined
  /** Pictures larger than this are refused. Default 268402689, as sharp's. */
  readonly maxPixels?: number | undefined
  /** Formats that open further files or URLs: HLS, DASH, concat scripts, image sequences. Default false. */
  readonly allowPlaylists?: boolean | undefined
  /** A source that gives no data for this many milliseconds is given up; 0 is never. Default 30000. */
  readonly timeoutMs?: number | undefined
}

export interface ResolvedEngine {
  readonly workers: number | 'auto' | 'adaptive'
  readonly codecThreads: number | 'auto'
  readonly memoryLimit: number | null
  readonly cache: boolean | string
  readonly logger: Logger
  readonly maxPixels: number
  readonly allowPlaylists: boolean
  readonly timeoutMs: number
}

const defaultMaxPixels = 0x3fff * 0x3fff
const silent: Logger = { warn: () => undefined, debug: () => undefined }
const count = (most: number) => z.number().int().min(1).max(most)
const isLogger = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'warn') === 'function' &&
  typeof Reflect.get(value, 'debug') === 'function'
const schema = z.strictObject({
  workers: z.union([count(1024), z.enum(['auto', 'adaptive'])]).optional(),
  codecThreads: z.union([count(64), z.enum(['auto'])]).optional(),
  memoryLimit: z.number().int().min(1).optional(),
  cache: z.union([z.boolean(), z.string().min(1)]).optional(),
  logger: z.custom<Logger>(isLogger, 'an object with warn() and debug()').optional(),
  maxPixels: z.number().int().min(1).optional(),
  allowPlaylists: z.boolean().optional(),
  timeoutMs: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional(),
})

/** @throws TypeError, RangeError naming the option */
export function resolveEngineOptions(options: EngineOptions): ResolvedEngine {
  const given = parseOptions(schema, options)
  return {
    workers: given.workers ?? 'auto',
    codecThreads: given.codecThreads ?? 'auto',
    memoryLimit: given.memoryLimit ?? null,
    cache: given.cache ?? true,
    logger: given.logger ?? silent,
    maxPixels: given.maxPixels ?? defaultMaxPixels,
    allowPlaylists: given.allowPlaylists ?? false,
    timeoutMs: given.timeoutMs ?? 30_000,
  }
}
