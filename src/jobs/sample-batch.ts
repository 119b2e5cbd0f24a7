// Owns the batch job: the frames asked for as one tensor, written in place by the workers.
import { resolveBatchOptions, type BatchOptions } from '../options/sample.js'
import { finishedSize, planPicture } from '../plan/geometry.js'
import { planSampling, type SamplingPlan } from '../plan/sampling.js'
import { laneCapacity } from '../pool/lane.js'
import { SlotPool } from '../pool/slots.js'
import type { SourceInput } from '../source/location.js'
import type { EngineCore } from './engine-core.js'
import { asCompleted } from './in-order.js'
import { assertPixels } from './sample.js'
import { SampleReporter } from './sample-report.js'
import { SampleRun } from './sample-run.js'

/** Pixels as uint8, or normalised as float32. */
export type BatchData = Uint8Array<SharedArrayBuffer> | Float32Array<SharedArrayBuffer>

/** One contiguous tensor and the facts of its rows. The memory is the caller's; nothing is written to it any more. */
export interface SampleBatch<Data extends BatchData = BatchData> {
  /** All rows in the order of the request. */
  readonly data: Data
  /** [frames, height, width, channels] or [frames, channels, height, width]. */
  readonly shape: readonly [number, number, number, number]
  readonly layout: 'nhwc' | 'nchw'
  readonly dtype: 'uint8' | 'float32'
  /** Seconds on the timeline at which each row's frame comes on screen; NaN for a missing one. */
  readonly timestamps: Float64Array<ArrayBuffer>
  /** Rows that could not be had; they are zero. */
  readonly missing: readonly number[]
  /** Rows that libavcodec concealed or decoded after an error. */
  readonly damaged: readonly number[]
}

export async function sampleBatch(engine: EngineCore, input: SourceInput, options: BatchOptions): Promise<SampleBatch> {
  const { sample: request, tensor } = resolveBatchOptions(options)
  engine.assertOpen()
  request.signal?.throwIfAborted()
  const reporter = new SampleReporter(request)
  const source = await engine.sources.openVideo(input, request.stream, { signal: request.signal, onIndexing: reporter.onIndexing })
  const output = planPicture(request.picture, source.stream, tensor)
  const { width, height } = finishedSize(output, source.stream)
  assertPixels(engine, source.location.name, { width, height })
  const channels = { rgb24: 3, rgba: 4, gray: 1 }[output.pixelFormat] ?? 0
  const rowBytes = width * height * channels * (tensor.float32 ? Float32Array.BYTES_PER_ELEMENT : 1)
  const plan = planSampling({ ...request, ...source, source: source.location.task, span: request, engine, output, slotLimit: laneCapacity })
  reporter.planned(plan, source)

  const shapeOf = (rows: number): Pick<SampleBatch, 'shape' | 'layout' | 'dtype'> => ({
    shape: tensor.channelsFirst ? [rows, channels, height, width] : [rows, height, width, channels],
    layout: tensor.channelsFirst ? 'nchw' : 'nhwc',
    dtype: tensor.float32 ? 'float32' : 'uint8',
  })
  const dataOf = (buffer: SharedArrayBuffer): SampleBatch['data'] => (tensor.float32 ? new Float32Array(buffer) : new Uint8Array(buffer))

  const bytes = rowBytes * plan.requests
  const granted = await engine.memory.acquire(bytes, bytes, request.signal)
  try {
    const buffer = new SharedArrayBuffer(bytes)
    const timestamps = new Float64Array(plan.requests).fill(NaN)
    const missing: number[] = []
    const damaged: number[] = []
    const facts = { ...shapeOf(plan.requests), timestamps }
    if (plan.frames.length === 0) {
      reporter.finish(engine, source, plan, null)
      return { data: dataOf(buffer), ...facts, missing, damaged }
    }
    const rows = plan.frames.map(({ requests }) => requests[0]?.number ?? 0)
    const run = new SampleRun(engine.scheduler, {
      tasks: plan.tasks,
      slots: (onFree) => new SlotPool({ buffer, slotBytes: rowBytes, rows }, Math.min(laneCapacity, plan.frames.length), onFree),
      ordered: false,
      atOnce: plan.atOnce,
      signal: request.signal,
      onSlotsBack: () => undefined,
    })
    try {
      for await (const delivery of asCompleted(run.deliveries, plan.frames.length)) {
        const planned = plan.frames[delivery.frame]
        if (planned === undefined) continue
        const numbers = planned.requests.map(({ number }) => number)
        if (delivery.kind === 'missing') {
          missing.push(...numbers)
          reporter.missing(planned, delivery.reason)
          continue
        }
        for (const number of numbers) timestamps[number] = source.index.timeline.seconds(delivery.slot.pts)
        if (delivery.slot.isDamaged) damaged.push(...numbers)
        delivery.pool.giveBack(delivery.slot.slot)
        reporter.answered(numbers.length, delivery.slot.isDamaged)
      }
    } finally {
      if (!reporter.isComplete) run.cancel()
    }
    await run.ended // no worker writes to the tensor any more
    const failure = reporter.totalFailure(source.location.name, run)
    if (failure !== null) throw failure
    repeatRows(new Uint8Array(buffer), rowBytes, plan)
    reporter.finish(engine, source, plan, run)
    return { data: dataOf(buffer), ...facts, missing: missing.sort((a, b) => a - b), damaged: damaged.sort((a, b) => a - b) }
  } finally {
    engine.memory.release(granted)
  }
}

/** A frame asked for more than once was decoded once, into the row of its first request. */
function repeatRows(tensor: Uint8Array, rowBytes: number, plan: SamplingPlan): void {
  for (const { requests } of plan.frames) {
    const [first, ...others] = requests
    if (first === undefined) continue
    for (const { number } of others) tensor.copyWithin(number * rowBytes, first.number * rowBytes, (first.number + 1) * rowBytes)
  }
}
