// Owns what a clip's failure is worth: another try, another way, or a word to the user.
import { constants } from 'node:os'
import { VideoError } from '../errors.js'
import type { ResolvedClip } from '../options/export.js'
import type { ClipReport } from '../options/export-types.js'
import { softwareEncoder } from '../plan/encoder-settings.js'
import { SmartDoubt } from './smart-doubt.js'

/** `tried` is the way that failed; null when none had been chosen. A copy that was asked for in so many words stays one. */
export function canEncodeInstead(error: unknown, { mode }: ResolvedClip, tried: ClipReport['mode']): boolean {
  if (tried === null || tried === 'encode' || mode === 'copy') return false
  return error instanceof SmartDoubt || ['ERR_UNSUPPORTED', 'ERR_ENCODE', 'ERR_DECODE'].includes(codeOf(error) ?? '')
}

/** What an encoder that failed may be replaced by: software for hardware, its own preset for one it was given; null: nothing. */
export function easierEncoding(error: unknown, clip: ResolvedClip): { readonly clip: ResolvedClip; readonly how: string } | null {
  if (codeOf(error) !== 'ERR_ENCODE' && codeOf(error) !== 'ERR_UNSUPPORTED') return null
  const { video } = clip
  const software = video.encoder === null ? null : softwareEncoder(video.encoder)
  if (software !== null) return { clip: { ...clip, video: { ...video, encoder: software, preset: null, options: [] } }, how: software }
  return video.preset === null ? null : { clip: { ...clip, video: { ...video, preset: null } }, how: "the encoder's own preset" }
}

/** What the file system says of a place, not of a moment. */
const lastingCodes = [
  ...(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM'] as const),
  ...(['ENOENT', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG'] as const),
]
const lastingErrno = new Set<number>(lastingCodes.map((name) => constants.errno[name]))

export function mayPass(error: unknown): boolean {
  if (!(error instanceof VideoError)) return false
  if (error.code === 'ERR_WORKER' || error.code === 'ERR_MEMORY') return true
  if (error.code !== 'ERR_IO') return false
  const system = error.cause instanceof Error && 'errno' in error.cause ? Number(error.cause.errno) : (error.avError ?? 0)
  return !lastingErrno.has(-system)
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof VideoError ? error.code : undefined
}

export function describeError(error: unknown): { code: string; message: string } {
  const message = error instanceof Error ? error.message : String(error)
  return { code: codeOf(error) ?? (error instanceof RangeError || error instanceof TypeError ? 'ERR_USAGE' : 'ERR_UNEXPECTED'), message }
}
