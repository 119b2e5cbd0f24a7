// Owns what is checked of a transform: its keys, their values, and which of them go together.
import { z } from 'zod'
import { expected } from '../errors.js'
import type { Transform } from './transform.js'

const frameFits = ['contain', 'cover', 'fill', 'inside', 'blurred'] as const

const side = z.number().int().min(1).max(16384)
const offset = z.number().int().min(-16384).max(16384)
const seconds = z.number().min(0)
const color = z
  .string()
  .regex(/^(?:[a-z]+|(?:#|0x)[0-9a-f]{6}(?:[0-9a-f]{2})?)(?:@(?:0?\.\d+|[01](?:\.0+)?))?$/i, "FFmpeg's name of a colour, or #rrggbb,")

/** Text that a C string can hold. */
export const nonEmptyText: z.ZodString = z
  .string()
  .min(1)
  .regex(/^[^\0]*$/, 'a string without NUL')

const during = { from: seconds.optional(), to: z.number().positive().optional() }
const textOffset = z.union([offset, z.enum(['center'])]).optional()

/** Where it is part of a larger schema, {@link checkTransform} is to be called too. */
export const transformSchema: z.ZodType<Transform> = z.strictObject({
  crop: z.strictObject({ x: z.number().int().min(0), y: z.number().int().min(0), width: side, height: side }).optional(),
  rotate: z.number().min(-36000).max(36000).optional(),
  flip: z.enum(['horizontal', 'vertical', 'both']).optional(),
  width: side.optional(),
  height: side.optional(),
  fit: z.enum(frameFits).optional(),
  background: color.optional(),
  stack: z.strictObject({ source: nonEmptyText, start: seconds.optional() }).optional(),
  pad: z
    .strictObject({
      width: side,
      height: side,
      x: z.number().int().min(0).optional(),
      y: z.number().int().min(0).optional(),
      color: color.optional(),
    })
    .optional(),
  fps: z.number().min(0.01).max(1000).optional(),
  speed: z.number().min(0.01).max(100).optional(),
  eq: z
    .strictObject({
      brightness: z.number().min(-1).max(1).optional(),
      contrast: z.number().min(0).max(4).optional(),
      saturation: z.number().min(0).max(3).optional(),
      gamma: z.number().min(0.1).max(10).optional(),
    })
    .optional(),
  denoise: z.number().min(0).max(1).optional(),
  blur: z.number().min(0).max(1024).optional(),
  overlay: z
    .strictObject({
      image: nonEmptyText,
      x: offset.optional(),
      y: offset.optional(),
      width: side.optional(),
      opacity: z.number().min(0).max(1).optional(),
      ...during,
    })
    .optional(),
  text: z
    .strictObject({
      text: nonEmptyText,
      x: textOffset,
      y: textOffset,
      size: z.number().int().min(1).max(4096).optional(),
      color: color.optional(),
      font: nonEmptyText.optional(),
      box: color.optional(),
      ...during,
    })
    .optional(),
  fadeIn: seconds.optional(),
  fadeOut: seconds.optional(),
  volume: z.number().min(0).max(100).optional(),
  loudness: z.number().min(-70).max(-5).optional(),
})

/**
 * What a schema cannot see: keys that need each other. `name` is where the transform is in what the caller gave.
 *
 * @throws RangeError
 */
export function checkTransform(transform: Transform, name: string): void {
  const hasBoth = transform.width !== undefined && transform.height !== undefined
  if (transform.fit !== undefined && !hasBoth) throw new RangeError(`Expected width and height together with ${name}.fit`)
  if (transform.stack !== undefined && !hasBoth) throw new RangeError(`Expected width and height together with ${name}.stack`)
  if (transform.stack !== undefined && transform.fit !== undefined) {
    throw new RangeError(`Expected no ${name}.fit together with ${name}.stack, which covers each half`)
  }
  for (const key of ['overlay', 'text'] as const) {
    const { from = 0, to = Infinity } = transform[key] ?? {}
    if (to <= from) throw new RangeError(expected(`a number above ${from}, which is from,`, `${name}.${key}.to`, to))
  }
}
