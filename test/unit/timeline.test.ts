// Ticks and seconds: exact against rational arithmetic, and steady at boundaries whatever the time base.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NativeSourceFacts, NativeStreamFacts } from '../../src/native/binding.ts'
import { Timeline, timelineOf } from '../../src/source/timeline.ts'
import { compare, fraction, multiply, subtract } from '../oracle/fraction.ts'
import { streamFacts } from './stream-facts.ts'

const timeBases = [
  { num: 1, den: 1000 },
  { num: 1, den: 90_000 },
  { num: 1, den: 12_800 },
  { num: 1001, den: 30_000 },
  { num: 1, den: 30_000 },
  { num: 1, den: 1_200_000 },
  { num: 1, den: 15_360 },
]
/** A time base, a place of up to a day after zero, and a zero anywhere a 33-bit clock can start. */
const places = fc.constantFrom(...timeBases).chain((base) => {
  const perSecond = base.den / base.num
  return fc.tuple(
    fc.constant(base),
    fc.integer({ min: 0, max: Math.floor(86_400 * perSecond) }),
    fc.integer({ min: -1000, max: Math.floor(95_443 * perSecond) }),
  )
})

function sourceOf(startMicros: number | null, streams: readonly NativeStreamFacts[]): NativeSourceFacts {
  const nothing = { container: 'test', containerLongName: '', durationMicros: null, bitRate: 0, tags: {}, chapters: [] }
  return { ...nothing, startMicros, streams }
}

describe('Timeline', () => {
  it('gives the seconds of exact fractions within a nanosecond', () => {
    fc.assert(
      fc.property(places, ([base, offset, start]) => {
        const seconds = new Timeline(base, start).seconds(start + offset)
        const exact = multiply(fraction(offset), fraction(base.num, base.den))
        const given = fraction(BigInt(Math.round(seconds * 2 ** 40)), 2n ** 40n)
        const nanosecond = fraction(1, 1e9)
        expect(compare(subtract(exact, given), nanosecond)).toBeLessThan(0)
        expect(compare(subtract(given, exact), nanosecond)).toBeLessThan(0)
      }),
    )
  })

  it('finds every tick again at its own time, and not a tick earlier or later', () => {
    fc.assert(
      fc.property(places, ([base, offset, start]) => {
        const timeline = new Timeline(base, start)
        const seconds = timeline.seconds(start + offset)
        expect(Math.floor(timeline.ticksAt(seconds))).toBe(start + offset)
        expect(Math.floor(timeline.ticksBefore(seconds))).toBe(start + offset - 1)
      }),
    )
  })

  it('starts at the container, so that a transport stream that starts at 41,748 s starts at 0', () => {
    const stream = streamFacts({ timeBase: { num: 1, den: 90_000 }, startTicks: 41_748 * 90_000 })
    const timeline = timelineOf(sourceOf(41_748_000_000, [stream]), stream)
    expect(timeline.seconds(41_748 * 90_000)).toBe(0)
    expect(timeline.seconds(41_749 * 90_000)).toBe(1)
  })

  it('takes the start exactly from the stream that it was rounded from', () => {
    const base = { num: 1001, den: 30_000 }
    const stream = streamFacts({ timeBase: base, startTicks: 1 })
    const timeline = timelineOf(sourceOf(33_367, [stream]), stream) // 1001/30000 s is 33,366.67 microseconds
    expect(timeline.zeroTicks).toBe(1)
    expect(timeline.seconds(1)).toBe(0)
  })

  it('starts at an earlier stream of another time base, between two ticks', () => {
    const sound = streamFacts({ index: 1, type: 'audio', timeBase: { num: 1, den: 48_000 }, startTicks: 1 })
    const video = streamFacts({ timeBase: { num: 1, den: 90_000 }, startTicks: 9000 })
    const timeline = timelineOf(sourceOf(21, [video, sound]), video)
    expect(timeline.zeroTicks).toBe(90_000 / 48_000)
  })

  it('starts at tick 0 where the container knows no start, and at the microseconds where no stream has it', () => {
    const stream = streamFacts({ timeBase: { num: 1, den: 1000 }, startTicks: null })
    expect(timelineOf(sourceOf(null, [stream]), stream).zeroTicks).toBe(0)
    expect(timelineOf(sourceOf(2_500_000, [stream]), stream).zeroTicks).toBe(2500)
    const negative = streamFacts({ timeBase: { num: 1, den: 1000 }, startTicks: -80 })
    expect(timelineOf(sourceOf(-80_000, [negative]), negative).seconds(0)).toBe(0.08)
  })
})
