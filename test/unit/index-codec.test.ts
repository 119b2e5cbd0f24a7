// The bytes of a stored index: what goes in comes out, and nothing else is taken for one.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeIndex, encodeIndex, type StoredIndex } from '../../src/source/index-codec.ts'

const tick = fc.oneof(fc.constant(NaN), fc.integer({ min: -(2 ** 33), max: 2 ** 33 }), fc.integer({ min: 2 ** 52, max: 2 ** 53 - 1 }))
const packet = fc.record({
  pts: tick,
  dts: tick,
  duration: fc.nat(),
  size: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  flags: fc.integer({ min: 0, max: 7 }),
})
const found = fc.array(fc.record({ pts: tick, ordinal: fc.nat(), key: fc.integer({ min: 0, max: 1 }) }), { maxLength: 20 })
const stored: fc.Arbitrary<StoredIndex> = fc
  .record({
    packets: fc.array(packet, { maxLength: 50 }),
    found: fc.option(found),
    absent: fc.array(tick, { maxLength: 9 }),
    damagedEnd: fc.boolean(),
  })
  .map((given) => ({
    packets: {
      pts: Float64Array.from(given.packets, ({ pts }) => pts),
      dts: Float64Array.from(given.packets, ({ dts }) => dts),
      duration: Float64Array.from(given.packets, ({ duration }) => duration),
      size: Uint32Array.from(given.packets, ({ size }) => size),
      flags: Uint8Array.from(given.packets, ({ flags }) => flags),
    },
    found:
      given.found === null
        ? null
        : {
            pts: Float64Array.from(given.found, ({ pts }) => pts),
            ordinals: Float64Array.from(given.found, ({ ordinal }) => ordinal),
            keys: Uint8Array.from(given.found, ({ key }) => key),
          },
    absent: Float64Array.from(given.absent),
    damagedEnd: given.damagedEnd,
  }))

describe('decodeIndex', () => {
  it('gives back what encodeIndex was given', () => {
    fc.assert(
      fc.property(stored, (index) => {
        expect(decodeIndex(encodeIndex(index))).toEqual(index)
      }),
    )
  })

  it('reads columns that lie at any place of a larger buffer', () => {
    fc.assert(
      fc.property(stored, fc.integer({ min: 0, max: 64 }), (index, shift) => {
        const larger = new Uint8Array(10_000)
        const bytes = encodeIndex(index)
        larger.set(bytes, shift)
        expect(decodeIndex(larger.subarray(shift, shift + bytes.byteLength))).toEqual(index)
      }),
    )
  })

  it('takes nothing that is shorter or longer', () => {
    fc.assert(
      fc.property(stored, fc.nat(), (index, seed) => {
        const bytes = encodeIndex(index)
        expect(decodeIndex(bytes.subarray(0, seed % bytes.byteLength))).toBeNull()
        expect(decodeIndex(Buffer.concat([bytes, Buffer.of(0)]))).toBeNull()
      }),
    )
  })

  it('takes no other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(decodeIndex(bytes)).toBeNull()
      }),
    )
    const head = (text: string): Uint8Array => Buffer.from(text.padEnd(128))
    for (const text of ['null', '[]', '{}', '7', '{"packets":-1,"found":-1,"absent":0}', '{"packets":1e300,"found":0,"absent":0}']) {
      expect(decodeIndex(head(text))).toBeNull()
    }
  })
})
