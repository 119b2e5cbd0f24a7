// Jobs of a scheduler whose executor and consumers act when they are told to.
import fc from 'fast-check'
import type { Run } from '../../src/pool/run.ts'
import type { Scheduler } from '../../src/pool/scheduler.ts'
import { SlotPool } from '../../src/pool/slots.ts'
import { Consumer, settled, taskOf, type FakeExecutor } from './fake-executor.ts'

export interface Job {
  readonly run: Run
  readonly consumer: Consumer
  ended: boolean
}

export function start(
  scheduler: Scheduler,
  frames: readonly (readonly number[])[],
  slots: number,
  { ordered = true, source = 'clip' } = {},
): Job {
  const consumer = new Consumer(ordered)
  const job: { run?: Run; consumer: Consumer; ended: boolean } = { consumer, ended: false }
  const run = scheduler.start({
    tasks: frames.map((part) => taskOf(part, source)),
    slots: (onFree) => SlotPool.allocate(1, slots, onFree),
    ordered,
    onEvent: consumer.onEvent,
    onEnd: () => {
      job.ended = true
    },
  })
  return Object.assign(job, { run })
}

/** Lets workers and the consumers act in an order drawn from `choices` until nothing can act any more. */
export async function play(executor: FakeExecutor, consumers: readonly Consumer[], choices: Iterator<number>): Promise<void> {
  for (let idle = 0; idle < 3;) {
    const actors = [...executor.active.map((task) => () => executor.step(task)), ...consumers.map((consumer) => () => consumer.step())]
    const first = (choices.next().value ?? 0) % Math.max(1, actors.length)
    const moved = [...actors.slice(first), ...actors.slice(0, first)].some((act) => act())
    await settled()
    idle = moved ? 0 : idle + 1
  }
}

/** Numbers 0 to n - 1 cut into consecutive parts. */
export const cut: fc.Arbitrary<number[][]> = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 9 }).map((lengths) => {
  let next = 0
  return lengths.map((length) => Array.from({ length }, () => next++))
})
export const choices: fc.Arbitrary<Iterator<number>> = fc.infiniteStream(fc.nat({ max: 1000 }))
