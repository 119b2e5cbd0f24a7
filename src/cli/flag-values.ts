// Owns the meaning of flag values: text to numbers, times, sizes and choices. Every parser throws commander's InvalidArgumentError.
import { InvalidArgumentError } from 'commander'
import { parseTime } from './times.js'

export type AccuracyFlag = 'exact' | 'keyframe' | { toleranceSeconds: number }

/** Frames per second as a number or a fraction; `30000/1001` stays text, so that it stays exact. */
export function frameRate(text: string): number | string {
  const fraction = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text)
  return fraction === null ? numberAbove0(text) : text
}

export function numberAbove0(text: string): number {
  const value = decimal(text)
  if (value === undefined || value <= 0) throw new InvalidArgumentError('Expected a number above 0.')
  return value
}

/** A parser of numbers from `least` to `most`. */
export function numberFrom(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = signedDecimal(text)
    if (value === undefined || value < least || value > most) {
      throw new InvalidArgumentError(
        `Expected a number ${most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `of at least ${least}`}.`,
      )
    }
    return value
  }
}

export function anyNumber(text: string): number {
  const value = signedDecimal(text)
  if (value === undefined) throw new InvalidArgumentError('Expected a number.')
  return value
}

/** A parser of whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : undefined
    if (value === undefined || value < least || value > most) {
      throw new InvalidArgumentError(
        `Expected a whole number ${most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `of at least ${least}`}.`,
      )
    }
    return value
  }
}

export function countOrAuto(text: string): number | 'auto' {
  if (text === 'auto') return 'auto'
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Expected a whole number of at least 1, or auto.')
  return Number(text)
}

export function workerCount(text: string): number | 'auto' | 'adaptive' {
  if (text === 'auto' || text === 'adaptive') return text
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Expected a whole number of at least 1, auto, or adaptive.')
  return Number(text)
}

export function time(text: string): number {
  const seconds = parseTime(text)
  if (seconds === undefined) throw new InvalidArgumentError('Expected seconds (12.5), M:SS or H:MM:SS.fff.')
  return seconds
}

/** Comma-separated times; a repeated flag adds to the list. */
export function timeList(text: string, earlier: readonly number[] = []): number[] {
  return [...earlier, ...text.split(',').map(time)]
}

/** Comma-separated frame indexes; a repeated flag adds to the list. */
export function indexList(text: string, earlier: readonly number[] = []): number[] {
  return [...earlier, ...text.split(',').map((item) => wholeNumber(0)(item.trim()))]
}

/** A parser of comma-separated counts up to `most`; a repeated flag adds to the list. */
export function countList(most: number): (text: string, earlier?: readonly number[]) => number[] {
  return (text, earlier = []) => [...earlier, ...text.split(',').map((item) => wholeNumber(1, most)(item.trim()))]
}

export function accuracy(text: string): AccuracyFlag {
  if (text === 'exact' || text === 'keyframe') return text
  const toleranceSeconds = parseTime(text)
  if (toleranceSeconds === undefined) throw new InvalidArgumentError('Expected exact, keyframe, or a tolerance in seconds.')
  return { toleranceSeconds }
}

/** Bytes from `536870912`, `512M` or `1.5GiB`; units are binary. */
export function byteSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT])?(?:i?B)?$/i.exec(text)
  const power = ['', 'K', 'M', 'G', 'T'].indexOf((match?.[2] ?? '').toUpperCase())
  const bytes = match === null ? 0 : Math.floor(Number(match[1]) * 1024 ** power)
  if (bytes <= 0) throw new InvalidArgumentError('Expected a size such as 512M or 2G.')
  return bytes
}

function signedDecimal(text: string): number | undefined {
  const size = decimal(text.replace(/^-/, ''))
  return size === undefined || !text.startsWith('-') ? size : -size
}

/** Digits with an optional fraction; undefined for anything else Number() would take, such as 1e3, 0x10 or an empty text. */
function decimal(text: string): number | undefined {
  return /^\d+(?:\.\d*)?$|^\.\d+$/.test(text) ? Number(text) : undefined
}
