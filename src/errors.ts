// Owns VideoError and the wording of misuse errors. Imports nothing.

/**
 * What went wrong, named for the user's next step.
 *
 * | code | meaning |
 * |---|---|
 * | `ERR_NOT_FOUND` | there is no such file |
 * | `ERR_NOT_A_FILE` | a folder, FIFO, socket or device where a regular file is needed |
 * | `ERR_OPEN` | the bytes are not a readable media file (empty, text, truncated before its header) |
 * | `ERR_NO_VIDEO` | readable, but it holds no video stream to work on |
 * | `ERR_UNSUPPORTED` | the linked FFmpeg has no decoder, encoder or filter for it, or the request cannot be had from this source |
 * | `ERR_DECODE` | packets were read but frames could not be decoded |
 * | `ERR_ENCODE` | an encoder or filter refused its settings, or failed on the way |
 * | `ERR_EXISTS` | there is a file of that name already, and it was not to be replaced |
 * | `ERR_TOO_LARGE` | a frame is larger than `maxPixels` |
 * | `ERR_MEMORY` | the job does not fit the memory limit |
 * | `ERR_REFUSED` | a format or protocol that could reach other files or the network |
 * | `ERR_TIMEOUT` | the source stopped answering, or a clip was not done in its time |
 * | `ERR_IO` | reading or writing failed in the file system or the network |
 * | `ERR_CLOSED` | the engine or reader was closed before the call |
 * | `ERR_RELEASED` | a frame was used after its release |
 * | `ERR_WORKER` | a worker thread ended unexpectedly |
 * | `ERR_ADDON` | the native addon is missing or does not load |
 */
export type VideoErrorCode = (typeof videoErrorCodes)[number]

/** All codes, for those who must tell them from others. */
export const videoErrorCodes = [
  'ERR_NOT_FOUND',
  'ERR_NOT_A_FILE',
  'ERR_OPEN',
  'ERR_NO_VIDEO',
  'ERR_UNSUPPORTED',
  'ERR_DECODE',
  'ERR_ENCODE',
  'ERR_EXISTS',
  'ERR_TOO_LARGE',
  'ERR_MEMORY',
  'ERR_REFUSED',
  'ERR_TIMEOUT',
  'ERR_IO',
  'ERR_CLOSED',
  'ERR_RELEASED',
  'ERR_WORKER',
  'ERR_ADDON',
] as const

/** Where a {@link VideoError} comes from, beyond its message. */
export interface VideoErrorDetail {
  /** The source or output the call was about. */
  readonly path?: string | undefined
  /** The FFmpeg or system call that answered with the error. */
  readonly call?: string | undefined
  /** FFmpeg's AVERROR number. */
  readonly avError?: number | undefined
  /** The error this one was made from. */
  readonly cause?: unknown
}

/** A fault of the world (a file, the network, memory), as against misuse, which is a TypeError or RangeError. */
export class VideoError extends Error {
  override readonly name = 'VideoError'
  readonly code: VideoErrorCode
  /** The source or output the call was about. */
  readonly path: string | undefined
  /** The FFmpeg or system call that answered with the error. */
  readonly call: string | undefined
  /** FFmpeg's AVERROR number. */
  readonly avError: number | undefined

  /** Made by framemill; there is no need to construct one. */
  constructor(code: VideoErrorCode, message: string, detail: VideoErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.path = detail.path
    this.call = detail.call
    this.avError = detail.avError
  }
}

/** The sentence every misuse error reads: what was expected, for what, and what came instead. */
export function expected(what: string, name: string, actual: unknown): string {
  const shown = typeof actual === 'string' ? `"${actual}"` : typeof actual === 'object' ? describe(actual) : String(actual)
  return `Expected ${what} for ${name} but received ${shown} of type ${actual === null ? 'null' : typeof actual}`
}

function describe(value: object | null): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? `an array of ${value.length}` : 'an object'
}
