// Owns what the scheduler needs of a place where tasks run: threads of this process now, other places later.
import type { TaskEnvelope, TaskResult } from '../tasks.js'

export interface Executor {
  /** Workers that may run at once; worker numbers are 0 to workers - 1. */
  readonly workers: number
  /** Runs a task on the numbered worker, which must be idle. Rejects only when the worker itself was lost. */
  run(worker: number, envelope: TaskEnvelope): Promise<TaskResult>
  /** Ends the workers. No task may be running. */
  close(): Promise<void>
}
