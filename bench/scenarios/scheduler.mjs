// What a task costs beyond its native work: in the scheduler alone, and through a worker thread.
// @ts-check
import { resolveSampleOptions } from '../../dist/options/sample.js'
import { planPicture } from '../../dist/plan/geometry.js'
import { planSampling } from '../../dist/plan/sampling.js'
import { Lane, WorkerLane } from '../../dist/pool/lane.js'
import { PiscinaExecutor } from '../../dist/pool/piscina-executor.js'
import { Scheduler } from '../../dist/pool/scheduler.js'
import { SlotPool } from '../../dist/pool/slots.js'
import { Sources } from '../../dist/source/sources.js'
import runTask from '../../dist/worker/entry.js'
import { tinyScale } from '../clips.mjs'
import { Media } from '../media.mjs'
import { repeat } from '../repeat.mjs'
import { figure, verify } from '../result.mjs'

/** @typedef {import('../../dist/tasks.js').SampleTask} SampleTask */
/** @typedef {import('../../dist/tasks.js').TaskResult} TaskResult */

const pictureBytes = tinyScale.width * tinyScale.height * 3
const slotCount = 4
const maxPixels = 2 ** 28
const microsecondsPerMillisecond = 1000

/** @type {import('../scenario-list.mjs').Scenario} */
export const schedulerScenario = { name: 'scheduler', run: measureScheduler }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureScheduler({ media, quick, say }) {
  const clip = await new Media(media.folder, tinyScale, say).short()
  const count = quick ? 50 : 500
  const rounds = quick ? 2 : 20
  const threads = new Scheduler(new PiscinaExecutor(1), 0)
  try {
    const tasks = await oneFrameTasks(threads, clip, count)
    const inThread = new Direct(tasks)
    const alone = new Scheduler(atOnce, 0)
    await proveSame(threads, inThread, tasks)
    const { scheduler } = await repeat(rounds, { scheduler: { work: () => runAll(alone, tasks) } })
    /** @type {Record<'through' | 'direct', number[]>} */
    const ms = { through: [], direct: [] }
    for (let round = 0; round < rounds; round++) {
      ms.through.push(await timed(() => runAll(threads, tasks)))
      ms.direct.push(await timed(() => inThread.runAll()))
    }
    const perTask = (/** @type {readonly number[]} */ all) => all.map((each) => (each * microsecondsPerMillisecond) / count)
    const beyond = ms.through.map((each, round) => each - (ms.direct[round] ?? NaN))
    return {
      scenario: 'scheduler',
      title: 'Scheduler: what a task costs',
      subject: `${rounds} rounds of ${count} tasks, each one key frame of a ${tinyScale.width}x${tinyScale.height} clip, one worker; for the scheduler alone, an executor of two workers that finishes every frame at once`,
      checks: [
        `all ${count} tasks finish their frame, through the thread and called directly, with the same time and pixels`,
        'both ways the file is open and the decoder made; rounds through the thread and direct calls take turns',
      ],
      figures: [
        figure('scheduler, lane and slots alone, per task', 'µs', perTask(scheduler)),
        figure('task through a worker thread', 'µs', perTask(ms.through)),
        figure('the same task called directly, without scheduler and thread', 'µs', perTask(ms.direct)),
        figure('overhead of a task through a worker thread', 'µs', perTask(beyond)),
      ],
    }
  } finally {
    await threads.close()
  }
}

