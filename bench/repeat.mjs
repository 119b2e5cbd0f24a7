// Owns repeating work in this process: tinybench's rounds, as milliseconds of each call.
// @ts-check
import { Bench } from 'tinybench'
import { verify } from './result.mjs'

/**
 * @typedef {object} Repeated
 * @property {() => unknown} work
 * @property {() => void | Promise<void>} [before] not timed, ahead of every call
 */

/**
 * Milliseconds of every call of each work, one work after the other; some calls before do not count.
 * @template {string} Name
 * @param {number} iterations
 * @param {Record<Name, Repeated>} works
 * @returns {Promise<Record<Name, number[]>>}
 */
export async function repeat(iterations, works) {
  const bench = new Bench({
    time: 0,
    iterations,
    warmupTime: 0,
    warmupIterations: Math.min(3, iterations),
    retainSamples: true,
    throws: true,
  })
  const names = /** @type {Name[]} */ (Object.keys(works))
  for (const name of names) {
    const { work, before = () => undefined } = works[name]
    bench.add(name, work, { beforeEach: before })
  }
  await bench.run()
  const samples = /** @type {Record<Name, number[]>} */ ({})
  for (const name of names) {
    const result = bench.getTask(name)?.result
    verify(result?.state === 'completed' && result.latency.samples?.length === iterations, `${name} runs ${iterations} times`)
    samples[name] = [...result.latency.samples]
  }
  return samples
}
