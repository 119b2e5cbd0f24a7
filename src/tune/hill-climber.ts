// Owns the choice of how many workers should be active: tries one step down or up now and then, keeps what proves better, and stays within
// what the host has room for. Pure: told what each window measured, it answers the number for the next.
//
// A trial compares its windows with those just before it. How well that can be told depends on how much windows differ anyway (scenes of a
// video are not equally hard), so a trial lasts until the difference is clear of that noise. Costly steps show at once, cheap ones cost little
// while they take long to show. What failed is tried again after twice the time, so that trying costs a share that goes to nothing.
import { CpuRoom, MemoryRoom, type CpuUse } from './host-room.js'

/** What one window of time measured. */
export interface Observation extends CpuUse {
  /** Units of work done; only their ratio between windows counts. */
  readonly work: number
  /** Workers that had a task, on average. */
  readonly busyWorkers: number
  /** A job began that nothing is known of yet. */
  readonly hasNewJob: boolean
  /** Memory in use as a share of what may be used. */
  readonly memoryPressure: number
}

/** Throughput lost for good in return for fewer workers, and the gain that makes more workers worth their while, as shares. */
const band = 0.03
/** Standard errors that a difference must be clear of, to move and to go back: staying where one is costs least when it was wrong. */
const clearanceToKeep = 3
const clearanceToGoBack = 2
/** Windows never agree better than this, as a share. */
const leastNoise = 0.01
const leastBaseline = 8
const mostBaseline = 48
const firstWait = 24
const mostWait = 960
const firstTrialLength = 12
const mostTrialLength = 48

type Direction = 'down' | 'up'

/** How soon a direction is tried again, and how far. */
interface Patience {
  failures: number
  /** Windows still to wait. */
  wait: number
  stride: number
}

interface Trial {
  readonly direction: Direction
  readonly workers: number
  readonly rates: number[]
}

export class HillClimber {
  readonly #most: number
  readonly #cpu: CpuRoom
  readonly #memory: MemoryRoom
  #room: number
  /** What climbing has come to, whether or not there is room for it. */
  #preferred: number
  /** Throughput as a share of the best it has come from. */
  #standing = 1
  #baseline: number[] = []
  #trial: Trial | null = null
  #patience: Record<Direction, Patience> = { down: untried(), up: untried() }

  /** At most `most` workers, on a host that lets this process run on `cpus` CPUs. Starts with all of them. */
  constructor(most: number, cpus: number) {
    this.#most = most
    this.#room = most
    this.#preferred = most
    this.#cpu = new CpuRoom(cpus, most)
    this.#memory = new MemoryRoom(most)
  }

  /** Workers that should be active, 1 to the most. */
  get workers(): number {
    return Math.min(this.#room, this.#trial?.workers ?? this.#preferred)
  }

  /** Takes what was measured since the last call and answers {@link workers} for the time to come. */
  observe(observation: Observation): number {
    const room = Math.min(this.#cpu.observe(observation), this.#memory.observe(observation.memoryPressure, this.workers))
    if (observation.hasNewJob) {
      this.#preferred = this.#most
      this.#standing = 1
    }
    // What was measured before says nothing about the time after.
    if (observation.hasNewJob || room !== this.#room) this.#forget()
    else if (this.#isSettled(observation)) this.#climb(observation.work / observation.seconds)
    this.#room = room
    return this.workers
  }

  /** False while tasks of before are still ending, and where there is too little to do for the number to matter. */
  #isSettled({ busyWorkers }: Observation): boolean {
    return Math.abs(busyWorkers - this.workers) <= Math.max(0.25, this.workers / 20)
  }

  #forget(): void {
    this.#trial = null
    this.#baseline = []
    this.#patience = { down: untried(), up: untried() }
  }

  #climb(rate: number): void {
    if (this.#trial !== null) {
      this.#trial.rates.push(rate)
      this.#judge(this.#trial)
      return
    }
    this.#baseline.push(rate)
    if (this.#baseline.length > mostBaseline) this.#baseline.shift()
    for (const patience of Object.values(this.#patience)) patience.wait--
    if (this.#baseline.length >= leastBaseline && mean(this.#baseline) > 0) this.#trial = this.#nextTrial()
  }

  #nextTrial(): Trial | null {
    const from = this.workers
    const most = Math.min(this.#most, this.#room)
    const { down, up } = this.#patience
    const trials: Trial[] = []
    if (down.wait <= 0 && from > 1) trials.push({ direction: 'down', workers: Math.max(1, from - down.stride), rates: [] })
    if (up.wait <= 0 && from < most) trials.push({ direction: 'up', workers: Math.min(most, from + up.stride), rates: [] })
    const [first, second] = trials
    if (first !== undefined && second !== undefined && up.failures < down.failures) return second
    return first ?? null
  }

  #judge(trial: Trial): void {
    const { direction, rates } = trial
    const before = mean(this.#baseline)
    const gain = mean(rates) / before - 1
    const noise = Math.max(leastNoise, deviation(this.#baseline) / before)
    const error = noise * Math.sqrt(1 / rates.length + 1 / this.#baseline.length)
    // Down: what is lost in sum since the best must stay within the band. Up: the gain must be worth a worker.
    const needed = direction === 'down' ? (1 - band) / this.#standing - 1 : band
    const leastGain = gain - clearanceToKeep * error
    const mostGain = gain + clearanceToGoBack * error
    if (rates.length >= 2 && gain > needed && leastGain > Math.min(0, needed)) this.#keep(trial, gain)
    else if (mostGain < needed || rates.length >= this.#longestTrial(direction)) this.#goBack(trial)
  }

  #longestTrial(direction: Direction): number {
    return Math.min(mostTrialLength, firstTrialLength * 2 ** this.#patience[direction].failures)
  }

  #keep({ direction, workers, rates }: Trial, gain: number): void {
    this.#preferred = workers
    this.#standing = Math.min(1, this.#standing * (1 + gain))
    this.#baseline = rates
    this.#trial = null
    const { stride } = this.#patience[direction]
    this.#patience[direction] = { failures: 0, wait: 0, stride: 2 * stride }
    // Having gone up wrongly costs a worker, having gone down wrongly costs throughput: the way up is looked at again sooner.
    if (direction === 'down') this.#patience.up = untried()
    else this.#patience.down = { failures: 1, wait: waitAfter(1), stride: 1 }
  }

  #goBack({ direction }: Trial): void {
    this.#trial = null
    const patience = this.#patience[direction]
    // A leap that went too far says nothing about one step.
    if (patience.stride === 1) patience.failures++
    patience.wait = patience.stride === 1 ? waitAfter(patience.failures) : 0
    patience.stride = 1
    if (patience.wait === 0) this.#baseline = this.#baseline.slice(-leastBaseline + 1)
  }
}

function untried(): Patience {
  return { failures: 0, wait: firstWait, stride: 1 }
}

function waitAfter(failures: number): number {
  return Math.min(mostWait, firstWait * 2 ** failures)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
}
