// The plan of a three-hour film at 60 frames per second: time and memory, with and without its packet index.
// @ts-check
import { fileURLToPath } from 'node:url'
import { digestOf, indexFilm, planFilm, samplingRate } from '../film-plan.mjs'
import { filmRate, longFilm, ticksPerFrame } from '../long-film.mjs'
import { timeCommand } from '../measure.mjs'
import { repeat } from '../repeat.mjs'
import { figure, verify } from '../result.mjs'

const child = fileURLToPath(new URL('../child/plan.mjs', import.meta.url))
const megabyte = 1e6

/** @type {import('../scenario-list.mjs').Scenario} */
export const plannerScenario = { name: 'planner', run: measurePlanner }

/** @param {import('../scenario-list.mjs').Context} context */
async function measurePlanner({ quick, seed, say }) {
  const seconds = quick ? 300 : 3 * 3600
  const film = longFilm(seconds, seed)
  const index = indexFilm(film.packets)
  const plan = planFilm(index)
  provePlan(plan, film.keyTicks, seconds)
  const digest = digestOf(plan)
  say(`${plan.requests} frames of ${index.frameCount} in ${plan.tasks.length} tasks`)

  /** @type {Record<'index' | 'plan', { ms: number, peakBytes: number }[]>} */
  const first = { index: [], plan: [] }
  for (let run = 0; run < (quick ? 2 : 15); run++) {
    const { output } = await timeCommand({ program: process.execPath, args: ['--expose-gc', child, String(seconds), String(seed)] })
    const told = JSON.parse(output)
    verify(told.digest === digest, 'every process makes the same plan')
    first.index.push(told.index)
    first.plan.push(told.plan)
  }
  const again = await repeat(quick ? 3 : 30, { plan: { work: () => planFilm(index) }, index: { work: () => indexFilm(film.packets) } })
  const ms = (/** @type {'index' | 'plan'} */ step) => first[step].map((cost) => cost.ms)
  const peak = (/** @type {'index' | 'plan'} */ step) => first[step].map(({ peakBytes }) => peakBytes / megabyte)
  return {
    scenario: 'planner',
    title: 'Planner: three hours at 60 frames per second',
    subject: `a made-up packet table of ${index.frameCount} packets (${seconds} s of H.264 with B-frames, ${film.keyTicks.length} key packets), sampled at fps ${samplingRate}: ${plan.requests} frames in ${plan.tasks.length} tasks for 2 workers`,
    checks: [
      `every frame planned is the one on screen at k / ${samplingRate} s, and is decoded from the last key packet before it`,
      'every process and every repetition makes the same plan',
      'each process indexes and plans once, as a process that samples does; the repetitions are in one process, with all code compiled',
      'memory is the largest reading of heap and array buffers that V8 gives before each garbage collection and at the end, garbage included, beyond what was there before',
    ],
    figures: [
      figure('plan, first in its process', 'ms', ms('plan'), { atMost: 150 }),
      figure('plan, peak of memory', 'MB', peak('plan'), { atMost: 100 }),
      figure('packet index from the packet table, first in its process', 'ms', ms('index')),
      figure(
        'packet index and plan together',
        'ms',
        ms('plan').map((own, run) => own + (ms('index')[run] ?? NaN)),
      ),
      figure('packet index, peak of memory', 'MB', peak('index')),
      figure('plan, repeated', 'ms', again.plan),
      figure('packet index, repeated', 'ms', again.index),
    ],
  }
}

/**
 * Arithmetic alone: at a whole frame rate, the frame at k / samplingRate is every 30th.
 * @param {import('../../dist/plan/sampling.js').SamplingPlan} plan @param {readonly number[]} keyTicks @param {number} seconds
 */
function provePlan(plan, keyTicks, seconds) {
  const step = (filmRate / samplingRate) * ticksPerFrame
  const expected = Array.from({ length: seconds * samplingRate }, (_, k) => k * step)
  const segments = plan.tasks.flatMap((task) => task.segments)
  const targets = segments.flatMap((segment) => segment.targets).sort((a, b) => a - b)
  verify(plan.requests === expected.length && targets.length === expected.length, `${expected.length} frames are planned`)
  verify(
    targets.every((ticks, k) => ticks === expected[k]),
    `the frames planned are those on screen at k / ${samplingRate} s`,
  )
  const starts = new Set(keyTicks)
  for (const { start, targets: within } of segments) {
    const from = start?.pts ?? NaN
    const next = keyTicks.find((ticks) => ticks > from) ?? Infinity
    verify(
      starts.has(from) && within.every((ticks) => ticks >= from && ticks < next),
      `the targets from ${from} lie in the GOP that begins there`,
    )
  }
}
