// Owns the plan of a sampling job: frames asked for, grouped by GOP into segments, segments into tasks. Pure.
import type { NativeOutput, NativeStreamFacts } from '../native/binding.js'
import type { Accuracy, Grid } from '../options/sample.js'
import type { PacketIndex } from '../source/packet-index.js'
import type { SampleTask, Segment, TaskSource } from '../tasks.js'
import { decodeCost, requestFrames, type Request, type Span } from './grid.js'
import { shareOut, type EngineLimits } from './parallelism.js'
import { canSkipUnreferenced } from './skipping.js'

export interface SamplingRequest {
  readonly source: TaskSource
  readonly stream: NativeStreamFacts
  readonly index: PacketIndex
  readonly grid: Grid
  readonly span: Span
  readonly accuracy: Accuracy
  readonly order: 'timestamp' | 'completion'
  readonly output: NativeOutput
  readonly engine: EngineLimits
  /** Slots that fit the memory the job may have. */
  readonly slotLimit: number
}

/** One frame to decode, with everyone who asked for it. Numbered 0, 1, 2... in presentation order. */
export interface PlannedFrame {
  /** Frame of the index. */
  readonly frame: number
  readonly requests: readonly Request[]
}

export interface SamplingPlan {
  readonly requests: number
  readonly frames: readonly PlannedFrame[]
  readonly tasks: readonly SampleTask[]
  readonly codecThreads: number
  /** Tasks that may run at once: workers x codec threads stay within the CPU budget. */
  readonly atOnce: number
  /** Slots beyond which no task would run faster. */
  readonly usefulSlots: number
}

/** Tasks per worker: enough that workers end together, few enough that a task is worth its hand-off. */
const tasksPerWorker = 12
/** Packets below which a task is not worth sending by itself. */
const leastTaskCost = 8
/** Reading on is cheaper than seeking up to here. */
const nearPackets = 300
const nearBytes = 1 << 20
const mostFallbacks = 20
/** Tasks per worker up to which their order shows at the end. */
const fewTasks = 6
const mostJoinedFrames = 600
const mostGapPackets = 8
/** For frames named by position: a frame that two earlier key packets do not give does not exist. */
const fallbacksForNamed = 2

export function planSampling(request: SamplingRequest): SamplingPlan {
  const { index, grid, span, accuracy, engine } = request
  const ordered = request.order === 'timestamp'
  const requests = requestFrames(index, grid, span, accuracy)
  const frames = distinctFrames(requests)
  const segments = index.identity === 'ordinal' ? [ordinalSegment(request, frames)] : segmentsByGop(request, frames)
  const most = segments.reduce((count, segment) => Math.max(count, segment.frames.length), 0)
  // Frames of a long GOP in order: the second worker could only run ahead as far as there are slots. Threads inside the
  // decoder then do more than a second worker.
  const isSerial = ordered && most > request.slotLimit / 2
  const workable = isSerial ? 1 : segments.filter((segment) => segment.frames.length > 0).length
  const { atOnce, codecThreads } = shareOut(workable, request.stream, engine)
  const runs = isSerial ? joined(segments, index, frames) : segments
  const mostPerTask = ordered ? Math.max(1, Math.floor(request.slotLimit / (2 * engine.workers))) : Infinity
  const { source, stream, output } = request
  const mostCost = (engine.taskPixels ?? Infinity) / Math.max(1, stream.width * stream.height)
  const groups = grouped(runs, (segment) => segmentCost(segment, index, frames), {
    workers: engine.workers,
    mostCost,
    mostFrames: mostPerTask,
  })
  const tasks = groups.map((group): SampleTask => ({
    kind: 'sample',
    source,
    streamIndex: stream.index,
    maxPixels: engine.maxPixels,
    codecThreads,
    output,
    segments: group,
  }))
  const largest = tasks.reduce((count, task) => Math.max(count, frameCount(task)), 0)
  // The longest first lets workers end together, which matters when there are few tasks. In order, it takes a slot for every
  // frame: a task that starts early must never wait for one that starts late.
  const fitsWhole = frames.length <= request.slotLimit
  const isLongestFirst = ordered ? fitsWhole && tasks.length <= fewTasks * engine.workers : true
  if (isLongestFirst) tasks.sort((a, b) => costOfTask(b, index, frames) - costOfTask(a, index, frames))
  const usefulSlots = isLongestFirst && ordered ? frames.length : Math.min(frames.length, (engine.workers + 1) * largest + 2)
  return { requests: requests.length, frames, tasks, codecThreads, atOnce, usefulSlots }
}

function costOfTask(task: SampleTask, index: PacketIndex, frames: readonly PlannedFrame[]): number {
  return task.segments.reduce((sum, segment) => sum + segmentCost(segment, index, frames), 0)
}

function frameCount(task: SampleTask): number {
  return task.segments.reduce((sum, segment) => sum + segment.frames.length, 0)
}

function distinctFrames(requests: readonly Request[]): PlannedFrame[] {
  const byFrame = new Map<number, Request[]>()
  for (const request of requests) {
    const same = byFrame.get(request.frame)
    if (same === undefined) byFrame.set(request.frame, [request])
    else same.push(request)
  }
  return [...byFrame].sort(([a], [b]) => a - b).map(([frame, asked]) => ({ frame, requests: asked }))
}

