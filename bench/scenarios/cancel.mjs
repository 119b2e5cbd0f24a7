// Aborts at random moments of every kind of job: how long until the call settles, and whether all is well afterwards.
// @ts-check
import { createHash } from 'node:crypto'
import { utimes } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withEngine } from '../own-side.mjs'
import { figure, verify } from '../result.mjs'
import { randomNumbers } from '../statistics.mjs'

const workers = 2
/** Longest part of a job that moments are drawn from; jobs are the same all along. */
const mostMs = 600

/** @type {import('../scenario-list.mjs').Scenario} */
export const cancelScenario = { name: 'cancel', run: measureCancel }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureCancel({ media, quick, seed, say }) {
  const jobs = await jobsToAbort(media)
  const wanted = quick ? 3 * jobs.length : 200
  const reference = await media.short()
  const threads = watchThreads()
  const figures = await withEngine({ workers }, async (engine) => {
    const before = await digest(engine, reference)
    const aborted = await abortMany(engine, jobs, wanted, seed)
    verify((await digest(engine, reference)) === before, 'the engine gives the same frames after all aborts as before')
    verify(
      threads.started === workers && threads.ended === 0,
      `the ${workers} threads of the start live on; ${threads.started} were started, ${threads.ended} ended`,
    )
    verify(engine.stats().queueLength === 0 && engine.stats().memoryInUse === 0, 'no task waits and no memory is held')
    return aborted
  })
  say(`${figures.settled.length} aborts, ${figures.tooLate} more came after the job was done`)
  return {
    scenario: 'cancel',
    title: 'Cancel: aborts at random moments',
    subject: `${wanted} aborts, seed ${seed}, on one engine with ${workers} workers: ${jobs.map(({ name }) => name).join('; ')}`,
    checks: [
      `the same ${workers} threads all along: none was replaced, none ended before the engine was closed`,
      'after every abort all slots came back; after all of them no task waits and no memory is held',
      'the engine samples on: the same frames, byte for byte, before and after',
    ],
    figures: [
      figure('abort() until the call settles', 'ms', figures.settled, { atMost: 100 }),
      figure('abort() until the call settles, worst', 'ms', figures.settled, { atMost: 300, judged: 'max' }),
      figure('abort() until all slots are back', 'ms', figures.slotsBack),
      ...[...figures.perJob].map(([name, settled]) => figure(`abort() until the call settles: ${name}`, 'ms', settled)),
    ],
  }
}

/** @param {import('../../dist/index.js').Engine} engine @param {readonly Job[]} jobs @param {number} wanted @param {number} seed */
async function abortMany(engine, jobs, wanted, seed) {
  const spans = []
  for (const job of jobs) spans.push(await spanOf(engine, job))
  const random = randomNumbers(seed)
  /** @type {{ settled: number[], slotsBack: number[], perJob: Map<string, number[]>, tooLate: number }} */
  const figures = { settled: [], slotsBack: [], perJob: new Map(), tooLate: 0 }
  for (let turn = 0; figures.settled.length < wanted; turn++) {
    const job = jobs[turn % jobs.length]
    if (job === undefined) break
    const outcome = await abortAt(engine, job, random() * (spans[turn % jobs.length] ?? 0))
    if (outcome === null) {
      verify(++figures.tooLate < wanted, 'most jobs are aborted before they are done')
      continue
    }
    figures.settled.push(outcome.settledMs)
    figures.slotsBack.push(outcome.slotsBackMs)
    figures.perJob.set(job.name, [...(figures.perJob.get(job.name) ?? []), outcome.settledMs])
  }
  return figures
}

/**
 * @typedef {object} Job
 * @property {string} name
 * @property {(engine: import('../../dist/index.js').Engine, signal: AbortSignal) => Promise<() => void>} run resolves to what gives back what it holds
 */

