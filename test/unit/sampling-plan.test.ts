// The plan of a sampling job over made-up streams: nothing asked for is lost, nothing is decoded from a wrong place, no order can deadlock.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Accuracy, Grid } from '../../src/options/sample.ts'
import { planPicture } from '../../src/plan/geometry.ts'
import { outlineOf } from '../../src/plan/outline.ts'
import type { EngineLimits } from '../../src/plan/parallelism.ts'
import { planSampling, type SamplingPlan, type SamplingRequest } from '../../src/plan/sampling.ts'
import { PacketIndex } from '../../src/source/packet-index.ts'
import type { Segment } from '../../src/tasks.ts'
import { indexOf, packetTable, randomPackets, tenths, type MadePacket } from './packet-tables.ts'
import { streamFacts } from './stream-facts.ts'

const stream = streamFacts()
const picture = {
  width: 0,
  height: 0,
  fit: 'cover',
  pixelFormat: 'rgb24',
  scaleFilter: 'bicubic',
  autorotate: true,
  squarePixels: true,
  toneMap: true,
} as const
const twoWorkers: EngineLimits = { maxPixels: 1e9, workers: 2, codecThreads: 1, cpuBudget: 2 }

function request(index: PacketIndex, grid: Grid, more: Partial<SamplingRequest> = {}): SamplingRequest {
  return {
    source: { name: '/clip.mp4', url: 'file:/clip.mp4', protocols: 'file', allowPlaylists: false, identity: 'clip' },
    stream,
    index,
    grid,
    span: { start: 0, end: Infinity },
    accuracy: 'exact',
    order: 'timestamp',
    output: planPicture(picture, stream, null),
    engine: twoWorkers,
    slotLimit: 64,
    ...more,
  }
}

function segmentsOf(plan: SamplingPlan): Segment[] {
  return plan.tasks.flatMap(({ segments }) => segments)
}

/** A stream of GOPs of `gop` frames, in order. */
function steady(frames: number, gop: number, size = 1000): PacketIndex {
  return indexOf(Array.from({ length: frames }, (_, i) => ({ pts: i, dts: i, isKey: i % gop === 0, size })))
}

const anyGrid: fc.Arbitrary<Grid> = fc.oneof(
  fc.constant<Grid>({ kind: 'all' }),
  fc.constant<Grid>({ kind: 'keyframes' }),
  fc.integer({ min: 1, max: 9 }).map((step): Grid => ({ kind: 'everyFrames', step })),
  fc.integer({ min: 1, max: 60 }).map((count): Grid => ({ kind: 'count', count })),
  fc
    .array(fc.double({ min: -1, max: 50, noNaN: true }), { minLength: 1, maxLength: 40 })
    .map((timestamps): Grid => ({ kind: 'timestamps', timestamps })),
  fc.record({ num: fc.integer({ min: 1, max: 20 }), den: fc.integer({ min: 1, max: 5 }) }).map((rate): Grid => ({ kind: 'fps', ...rate })),
)
const anyEngine: fc.Arbitrary<EngineLimits> = fc.record({
  maxPixels: fc.constant(1e9),
  workers: fc.integer({ min: 1, max: 8 }),
  codecThreads: fc.constantFrom<number | 'auto'>('auto', 1, 4),
  cpuBudget: fc.integer({ min: 1, max: 16 }),
  taskPixels: fc.option(fc.integer({ min: 1, max: 1e7 }), { nil: undefined }),
})
const anyPlan = fc
  .record({
    packets: randomPackets,
    grid: anyGrid,
    engine: anyEngine,
    order: fc.constantFrom<'timestamp' | 'completion'>('timestamp', 'completion'),
    slotLimit: fc.integer({ min: 1, max: 80 }),
    tolerance: fc.option(fc.double({ min: 0, max: 3, noNaN: true }), { nil: null }),
  })
  .map(({ packets, grid, engine, order, slotLimit, tolerance }) => {
    const namesFrames = grid.kind === 'all' || grid.kind === 'keyframes' || grid.kind === 'everyFrames'
    const accuracy: Accuracy = tolerance === null || namesFrames ? 'exact' : { toleranceSeconds: tolerance }
    const index = indexOf(packets)
    const asked = request(index, grid, { engine, order, slotLimit, accuracy })
    return { index, packets, asked, plan: planSampling(asked) }
  })

