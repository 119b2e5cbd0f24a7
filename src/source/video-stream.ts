// Owns the choice of the video stream to work on, and what is said when there is none.
import { VideoError } from '../errors.js'
import type { NativeSourceFacts, NativeStreamFacts } from '../native/binding.js'
import type { Location } from './location.js'

/**
 * The stream of index `wanted`, or of the highest resolution, never an attached picture unless it was asked for by index.
 * @throws VideoError ERR_NO_VIDEO, ERR_UNSUPPORTED (no decoder), ERR_TOO_LARGE
 */
export function chooseVideoStream(
  { location, facts }: { readonly location: Location; readonly facts: NativeSourceFacts },
  wanted: number | null,
  maxPixels: number,
): NativeStreamFacts {
  const path = location.name
  const stream = wanted === null ? largestVideo(facts.streams) : facts.streams.find((candidate) => candidate.index === wanted)
  if (stream?.type !== 'video') {
    const why =
      wanted === null ? reasonForNone(facts) : stream === undefined ? `it has no stream ${wanted}` : `stream ${wanted} is ${stream.type}`
    throw new VideoError('ERR_NO_VIDEO', `Cannot read pictures of "${path}": ${why} (streams: ${listStreams(facts.streams)})`, { path })
  }
  if (!stream.hasDecoder) {
    const codec = stream.codec === 'none' ? `codec ${stream.codecTag || 'unknown'}` : stream.codec
    throw new VideoError('ERR_UNSUPPORTED', `Cannot read pictures of "${path}": the linked FFmpeg has no decoder for ${codec}`, {
      path,
      call: 'avcodec_find_decoder',
    })
  }
  const pixels = stream.width * stream.height
  if (pixels > maxPixels) {
    throw new VideoError(
      'ERR_TOO_LARGE',
      `Cannot read pictures of "${path}": its frames have ${pixels} pixels (${stream.width}x${stream.height}), more than maxPixels ${maxPixels}`,
      { path },
    )
  }
  return stream
}

function largestVideo(streams: readonly NativeStreamFacts[]): NativeStreamFacts | undefined {
  const videos = streams.filter((stream) => stream.type === 'video' && !stream.isAttachedPicture)
  const size = (stream: NativeStreamFacts): number => (stream.hasDecoder ? stream.width * stream.height : -1)
  return videos.reduce<NativeStreamFacts | undefined>(
    (best, next) => (best === undefined || size(next) > size(best) ? next : best),
    undefined,
  )
}

function reasonForNone({ streams }: NativeSourceFacts): string {
  const hasCover = streams.some((stream) => stream.type === 'video')
  return hasCover ? 'its only picture is a cover, not a video stream' : 'it has no video stream'
}

function listStreams(streams: readonly NativeStreamFacts[]): string {
  const names = streams.map(({ codec, type, isAttachedPicture }) => `${codec} ${isAttachedPicture ? 'cover picture' : type}`)
  return names.length === 0 ? 'none' : names.join(', ')
}
