// The main file of a worker thread, for Piscina, which loads it with require(). CommonJS on purpose: a thread that is ended while
// Node is inside require() of an ES module aborts the whole process, and one that is ended inside import() does not.
import type { TaskEnvelope, TaskResult } from '../tasks.js' with { 'resolution-mode': 'import' }

const entry = import('./entry.js')

async function run(envelope: TaskEnvelope): Promise<TaskResult> {
  const { default: runTask } = await entry
  return runTask(envelope)
}

module.exports = run
