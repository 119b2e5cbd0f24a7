// Owns the sampling job: resolve, index, plan, run, merge, report.
import { VideoError } from '../errors.js'
import { resolveSampleOptions, type ResolvedSample, type SampleOptions } from '../options/sample.js'
import { finishedSize, pixelFormatName, planPicture } from '../plan/geometry.js'
import { outlineOf } from '../plan/outline.js'
import { planSampling, type SamplingPlan, type SamplingRequest } from '../plan/sampling.js'
import { Frame } from '../pool/frame.js'
import { slotBytesFor, SlotPool } from '../pool/slots.js'
import type { SourceInput } from '../source/location.js'
import type { VideoSource } from '../source/sources.js'
import type { EngineCore } from './engine-core.js'
import type { ObservedPlan } from './observer.js'
import { asCompleted, inOrder } from './in-order.js'
import { SampleReporter } from './sample-report.js'
import { SampleRun, type Delivery } from './sample-run.js'

/** Slot memory one job takes unless its pictures need more: deep enough for workers to run ahead of a consumer. */
const usualSlotBytes = 256 * 2 ** 20
/** With fewer, workers wait for the consumer at every frame. */
const leastSlots = 3

/** Samples frames of one source; see {@link SampleOptions} for grids. Frames arrive in timestamp order unless asked otherwise. */
export async function* sample(engine: EngineCore, input: SourceInput, options: SampleOptions): AsyncGenerator<Frame, void, void> {
  const request = resolveSampleOptions(options)
  engine.assertOpen()
  request.signal?.throwIfAborted()
  const reporter = new SampleReporter(request)
  const source = await engine.sources.openVideo(input, request.stream, { signal: request.signal, onIndexing: reporter.onIndexing })
  const pictureBytes = pictureBytesOf(engine, request, source)
  const slotBytes = slotBytesFor(pictureBytes)
  const slotLimit = Math.max(1, Math.floor(Math.min(engine.memory.limit, Math.max(usualSlotBytes, leastSlots * slotBytes)) / slotBytes))
  const sampling: SamplingRequest = {
    ...request,
    ...source,
    source: source.location.task,
    span: request,
    engine,
    output: planPicture(request.picture, source.stream, null),
    slotLimit,
  }
  const plan = planSampling(sampling)
  reporter.planned(plan, source)
  engine.observer?.onPlan(observed(plan, sampling))
  if (plan.frames.length === 0) {
    reporter.finish(engine, source, plan, null)
    return
  }

  const count = Math.min(plan.usefulSlots, slotLimit)
  const granted = await engine.memory.acquire(Math.min(leastSlots, count) * slotBytes, count * slotBytes, request.signal)
  const run = startOrGiveBack(
    engine,
    granted,
    (onSlotsBack) =>
      new SampleRun(engine.scheduler, {
        tasks: plan.tasks,
        slots: (onFree) => SlotPool.allocate(pictureBytes, Math.floor(granted / slotBytes), onFree, engine.slotStore),
        ordered: request.order === 'timestamp',
        atOnce: plan.atOnce,
        signal: request.signal,
        onSlotsBack,
      }),
  )
  const deliveries =
    request.order === 'timestamp' ? inOrder(run.deliveries, plan.frames.length, dropped) : asCompleted(run.deliveries, plan.frames.length)
  try {
    for await (const delivery of deliveries) {
      const planned = plan.frames[delivery.frame]
      if (planned === undefined) continue
      if (delivery.kind === 'missing') reporter.missing(planned, delivery.reason)
      else yield* framesFor(engine, source, delivery, planned.requests, reporter)
    }
  } finally {
    if (!reporter.isComplete) run.cancel()
  }
  await run.ended // its last task may still be on its way back, with what it counted
  const failure = reporter.totalFailure(source.location.name, run)
  if (failure !== null) throw failure
  reporter.finish(engine, source, plan, run)
}

function observed(plan: SamplingPlan, request: SamplingRequest): ObservedPlan {
  return {
    source: request.source.identity,
    outline: outlineOf(plan, request),
    ordered: request.order === 'timestamp',
    planFor: ({ workers, span = request.span }) => {
      const engine = { ...request.engine, workers, codecThreads: 1, cpuBudget: workers }
      return outlineOf(planSampling({ ...request, span, engine }), request)
    },
  }
}

/** Memory goes back with the run's last slot, or at once when the run does not start. */
function startOrGiveBack(engine: EngineCore, granted: number, start: (onSlotsBack: () => void) => SampleRun): SampleRun {
  const giveBack = (): void => engine.memory.release(granted)
  try {
    return start(giveBack)
  } catch (error) {
    giveBack()
    throw error
  }
}

type Finished = Delivery & { readonly kind: 'finished' }

/** One leased frame for each request that the picture answers. */
function* framesFor(
  engine: EngineCore,
  { index }: VideoSource,
  { slot, pool }: Finished,
  requests: readonly { readonly number: number; readonly timestamp: number }[],
  reporter: SampleReporter,
): Generator<Frame, void, void> {
  pool.lease(slot.slot, requests.length)
  if (pool.count > 1 && pool.isAllLeased) reporter.warnOfKeptSlots(engine.logger, pool.count)
  const release = (): void => pool.release(slot.slot)
  let handedOut = 0
  try {
    for (const request of requests) {
      const { pts, width, height, isDamaged } = slot
      const facts = { number: request.number, requestedTimestamp: request.timestamp, timestamp: index.timeline.seconds(pts), pts }
      const isKeyFrame = index.isKeyAt(pts)
      const pixelFormat = engine.pixelFormatName(slot.format)
      const frame = new Frame(
        { ...facts, isKeyFrame, isDamaged, width, height, pixelFormat },
        slot.finishedAt,
        pool.view(slot.slot, slot.byteLength),
        release,
      )
      handedOut++
      reporter.answered(1, isDamaged)
      try {
        yield frame
      } finally {
        frame.releaseUnlessKept()
      }
    }
  } finally {
    for (; handedOut < requests.length; handedOut++) release()
  }
}

function dropped(delivery: Delivery): void {
  if (delivery.kind === 'finished') delivery.pool.giveBack(delivery.slot.slot)
}

/** Bytes of one picture at the size the header promises. */
function pictureBytesOf(engine: EngineCore, request: ResolvedSample, { stream, location }: VideoSource): number {
  const output = planPicture(request.picture, stream, null)
  const size = finishedSize(output, stream)
  assertPixels(engine, location.name, size)
  return engine.pictureBytes({ pixelFormat: pixelFormatName(request.picture, stream), ...size })
}

/** @throws VideoError ERR_TOO_LARGE */
export function assertPixels({ maxPixels }: EngineCore, name: string, { width, height }: { width: number; height: number }): void {
  if (width * height <= maxPixels) return
  throw new VideoError('ERR_TOO_LARGE', `Cannot sample "${name}" at ${width}x${height}: that is more than maxPixels ${maxPixels}`, {
    path: name,
  })
}
