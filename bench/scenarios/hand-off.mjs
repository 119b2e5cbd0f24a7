// Time from "slot finished" in a worker until the consumer holds the frame, at full size.
// @ts-check
import { basename } from 'node:path'
import { Bench } from 'tinybench'
import { withEngine } from '../own-side.mjs'
import { figure, verify } from '../result.mjs'

/** @typedef {import('../../dist/index.js').Engine} Engine */

const microsecondsPerMillisecond = 1000
const orders = /** @type {const} */ (['completion', 'timestamp'])

/** @type {import('../scenario-list.mjs').Scenario} */
export const handOffScenario = { name: 'hand-off', run: measureHandOff }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureHandOff({ media, quick, say }) {
  const file = await media.short()
  const iterations = quick ? 30 : 500
  const { size, completion, timestamp, waited } = await withEngine({ workers: 2 }, async (engine) => ({
    size: await provePixelsAreShared(engine, file),
    ...(await latencies(engine, file, iterations)),
  }))
  const least = Math.min(...completion, ...timestamp)
  verify(least >= 0, 'no frame is held before it is finished')
  say(`${waited} frames in timestamp order waited for an earlier one and are not counted`)
  return {
    scenario: 'hand-off',
    title: 'Hand-off: from the worker to the consumer',
    subject: `${basename(file)}, ${iterations} frames of ${size} rgb24, 2 workers, a consumer that keeps up`,
    checks: [
      'the pixels of all frames of a job lie in one SharedArrayBuffer that a worker writes: JavaScript copies none',
      `the clocks of both threads agree: no frame is held before it is finished (least ${least.toFixed(1)} µs)`,
      `in timestamp order, ${waited} frames that waited for an earlier one are not counted`,
    ],
    figures: [
      figure('slot finished until the consumer holds the frame, order by completion', 'µs', completion, { atMost: 150 }),
      figure('the same in timestamp order, frames whose turn it was', 'µs', timestamp),
    ],
  }
}

/**
 * Microseconds of `iterations` hand-offs in either order. Each iteration says its own time, as that started in another thread;
 * what tinybench measures around it is not used.
 * @param {Engine} engine @param {string} file @param {number} iterations
 */
async function latencies(engine, file, iterations) {
  const bench = new Bench({ warmup: false, time: 0, iterations, retainSamples: true, throws: true })
  let waited = 0
  for (const order of orders) {
    const frames = engine.sample(file, { all: true, order })
    const next = async () => {
      const { latency, behind } = await nextHandOff(frames, order)
      waited += behind
      return { overriddenDuration: latency }
    }
    const leave = async () => void (await frames.return())
    bench.add(order, next, { afterAll: leave })
  }
  await bench.run()
  const [completion = [], timestamp = []] = bench.tasks.map(({ result }) => {
    verify(result.state === 'completed', `${iterations} frames arrive`)
    return (result.latency.samples ?? []).map((latency) => latency * microsecondsPerMillisecond)
  })
  return { completion, timestamp, waited }
}

/** When the newest frame of a job so far was finished. @type {WeakMap<object, number>} */
const latestOf = new WeakMap()

/**
 * The next frame that was handed over when it was finished; in timestamp order others are passed over.
 * @param {AsyncGenerator<import('../../dist/index.js').Frame, void, void>} frames @param {(typeof orders)[number]} order
 */
async function nextHandOff(frames, order) {
  for (let behind = 0; ; behind++) {
    const { value: frame } = await frames.next()
    const heldAt = performance.timeOrigin + performance.now()
    if (!frame) throw new Error('Expected more frames')
    const latest = latestOf.get(frames) ?? 0
    latestOf.set(frames, Math.max(latest, frame.finishedAt))
    if (order === 'completion' || frame.finishedAt > latest) return { latency: heldAt - frame.finishedAt, behind }
  }
}

/** @param {Engine} engine @param {string} file */
async function provePixelsAreShared(engine, file) {
  const buffers = new Set()
  let size = ''
  for await (const { data, width, height } of engine.sample(file, { all: true, end: 1 })) {
    verify(
      data.buffer instanceof SharedArrayBuffer && data.length === width * height * 3,
      'a frame is a view of all its pixels in shared memory',
    )
    buffers.add(data.buffer)
    size = `${width}x${height}`
  }
  verify(buffers.size === 1, 'all frames of a job lie in one shared buffer')
  return size
}
