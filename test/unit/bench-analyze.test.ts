// The proof of measured curves: whoever measures other pictures, other sound, or something else has no figures.
import { describe, expect, it } from 'vitest'
import { correlation, proveAlike, proveTimes } from '../../bench/peers/analyze-proof.mjs'
import { OtherFrames } from '../../bench/peers/likeness.mjs'

const count = 40
const times = Array.from({ length: count }, (_, k) => k / 2)
const bump = (k: number): number => 10 + 5 * Math.sin(k) + (k % 7 === 0 ? 30 : 0)
const curve = (shift: number): number[] => times.map((_, k) => (k === 0 ? NaN : bump(k + shift)))
const rms = Array.from({ length: 2000 }, (_, k) => 0.2 + 0.1 * Math.sin(k / 9))
const sound = { windowSeconds: 0.01, rms }
const right = { timestamp: times, difference: curve(0), sound }

describe('the proof of measured curves', () => {
  it('takes curves of the right pictures, whatever their scale', () => {
    const scaled = { timestamp: times.map((time) => time + 0.001), difference: curve(0).map((value) => 3 * value + 1), sound }
    expect(() => proveTimes(scaled, times, 'highlights')).not.toThrow()
    expect(proveAlike(right, scaled)).toBeCloseTo(1, 6)
  })

  it('refuses other numbers of pictures, other times, and missing sound', () => {
    const short = { ...right, timestamp: times.slice(1), difference: curve(0).slice(1) }
    expect(() => proveTimes(short, times, 'highlights')).toThrow('39 pictures instead of 40')
    const late = { ...right, timestamp: times.map((time) => time + 0.033) }
    expect(() => proveTimes(late, times, 'highlights')).toThrow('picture 0 is that of 0.033 s instead of 0 s')
    expect(() => proveTimes({ ...right, sound: null }, times, 'highlights')).toThrow('there is no sound')
    expect(() => proveTimes({ ...right, sound: null }, times, 'scenes')).not.toThrow()
  })

  it('refuses curves that are a picture late, and sound that is shorter or another', () => {
    expect(() => proveAlike(right, { ...right, difference: curve(1) })).toThrow(OtherFrames)
    expect(() => proveAlike(right, { ...right, sound: { ...sound, rms: rms.slice(20) } })).toThrow('1980 windows of sound of 0.01 s')
    expect(() => proveAlike(right, { ...right, sound: { ...sound, rms: rms.toReversed() } })).toThrow('the curve of sound')
  })

  it('correlates as Pearson does', () => {
    // By hand: deviations (-1, 0, 1) and (-2, 1, 1) give 3 / sqrt(2 * 6).
    expect(correlation([1, 2, 3], [0, 3, 3])).toBeCloseTo(3 / Math.sqrt(12), 12)
    expect(correlation([NaN, 1, 2], [5, 2, 1])).toBe(-1)
  })
})