/** The same frame in every task, each with a number of its own. @param {Scheduler} scheduler @param {string} clip @param {number} count @returns {Promise<SampleTask[]>} */
async function oneFrameTasks(scheduler, clip, count) {
  const sources = new Sources({ scheduler, cache: null, allowPlaylists: false, maxPixels, onCacheHit: () => undefined })
  const source = await sources.openVideo(clip, null)
  const request = resolveSampleOptions({ frameIndexes: [0] })
  const { tasks } = planSampling({
    ...request,
    ...source,
    source: source.location.task,
    span: request,
    output: planPicture(request.picture, source.stream, null),
    engine: { maxPixels, workers: 1, codecThreads: 1, cpuBudget: 1 },
    slotLimit: slotCount,
  })
  const [task] = tasks
  verify(task !== undefined && tasks.length === 1, 'one frame is one task')
  return Array.from({ length: count }, (_, number) => ({
    ...task,
    segments: task.segments.map((segment) => ({ ...segment, frames: [number] })),
  }))
}

/** @param {() => unknown} work */
async function timed(work) {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/**
 * Runs the tasks and gives every slot back as it comes.
 * @param {Scheduler} scheduler @param {readonly SampleTask[]} tasks
 * @param {(frame: number, pts: number, pixels: Uint8Array) => void} [onFrame]
 * @returns {Promise<number>} frames finished
 */
function runAll(scheduler, tasks, onFrame = () => undefined) {
  return new Promise((resolve) => {
    let finished = 0
    scheduler.start({
      tasks,
      slots: (onFree) => SlotPool.allocate(pictureBytes, slotCount, onFree),
      ordered: false,
      onEvent: (event) => {
        if (event.kind !== 'finished') return
        finished++
        onFrame(event.slot.frame, event.slot.pts, event.pool.view(event.slot.slot, event.slot.byteLength))
        event.pool.giveBack(event.slot.slot)
      },
      onEnd: () => resolve(finished),
    })
  })
}

/** The worker's side of each task, in this thread. */
class Direct {
  /** @param {readonly SampleTask[]} tasks */
  constructor(tasks) {
    this.tasks = tasks
    this.lane = new Lane()
    this.slots = SlotPool.allocate(pictureBytes, 1, () => undefined)
  }

  /** @param {(frame: number, pts: number, pixels: Uint8Array) => void} [onFrame] @returns {number} frames finished */
  runAll(onFrame = () => undefined) {
    let finished = 0
    for (const task of this.tasks) {
      this.lane.reset(0)
      this.lane.grant(0)
      runTask({ task, lane: this.lane.buffer, slots: this.slots.memory })
      for (const { frame, pts, byteLength } of this.lane.takeFinished()) {
        finished++
        onFrame(frame, pts, this.slots.view(0, byteLength))
      }
    }
    return finished
  }
}

/** @param {Scheduler} threads @param {Direct} direct @param {readonly SampleTask[]} tasks */
async function proveSame(threads, direct, tasks) {
  /** @type {string[]} */
  const expected = []
  const told = (/** @type {number} */ pts, /** @type {Uint8Array} */ pixels) => `${pts} ${Buffer.from(pixels).toString('base64')}`
  direct.runAll((frame, pts, pixels) => (expected[frame] = told(pts, pixels)))
  const finished = await runAll(threads, tasks, (frame, pts, pixels) => {
    verify(told(pts, pixels) === expected[frame], `frame ${frame} is the same through the thread`)
  })
  verify(finished === tasks.length && expected.length === tasks.length, `all ${tasks.length} tasks finish their frame, not ${finished}`)
}

/** @type {import('../../dist/pool/executor.js').Executor} */
const atOnce = {
  workers: 2,
  run: async (_worker, { task, lane: buffer }) => {
    const lane = new WorkerLane(buffer)
    const slot = lane.takeSlot()
    verify(slot !== null && task.kind === 'sample', 'a task starts with a slot')
    lane.finish({
      slot,
      frame: task.segments[0]?.frames[0] ?? NaN,
      pts: 0,
      isDamaged: false,
      width: tinyScale.width,
      height: tinyScale.height,
      format: 0,
      byteLength: pictureBytes,
      finishedAt: 0,
    })
    return { ok: true, value: { kind: 'sample', status: 'done', neededBytes: 0, missing: [] } }
  },
  close: async () => undefined,
}