/** Frames that only counting finds are decoded in one go from the start of the stream. */
function ordinalSegment(request: SamplingRequest, frames: readonly PlannedFrame[]): Segment {
  const order = frames.map((planned, number) => ({ ordinal: request.index.sources[planned.frame] ?? 0, number }))
  order.sort((a, b) => a.ordinal - b.ordinal)
  return {
    start: null,
    fallbacks: [],
    nearDts: NaN,
    skipUnreferenced: false,
    plain: true,
    showPrevious: false,
    byOrdinal: true,
    targets: order.map(({ ordinal }) => ordinal),
    frames: order.map(({ number }) => number),
  }
}

function segmentsByGop(request: SamplingRequest, frames: readonly PlannedFrame[]): Segment[] {
  const { index, stream, grid } = request
  const skipUnreferenced = canSkipUnreferenced(stream, index)
  const namesFrames = grid.kind === 'all' || grid.kind === 'everyFrames' || grid.kind === 'frameIndexes' || grid.kind === 'keyframes'
  const byStart = new Map<number, number[]>()
  for (const [number, { frame }] of frames.entries()) {
    const start = index.startOf(frame)
    const same = byStart.get(start)
    if (same === undefined) byStart.set(start, [number])
    else same.push(number)
  }
  return [...byStart].map(([start, numbers]) => {
    return {
      start: index.keyPoint(start),
      fallbacks: index.earlierStarts(start, namesFrames ? fallbacksForNamed : mostFallbacks),
      nearDts: nearDts(index, start),
      skipUnreferenced,
      plain: index.isAmbiguous,
      showPrevious: !namesFrames,
      byOrdinal: false,
      targets: numbers.map((number) => index.frames[frames[number]?.frame ?? 0] ?? NaN),
      frames: numbers,
    }
  })
}

/**
 * Neighbouring segments with hardly a packet between them as one run of the decoder, so that its threads do not run dry at
 * every key frame. Kept short, as a run that meets an error is decoded again from its start.
 */
function joined(segments: readonly Segment[], index: PacketIndex, frames: readonly PlannedFrame[]): Segment[] {
  const runs: Segment[] = []
  for (const segment of segments) {
    const run = runs.at(-1)
    const isShort = run !== undefined && run.frames.length + segment.frames.length <= mostJoinedFrames
    if (run === undefined || segment.byOrdinal || !isShort || gapBetween(run, segment, index, frames) > mostGapPackets) runs.push(segment)
    else runs[runs.length - 1] = { ...run, targets: [...run.targets, ...segment.targets], frames: [...run.frames, ...segment.frames] }
  }
  return runs
}

/** Packets after the last target of one segment and before the first packet of the next. */
function gapBetween(run: Segment, next: Segment, index: PacketIndex, frames: readonly PlannedFrame[]): number {
  const [, last] = bounds(run.frames.map((number) => index.sources[frames[number]?.frame ?? 0] ?? 0))
  return index.startOf(frames[next.frames[0] ?? 0]?.frame ?? 0) - last - 1
}

function bounds(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity])
}

/** Decode timestamp of the first packet from which little lies before `start`; NaN when that is the stream's first. */
function nearDts(index: PacketIndex, start: number): number {
  let first = Math.max(0, start)
  for (let bytes = 0; first > 0 && start - first < nearPackets; first--) {
    bytes += index.packets.size[first - 1] ?? 0
    if (bytes > nearBytes) break
  }
  return first === 0 ? NaN : (index.packets.dts[first] ?? NaN)
}

/** Packets to decode for a segment. */
export function segmentCost(segment: Segment, index: PacketIndex, frames: readonly PlannedFrame[]): number {
  return segment.frames.reduce((most, number) => Math.max(most, decodeCost(index, frames[number]?.frame ?? 0)), 0)
}

interface GroupLimits {
  readonly workers: number
  /** Packets to decode beyond which a task takes no further segment. */
  readonly mostCost: number
  readonly mostFrames: number
}

/** Neighbouring segments together until a task is worth sending. */
function grouped(segments: readonly Segment[], cost: (segment: Segment) => number, limits: GroupLimits): Segment[][] {
  const { workers, mostCost, mostFrames } = limits
  const total = segments.reduce((sum, segment) => sum + cost(segment), 0)
  const enough = Math.max(leastTaskCost, Math.min(mostCost, total / (workers * tasksPerWorker)))
  const groups: Segment[][] = []
  let group: Segment[] = []
  let groupCost = 0
  let groupFrames = 0
  for (const segment of segments) {
    const startsNew = group.length > 0 && (groupCost >= enough || groupFrames + segment.frames.length > mostFrames)
    if (startsNew) {
      groups.push(group)
      group = []
      groupCost = groupFrames = 0
    }
    group.push(segment)
    groupCost += cost(segment)
    groupFrames += segment.frames.length
  }
  if (group.length > 0) groups.push(group)
  return groups
}
