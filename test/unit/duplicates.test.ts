// Which of many files are the same video: made-up hashes of shots that move a little, coded again with bits of their own turned.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findDuplicates, type DuplicateItem } from '../../src/analysis/duplicates.ts'
import { HashIndex } from '../../src/analysis/hash-index.ts'
import { distance, hashTrack, type HashTrack } from '../../src/analysis/hash-track.ts'
import { madePictures, withLost } from './moment-pictures.ts'
import { random } from './sound-series.ts'

/** The hash that a film shows at a time. */
type Film = (time: number) => bigint

/** Shots of 1 to 9 s; within one, a bit is turned every second or so. */
function madeFilm(seed: number): Film {
  const next = random(seed * 2654435761 + 1)
  const steps: { until: number; hash: bigint }[] = []
  for (let time = 0; time < 900;) {
    let hash = randomHash(next)
    const shotEnd = time + 1 + next() * 8
    for (; time < shotEnd; time += 0.5 + next()) {
      steps.push({ until: time, hash })
      hash ^= 1n << BigInt(Math.floor(next() * 64))
    }
  }
  return (time) => steps.find(({ until }) => until > time)?.hash ?? 1n
}

function randomHash(next: () => number): bigint {
  return Array.from({ length: 4 }).reduce<bigint>((hash) => (hash << 16n) | BigInt(Math.floor(next() * 65536)), 0n)
}

interface Copy {
  readonly from?: number
  readonly seconds?: number
  readonly fps?: number
  /** Chance of each bit to be turned by coding. */
  readonly noise?: number
}

let coded = 0

function copyOf(name: string, film: Film, { from = 0, seconds = 120, fps = 2, noise = 0.03 }: Copy = {}): DuplicateItem {
  const next = random(++coded)
  const turned = (hash: bigint): bigint => {
    let result = hash
    for (let bit = 0n; bit < 64n; bit++) if (next() < noise) result ^= 1n << bit
    return result
  }
  return { name, pictures: madePictures({ seconds, fps, hash: (time) => turned(film(from + time)) }) }
}

const films = Array.from({ length: 12 }, (_, i) => madeFilm(i + 1))
const [a = madeFilm(1), b = madeFilm(2), c = madeFilm(3)] = films

const names = (items: readonly DuplicateItem[], options = {}): (readonly string[])[] =>
  findDuplicates(items, options).map((group) => group.names)

describe('files that are the same video', () => {
  it('are grouped, however they were coded, and the others left out', () => {
    const items = [copyOf('a1', a), copyOf('b1', b), copyOf('a2', a, { noise: 0.06 }), copyOf('c', c), copyOf('b2', b), copyOf('a3', a)]
    expect(names(items)).toEqual([['a1', 'a2', 'a3'], ['b1', 'b2']]) // prettier-ignore
  })

  it('say by how much they are shifted, how long they are together, and how alike', () => {
    const [group] = findDuplicates([copyOf('whole', a, { seconds: 200 }), copyOf('part', a, { from: 41.3, seconds: 100 })])
    const [pair] = group?.pairs ?? []
    expect(pair).toMatchObject({ first: 'whole', second: 'part' })
    expect(Math.abs((pair?.offset ?? 0) + 41.3)).toBeLessThan(0.5)
    expect(pair?.overlap).toBeGreaterThan(97)
    expect(pair?.similarity).toBeGreaterThan(0.9)
    expect(pair?.distance).toBeLessThan(8)
    expect(pair?.reason).toMatch(
      /^shows 4[01]\.\d\d s earlier the same pictures in \d+(\.\d)? % of \d+\.\d s \(\d\.\d of 64 bits differ, 10 may\)$/,
    )
  })

  it('are found with their begin or their end cut off', () => {
    const items = [
      copyOf('whole', a, { seconds: 200 }),
      copyOf('begin', a, { from: 90.1, seconds: 110 }),
      copyOf('end', a, { seconds: 80 }),
    ]
    const [group] = findDuplicates(items)
    expect(group?.names).toEqual(['whole', 'begin', 'end'])
    // The two parts have nothing in common.
    expect(group?.pairs.map(({ second }) => second)).toEqual(['begin', 'end'])
  })

  it.each([1, 5, 29.97])('are found when one was analysed at %d frames a second', (fps) => {
    const [group] = findDuplicates([copyOf('a1', a, { seconds: 60 }), copyOf('a2', a, { from: 0.21, seconds: 60, fps })])
    expect(group?.names).toEqual(['a1', 'a2'])
    expect(group?.pairs[0]?.similarity).toBeGreaterThan(0.9)
  })

  it('are as alike in whichever order they are given, at whatever rates they were analysed', () => {
    const [coarse, fine] = [copyOf('coarse', a, { seconds: 60, fps: 0.5, noise: 0 }), copyOf('fine', a, { seconds: 60, fps: 10, noise: 0 })]
    const [there, back] = [findDuplicates([coarse, fine])[0]?.pairs[0], findDuplicates([fine, coarse])[0]?.pairs[0]]
    expect(there?.similarity).toBe(1)
    expect(there?.distance).toBe(0)
    expect(back).toMatchObject({ similarity: 1, distance: 0, overlap: there?.overlap })
    expect(back?.offset).toBeCloseTo(-(there?.offset ?? NaN), 0)
  })

  it('are found with a tenth of the frames of either lost', () => {
    const torn = (item: DuplicateItem, part: number): DuplicateItem => {
      const whole = madePictures({ seconds: 120, fps: 2 })
      return { name: item.name, pictures: withLost({ ...whole, ...item.pictures }, (i) => i % 10 === part) }
    }
    expect(names([torn(copyOf('a1', a), 3), torn(copyOf('a2', a), 7)])).toEqual([['a1', 'a2']])
  })

  it('may be of one picture each', () => {
    const still = { seconds: 1, fps: 1 }
    expect(names([copyOf('a1', a, still), copyOf('b1', b, still), copyOf('a2', a, still)])).toEqual([['a1', 'a2']])
  })
})

