// Workers 'adaptive' against every fixed number on a whole file, and how soon they give way to another process and come back.
// @ts-check
import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expectedTicks } from '../compare.mjs'
import { probeVideo } from '../ffmpeg.mjs'
import { benchmarkCores, timeCommand } from '../measure.mjs'
import { withEngine } from '../own-side.mjs'
import { figure, verify } from '../result.mjs'
import { median, pairRatios } from '../statistics.mjs'

const script = fileURLToPath(new URL('../child/frame-times.mjs', import.meta.url))
const options = { fps: 2, width: 640 }
const warmUpSeconds = 3
const hogs = 3

/** @typedef {number | 'adaptive'} Workers */

/** @type {import('../scenario-list.mjs').Scenario} */
export const adaptiveScenario = { name: 'adaptive', run: measureAdaptive }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureAdaptive({ media, quick, pairs, say }) {
  const file = await media.long()
  const frames = expectedTicks(await probeVideo(file), options.fps).length
  const fixed = Array.from({ length: benchmarkCores }, (_, i) => i + 1)
  const [reference, own] = [await sampleWith(file, frames, benchmarkCores, true), await sampleWith(file, frames, 'adaptive', true)]
  verify(own.digest === reference.digest, `adaptive workers give the same ${frames} frames, byte for byte`)

  /** @type {Map<Workers, number[]>} */
  const perFrame = new Map()
  for (let round = 0; round < pairs; round++) {
    const adaptive = await sampleWith(file, frames, 'adaptive')
    const from = firstAfterWarmUp(adaptive.seconds)
    const add = (/** @type {Workers} */ workers, /** @type {number[]} */ seconds) =>
      perFrame.set(workers, [...(perFrame.get(workers) ?? []), msPerFrame(seconds, from)])
    add('adaptive', adaptive.seconds)
    for (const workers of fixed) add(workers, (await sampleWith(file, frames, workers)).seconds)
    say([...perFrame].map(([workers, ms]) => `${workers}: ${ms.at(-1)?.toFixed(2)} ms`).join(', '))
  }
  const of = (/** @type {Workers} */ workers) => perFrame.get(workers) ?? []
  const best = fixed.reduce((least, workers) => (median(of(workers)) < median(of(least)) ? workers : least))
  const gaveWay = await giveWay(file, quick, say)
  return {
    scenario: 'adaptive',
    title: "Workers 'adaptive'",
    subject: `${basename(file)}, fps ${options.fps}, ${options.width} wide, ${frames} frames, workers ${fixed.join(', ')} and adaptive in turn on ${benchmarkCores} cores; then the same in a loop beside a process that only computes, on all cores`,
    checks: [
      `the same ${frames} frames, byte for byte, with adaptive workers as with ${benchmarkCores}`,
      `the time of the frames that came later than ${warmUpSeconds} s after the start; of fixed numbers, ${best} was the best`,
      ...gaveWay.checks,
    ],
    figures: [
      figure('time after the warm-up, adaptive / best fixed number', '×', pairRatios(of('adaptive'), of(best)), { atMost: 1.05 }),
      ...[...perFrame].map(([workers, ms]) => figure(`time per frame after the warm-up, workers: ${workers}`, 'ms', ms)),
      ...gaveWay.figures,
    ],
  }
}

/** @param {string} file @param {number} frames expected @param {Workers} workers */
async function sampleWith(file, frames, workers, digest = false) {
  const job = { file, engine: { workers, cache: false }, options, digest }
  const { output } = await timeCommand({ program: process.execPath, args: [script, JSON.stringify(job)] })
  /** @type {{ seconds: number[], digest: string | null }} */
  const outcome = JSON.parse(output)
  verify(outcome.seconds.length === frames, `a timed run gives ${frames} frames, not ${outcome.seconds.length}`)
  return outcome
}

/** The same frame for all of a round; of a file that is done too soon, the middle one. @param {readonly number[]} seconds */
function firstAfterWarmUp(seconds) {
  const middle = Math.floor(seconds.length / 2)
  const first = seconds.findIndex((arrived) => arrived >= warmUpSeconds)
  return first === -1 ? middle : Math.min(first, middle)
}

/** @param {readonly number[]} seconds @param {number} from */
function msPerFrame(seconds, from) {
  return (((seconds.at(-1) ?? NaN) - (seconds[from] ?? NaN)) / (seconds.length - 1 - from)) * 1000
}

/**
 * Seconds from the start of a process that only computes until fewer workers are active, and from its end until all are.
 * @param {string} file @param {boolean} quick @param {(line: string) => void} say
 */
async function giveWay(file, quick, say) {
  const stop = new AbortController()
  return withEngine({ workers: 'adaptive' }, async (engine) => {
    const { workers } = engine.stats()
    if (workers === 1) return { checks: ['one worker is all there is here: it gives way to nobody'], figures: [] }
    // Two, so that there is work between the end of one and its next start.
    const jobs = [sampleOn(engine, file, stop.signal), sampleOn(engine, file, stop.signal)]
    const deadline = quick ? 4 : 30
    /** @type {number[]} */
    const until = []
    /** @type {number[]} */
    const back = []
    try {
      for (let hog = 0; hog < (quick ? 1 : hogs); hog++) {
        if ((await secondsUntil(() => engine.stats().activeWorkers === workers, deadline, 1)) === null) break
        const other = spawn(process.execPath, ['-e', 'for (;;);'])
        try {
          const seconds = await secondsUntil(() => engine.stats().activeWorkers < workers, deadline)
          if (seconds === null) break
          until.push(seconds)
          await sleep(2000)
          verify(quick || engine.stats().activeWorkers < workers, 'fewer workers are active as long as the other process computes')
        } finally {
          other.kill('SIGKILL')
        }
        const seconds = await secondsUntil(() => engine.stats().activeWorkers === workers, deadline)
        if (seconds === null) break
        back.push(seconds)
        say(`gave way after ${until.at(-1)?.toFixed(2)} s, came back after ${seconds.toFixed(2)} s`)
      }
    } finally {
      stop.abort()
      await Promise.all(jobs)
    }
    verify(quick || back.length === hogs, `workers give way and come back within ${deadline} s; nothing else may compute meanwhile`)
    return {
      checks: [`${workers} workers: fewer are active while another process computes, and all again when it is gone`],
      figures: [
        ...(until.length > 0 ? [figure('start of another process until workers give way', 's', until)] : []),
        ...(back.length > 0 ? [figure('end of the other process until all workers are active', 's', back)] : []),
      ],
    }
  })
}

/** Again and again. @param {import('../../dist/index.js').Engine} engine @param {string} file @param {AbortSignal} signal */
async function sampleOn(engine, file, signal) {
  try {
    for (;;) for await (const _ of engine.sample(file, { ...options, signal }));
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/**
 * Seconds until something has been true for so many; null when it takes longer than the deadline.
 * @param {() => boolean} isTrue @param {number} deadline @param {number} holds
 */
async function secondsUntil(isTrue, deadline, holds = 0) {
  const started = performance.now()
  for (let lastUntrue = 0; ;) {
    const seconds = (performance.now() - started) / 1000
    if (!isTrue()) lastUntrue = seconds
    else if (seconds - lastUntrue >= holds) return seconds
    if (seconds > deadline) return null
    await sleep(10)
  }
}