/** @param {import('../media.mjs').Media} media @returns {Promise<Job[]>} */
async function jobsToAbort(media) {
  const long = await media.long()
  const matroska = await media.longMatroska()
  const vp9 = (await media.lacks('vp9')) === null ? [await media.ofKind('vp9')] : []
  const av1 = (await media.lacks('av1')) === null ? [await media.ofKind('av1')] : []
  return [
    { name: 'sampling at 2 frames per second', run: (engine, signal) => drain(engine.sample(long, { fps: 2, width: 640, signal })) },
    { name: 'ten frames far apart', run: (engine, signal) => drain(engine.sample(long, { count: 10, signal })) },
    { name: 'every frame, all slots kept by the consumer', run: (engine, signal) => hold(engine.sample(long, { all: true, signal })) },
    { name: 'a tensor of 64 frames', run: (engine, signal) => batch(engine, long, signal) },
    { name: 'indexing MP4', run: (engine, signal) => index(engine, long, signal) },
    { name: 'indexing Matroska', run: (engine, signal) => index(engine, matroska, signal) },
    ...[...vp9, ...av1].map((file) => ({
      name: `every frame of ${basename(file)
        .replace(/^.*?-(\w+)-x.*$/, '$1')
        .toUpperCase()}`,
      run: (/** @type {import('../../dist/index.js').Engine} */ engine, /** @type {AbortSignal} */ signal) =>
        drain(engine.sample(file, { all: true, width: 320, signal })),
    })),
  ]
}

/** @param {AsyncIterable<unknown>} frames */
async function drain(frames) {
  for await (const _ of frames);
  return () => undefined
}

/** A consumer that gives nothing back, so that the job stands still when its slots are used up. @param {AsyncIterable<import('../../dist/index.js').Frame>} frames */
async function hold(frames) {
  /** @type {import('../../dist/index.js').Frame[]} */
  const kept = []
  const giveBack = () => kept.forEach((frame) => frame.release())
  try {
    for await (const frame of frames) kept.push(frame.keep())
  } catch (error) {
    giveBack()
    throw error
  }
  return giveBack
}

/** @param {import('../../dist/index.js').Engine} engine @param {string} file @param {AbortSignal} signal */
async function batch(engine, file, signal) {
  await engine.sampleBatch(file, { count: 64, width: 224, height: 224, dtype: 'float32', layout: 'nchw', signal })
  return () => undefined
}

/** An engine remembers what it has indexed; a new modification time makes the file another one. @param {import('../../dist/index.js').Engine} engine @param {string} file @param {AbortSignal} signal */
async function index(engine, file, signal) {
  const now = new Date()
  await utimes(file, now, now)
  await engine.probe(file, { signal })
  return () => undefined
}

/** Milliseconds the job takes when nobody aborts it, up to `mostMs`. @param {import('../../dist/index.js').Engine} engine @param {Job} job */
async function spanOf(engine, job) {
  const started = performance.now()
  await job.run(engine, AbortSignal.timeout(mostMs)).then((giveBack) => giveBack(), ignoreAbort)
  await untilSlotsAreBack(engine)
  return Math.min(mostMs, performance.now() - started)
}

/** Null when the job was done before. @param {import('../../dist/index.js').Engine} engine @param {Job} job @param {number} delayMs */
async function abortAt(engine, job, delayMs) {
  const controller = new AbortController()
  let isDone = false
  let settledAt = NaN
  const settled = job.run(engine, controller.signal).then(
    (giveBack) => {
      isDone = true
      giveBack()
    },
    (/** @type {unknown} */ error) => {
      settledAt = performance.now()
      ignoreAbort(error)
    },
  )
  await sleep(delayMs)
  if (isDone) return null
  const abortedAt = performance.now()
  controller.abort()
  await settled
  if (isDone) return null
  return { settledMs: settledAt - abortedAt, slotsBackMs: (await untilSlotsAreBack(engine)) - abortedAt }
}

/** @param {unknown} error */
function ignoreAbort(error) {
  const isAbort = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
  if (!isAbort) throw error
}

/** When the last slot came back. @param {import('../../dist/index.js').Engine} engine */
async function untilSlotsAreBack(engine) {
  const deadline = performance.now() + 5000
  while (engine.stats().slotsInUse > 0 || engine.stats().memoryInUse > 0) {
    verify(performance.now() < deadline, `all slots come back within 5 s of an abort; ${engine.stats().slotsInUse} are in use`)
    await sleep(1)
  }
  return performance.now()
}

/** Every worker thread of this process that starts or ends from now on. */
function watchThreads() {
  const threads = { started: 0, ended: 0 }
  process.on('worker', (worker) => {
    threads.started++
    worker.once('exit', () => threads.ended++)
  })
  return threads
}

/** @param {import('../../dist/index.js').Engine} engine @param {string} file */
async function digest(engine, file) {
  const hash = createHash('sha256')
  for await (const frame of engine.sample(file, { count: 5, width: 320 })) hash.update(`${frame.pts}`).update(frame.data)
  return hash.digest('hex')
}
