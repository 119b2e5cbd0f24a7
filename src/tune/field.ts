// Owns the processes of one sweep: one for each configuration, started one by one, and proven to give the same results.
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

/** A runner that is this much slower than the best so far is left out before anything is measured. */
const hopeless = 1.5

export interface ProofOptions<Runner extends Provable> {
  readonly onProven: (done: number) => void
  /** Must stay, however slow. */
  readonly isNeeded: (runner: Runner) => boolean
  /** It will not be measured: too slow, or (with why) its process was lost. */
  readonly onLeftOut: (runner: Runner, why: string | null) => void
}

/**
 * Does all work once everywhere, one after the other, as a warm-up and a proof; gives the runners that are worth measuring.
 * @throws VideoError ERR_DECODE when a configuration gives another result than the first, or none
 */
export async function proveEqual<Runner extends Provable>(
  runners: readonly Runner[],
  works: readonly Work[],
  { onProven, isNeeded, onLeftOut }: ProofOptions<Runner>,
): Promise<Runner[]> {
  const expected: string[] = []
  const kept: Runner[] = []
  let best = Infinity
  for (const [number, runner] of runners.entries()) {
    let seconds = 0
    try {
      for (const [i, work] of works.entries()) {
        const proof = await runner.prove(work)
        expected[i] ??= proof.digest
        seconds += proof.wallSeconds
        verify(configurationName(runner.configuration), proof, expected[i])
        onProven((number * works.length + i + 1) / (works.length * runners.length))
      }
    } catch (error) {
      const isLost = error instanceof VideoError && error.code === 'ERR_WORKER' && number > 0
      if (!isLost) throw error
      onLeftOut(runner, `${configurationName(runner.configuration)} could not be measured: ${error.message}`)
      continue
    }
    best = Math.min(best, seconds)
    if (seconds > hopeless * best && !isNeeded(runner)) onLeftOut(runner, null)
    else kept.push(runner)
  }
  return kept
}

function verify(name: string, { digest, frames }: Proof, expected: string): void {
  if (frames === 0) throw new VideoError('ERR_DECODE', `Cannot measure: ${name} gives no frames`)
  if (digest !== expected) throw new VideoError('ERR_DECODE', `Cannot measure: ${name} gives other frames than 1x1`)
}

/** Length of video from which the pace of one worker is told; up to the longer one where a GOP is as long. */
const paceSeconds = 4
const mostPaceSeconds = 10

export class Runner implements Contender, Provable {
  readonly configuration: Configuration
  readonly #options: FieldOptions
  #process: MeasuringProcess | null = null
  #hasEnded = false

  /** Its process starts with the first request; end() must follow. */
  constructor(configuration: Configuration, options: FieldOptions) {
    this.configuration = configuration
    this.#options = options
  }

  /** To be called before all other requests. */
  async open(): Promise<readonly OpenedSource[]> {
    const { job, files, frameMemory } = this.#options
    return (await this.#running.ask({ kind: 'open', job, files, ...this.configuration, memoryLimit: frameMemory })).sources
  }

  /** Opens the files first, where that was not done. */
  async prove(work: Work): Promise<Proof> {
    if (this.#process === null) await this.open()
    return this.#running.ask({ kind: 'prove', work })
  }

  async measure(work: Work): Promise<Metered> {
    return this.#running.ask({ kind: 'measure', work })
  }

  async predict(request: Omit<PredictRequest, 'kind'>): Promise<Traced> {
    return this.#running.ask({ kind: 'predict', ...request })
  }

  async end(): Promise<void> {
    this.#hasEnded = true
    await this.#process?.end()
  }

  get #running(): MeasuringProcess {
    if (this.#hasEnded) throw new VideoError('ERR_CLOSED', `The process of ${configurationName(this.configuration)} was ended`)
    return (this.#process ??= new MeasuringProcess())
  }
}

export class Field {
  readonly runners: readonly Runner[]

  constructor(options: FieldOptions) {
    this.runners = options.configurations.map((configuration) => new Runner(configuration, options))
  }

  /** Opens the files in the first process, and tells how fast one worker gets through each. */
  async open(): Promise<PacedSource[]> {
    const [first] = this.runners
    if (first === undefined) throw new RangeError('Expected at least one configuration')
    const sources = await first.open()
    const paced: PacedSource[] = []
    for (const source of sources) {
      const end = Math.min(source.seconds, Math.max(paceSeconds, Math.min(source.gopSeconds, mostPaceSeconds)))
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
