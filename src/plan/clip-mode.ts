// Owns which way a clip is made, and the words for why. Pure.
import type { NativeStreamFacts } from '../native/binding.js'
import type { ResolvedClip } from '../options/export.js'
import type { PacketIndex } from '../source/packet-index.js'
import type { ClipSpan } from './clip-span.js'
import { copyShown, revealsHidden } from './clip-cut.js'
import { containers, hides, holds } from './containers.js'
import { smartCodecs } from './encoder-settings.js'

export interface ChosenMode {
  readonly mode: 'copy' | 'smart' | 'encode'
  readonly reason: string
}

/** `filters`: the settings compile to filters for the pictures. */
export function chooseMode(
  clip: ResolvedClip,
  stream: NativeStreamFacts,
  index: PacketIndex,
  span: ClipSpan,
  filters: boolean,
): ChosenMode {
  const whyEncoded = needsEncoding(clip, filters) ?? cannotCopy(clip, stream, index)
  if (clip.mode === 'encode') return { mode: 'encode', reason: 'as asked for' }
  if (whyEncoded !== null) return { mode: 'encode', reason: whyEncoded }
  if (clip.mode === 'copy') {
    const isBared = !hides(clip.container, stream.codec) && revealsHidden(index, copyShown(index, span).packets)
    if (isBared) return { mode: 'encode', reason: `the source's edit list hides pictures that ${clip.container} would show` }
    return { mode: 'copy', reason: 'as asked for' }
  }
  if (clip.mode === 'smart') {
    const not = cannotJoin(stream)
    return not === null ? { mode: 'smart', reason: 'as asked for' } : { mode: 'encode', reason: not }
  }
  const canHide = hides(clip.container, stream.codec)
  if (canHide && !span.holdsFirst) return { mode: 'copy', reason: 'packets are copied and the edit list cuts to the frame' }
  if (isExactAsShown(index, span)) return { mode: 'copy', reason: 'it begins at a key frame and no packet shows a frame beyond its end' }
  const not = cannotJoin(stream)
  if (not !== null) return { mode: 'encode', reason: canHide ? not : `${clip.container} cannot hide its pictures, and ${not}` }
  const whySmart = canHide ? 'its first picture is shown for less long than in the source' : `${clip.container} cannot hide pictures`
  return { mode: 'smart', reason: `${whySmart}, so only the edges are encoded` }
}

/** Settings that packets of the source cannot meet. */
function needsEncoding({ mode, video, edges, filter }: ResolvedClip, filters: boolean): string | null {
  if (filters || filter !== null) return 'the pictures are changed'
  if (video.encoder !== null) return `the encoder ${video.encoder} was asked for`
  if (video.bitrate !== null) return 'a bit rate was asked for'
  if (video.pixelFormat !== null) return 'a pixel format was asked for'
  if (video.options.length > 0) return 'encoder options were given'
  // What the user says of quality is for all of the clip; the environment's words are for clips that are encoded anyway.
  if (mode === 'auto' && edges.crf !== null) return 'a quality was asked for'
  if (mode === 'auto' && edges.keyInterval !== null) return 'an interval of key frames was asked for'
  return null
}

function cannotCopy(clip: ResolvedClip, stream: NativeStreamFacts, index: PacketIndex): string | null {
  if (!holds(containers[clip.container].video, stream.codec)) return `${clip.container} does not hold ${stream.codec}`
  if (index.identity === 'ordinal') return 'its packets have no timestamps to cut by'
  if (index.isAmbiguous) return 'several of its packets share a timestamp'
  if (index.keyPackets.length === 0) return 'it has no key frame'
  return null
}

function cannotJoin(stream: NativeStreamFacts): string | null {
  if (!smartCodecs.has(stream.codec)) return `${stream.codec} cannot be joined to what another encoder made`
  if (stream.fieldOrder !== '' && stream.fieldOrder !== 'progressive') return 'it is interlaced, which edges would not be'
  return null
}

function isExactAsShown(index: PacketIndex, span: ClipSpan): boolean {
  if (span.holdsFirst) return false
  const cut = copyShown(index, span)
  return (
    cut.span.first === span.first && cut.span.last === span.last && cut.packets.dropped.length === 0 && !revealsHidden(index, cut.packets)
  )
}
