// Makes the measurements of films out of made-up pictures: what a cut, a dissolve, a fade, a flash or a camera in motion leaves in them.
import type { PictureSeries } from '../../src/analysis/series.ts'
import { pictureSeries, type FrameValues } from './series.ts'

/** Luma of 8 x 8 parts, then Cb and Cr of 4 x 4, and the variance of the Laplacian. */
export interface Picture {
  readonly layout: readonly number[]
  readonly detail: number
}

/** The same picture for the same number; pictures of different numbers are unlike each other. */
export function picture(number: number): Picture {
  const random = numbers(number)
  const luma = Array.from({ length: 64 }, () => 30 + 190 * random())
  const chroma = Array.from({ length: 32 }, () => 90 + 76 * random())
  return { layout: [...luma, ...chroma], detail: 400 + 800 * random() }
}

export function plain(luma: number): Picture {
  return { layout: [...Array<number>(64).fill(luma), ...Array<number>(32).fill(128)], detail: 0 }
}

/** `share` of b over a. Detail of two unrelated pictures on top of each other adds up by the squares of their shares. */
export function mix(a: Picture, b: Picture, share: number): Picture {
  return {
    layout: a.layout.map((value, part) => (1 - share) * value + share * (b.layout[part] ?? 0)),
    detail: (1 - share) ** 2 * a.detail + share ** 2 * b.detail,
  }
}

export function hold(shown: Picture, frames: number): Picture[] {
  return Array<Picture>(frames).fill(shown)
}

export function dissolve(a: Picture, b: Picture, frames: number): Picture[] {
  return Array.from({ length: frames }, (_, k) => mix(a, b, (k + 0.5) / frames))
}

/** A camera that goes over a wide picture, a column of parts in so many frames. */
export function pan(number: number, frames: number, framesPerPart = 12): Picture[] {
  const random = numbers(number)
  const columns = Array.from({ length: Math.ceil(frames / framesPerPart) + 9 }, () => Array.from({ length: 8 }, () => 30 + 190 * random()))
  return Array.from({ length: frames }, (_, k) => {
    const [at, between] = [Math.floor(k / framesPerPart), (k % framesPerPart) / framesPerPart]
    const part = (row: number, column: number): number =>
      (1 - between) * (columns[at + column]?.[row] ?? 0) + between * (columns[at + column + 1]?.[row] ?? 0)
    const luma = Array.from({ length: 64 }, (_, i) => part(Math.floor(i / 8), i % 8))
    return { layout: [...luma, ...Array<number>(32).fill(128)], detail: 700 }
  })
}

/** null: a frame that could not be decoded. */
export function film(pictures: readonly (Picture | null)[], options: { readonly rate?: number } = {}): PictureSeries {
  return pictureSeries(
    pictures.map((shown, row) => (shown === null ? { isMissing: true } : valuesOf(shown, pictures[row - 1] ?? null))),
    options,
  )
}

function valuesOf({ layout, detail }: Picture, before: Picture | null): FrameValues {
  const luma = layout.slice(0, 64)
  const mean = meanOf(luma)
  const contrast = Math.sqrt(meanOf(luma.map((value) => (value - mean) ** 2)))
  const histogram = Array<number>(16).fill(0)
  for (const value of luma) histogram[Math.floor(value / 16)] = (histogram[Math.floor(value / 16)] ?? 0) + Math.floor(65535 / 64)
  const own = { luma: mean, brightness: mean, contrast, sharpness: detail, layout: layout.map(Math.round), histogram, hash: hashOf(luma) }
  if (before === null) return own
  const change = meanOf(luma.map((value, part) => Math.abs(value - (before.layout[part] ?? 0))))
  const bits = bitsOf(hashOf(luma) ^ hashOf(before.layout.slice(0, 64)))
  return {
    ...own,
    difference: change,
    deltaLum: change,
    deltaSat: change,
    deltaHue: change / 2,
    hashDistance: bits / 64,
    histogramCorrelation: 1 - Math.min(1, change / 60),
  }
}

function hashOf(luma: readonly number[]): bigint {
  const middle = luma.toSorted((a, b) => a - b)[32] ?? 0
  return luma.reduce((bits, value, part) => (value > middle ? bits | (1n << BigInt(part)) : bits), 0n)
}

function bitsOf(bits: bigint): number {
  return [...bits.toString(2)].filter((bit) => bit === '1').length
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** 0 to 1: a counter whose bits are mixed, so that neighbouring seeds have nothing in common. */
function numbers(seed: number): () => number {
  let counter = Math.imul(seed + 1, 0x9e3779b1)
  return () => {
    counter = (counter + 0x6d2b79f5) | 0
    let mixed = Math.imul(counter ^ (counter >>> 15), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
}
