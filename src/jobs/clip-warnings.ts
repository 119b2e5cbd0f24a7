// Owns what a user must be told of a finished clip that is not quite what was asked for.
import type { ResolvedClip } from '../options/export.js'
import type { Recipe } from '../plan/clip-recipe.js'
import type { ClipSpan } from '../plan/clip-span.js'
import { containers } from '../plan/containers.js'
import type { MakerContext } from './maker-context.js'
import type { EncodedFrames } from './recipe-run.js'

/** Seconds that an end may lie beyond the source's without a word: less than a frame of anything. */
const unnoticed = 0.1

/** `asked`: the frames that were asked for; the recipe has those that are shown. */
export function clipWarnings(
  { engine, source, hwaccel }: MakerContext,
  clip: ResolvedClip,
  asked: ClipSpan,
  { span, encodes, warnings }: Recipe,
  encoded: EncodedFrames,
): string[] {
  const { index, stream } = source
  const told = [...warnings]
  const seconds = (frame: number): number => (frame < index.frameCount ? index.timestamp(frame) : index.end)
  const early = seconds(asked.first) - seconds(span.first)
  if (early > 0) told.push(`it begins ${early.toFixed(3)} s early, at a key frame`)
  const late = seconds(span.last) - seconds(asked.last)
  if (late > 0) told.push(`it ends ${late.toFixed(3)} s late, as nothing can be hidden`)
  if (Number.isFinite(clip.end) && clip.end > index.end + unnoticed) told.push(`it ends with the source, at ${index.end.toFixed(3)} s`)
  if (encoded.missing > 0) told.push(`${encoded.missing} frames could not be decoded: ${encoded.reason}`)
  const isEncodedWhole = encodes.length > 0 && encoded.frames > 0 && clip.mode === 'auto' && clip.video.encoder === null
  const { codec } = engine.encoderFacts(containers[clip.container].videoEncoder)
  const isAll = encoded.frames === span.last - span.first
  if (isEncodedWhole && isAll && codec !== '' && codec !== stream.codec)
    told.push(`its pictures are ${codec}, those of the source ${stream.codec}`)
  if (hwaccel !== 'none' && encoded.frames > 0 && encoded.device === '') {
    told.push(`decoded in software: there is no device for hwaccel '${hwaccel}' that decodes it`)
  }
  return told
}
