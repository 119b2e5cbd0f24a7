// Owns the measuring of many configurations: rounds that visit all of them in turn (A B C A B C, so that a machine that drifts hurts all
// alike), as many as the noise asks for within a time.
import { Bench } from 'tinybench'
import { configurationName, type Configuration } from './configuration.js'
import type { Metered, Work } from './measuring.js'
import { median, medianError } from './statistics.js'

/** What an answer is for: many files at once, or one file that somebody waits for. */
export type Goal = 'throughput' | 'latency'

/** One configuration, ready to do work. */
export interface Contender {
  readonly configuration: Configuration
  measure(work: Work): Promise<Metered>
}

export interface SweepOptions {
  readonly works: { readonly [Name in Goal]: Work }
  /** No round starts when less than it is likely to take is left of these. */
  readonly budgetSeconds: number
  readonly leastRounds: number
  /** Share of 1 to which a median must be known for the measuring to end early. */
  readonly precision: number
  /** Share of the best median below which, for both goals, a configuration is measured no more. */
  readonly clearlyBehind: number
  /** After every visit: how much of all measuring is done, 0 to 1, as far as can be told. */
  readonly onRound: (done: number) => void
  /** A configuration that is clearly behind is measured no more. */
  readonly onDropped: (contender: Contender) => void
}

export interface Series {
  readonly configuration: Configuration
  /** One entry a round, from the first. */
  readonly rounds: readonly Metered[]
}

const goals: readonly Goal[] = ['throughput', 'latency']

/** Rejects with what made a configuration fail. */
export async function sweep(
  contenders: readonly Contender[],
  options: SweepOptions,
): Promise<{ readonly [Name in Goal]: readonly Series[] }> {
  const rounds = new Map(contenders.map((contender) => [contender, { throughput: new Array<Metered>(), latency: new Array<Metered>() }]))
  const roundsOf = (contender: Contender, goal: Goal): Metered[] => rounds.get(contender)?.[goal] ?? []
  const levelOf = (contender: Contender, goal: Goal): number => median(rates(roundsOf(contender, goal)))
  const startedAt = performance.now()
  let racing = contenders
  let visits = 0
  for (let round = 1; racing.length > 0; round++) {
    const roundStartedAt = performance.now()
    await measureInTurn(racing, options, (contender, goal, metered) => {
      roundsOf(contender, goal).push(metered)
      visits++
      const seconds = (performance.now() - startedAt) / 1000
      const atLeast = (seconds * options.leastRounds * contenders.length * goals.length) / visits
      options.onRound(Math.min(1, seconds / Math.max(options.budgetSeconds, atLeast)))
    })
    if (round < options.leastRounds) continue
    const best = (goal: Goal): number => Math.max(...contenders.map((contender) => levelOf(contender, goal)))
    const isInFront = (contender: Contender): boolean =>
      goals.some((goal) => levelOf(contender, goal) >= options.clearlyBehind * best(goal))
    for (const contender of racing) if (!isInFront(contender)) options.onDropped(contender)
    racing = racing.filter(isInFront)
    const isPrecise = racing.every((contender) => goals.every((goal) => relativeError(roundsOf(contender, goal)) <= options.precision))
    const now = performance.now()
    if (isPrecise || options.budgetSeconds - (now - startedAt) / 1000 < (now - roundStartedAt) / 1000) break
  }
  const seriesOf = (goal: Goal): Series[] =>
    contenders.map((contender) => ({ configuration: contender.configuration, rounds: roundsOf(contender, goal) }))
  return { throughput: seriesOf('throughput'), latency: seriesOf('latency') }
}

/** Frames per second of each round. */
export function rates(rounds: readonly Metered[]): number[] {
  return rounds.map(({ frames, wallSeconds }) => frames / wallSeconds)
}

/** One round: each contender once for each goal. */
async function measureInTurn(
  contenders: readonly Contender[],
  { works }: SweepOptions,
  onMetered: (contender: Contender, goal: Goal, metered: Metered) => void,
): Promise<void> {
  const bench = new Bench({ iterations: 1, time: 0, warmup: false, throws: true })
  for (const goal of goals) {
    for (const contender of contenders) {
      bench.add(`${goal} ${configurationName(contender.configuration)}`, async () => {
        const metered = await contender.measure(works[goal])
        onMetered(contender, goal, metered)
        return { overriddenDuration: metered.wallSeconds * 1000 }
      })
    }
  }
  await bench.run()
}

function relativeError(rounds: readonly Metered[]): number {
  const values = rates(rounds)
  return medianError(values) / median(values)
}
