// Owns the Engine: options into executor, memory budget and sources; one method per job.
import { join } from 'node:path'
import { VideoError } from './errors.js'
import type { Analysis } from './analysis/series.js'
import { analyze } from './jobs/analyze.js'
import { detectScenesOf, type SceneReport } from './jobs/detect-scenes.js'
import type { EngineCore } from './jobs/engine-core.js'
import type { EngineObserver } from './jobs/observer.js'
import { exportClips, transcode } from './jobs/export.js'
import { probe, type ProbeOptions } from './jobs/probe.js'
import { sample } from './jobs/sample.js'
import { sampleBatch, type SampleBatch } from './jobs/sample-batch.js'
import { loadBinding } from './native/binding.js'
import { resolveEngineOptions, type EngineOptions, type ResolvedEngine } from './options/engine.js'
import { resolveBenchmarkOptions, type BenchmarkOptions } from './options/benchmark.js'
import type { AnalyzeOptions } from './options/analyze.js'
import type { DetectScenesOptions } from './options/detect-scenes.js'
import type { Clip, ExportOptions, ExportReport, TranscodeOptions } from './options/export-types.js'
import type { BatchOptions, SampleOptions } from './options/sample.js'
import type { Counters } from './pool/counters.js'
import type { Frame } from './pool/frame.js'
import { MemoryBudget } from './pool/memory-budget.js'
import { PiscinaExecutor } from './pool/piscina-executor.js'
import { Scheduler } from './pool/scheduler.js'
import { SlotStore } from './pool/slot-store.js'
import { IndexCache } from './source/index-cache.js'
import { storedIndexVersion } from './source/index-codec.js'
import type { SourceInput } from './source/location.js'
import type { ProbeResult } from './source/probe-result.js'
import { Sources } from './source/sources.js'
import { adaptiveTaskPixels, adaptWorkers, chooseWorkers } from './engine-workers.js'
import { benchmarkHost } from './recommend-workers.js'
import type { AdaptiveWorkers } from './tune/adaptive-workers.js'
import type { Recommendation } from './tune/benchmark.js'
import { readHostLimits } from './tune/host-limits.js'
import { userFolder } from './user-folders.js'

/** What an engine has done so far, and what it is doing. */
export interface EngineStats extends Counters {
  /** Facts and packet indexes that came from memory or disk rather than from the file. */
  readonly cacheHits: number
  /** Places for frames that are not free: with workers, waiting for the consumer, or held by users. */
  readonly slotsInUse: number
  /** Most slots one job has had in use at once. */
  readonly slotHighWater: number
  /** Bytes of frames admitted by the memory limit. */
  readonly memoryInUse: number
  /** Tasks waiting for a worker. */
  readonly queueLength: number
  readonly workers: number
  /** Workers that may have a task now: all of them, unless the engine was made with workers 'adaptive'. */
  readonly activeWorkers: number
  /** Milliseconds each worker has spent in tasks. */
  readonly workerBusyMs: readonly number[]
}

const mostDefaultMemory = 2 ** 30
const indexCacheBytes = 256 * 2 ** 20

let setObserver: (engine: Engine, observer: EngineObserver) => void

/**
 * Worker threads that sample frames. Make one, use it for everything, and close it: `await using engine = new Engine()`.
 * Threads start with the first job; a process may exit with an engine open.
 */
export class Engine {
  readonly #core: EngineCore
  readonly #adaptive: AdaptiveWorkers | null
  #observer: EngineObserver | null = null
  #cacheHits = 0
  #closing: Promise<void> | null = null

  /** @throws TypeError, RangeError for misuse; VideoError ERR_ADDON when the native addon does not load */
  constructor(options: EngineOptions = {}) {
    const resolved = resolveEngineOptions(options)
    const binding = loadBinding()
    const limits = readHostLimits()
    const { workers, cpuBudget, why } = chooseWorkers(resolved, limits, binding.versions().ffmpeg)
    const isAdaptive = resolved.workers === 'adaptive'
    const memory = new MemoryBudget(resolved.memoryLimit ?? Math.min(mostDefaultMemory, Math.floor(limits.memoryBytes / 4)))
    const scheduler = new Scheduler(new PiscinaExecutor(workers), resolved.timeoutMs, (record) => this.#observer?.onTask(record))
    const { maxPixels, allowPlaylists, logger, codecThreads } = resolved
    const onCacheHit = (): void => {
      this.#cacheHits++
    }
    const observer = (): EngineObserver | null => this.#observer
    const cache = openCache(resolved, binding.versions().ffmpeg)
    this.#core = {
      scheduler,
      sources: new Sources({ scheduler, cache, allowPlaylists, maxPixels, onCacheHit }),
      cache,
      memory,
      slotStore: new SlotStore(memory.limit),
      logger,
      get observer() {
        return observer()
      },
      workers,
      codecThreads,
      cpuBudget,
      decoderMemory: limits.memoryBytes / 2,
      taskPixels: isAdaptive ? adaptiveTaskPixels : undefined,
      maxPixels,
      ffmpegVersion: binding.versions().ffmpeg,
      encoderFacts: (name) => binding.encoderFacts(name),
      pictureBytes: (picture) => binding.pictureBytes(picture),
      pixelFormatName: (format) => binding.pixelFormatName(format),
      assertOpen: () => this.#assertOpen(),
    }
    this.#adaptive = isAdaptive ? adaptWorkers(scheduler, limits) : null
    logger.debug(`workers: ${workers} (${why}); ${memory.limit} bytes for frames; FFmpeg ${binding.versions().ffmpeg}`)
  }

