// Judges the sound of an exported file: that it begins and ends with the pictures, has its samples, and that each lies where the source has it.
import { probeClip, type ClipFacts } from './clip-facts.js'
import type { ExpectedClip } from './clip-range.js'
import { decodeSound, lagOf, meanSquareOf, type Sound } from './decoded-sound.js'
import { fraction, toNumber } from './fraction.js'

export interface SoundDemands {
  /** Seconds by which the sound may be off against the pictures, and begin and end away from them; default the longest frame of the clip. */
  readonly offset?: number
  /** Seconds by which a sample may be off: 0 for copied sound, a millisecond (the default) for encoded. */
  readonly lag?: number
}

export interface SoundJudgement {
  /** Sentences; none: the sound is what was asked for. */
  readonly faults: readonly string[]
  readonly samples: number
  /** Seconds by which the sound comes later than in the source, near the start and near the end; undefined where that cannot be told. */
  readonly lags: readonly (number | undefined)[]
}

/** Longer than any clip. */
const wholeSeconds = 1e6
const windowSeconds = 0.3
const margin = 0.3
const millisecond = 0.001
/** Samples, of AAC. */
const longestPacket = 1024

/** Without sound in the source there may be none in the output. */
export async function judgeSound(output: string, expected: ExpectedClip, demands: SoundDemands = {}): Promise<SoundJudgement> {
  const { source, facts, frames, after, end } = expected
  const origin = toNumber(facts.start)
  const [first, last] = [frames[0]?.seconds ?? 0, frames.at(-1)?.seconds ?? 0]
  const zero = origin + first
  const ends = origin + Math.min(end, after?.seconds ?? end)
  const frameSeconds = longestFrame(expected)
  const offset = demands.offset ?? frameSeconds
  const pictures = await probeClip(output)
  const heard = await heardFrom(output, pictures)
  const original = await decodeSound(source, origin, zero - margin, ends + frameSeconds + margin, heard?.rate)
  const isWanted = original !== undefined && original.start < ends && original.start + original.samples.length / original.rate > zero
  if (!isWanted)
    return { faults: heard === undefined ? [] : ['it has sound where the source has none'], samples: heard?.samples.length ?? 0, lags: [] }
  if (heard === undefined) return { faults: ['it has no sound'], samples: 0, lags: [] }
  const faults = heard.complaints.slice(0, 4).map((line) => `ffmpeg complains of the sound: ${line}`)
  const beginning = { is: heard.start, wanted: Math.max(0, original.start - zero) }
  // Sound goes on to the end that was asked for, or to that of the last picture; or to the end of what the source has.
  const wantedEnds = [ends, origin + end, origin + last + frameSeconds].map((time) => Math.min(time, endOf(original)) - zero)
  const ending = { is: endOf(heard), earliest: Math.min(...wantedEnds), latest: Math.max(...wantedEnds) }
  if (Math.abs(beginning.is - beginning.wanted) > offset + millisecond)
    faults.push(`the sound begins at ${beginning.is.toFixed(4)} s instead of ${beginning.wanted.toFixed(4)} s`)
  // Where the edit list ends within a packet, ffmpeg plays the packet to its end.
  const overrun = Math.max(offset, longestPacket / heard.rate)
  if (ending.is < ending.earliest - offset - millisecond || ending.is > ending.latest + overrun + millisecond)
    faults.push(`the sound ends at ${ending.is.toFixed(4)} s instead of ${ending.earliest.toFixed(4)} s`)
  const lags = placesOf(heard).map((place) => lagAt(place, heard, original, zero))
  const most = demands.lag ?? millisecond
  // A file's clock is no finer than its ticks; half of a sample is none.
  const clock = Math.min(millisecond, Math.max(toNumber(facts.timeBase), toNumber(pictures?.timeBase ?? facts.timeBase))) + 0.5 / heard.rate
  for (const [number, lag] of lags.entries()) {
    const where = number === 0 ? 'start' : 'end'
    if (lag !== undefined && !(Math.abs(lag) <= most + clock))
      faults.push(
        Number.isNaN(lag)
          ? `the sound near the ${where} is not the source's`
          : `the sound is ${(lag * 1000).toFixed(2)} ms late near the ${where}`,
      )
  }
  return { faults, samples: heard.samples.length, lags }
}

/** The whole sound of a file, at times from its first picture on. */
async function heardFrom(output: string, pictures: ClipFacts | undefined): Promise<Sound | undefined> {
  const heard = await decodeSound(output, 0, -1, wholeSeconds)
  const shown = (pictures?.packets ?? []).flatMap(({ ptsTicks, isDiscarded }) => (ptsTicks === undefined || isDiscarded ? [] : [ptsTicks]))
  const first = shown.reduce((least, ticks) => Math.min(least, ticks), Infinity) * toNumber(pictures?.timeBase ?? fraction(0))
  return heard === undefined || !Number.isFinite(first) ? heard : { ...heard, start: heard.start - first }
}

/** Where the loudest stretches of the first and of the last half begin, in samples. */
function placesOf({ samples, rate }: Sound): number[] {
  const length = Math.round(windowSeconds * rate)
  const half = Math.floor(samples.length / 2)
  if (samples.length < 2 * length) return samples.length < length ? [] : [0]
  return [loudest(samples, 0, half - length, length), loudest(samples, half, samples.length - length, length)]
}

function loudest(samples: Float32Array, from: number, to: number, length: number): number {
  let best = { place: from, loudness: -1 }
  for (let place = from; place <= to; place += Math.max(1, length >> 1)) {
    const loudness = meanSquareOf(samples.subarray(place, place + length))
    if (loudness > best.loudness) best = { place, loudness }
  }
  return best.place
}

/** Seconds by which what is heard at a place comes later than in the source. */
function lagAt(place: number, heard: Sound, original: Sound, zero: number): number | undefined {
  const window = heard.samples.subarray(place, place + Math.round(windowSeconds * heard.rate))
  const exact = (heard.start + place / heard.rate + zero - original.start) * original.rate
  const whole = Math.round(exact)
  const lag = lagOf(window, original.samples, whole, heard.rate)
  return lag === undefined ? undefined : (lag + exact - whole) / heard.rate
}

function endOf({ start, samples, rate }: Sound): number {
  return start + samples.length / rate
}

function longestFrame({ frames, after, facts }: ExpectedClip): number {
  const times = [...frames, ...(after === undefined ? [] : [after])].map(({ seconds }) => seconds)
  const longest = times.slice(1).reduce((most, time, number) => Math.max(most, time - (times[number] ?? time)), 0)
  return longest > 0 ? longest : (facts.packets[0]?.durationTicks ?? 0) * toNumber(facts.timeBase)
}