describe('files that are not the same video', () => {
  it('are not grouped for the hashes of plain pictures', () => {
    const plain = (name: string): DuplicateItem => ({
      name,
      pictures: madePictures({ seconds: 60, fps: 2, hash: () => 7n, contrast: () => 1 }),
    })
    expect(findDuplicates([plain('black'), plain('white')])).toEqual([])
  })

  it('are not grouped for frames that are missing', () => {
    const missing = (name: string): DuplicateItem => ({ name, pictures: madePictures({ seconds: 60, fps: 2, hash: () => 0n }) })
    expect(findDuplicates([missing('one'), missing('other')])).toEqual([])
  })

  it('are not grouped for an opening that they share', () => {
    const withOpening = (film: Film): Film => (time) => (time < 20 ? c(time) : film(time)) // prettier-ignore
    expect(findDuplicates([copyOf('a', withOpening(a)), copyOf('b', withOpening(b))])).toEqual([])
    expect(names([copyOf('a', withOpening(a)), copyOf('b', withOpening(b))], { minSimilarity: 0.1 })).toEqual([['a', 'b']])
  })

  it('are not grouped where the end of one is the begin of the other', () => {
    const items = [copyOf('early', a, { seconds: 100 }), copyOf('late', a, { from: 80, seconds: 100 })]
    expect(findDuplicates(items)).toEqual([])
    expect(names(items, { minOverlap: 0.15 })).toEqual([['early', 'late']])
  })

  it('are found where a camera stands still, without comparing each picture with each', () => {
    // Noise turns a few bits: every picture is a mark, and like all others.
    const camera = copyOf('camera', () => 0x123456789abcdef0n, { seconds: 500 })
    const copy = copyOf('copy', () => 0x123456789abcdef0n, { seconds: 500 })
    const [pair] = findDuplicates([camera, copy])[0]?.pairs ?? []
    expect(Math.abs(pair?.offset ?? Infinity)).toBeLessThanOrEqual(1)
    expect(pair?.overlap).toBeGreaterThan(490)
    const index = new HashIndex()
    const [one, other] = [hashTrack(camera.pictures, 0), hashTrack(copy.pictures, 0)]
    expect(one.marks.length).toBeGreaterThan(600)
    index.matchThenAdd(one, 10)
    // However long the recording: 16 pictures for each of 17 values of each of 4 bands.
    expect(index.matchThenAdd(other, 10).length / other.marks.length).toBeLessThanOrEqual(16 * 17 * 4)
  })

  it('are none among a hundred files, and their copies all', () => {
    const many = Array.from({ length: 50 }, (_, i) => madeFilm(i + 100))
    const items = many.flatMap((film, i) => [copyOf(`${i}`, film), copyOf(`${i} again`, film, { from: 3.7, noise: 0.05 })])
    expect(names(items)).toEqual(many.map((_, i) => [`${i}`, `${i} again`]))
  })
})

describe('the index of hashes', () => {
  const track = (hashes: readonly bigint[]): HashTrack =>
    hashTrack(madePictures({ seconds: hashes.length, fps: 1, hash: (time) => hashes[Math.round(time)] ?? 0n }), 0)

  it('counts differing bits as digits of a binary number', () => {
    const hash = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n })
    const holds = (one: bigint, other: bigint): void => {
      const ones = [...(one ^ other).toString(2)].filter((digit) => digit === '1').length
      expect(distance(track([one]).words, 0, track([other]).words, 0)).toBe(ones)
    }
    fc.assert(fc.property(hash, hash, holds))
  })

  it('finds every picture that differs in up to seven bits, and none that differs in more than asked for', () => {
    const flips = fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { maxLength: 16 })
    const holds = (hash: bigint, bits: number[]): void => {
      const other = bits.reduce((value, bit) => value ^ (1n << BigInt(bit)), hash)
      fc.pre(other !== 0n)
      const index = new HashIndex()
      index.matchThenAdd(track([hash]), 10)
      const found = index.matchThenAdd(track([other]), 10).length > 0
      if (bits.length <= 7) expect(found).toBe(true)
      if (bits.length > 10) expect(found).toBe(false)
    }
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), flips, holds), { numRuns: 300 })
  })
})

it('names two items that have the same name', () => {
  expect(() => findDuplicates([copyOf('a', a, { seconds: 2 }), copyOf('a', b, { seconds: 2 })])).toThrow(
    new RangeError('Expected a name that no other item has for items.1.name but received "a" of type string'),
  )
})

it.each([
  [{ maxDistance: 30 }, RangeError, 'Expected a number of at most 24 for maxDistance but received 30 of type number'],
  [{ maxDistance: 1.5 }, RangeError, 'Expected a whole number for maxDistance but received 1.5 of type number'],
  [{ threshold: 1 }, TypeError, 'Unknown option "threshold"'],
])('misuse such as %j is named', (options, kind, message) => {
  const misuse = (): unknown => Reflect.apply(findDuplicates, null, [[], options])
  expect(misuse).toThrow(kind)
  expect(misuse).toThrow(message)
})
