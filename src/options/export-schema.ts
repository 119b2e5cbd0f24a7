// Owns the schemas of exportClips() and transcode(): keys and values. What goes together is checked in export-rules.ts.
import { z } from 'zod'
import type { Clip, ExportOptions, ExportProgress, TranscodeOptions } from './export-types.js'
import { parseOptions } from './parse.js'
import { nonEmptyText, transformSchema } from './transform-schema.js'

const nameInFfmpeg = (what: string): z.ZodString => z.string().regex(/^[\w.-]+$/, `FFmpeg's name of ${what}`)
const bitrate = z.number().int().min(1).max(4e9)
const furtherOptions = z.record(z.string(), z.union([nonEmptyText, z.number()]))

const videoSchema = z.strictObject({
  encoder: nameInFfmpeg('an encoder').optional(),
  preset: nameInFfmpeg('a preset').optional(),
  crf: z.number().min(0).max(63).optional(),
  bitrate: bitrate.optional(),
  pixelFormat: nameInFfmpeg('a pixel format').optional(),
  keyInterval: z.number().int().min(1).max(100_000).optional(),
  options: furtherOptions.optional(),
})

const audioSchema = z.strictObject({
  encoder: nameInFfmpeg('an encoder').optional(),
  bitrate: bitrate.optional(),
  channels: z.number().int().min(1).max(64).optional(),
  sampleRate: z.number().int().min(1000).max(768_000).optional(),
  options: furtherOptions.optional(),
})

const clipSettings = {
  mode: z.enum(['auto', 'copy', 'smart', 'encode']).optional(),
  container: z.enum(['mp4', 'mov', 'mkv', 'webm']).optional(),
  video: videoSchema.optional(),
  audio: z.union([z.literal(['copy', false]), audioSchema]).optional(),
  transform: transformSchema.optional(),
  filter: nonEmptyText.optional(),
  audioFilter: nonEmptyText.optional(),
  subtitles: z.boolean().optional(),
  chapters: z.boolean().optional(),
  metadata: z.boolean().optional(),
}

const runSettings = {
  existing: z.enum(['error', 'overwrite', 'skip']).optional(),
  retries: z.number().int().min(0).max(100).optional(),
  timeoutSeconds: z.number().positive().max(1e6).optional(),
  encoderThreads: z.number().int().min(1).max(64).optional(),
  hwaccel: nameInFfmpeg('a kind of device').optional(),
  signal: z.instanceof(AbortSignal, { message: 'an AbortSignal' }).optional(),
  onProgress: z.custom<(progress: ExportProgress) => void>((value) => typeof value === 'function', 'a function').optional(),
}

const start = z.number().min(0)
const title = z
  .string()
  .regex(/^[^\0]*$/, 'a string without NUL')
  .optional()

const clipSchema = z.strictObject({ ...clipSettings, start, end: z.number().optional(), name: z.string().optional(), title })

const exportSchema = z.strictObject({
  ...clipSettings,
  ...runSettings,
  outDir: nonEmptyText,
  clipsAtOnce: z.number().int().min(1).max(1024).optional(),
})

const transcodeSchema = z.strictObject({
  ...clipSettings,
  ...runSettings,
  start: start.optional(),
  end: z.number().optional(),
  title,
})

/** @throws TypeError, RangeError naming what is wrong under `owner`, as "clips.2.start" */
export function parseClip(clip: unknown, owner: string): Clip {
  return parseOptions(clipSchema, clip, owner)
}

/** @throws TypeError, RangeError naming the option */
export function parseExportOptions(options: unknown): ExportOptions {
  return parseOptions(exportSchema, options)
}

/** @throws TypeError, RangeError naming the option */
export function parseTranscodeOptions(options: unknown): TranscodeOptions {
  return parseOptions(transcodeSchema, options)
}
