import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editRateOf, frameAt, timecodeOf } from '../../src/analysis/timecode.js'

const ntsc = { num: 30000, den: 1001 }
const ntscDouble = { num: 60000, den: 1001 }

/** The labels of two hours as SMPTE ST 12-1 words them: counted one by one, without those that are dropped. */
function* labels(nominal: number, drops: boolean): Generator<string, void, void> {
  const two = (value: number): string => String(value).padStart(2, '0')
  for (let minute = 0; minute < 2 * 60; minute++) {
    for (let second = 0; second < 60; second++) {
      const first = drops && second === 0 && minute % 10 !== 0 ? nominal / 15 : 0
      for (let frame = first; frame < nominal; frame++) {
        yield `${two(Math.floor(minute / 60))}:${two(minute % 60)}:${two(second)}${drops ? ';' : ':'}${two(frame)}`
      }
    }
  }
}

describe('the rate that edits are counted in', () => {
  it.each([
    [{ num: 30, den: 1 }, 30, 1, false],
    [ntsc, 30000, 1001, true],
    [{ num: 2997, den: 100 }, 30000, 1001, true],
    [ntscDouble, 60000, 1001, true],
    [{ num: 24000, den: 1001 }, 24000, 1001, false],
    [{ num: 23976, den: 1000 }, 24000, 1001, false],
    [{ num: 24, den: 1 }, 24, 1, false],
    [{ num: 120000, den: 1001 }, 120000, 1001, false],
    [{ num: 24999, den: 1000 }, 25, 1, false],
    [{ num: 152, den: 10 }, 15, 1, false],
    [{ num: 1, den: 10 }, 1, 1, false],
    [{ num: 30, den: 0 }, 25, 1, false],
    [null, 25, 1, false],
  ])('of %j is %i/%i, drop-frame: %s', (rate, num, den, isDropFrame) => {
    expect(editRateOf(rate)).toEqual({ num, den, nominal: Math.round(num / den), isDropFrame })
  })
})

describe('timecode', () => {
  it.each([
    ['00:00:59;29', 1799],
    ['00:01:00;02', 1800],
    ['00:09:59;29', 17_981],
    ['00:10:00;00', 17_982],
    ['00:10:59;29', 19_781],
    ['00:11:00;02', 19_782],
    ['01:00:00;00', 107_892],
    ['23:59:59;29', 2_589_407],
    ['00:00:00;00', 2_589_408],
  ])('at 30000/1001 is %s for frame %i', (timecode, frame) => {
    expect(timecodeOf(frame, editRateOf(ntsc))).toBe(timecode)
  })

  it.each([
    [25, 1, false],
    [30000, 1001, true],
    [60000, 1001, true],
    [24000, 1001, false],
  ])('at %i/%i has every label once, in order', (num, den, drops) => {
    const rate = editRateOf({ num, den })
    let frame = 0
    for (const label of labels(rate.nominal, drops)) {
      const timecode = timecodeOf(frame++, rate)
      if (timecode !== label) expect({ frame: frame - 1, timecode }).toEqual({ frame: frame - 1, timecode: label })
    }
    expect(timecodeOf(frame * 12, rate)).toBe(timecodeOf(0, rate))
  })

  it('with dropped labels never strays from the clock by more than two frames in a minute and 0.1 s in a day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_589_407 }), fc.constantFrom(ntsc, ntscDouble), (frame, rate) => {
        const edit = editRateOf(rate)
        const [hours = 0, minutes = 0, seconds = 0, frames = 0] = timecodeOf(frame, edit).split(/[:;]/).map(Number)
        const told = hours * 3600 + minutes * 60 + seconds + frames / edit.nominal
        expect(Math.abs(told - (frame * rate.den) / rate.num)).toBeLessThan(0.1 + 2 / edit.nominal)
      }),
    )
  })

  it('takes the frame that a rounded timestamp means', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400_000 }),
        fc.constantFrom(ntsc, { num: 25, den: 1 }, { num: 24000, den: 1001 }, ntscDouble),
        (frame, { num, den }) => {
          const exact = (frame * den) / num
          expect(frameAt(exact, { num, den })).toBe(frame)
          expect(frameAt(Math.round(exact * 1000) / 1000, { num, den })).toBe(frame)
        },
      ),
    )
  })
})