  /**
   * What the container says, what the packets of the main video stream say, and what of it is doubtful.
   * @throws VideoError when the source cannot be opened; a source without a usable video is described all the same
   */
  async probe(source: SourceInput, options: ProbeOptions = {}): Promise<ProbeResult> {
    return probe(this.#core, source, options)
  }

  /**
   * Frames of one video. A frame is a lease on shared memory: it ends when the loop asks for the next one, unless keep() or
   * copy() was called. Leaving the loop, or aborting the signal, ends the work within 100 ms.
   * @throws TypeError, RangeError for misuse; VideoError for faults of the source; the signal's reason
   */
  sample(source: SourceInput, options: SampleOptions): AsyncGenerator<Frame, void, void> {
    return sample(this.#core, source, options)
  }

  /**
   * Frames of one video as one tensor in a SharedArrayBuffer of the caller's own, rows in the order of the request.
   * @throws as {@link Engine.sample}; ERR_MEMORY when the tensor is larger than the memory limit
   */
  async sampleBatch(
    source: SourceInput,
    options: BatchOptions & { readonly dtype: 'float32' },
  ): Promise<SampleBatch<Float32Array<SharedArrayBuffer>>>
  async sampleBatch(
    source: SourceInput,
    options: BatchOptions & { readonly dtype?: 'uint8' | undefined },
  ): Promise<SampleBatch<Uint8Array<SharedArrayBuffer>>>
  async sampleBatch(source: SourceInput, options: BatchOptions): Promise<SampleBatch>
  async sampleBatch(source: SourceInput, options: BatchOptions): Promise<SampleBatch> {
    return sampleBatch(this.#core, source, options)
  }

  /**
   * Cuts clips out of one source, each into a file of `outDir` that appears under its name only when it is whole. One clip's failure is told
   * in the report and never stops the rest. When the signal is aborted, finished clips stay, and the report calls the others cancelled.
   * @throws TypeError, RangeError for misuse; VideoError when the source cannot be opened or the folder not written; the signal's reason
   * when aborted before the first clip
   */
  async exportClips(source: SourceInput, clips: readonly Clip[], options: ExportOptions): Promise<ExportReport> {
    return exportClips(this.#core, source, clips, options)
  }

  /**
   * One file of one source, all of it unless a part is asked for: changed, encoded anew, or only put into another container.
   * @throws as {@link Engine.exportClips}; a clip that failed is told in the report
   */
  async transcode(source: SourceInput, output: string, options: TranscodeOptions = {}): Promise<ExportReport> {
    return transcode(this.#core, source, output, options)
  }

  /**
   * Measures pictures and sound of one source, each in one decode: motion, changes, sharpness, loudness and more, as typed arrays that
   * `detectScenes`, `findHighlights` and others take. Kept in the disk cache and reused while file and options stay the same. What cannot be
   * decoded is NaN and named in `gaps`.
   * @throws TypeError, RangeError for misuse; VideoError when there is nothing to measure; the signal's reason
   */
  async analyze(source: SourceInput, options: AnalyzeOptions = {}): Promise<Analysis> {
    return analyze(this.#core, source, options)
  }

  /**
   * The scenes of one video: `analyze()` of every frame and the pure function `detectScenes()` in one call, or with `strategy: 'fast'` only
   * what packets hint at. The report says which frames were looked at.
   * @throws TypeError, RangeError for misuse; VideoError for faults of the source; the signal's reason
   */
  async detectScenes(source: SourceInput, options: DetectScenesOptions = {}): Promise<SceneReport> {
    return detectScenesOf(this.#core, source, options)
  }

  /**
   * Measures this host in processes of its own, and says for each job how many workers and codec threads suit it; this engine stays as it
   * is. Neither it nor anything else should work meanwhile. The memory limit is the host's unless given.
   * @throws TypeError, RangeError for misuse; VideoError for faults of the files; the signal's reason
   */
  async benchmark(options: BenchmarkOptions = {}): Promise<Recommendation[]> {
    const resolved = resolveBenchmarkOptions(options)
    this.#assertOpen()
    const { benchmark } = await import('./tune/benchmark.js') // nothing that every engine should wait for
    return benchmark(resolved, benchmarkHost())
  }

  /** Counts since the engine was made, with those of running tasks so far. Works after close() too. */
  stats(): EngineStats {
    const { scheduler, memory, workers } = this.#core
    return {
      ...scheduler.liveCounters(),
      cacheHits: this.#cacheHits,
      slotsInUse: scheduler.slotsInUse,
      slotHighWater: scheduler.slotHighWater,
      memoryInUse: memory.used,
      queueLength: scheduler.queueLength,
      workers,
      activeWorkers: scheduler.activeWorkers,
      workerBusyMs: scheduler.busyMs,
    }
  }

  /** Ends running jobs with ERR_CLOSED, then the workers. Idempotent; every later job throws ERR_CLOSED. */
  async close(): Promise<void> {
    if (this.#closing === null) {
      this.#core.memory.close()
      this.#adaptive?.stop()
    }
    this.#closing ??= this.#core.scheduler.close()
    return this.#closing
  }

  /** close(), for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  static {
    setObserver = (engine, observer) => {
      engine.#observer = observer
    }
  }

  #assertOpen(): void {
    if (this.#closing !== null) throw new VideoError('ERR_CLOSED', 'Cannot start work: the engine is closed')
  }
}

/** Shows an engine's plans and tasks to an observer from now on. For measurements; no part of the public API. */
export function observeEngine(engine: Engine, observer: EngineObserver): void {
  setObserver(engine, observer)
}

function openCache({ cache }: ResolvedEngine, ffmpeg: string): IndexCache | null {
  if (cache === false) return null
  const folder = cache === true ? userFolder('cache') : join(cache)
  return new IndexCache(folder, indexCacheBytes, `${storedIndexVersion} ${ffmpeg}`)
}
