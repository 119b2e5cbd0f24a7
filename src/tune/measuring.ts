// Owns the words between a benchmark and the processes it measures in: requests one way, replies the other, as plain data.
import { z } from 'zod'

/** A stretch of one file; seconds on its timeline. */
export interface Part {
  readonly file: string
  readonly start: number
  readonly end: number
}

/** Parts of one list are done one after the other; lists at the same time. */
export type Work = readonly (readonly Part[])[]

/** Makes an engine and learns what the files are. */
export interface OpenRequest {
  readonly kind: 'open'
  readonly job: string
  readonly files: readonly string[]
  readonly workers: number
  readonly codecThreads: number
  /** Bytes of frames; null for the engine's own choice. */
  readonly memoryLimit: number | null
}

/** Does the work once: `prove` with a digest of the results, `measure` against the clock. */
export interface WorkRequest {
  readonly kind: 'prove' | 'measure'
  readonly work: Work
}

/** Does the work once, keeping how long each decoder run took, and predicts from that how it would go on other hosts. */
export interface PredictRequest {
  readonly kind: 'predict'
  readonly work: Work
  /** Slow-down per further busy worker that is in the trace, and that is assumed for the hosts; see simulate.ts. */
  readonly slowdown: number
  /** All of the files rather than the parts that are done. */
  readonly whole: boolean
  readonly hosts: readonly PredictedHost[]
}

export interface PredictedHost {
  readonly workers: number
  /** CPUs' worth of time per second, fractions for a quota. */
  readonly cpus: number
}

/** Makes the clip that is typical of a job, unless it is there. */
export interface ClipRequest {
  readonly kind: 'makeClip'
  readonly job: string
  readonly path: string
  /** Where it is made; given its name when it is whole. */
  readonly temporaryPath: string
}

export type Request = OpenRequest | WorkRequest | PredictRequest | ClipRequest

export interface OpenedSource {
  readonly file: string
  readonly seconds: number
  /** From key frame to key frame, the median; `seconds` with fewer than two. */
  readonly gopSeconds: number
  /** `1920x1080 h264 30 fps` */
  readonly description: string
}

export interface Proof {
  readonly digest: string
  readonly frames: number
  readonly wallSeconds: number
}

/** One round of work, metered. */
export interface Metered {
  readonly frames: number
  /** Seconds of video that were gone through. */
  readonly sourceSeconds: number
  readonly wallSeconds: number
  /** User and system time of the whole process. */
  readonly cpuSeconds: number
  /** Time of all workers in tasks, added up. */
  readonly busySeconds: number
  /** The part of it in which they waited for a slot. */
  readonly slotWaitSeconds: number
  readonly longestTaskSeconds: number
  /** Bytes read from storage; null where the system does not tell. */
  readonly diskBytes: number | null
  /** Most memory the process has had resident so far. */
  readonly peakRssBytes: number
}

export interface Prediction extends PredictedHost {
  /** Frames per second. */
  readonly throughput: number
}

export interface Traced {
  /** Time of all decoder runs, added up. */
  readonly serviceSeconds: number
  readonly predictions: readonly Prediction[]
}

export interface Replies {
  readonly open: { readonly sources: readonly OpenedSource[] }
  readonly prove: Proof
  readonly measure: Metered
  readonly predict: Traced
  readonly makeClip: null
}

/** An error, as it crosses between processes. */
export interface Failure {
  readonly name: string
  readonly code: string
  readonly message: string
  readonly path: string | null
  readonly call: string | null
  readonly avError: number | null
}

/** From the measured process: an answer, a failure, or how far a request is (0 to 1). */
export type Message =
  | { readonly type: 'reply'; readonly value: unknown }
  | { readonly type: 'failure'; readonly failure: Failure }
  | { readonly type: 'progress'; readonly done: number }

const count = z.number().int().min(0)
const amount = z.number().min(0)
const work: z.ZodType<Work> = z.array(z.array(z.strictObject({ file: z.string(), start: amount, end: amount })))
const host = { workers: count, cpus: amount }

const requestSchema: z.ZodType<Request> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('open'),
    job: z.string(),
    files: z.array(z.string()),
    workers: count,
    codecThreads: count,
    memoryLimit: count.nullable(),
  }),
  z.strictObject({ kind: z.enum(['prove', 'measure']), work }),
  z.strictObject({ kind: z.literal('predict'), work, slowdown: amount, whole: z.boolean(), hosts: z.array(z.strictObject(host)) }),
  z.strictObject({ kind: z.literal('makeClip'), job: z.string(), path: z.string(), temporaryPath: z.string() }),
])

const failure: z.ZodType<Failure> = z.strictObject({
  name: z.string(),
  code: z.string(),
  message: z.string(),
  path: z.string().nullable(),
  call: z.string().nullable(),
  avError: z.number().nullable(),
})

const messageSchema: z.ZodType<Message> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('reply'), value: z.unknown() }),
  z.strictObject({ type: z.literal('failure'), failure }),
  z.strictObject({ type: z.literal('progress'), done: amount }),
])

const source: z.ZodType<OpenedSource> = z.strictObject({ file: z.string(), seconds: amount, gopSeconds: amount, description: z.string() })

/** What each reply must look like; another version of framemill on the other side would be a defect of the installation. */
export const replySchemas: { readonly [Kind in keyof Replies]: z.ZodType<Replies[Kind]> } = {
  open: z.strictObject({ sources: z.array(source) }),
  prove: z.strictObject({ digest: z.string(), frames: count, wallSeconds: amount }),
  measure: z.strictObject({
    frames: count,
    sourceSeconds: amount,
    wallSeconds: amount,
    cpuSeconds: amount,
    busySeconds: amount,
    slotWaitSeconds: amount,
    longestTaskSeconds: amount,
    diskBytes: amount.nullable(),
    peakRssBytes: amount,
  }),
  predict: z.strictObject({
    serviceSeconds: amount,
    predictions: z.array(z.strictObject({ ...host, throughput: amount })),
  }),
  makeClip: z.null(),
}

/** @throws Error for anything but a request */
export function parseRequest(message: unknown): Request {
  return requestSchema.parse(message)
}

/** @throws Error for anything but a message */
export function parseMessage(message: unknown): Message {
  return messageSchema.parse(message)
}
