// Owns running the tasks of one recipe: encoders side by side, then the file.
import type { EncodeTask, Recipe } from '../plan/clip-recipe.js'
import type { WriteFileTask } from '../tasks.js'
import type { EngineCore } from './engine-core.js'
import { WeightedProgress } from './weighted-progress.js'

export interface EncodedFrames {
  readonly frames: number
  readonly missing: number
  /** FFmpeg's words for what is missing. */
  readonly reason: string
  /** The kind of device that decoded; '' for software. */
  readonly device: string
}

export interface RecipeOptions {
  readonly signal: AbortSignal
  /** Told of each task when a worker takes it and when that has ended. */
  readonly onRunning: (isRunning: boolean) => void
  readonly onFraction: (fraction: number) => void
}

type TaskOptions = Omit<RecipeOptions, 'onFraction'>

/** What writing a packet costs beside encoding a frame. */
const writingShare = 0.02
/** Pictures that a decoder and an encoder with its look-ahead hold between them; twice what was measured for x264 at `veryfast`. */
const heldPictures = 64
const leastTaskBytes = 16 * 2 ** 20

/** @throws VideoError of the first task that failed, after all have ended; the signal's reason */
export async function runRecipe(
  engine: EngineCore,
  { encodes, write }: Recipe,
  { signal, onRunning, onFraction }: RecipeOptions,
): Promise<EncodedFrames> {
  const encoders = encodes.filter((task) => task.kind === 'encode-pictures')
  const frames = encoders.reduce((sum, task) => sum + task.run.targets.length, 0)
  const progress = new WeightedProgress(frames + Math.max(1, frames * writingShare), onFraction)
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const results = await Promise.allSettled(
    encodes.map(async (task) => {
      try {
        return await runEncoder(
          engine,
          task,
          { signal: either, onRunning },
          progress.part(task.kind === 'encode-pictures' ? task.run.targets.length : 0),
        )
      } catch (error) {
        stop.abort(error)
        throw error
      }
    }),
  )
  signal.throwIfAborted()
  if (stop.signal.aborted) throw stop.signal.reason
  await runWriter(engine, write, { signal, onRunning }, progress.part(Math.max(1, frames * writingShare)))
  const all = results.flatMap((result) => (result.status === 'fulfilled' && result.value !== null ? [result.value] : []))
  return {
    frames: all.reduce((sum, value) => sum + value.frames, 0),
    missing: all.reduce((sum, value) => sum + value.missing, 0),
    reason: all.find(({ missing }) => missing > 0)?.reason ?? '',
    device: all.every(({ device }) => device !== '') ? (all[0]?.device ?? '') : '',
  }
}

async function runEncoder(
  engine: EngineCore,
  task: EncodeTask,
  { signal, onRunning }: TaskOptions,
  onFraction: (fraction: number) => void,
): Promise<EncodedFrames | null> {
  const onProgress = (permille: number): void => onFraction(permille / 1000)
  return admitted(engine, task, signal, async () => {
    if (task.kind !== 'encode-pictures') {
      await engine.scheduler.once(task, { signal, onRunning, onProgress, untilEnded: true })
      return null
    }
    const { outputs, missing, reason, device } = await engine.scheduler.once(task, { signal, onRunning, onProgress, untilEnded: true })
    onFraction(1)
    return { frames: outputs[0]?.frames ?? 0, missing, reason, device }
  })
}

async function runWriter(
  engine: EngineCore,
  task: WriteFileTask,
  { signal, onRunning }: TaskOptions,
  onFraction: (fraction: number) => void,
): Promise<void> {
  const onProgress = (permille: number): void => onFraction(permille / 1000)
  await admitted(engine, task, signal, async () =>
    engine.scheduler.once(task, { signal, onRunning, onProgress, untilEnded: true, isUrgent: true }),
  )
  onFraction(1)
}

/** Runs when the memory limit has room. A task counts as half of it at most: then it never waits for what its own caller holds of the rest. */
async function admitted<Value>(
  { memory }: EngineCore,
  task: EncodeTask | WriteFileTask,
  signal: AbortSignal,
  run: () => Promise<Value>,
): Promise<Value> {
  const pictures = task.kind === 'encode-pictures' ? task.pictureBytes * heldPictures : 0
  const bytes = Math.floor(Math.min(memory.limit / 2, Math.max(leastTaskBytes, pictures)))
  const granted = await memory.acquire(bytes, bytes, signal)
  try {
    return await run()
  } finally {
    memory.release(granted)
  }
}
