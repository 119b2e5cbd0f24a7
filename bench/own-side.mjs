// Owns framemill's side of the pairs: a process of its own, as the rival's is.
// @ts-check
import { fileURLToPath } from 'node:url'
import { Engine } from '../dist/index.js'
import { verify } from './result.mjs'

const script = fileURLToPath(new URL('child/sample.mjs', import.meta.url))

/**
 * @typedef {object} OwnRun
 * @property {string} file
 * @property {import('../dist/index.js').EngineOptions} engine
 * @property {import('../dist/index.js').SampleOptions} options
 * @property {number} [sleepMs] how long the consumer takes over each frame
 */

/** The disk cache stays off, so that every run reads the packet index anew. @param {OwnRun} run @returns {import('./measure.mjs').Command} */
export function ownCommand({ engine, ...run }) {
  return { program: process.execPath, args: [script, JSON.stringify({ ...run, engine: { cache: false, ...engine } })] }
}

/**
 * What the process told about itself.
 * @param {import('./measure.mjs').Timed} timed @param {number} frames expected
 * @returns {{ frames: number, engineSeconds: number, peakBytes: number, report: import('../dist/index.js').SampleReport }}
 */
export function ownOutcome({ output }, frames) {
  const outcome = JSON.parse(output)
  verify(outcome.frames === frames, `a timed run gives ${frames} frames, not ${outcome.frames}`)
  return outcome
}

/**
 * An engine in this process, closed when `use` is done. (Node 20 has no `await using` outside TypeScript.)
 * @template Value
 * @param {import('../dist/index.js').EngineOptions} options
 * @param {(engine: Engine) => Promise<Value>} use
 * @returns {Promise<Value>}
 */
export async function withEngine(options, use) {
  const engine = new Engine({ cache: false, ...options })
  try {
    return await use(engine)
  } finally {
    await engine.close()
  }
}