describe('whatever is asked of whatever stream', () => {
  it('every request has one answer, and frames are numbered in the order of presentation', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan }) => {
        const numbers = plan.frames.flatMap(({ requests }) => requests.map(({ number }) => number))
        expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: plan.requests }, (_, number) => number))
        expect(plan.frames.every(({ frame }, i) => frame > (plan.frames[i - 1]?.frame ?? -1))).toBe(true)
        expect(plan.frames.every(({ frame, requests }) => requests.every((one) => one.frame === frame))).toBe(true)
      }),
    )
  })

  it('every frame is the target of exactly one segment, by its own ticks', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan, index }) => {
        const targets = segmentsOf(plan).flatMap(({ frames, targets }) => frames.map((frame, i) => ({ frame, ticks: targets[i] })))
        targets.sort((a, b) => a.frame - b.frame)
        expect(targets).toEqual(plan.frames.map((planned, frame) => ({ frame, ticks: index.frames[planned.frame] })))
        expect(segmentsOf(plan).every(({ frames, targets }) => frames.length === targets.length && frames.length > 0)).toBe(true)
      }),
    )
  })

  it('targets ascend within a segment', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan }) => {
        for (const { targets } of segmentsOf(plan)) expect(targets.every((ticks, i) => ticks > (targets[i - 1] ?? -Infinity))).toBe(true)
      }),
    )
  })

  it('a segment starts at a key packet that is shown no later than its targets and decoded no later', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan, packets }) => {
        for (const { start, targets } of segmentsOf(plan)) {
          const at = packets.findIndex(({ pts }) => pts === start?.pts)
          expect(packets[at]?.isKey).toBe(true)
          for (const ticks of targets) {
            expect(start?.pts ?? NaN).toBeLessThanOrEqual(ticks)
            expect(packets.findIndex(({ pts }) => pts === ticks)).toBeGreaterThanOrEqual(at)
          }
        }
      }),
    )
  })

  it('places to fall back on lie ever earlier, and the first packet comes last', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan }) => {
        for (const { start, fallbacks, nearDts } of segmentsOf(plan)) {
          const places = [start, ...fallbacks].map((place) => place?.dts ?? -Infinity)
          expect(places.every((dts, i) => dts < (places[i - 1] ?? Infinity))).toBe(true)
          if (!Number.isNaN(nearDts)) expect(nearDts).toBeLessThanOrEqual(start?.dts ?? NaN)
        }
      }),
    )
  })

  it('tasks of an ordered job that has too few slots stand in the order of presentation', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan, asked }) => {
        fc.pre(asked.order === 'timestamp' && plan.frames.length > asked.slotLimit)
        const frames = segmentsOf(plan).flatMap((segment) => segment.frames)
        expect(frames).toEqual([...frames].sort((a, b) => a - b))
      }),
    )
  })

  it('slots suffice for each task to go on, and are never more than frames', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan, asked }) => {
        fc.pre(plan.frames.length > 0)
        expect(plan.usefulSlots).toBeGreaterThanOrEqual(1)
        expect(plan.usefulSlots).toBeLessThanOrEqual(plan.frames.length)
        const tasksStandInOrder = segmentsOf(plan)
          .flatMap((segment) => segment.frames)
          .every((frame, i) => frame === i)
        if (asked.order === 'timestamp' && !tasksStandInOrder) expect(Math.min(plan.usefulSlots, asked.slotLimit)).toBe(plan.frames.length)
      }),
    )
  })

  it("threads inside decoders times workers that run ahead stay within the budget when threads are 'auto'", () => {
    fc.assert(
      fc.property(anyPlan, ({ plan, asked }) => {
        fc.pre(asked.engine.codecThreads === 'auto' && asked.engine.workers <= asked.engine.cpuBudget)
        // In order through GOPs longer than half the slots only one worker decodes at a time; the others wait for slots.
        const longest = Math.max(0, ...segmentsOf(plan).map(({ frames }) => frames.length))
        fc.pre(asked.order === 'completion' || longest <= asked.slotLimit / 2)
        const busyWorkers = Math.min(asked.engine.workers, plan.tasks.length)
        expect(plan.codecThreads).toBeGreaterThanOrEqual(1)
        expect(plan.codecThreads * busyWorkers).toBeLessThanOrEqual(asked.engine.cpuBudget)
      }),
    )
  })
})

