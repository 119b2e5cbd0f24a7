// Owns the processes of one sweep: one for each configuration, opened, calibrated and proven to give the same results.
import { VideoError } from '../errors.js'
import { configurationName, type Configuration } from './configuration.js'
import { MeasuringProcess } from './measuring-process.js'
import type { Metered, OpenedSource, PredictRequest, Proof, Traced, Work } from './measuring.js'
import type { Contender } from './sweep.js'
import type { PacedSource } from './work.js'

export interface FieldOptions {
  readonly job: string
  readonly files: readonly string[]
  readonly configurations: readonly Configuration[]
  /** Bytes of frames in each process; null for the engine's own choice. */
  readonly frameMemory: number | null
}

/** What can prove that it gives the same results as others. */
export interface Provable {
  readonly configuration: Configuration
  prove(work: Work): Promise<Proof>
}

/**
 * Does all work once everywhere, as a warm-up and a proof.
 * @throws VideoError ERR_DECODE when a configuration gives another result than the first, or none
 */
export async function proveEqual(runners: readonly Provable[], works: readonly Work[], onProven: (done: number) => void): Promise<void> {
  const expected = new Map<Work, string>()
  let done = 0
  for (const runner of runners) {
    for (const work of works) {
      const { digest, frames } = await runner.prove(work)
      const known = expected.get(work) ?? digest
      expected.set(work, known)
      const name = configurationName(runner.configuration)
      if (frames === 0) throw new VideoError('ERR_DECODE', `Cannot measure: ${name} gives no frames`)
      if (digest !== known) throw new VideoError('ERR_DECODE', `Cannot measure: ${name} gives other frames than 1x1`)
      onProven(++done / (works.length * runners.length))
    }
  }
}

/** Length of video from which the pace of one worker is told. */
const paceSeconds = 4

export class Runner implements Contender, Provable {
  readonly configuration: Configuration
  readonly #process: MeasuringProcess

  constructor(configuration: Configuration, process: MeasuringProcess) {
    this.configuration = configuration
    this.#process = process
  }

  async open({ job, files, frameMemory }: FieldOptions): Promise<readonly OpenedSource[]> {
    return (await this.#process.ask({ kind: 'open', job, files, ...this.configuration, memoryLimit: frameMemory })).sources
  }

  async prove(work: Work): Promise<Proof> {
    return this.#process.ask({ kind: 'prove', work })
  }

  async measure(work: Work): Promise<Metered> {
    return this.#process.ask({ kind: 'measure', work })
  }

  async predict(request: Omit<PredictRequest, 'kind'>): Promise<Traced> {
    return this.#process.ask({ kind: 'predict', ...request })
  }

  async end(): Promise<void> {
    return this.#process.end()
  }
}

export class Field {
  readonly runners: readonly Runner[]
  readonly #options: FieldOptions

  /** Starts the processes; end() must follow. */
  constructor(options: FieldOptions) {
    this.#options = options
    this.runners = options.configurations.map((configuration) => new Runner(configuration, new MeasuringProcess()))
  }

  /** Opens the files everywhere and tells how fast one worker gets through each. */
  async open(): Promise<PacedSource[]> {
    const [first, ...others] = this.runners
    if (first === undefined) throw new RangeError('Expected at least one configuration')
    const sources = await first.open(this.#options)
    // One at a time: what they would do to each other is no part of what is measured.
    for (const runner of others) await runner.open(this.#options)
    const paced: PacedSource[] = []
    for (const source of sources) {
      const end = Math.min(source.seconds, Math.max(paceSeconds, source.gopSeconds))
      const work = [[{ file: source.file, start: 0, end }]]
      await first.measure(work) // opens readers, fills caches
      const { wallSeconds } = await first.measure(work)
      paced.push({ ...source, pace: end / wallSeconds })
    }
    return paced
  }

  /** Ends every process, whatever it does. */
  async end(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.end()))
  }
}
