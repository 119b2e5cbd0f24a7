// Owns the proof that a side has measured the pictures and the sound that were asked for: their times, and curves that go together with ours.
// @ts-check
import { expectedTicks } from '../compare.mjs'
import { highlightRate } from './analyze-work.mjs'
import { OtherFrames } from './likeness.mjs'

/** @typedef {import('./analyze-work.mjs').Asked} Asked */
/** @typedef {import('./analyze-ways.mjs').Curves} Curves */

/** Correlation of two curves of the same thing at the least; sizes of pictures and filters differ, so that the curves do a little. */
const leastCorrelation = 0.9
/** Seconds by which the times of one picture may differ, as they are printed. */
const timeTolerance = 0.002
/** Seconds of sound that a decoder may give more or less at the ends. */
const soundTolerance = 0.1

/** Seconds of the pictures that are to be measured, as ffprobe's packets give them. @param {import('./work.mjs').Video} video @param {Asked} asked */
export function askedTimes(video, asked) {
  return (asked === 'highlights' ? expectedTicks(video, highlightRate) : video.ticks).map(video.seconds)
}

/** @param {Curves} curves @param {readonly number[]} expected @param {Asked} asked */
export function proveTimes({ timestamp, difference, sound }, expected, asked) {
  if (timestamp.length !== expected.length || difference.length !== expected.length)
    throw new OtherFrames('number', `${timestamp.length} pictures instead of ${expected.length}`)
  const off = timestamp.findIndex((seconds, k) => !(Math.abs(seconds - (expected[k] ?? NaN)) <= timeTolerance))
  if (off >= 0) throw new OtherFrames('time', `picture ${off} is that of ${timestamp[off]} s instead of ${expected[off]} s`)
  if (asked === 'highlights' && sound === null) throw new OtherFrames('number', 'there is no sound')
}

/**
 * @param {Curves} ours proven @param {Curves} theirs
 * @returns {number} the smallest correlation of a curve with ours
 */
export function proveAlike(ours, theirs) {
  const alike = [{ name: 'difference', value: correlation(ours.difference, theirs.difference) }]
  if (ours.sound !== null && theirs.sound !== null) {
    const [own, other] = [ours.sound.rms, theirs.sound.rms]
    const seconds = Math.abs(own.length * ours.sound.windowSeconds - other.length * theirs.sound.windowSeconds)
    if (ours.sound.windowSeconds !== theirs.sound.windowSeconds || seconds > soundTolerance)
      throw new OtherFrames('number', `${other.length} windows of sound of ${theirs.sound.windowSeconds} s instead of ${own.length}`)
    const both = Math.min(own.length, other.length)
    alike.push({ name: 'sound', value: correlation(own.slice(0, both), other.slice(0, both)) })
  }
  for (const { name, value } of alike)
    if (!(value >= leastCorrelation))
      throw new OtherFrames('values', `the curve of ${name} correlates with ours by ${value.toFixed(3)}, less than ${leastCorrelation}`)
  return Math.min(...alike.map(({ value }) => value))
}

/** Pearson's; where either is NaN is left out. @param {readonly number[]} a @param {readonly number[]} b */
export function correlation(a, b) {
  const pairs = a.flatMap((x, k) => {
    const y = b[k] ?? NaN
    return Number.isNaN(x) || Number.isNaN(y) ? [] : [{ x, y }]
  })
  const mean = (/** @type {'x' | 'y'} */ of) => pairs.reduce((sum, pair) => sum + pair[of], 0) / pairs.length
  const [meanX, meanY] = [mean('x'), mean('y')]
  let [xx, yy, xy] = [0, 0, 0]
  for (const { x, y } of pairs) {
    xx += (x - meanX) ** 2
    yy += (y - meanY) ** 2
    xy += (x - meanX) * (y - meanY)
  }
  return xy / Math.sqrt(xx * yy)
}