describe('planSampling', () => {
  it('decodes a frame once however often it is asked for', () => {
    const plan = planSampling(request(steady(100, 10), { kind: 'timestamps', timestamps: [5, 5.04, 1, 5] }))
    expect(plan.requests).toBe(4)
    expect(plan.frames.map(({ frame, requests }) => [frame, requests.map(({ number }) => number)])).toEqual([
      [10, [2]],
      [50, [0, 1, 3]],
    ])
  })

  it('puts all targets of a GOP into one segment', () => {
    const plan = planSampling(request(steady(100, 50), { kind: 'timestamps', timestamps: [0.1, 0.2, 4.9, 5, 9.9] }))
    expect(segmentsOf(plan).map(({ targets }) => targets)).toEqual([
      [1, 2, 49],
      [50, 99],
    ])
  })

  it('plans nothing where nothing is asked for', () => {
    const plan = planSampling(request(steady(100, 50), { kind: 'keyframes' }, { span: { start: 0.1, end: 0.2 } }))
    expect(plan).toMatchObject({ requests: 0, frames: [], tasks: [] })
  })

  it('leaves unreferenced pictures undecoded only where a packet alone tells them: progressive H.264 and HEVC', () => {
    const skips = (given: Parameters<typeof streamFacts>[0], packets?: MadePacket[]): boolean | undefined => {
      const index = packets === undefined ? steady(20, 10) : indexOf(packets)
      return segmentsOf(planSampling(request(index, { kind: 'all' }, { stream: streamFacts(given) })))[0]?.skipUnreferenced
    }
    expect(skips({ codec: 'h264' })).toBe(true)
    expect(skips({ codec: 'hevc', fieldOrder: '' })).toBe(true)
    expect(skips({ codec: 'h264', fieldOrder: 'tt' })).toBe(false)
    expect(skips({ codec: 'mpeg2video' })).toBe(false)
    expect(skips({ codec: 'vp9' })).toBe(false)
    expect(skips({ codec: 'h264' }, [{ pts: 0, isKey: true }, { pts: 1 }, { pts: 1 }])).toBe(false)
  })

  it('decodes plainly where packets are ambiguous', () => {
    const index = indexOf([{ pts: 0, isKey: true }, { pts: 1 }, { pts: 1 }])
    expect(segmentsOf(planSampling(request(index, { kind: 'all' }))).every(({ plain }) => plain)).toBe(true)
    expect(segmentsOf(planSampling(request(steady(9, 3), { kind: 'all' }))).some(({ plain }) => plain)).toBe(false)
  })

  it('shows the frame before where a time was asked for, and says missing where a frame was named', () => {
    const shows = (grid: Grid): boolean | undefined => segmentsOf(planSampling(request(steady(20, 10), grid)))[0]?.showPrevious
    expect(shows({ kind: 'timestamps', timestamps: [1] })).toBe(true)
    expect(shows({ kind: 'count', count: 2 })).toBe(true)
    expect([shows({ kind: 'all' }), shows({ kind: 'keyframes' }), shows({ kind: 'frameIndexes', frameIndexes: [1] })]).toEqual([
      false,
      false,
      false,
    ])
  })

  it('counts frames from the start of the stream in one segment where packets do not name them', () => {
    const found = { pts: Float64Array.of(0, 1, 2, 3), ordinals: Float64Array.of(0, 2, 1, 3), keys: Uint8Array.of(1, 0, 0, 0) }
    const index = new PacketIndex(tenths, packetTable([{ pts: NaN, isKey: true }, { pts: NaN }, { pts: NaN }, { pts: NaN }]), found)
    const plan = planSampling(request(index, { kind: 'frameIndexes', frameIndexes: [3, 1, 2] }))
    expect(segmentsOf(plan)).toEqual([
      expect.objectContaining({ start: null, byOrdinal: true, plain: true, targets: [1, 2, 3], frames: [1, 0, 2] }),
    ])
  })

  it('reads on rather than seeks over little, and seeks over much', () => {
    const near = (size: number): number[] =>
      segmentsOf(planSampling(request(steady(1000, 100, size), { kind: 'keyframes' }))).map(({ nearDts }) => nearDts)
    expect(near(100).slice(0, 6)).toEqual([NaN, NaN, NaN, NaN, 100, 200]) // 300 packets, or the start of the file
    // 1 MiB holds 10 packets of 100 kB.
    expect(near(100_000).slice(0, 3)).toEqual([NaN, 90, 190])
  })

  it('gives threads to the decoder where one long GOP leaves workers idle', () => {
    const engine: EngineLimits = { ...twoWorkers, workers: 4, cpuBudget: 4, codecThreads: 'auto' }
    expect(planSampling(request(steady(300, 300), { kind: 'fps', num: 2, den: 1 }, { engine })).codecThreads).toBe(4)
    expect(planSampling(request(steady(300, 150), { kind: 'fps', num: 2, den: 1 }, { engine })).codecThreads).toBe(2)
    expect(planSampling(request(steady(300, 30), { kind: 'fps', num: 2, den: 1 }, { engine })).codecThreads).toBe(1)
    expect(planSampling(request(steady(300, 30), { kind: 'all' }, { engine: { ...engine, codecThreads: 3 } })).codecThreads).toBe(3)
  })

  it('makes several tasks per worker of a long stream, so that workers end together', () => {
    const plan = planSampling(request(steady(9000, 30), { kind: 'fps', num: 2, den: 1 }, { order: 'completion' }))
    expect(plan.tasks.length).toBeGreaterThanOrEqual(2 * 4)
    expect(plan.tasks.length).toBeLessThanOrEqual(2 * 16)
  })

  it('makes tasks no longer than it takes to decode so many pixels, whole GOPs at the least', () => {
    const packetsOf = (taskPixels: number | undefined, frames = 90_000): number[] =>
      planSampling(request(steady(frames, 30), { kind: 'all' }, { engine: { ...twoWorkers, taskPixels }, order: 'completion' })).tasks.map(
        ({ segments }) => segments.reduce((sum, { frames: wanted }) => sum + wanted.length, 0),
      )
    const pixels = stream.width * stream.height
    expect(Math.min(...packetsOf(undefined))).toBeGreaterThan(1000)
    expect(Math.max(...packetsOf(100 * pixels))).toBe(120)
    expect(Math.max(...packetsOf(1))).toBe(30)
    expect(packetsOf(1e12 * pixels)).toEqual(packetsOf(undefined))
  })

  it('starts the longest task first when the frames all fit and tasks are few', () => {
    const packets = [10, 200, 20].flatMap((length, gop) => Array.from({ length }, (_, i) => ({ pts: gop * 1000 + i, isKey: i === 0 })))
    const plan = planSampling(request(indexOf(packets), { kind: 'timestamps', timestamps: [0.9, 119.9, 201.9] }))
    expect(plan.tasks.map(({ segments }) => segments[0]?.targets[0])).toEqual([1199, 2019, 9])
    expect(plan.usefulSlots).toBe(3)
  })
})

describe('the outline of a plan', () => {
  it('names the same decoder runs whatever the number of workers, with their costs and frames', () => {
    const index = steady(600, 30)
    const outline = (workers: number) => {
      const asked = request(index, { kind: 'everyFrames', step: 10 }, { engine: { ...twoWorkers, workers } })
      return outlineOf(planSampling(asked), asked)
    }
    const runs = (workers: number) =>
      outline(workers)
        .tasks.flat()
        .toSorted((a, b) => (a.frames[0] ?? 0) - (b.frames[0] ?? 0))
    expect(runs(1)).toEqual(runs(8))
    expect(new Set(runs(1).map(({ key }) => key)).size).toBe(20)
    // The last target of each GOP is its 21st packet.
    expect(runs(2).every(({ cost, frames }) => cost === 21 && frames.length === 3)).toBe(true)
    expect(outline(8).tasks.length).toBeGreaterThan(outline(1).tasks.length)
  })
})
