// Owns the meaning of flag values that only exporting has: bit rates, places in a picture, settings of filters and encoders. Every parser
// throws commander's InvalidArgumentError.
import { InvalidArgumentError } from 'commander'
import type { Transform } from '../index.js'
import { anyNumber, frameRate } from './flag-values.js'

/** A point in the finished picture; negative from the right and the bottom. */
export interface Place {
  readonly x: number
  readonly y: number
}

export interface TextPlace {
  readonly x: number | 'center'
  readonly y: number | 'center'
}

const power: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9 }

/** Bits per second from `800k` or `5M`; units are decimal, as bit rates are told. */
export function bitRate(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(text)
  const bits = match === null ? 0 : Math.round(Number(match[1]) * (power[(match[2] ?? '').toLowerCase()] ?? 1))
  if (bits <= 0) throw new InvalidArgumentError('Expected bits per second, such as 800k or 5M.')
  return bits
}

/** Frames per second; of a fraction its value. */
export function rate(text: string): number {
  const given = frameRate(text)
  if (typeof given === 'number') return given
  const [dividend, divisor] = given.split('/')
  return Number(dividend) / Number(divisor)
}

export function crop(text: string): NonNullable<Transform['crop']> {
  const { width, height, x, y } = rectangle(text) ?? {}
  if (width === undefined || height === undefined || x === undefined || y === undefined) {
    throw new InvalidArgumentError('Expected WIDTHxHEIGHT+X+Y, such as 640x360+0+120.')
  }
  return { width, height, x, y }
}

export function pad(text: string): NonNullable<Transform['pad']> {
  const { width, height, x, y } = rectangle(text) ?? {}
  if (width === undefined || height === undefined) throw new InvalidArgumentError('Expected WIDTHxHEIGHT or WIDTHxHEIGHT+X+Y.')
  return { width, height, x, y }
}

const equalizers = ['brightness', 'contrast', 'saturation', 'gamma'] as const

/** `brightness=0.1,contrast=1.2`; a repeated flag adds to it. */
export function equalizer(text: string, earlier: Transform['eq'] = {}): NonNullable<Transform['eq']> {
  const added = text.split(',').map((item) => {
    const [key, value] = assignment(item)
    const name = equalizers.find((known) => known === key)
    if (name === undefined) throw new InvalidArgumentError(`Expected ${equalizers.join(', ')}, each as NAME=NUMBER.`)
    return [name, anyNumber(value)] as const
  })
  return { ...earlier, ...Object.fromEntries(added) }
}

/** `name=value`; a repeated flag adds to the options. */
export function encoderOption(text: string, earlier: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [name, value] = assignment(text)
  if (name === '') throw new InvalidArgumentError('Expected NAME=VALUE.')
  return { ...earlier, [name]: value }
}

export function place(text: string): Place {
  const { x, y } = textPlace(text)
  if (x === 'center' || y === 'center') throw new InvalidArgumentError('Expected X,Y in pixels.')
  return { x, y }
}

export function textPlace(text: string): TextPlace {
  const [x, y, ...more] = text.split(',').map((item) => coordinate(item.trim()))
  if (x === undefined || y === undefined || more.length > 0)
    throw new InvalidArgumentError('Expected X,Y in pixels, or center for one of them.')
  return { x, y }
}

function coordinate(text: string): number | 'center' | undefined {
  if (text === 'center') return text
  return /^-?\d+$/.test(text) ? Number(text) : undefined
}

/** Pixels; undefined is not said. */
function rectangle(text: string): { width: number; height: number; x: number | undefined; y: number | undefined } | undefined {
  const match = /^([1-9]\d*)x([1-9]\d*)(?:\+(\d+)\+(\d+))?$/.exec(text)
  if (match === null) return undefined
  const [, width, height, x, y] = match
  return {
    width: Number(width),
    height: Number(height),
    x: x === undefined ? undefined : Number(x),
    y: y === undefined ? undefined : Number(y),
  }
}

/** Of `name=value`; the value may hold further `=`. */
function assignment(text: string): [name: string, value: string] {
  const at = text.indexOf('=')
  return at < 0 ? ['', text] : [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}
