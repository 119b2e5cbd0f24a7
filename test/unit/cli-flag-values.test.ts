import { describe, expect, it } from 'vitest'
import * as value from '../../src/cli/flag-values.js'

it('reads frame rates as numbers, and fractions unchanged', () => {
  expect(value.frameRate('2')).toBe(2)
  expect(value.frameRate('0.5')).toBe(0.5)
  expect(value.frameRate('30000/1001')).toBe('30000/1001')
})

it.each(['0', '-2', 'fast', '', '1/0', '0/1', '1e2', 'NaN'])('refuses "%s" as a frame rate', (text) => {
  expect(() => value.frameRate(text)).toThrow('Expected a number above 0')
})

it('reads whole numbers within their bounds and names the bounds otherwise', () => {
  expect(value.wholeNumber(0)('0')).toBe(0)
  expect(() => value.wholeNumber(1)('0')).toThrow('of at least 1')
  expect(() => value.wholeNumber(1, 100)('101')).toThrow('from 1 to 100')
  expect(() => value.wholeNumber(0)('1.5')).toThrow('Expected a whole number')
  expect(() => value.wholeNumber(0)('99999999999999999999')).toThrow('Expected a whole number')
})

it('reads a number of threads, or auto', () => {
  expect(value.countOrAuto('auto')).toBe('auto')
  expect(value.countOrAuto('4')).toBe(4)
  for (const text of ['0', '-1', '2.5', 'all', 'adaptive']) expect(() => value.countOrAuto(text)).toThrow('or auto')
})

it('reads a number of workers, auto or adaptive', () => {
  for (const text of ['auto', 'adaptive']) expect(value.workerCount(text)).toBe(text)
  expect(value.workerCount('4')).toBe(4)
  for (const text of ['0', '-1', '2.5', 'all', '']) expect(() => value.workerCount(text)).toThrow('at least 1, auto, or adaptive')
})

describe('lists', () => {
  it('are separated by commas and grow when the flag is repeated', () => {
    expect(value.timeList('1,2.5,1:00')).toEqual([1, 2.5, 60])
    expect(value.timeList('3', [1, 2])).toEqual([1, 2, 3])
    expect(value.indexList('0, 10,20')).toEqual([0, 10, 20])
  })

  it('refuse an empty or wrong item', () => {
    expect(() => value.timeList('1,,2')).toThrow('Expected seconds')
    expect(() => value.indexList('1,-2')).toThrow('Expected a whole number')
  })
})

it('reads accuracy as a word or a tolerance in seconds', () => {
  expect(value.accuracy('exact')).toBe('exact')
  expect(value.accuracy('keyframe')).toBe('keyframe')
  expect(value.accuracy('0.5')).toEqual({ toleranceSeconds: 0.5 })
  expect(() => value.accuracy('roughly')).toThrow('Expected exact, keyframe, or a tolerance in seconds')
})

it.each([
  ['1024', 1024],
  ['512M', 512 * 1024 ** 2],
  ['1.5GiB', 1.5 * 1024 ** 3],
  ['2gb', 2 * 1024 ** 3],
  ['64 k', 64 * 1024],
])('reads the size %s', (text, bytes) => {
  expect(value.byteSize(text)).toBe(bytes)
})

it.each(['', '0', 'M', '-1M', '1X', '1MM'])('refuses "%s" as a size', (text) => {
  expect(() => value.byteSize(text)).toThrow('Expected a size such as')
})
