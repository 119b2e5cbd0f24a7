import { describe, expect, it } from 'vitest'
import { clockTime, parseTime, roundToMilliseconds, vttTime } from '../../src/cli/times.js'

describe('parseTime', () => {
  it.each([
    ['12', 12],
    ['12.5', 12.5],
    ['.25', 0.25],
    ['1:30', 90],
    ['90:00', 5400],
    ['1:02:03.250', 3723.25],
    ['0:00:00', 0],
    [' 7 ', 7],
  ])('reads %s', (text, seconds) => {
    expect(parseTime(text)).toBe(seconds)
  })

  it.each(['', '-1', '1e3', '0x10', 'one', '1:60', '1:60:00', '1:2:3:4', '1:', ':30', '1.5:30', 'Infinity', '12s'])(
    'refuses "%s"',
    (text) => {
      expect(parseTime(text)).toBeUndefined()
    },
  )
})

describe('clockTime', () => {
  it.each([
    [0, 0, '0:00'],
    [600, 0, '10:00'],
    [3723.25, 3, '1:02:03.250'],
    [36000, 0, '10:00:00'],
    [5.5, 1, '0:05.5'],
    [-1.5, 3, '-0:01.500'],
    [-0.0001, 3, '0:00.000'],
  ])('shows %d s with %d decimals', (seconds, decimals, text) => {
    expect(clockTime(seconds, decimals)).toBe(text)
  })

  it('carries a rounded-up fraction into the minutes', () => {
    expect(clockTime(59.9996, 3)).toBe('1:00.000')
    expect(clockTime(3599.9999, 3)).toBe('1:00:00.000')
  })

  it('gives times that parseTime reads back', () => {
    for (const seconds of [0, 0.001, 59.999, 61.5, 3599, 3600, 86_399.123]) expect(parseTime(clockTime(seconds, 3))).toBeCloseTo(seconds, 6)
  })
})

it('writes WebVTT timestamps with two digits or more for the hours, and none below zero', () => {
  expect(vttTime(0)).toBe('00:00:00.000')
  expect(vttTime(3723.25)).toBe('01:02:03.250')
  expect(vttTime(360_000)).toBe('100:00:00.000')
  expect(vttTime(-0.02)).toBe('00:00:00.000')
})

it('rounds to milliseconds without a negative zero', () => {
  expect(Object.is(roundToMilliseconds(-0.0001), 0)).toBe(true)
  expect(roundToMilliseconds(1.00049)).toBe(1)
})
