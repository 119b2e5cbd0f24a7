// Owns what probe() tells: facts in users' words, and what looks doubtful about them.
import type { NativeSourceFacts, NativeStreamFacts } from '../native/binding.js'
import type { Rational } from '../source-types.js'
import { displaySize, hdrKindOf, rotationOf, type HdrKind } from './display.js'
import { measureVideo, type VideoMeasurements } from './measurements.js'
import type { Location } from './location.js'
import type { PacketIndex } from './packet-index.js'

/** Facts common to all kinds of streams. */
export interface StreamInfo {
  /** The container's index, as `stream` options take it. */
  readonly index: number
  readonly type: string
  readonly codec: string
  readonly codecLongName: string
  readonly profile: string | null
  /** The linked FFmpeg has a decoder for it. */
  readonly isDecodable: boolean
  readonly timeBase: Rational
  /** Bits per second; null where the container does not say. */
  readonly bitRate: number | null
  readonly language: string | null
  readonly title: string | null
  readonly isDefault: boolean
}

/** Read from the packets, not the header; all null for streams other than the main video. */
type Measured = { readonly [Key in keyof VideoMeasurements]: VideoMeasurements[Key] | null }

const notMeasured: Measured = {
  frameCount: null,
  firstTimestamp: null,
  end: null,
  averageFrameRate: null,
  isVariableFrameRate: null,
  keyFrames: null,
  keyFrameSpacing: null,
  hasBFrames: null,
  packetsWithoutTimestamp: null,
  bytes: null,
}

export interface VideoStreamInfo extends StreamInfo, Measured {
  readonly type: 'video'
  /** A cover or thumbnail rather than a video. */
  readonly isAttachedPicture: boolean
  readonly width: number
  readonly height: number
  /** Size on screen: turned, and with square pixels. */
  readonly displayWidth: number
  readonly displayHeight: number
  /** Degrees clockwise; null for a display matrix that is no quarter turn. */
  readonly rotation: number | null
  readonly sampleAspectRatio: Rational
  /** As the container claims; null where it does not. */
  readonly claimedFrameRate: number | null
  readonly pixelFormat: string
  readonly bitDepth: number
  readonly fieldOrder: string | null
  readonly colorPrimaries: string | null
  readonly colorTransfer: string | null
  readonly colorMatrix: string | null
  readonly colorRange: string | null
  readonly hdr: HdrKind
  /** Peak light of the content or of the mastering display, in nits. */
  readonly peakNits: number | null
}

export interface AudioStreamInfo extends StreamInfo {
  readonly type: 'audio'
  readonly channels: number
  readonly channelLayout: string | null
  readonly sampleRate: number
  readonly sampleFormat: string | null
}

/** Subtitles, data, attachments (fonts, covers as files). */
export interface OtherStreamInfo extends StreamInfo {
  readonly type: 'subtitle' | 'data' | 'attachment' | 'unknown'
  readonly fileName: string | null
  readonly mimeType: string | null
}

/** A source described: what its container claims, what its packets say, and where the two differ. */
export interface ProbeResult {
  readonly source: string
  readonly container: string
  readonly containerLongName: string
  /** Seconds, as the header claims; null where it does not. The measured end of a video is in its stream. */
  readonly duration: number | null
  /** Seconds at which the container's timestamps start; zero of the timeline. */
  readonly startTime: number
  readonly size: number | null
  readonly bitRate: number | null
  readonly tags: Readonly<Record<string, string>>
  readonly streams: readonly (VideoStreamInfo | AudioStreamInfo | OtherStreamInfo)[]
  readonly chapters: readonly { readonly start: number; readonly end: number; readonly title: string }[]
  /** What contradicts itself or looks wrong, one sentence each. */
  readonly doubts: readonly string[]
}

/** `video` is the main video stream and its packets, when the source has one. */
export function describeSource(
  location: Location,
  facts: NativeSourceFacts,
  video: { streamIndex: number; index: PacketIndex; isCutOff: boolean } | null,
): ProbeResult {
  const stream = facts.streams.find(({ index }) => index === video?.streamIndex)
  const measured = video === null ? null : measureVideo(video.index, stream?.reorderFrames ?? 0)
  const duration = facts.durationMicros === null ? null : facts.durationMicros / 1e6
  return {
    source: location.name,
    container: facts.container,
    containerLongName: facts.containerLongName,
    duration,
    startTime: (facts.startMicros ?? 0) / 1e6,
    size: location.fingerprint?.size ?? null,
    bitRate: positive(facts.bitRate),
    tags: facts.tags,
    streams: facts.streams.map((stream) => describeStream(stream, stream.index === video?.streamIndex ? measured : null)),
    chapters: facts.chapters,
    doubts: [
      ...facts.streams.flatMap(doubtsOfStream),
      ...(measured === null || video === null ? [] : doubtsOfPackets(duration, measured, video.isCutOff)),
    ],
  }
}

function describeStream(
  stream: NativeStreamFacts,
  measured: VideoMeasurements | null,
): VideoStreamInfo | AudioStreamInfo | OtherStreamInfo {
  const common = {
    index: stream.index,
    codec: stream.codec,
    codecLongName: stream.codecLongName,
    profile: text(stream.profile),
    isDecodable: stream.hasDecoder,
    timeBase: stream.timeBase,
    bitRate: positive(stream.bitRate),
    language: text(stream.tags['language']),
    title: text(stream.tags['title']),
    isDefault: stream.isDefault,
  }
  if (stream.type === 'video') {
    const display = displaySize(stream)
    return {
      ...common,
      type: 'video',
      isAttachedPicture: stream.isAttachedPicture,
      width: stream.width,
      height: stream.height,
      displayWidth: display.width,
      displayHeight: display.height,
      rotation: rotationOf(stream.displayMatrix),
      sampleAspectRatio: stream.sampleAspectRatio.num > 0 ? stream.sampleAspectRatio : { num: 1, den: 1 },
      claimedFrameRate: rate(stream.averageFrameRate),
      pixelFormat: stream.pixelFormat,
      bitDepth: stream.bitDepth,
      fieldOrder: text(stream.fieldOrder),
      colorPrimaries: text(stream.colorPrimaries),
      colorTransfer: text(stream.colorTransfer),
      colorMatrix: text(stream.colorMatrix),
      colorRange: text(stream.colorRange),
      hdr: hdrKindOf(stream),
      peakNits: stream.maxContentNits ?? stream.masteringNits,
      ...(measured ?? notMeasured),
    }
  }
  if (stream.type === 'audio') {
    const { channels, sampleRate } = stream
    return {
      ...common,
      type: 'audio',
      channels,
      channelLayout: text(stream.channelLayout),
      sampleRate,
      sampleFormat: text(stream.sampleFormat),
    }
  }
  const type = stream.type === 'subtitle' || stream.type === 'data' || stream.type === 'attachment' ? stream.type : 'unknown'
  return { ...common, type, fileName: text(stream.tags['filename']), mimeType: text(stream.tags['mimetype']) }
}

function doubtsOfStream(stream: NativeStreamFacts): string[] {
  if (stream.type !== 'video' || stream.isAttachedPicture) return []
  const doubts: string[] = []
  const claimed = rate(stream.averageFrameRate)
  const name = `stream ${stream.index}`
  if (!stream.hasDecoder) doubts.push(`${name} (${stream.codec}) has no decoder in the linked FFmpeg`)
  if (stream.width === 0 || stream.height === 0) doubts.push(`${name} has no picture size`)
  if (claimed !== null && claimed > 300) doubts.push(`${name} claims ${claimed} frames per second`)
  if (rotationOf(stream.displayMatrix) === null) doubts.push(`${name} is turned by an angle that is no quarter turn; it is shown unturned`)
  return doubts
}

function doubtsOfPackets(headerDuration: number | null, measured: VideoMeasurements, isCutOff: boolean): string[] {
  const doubts: string[] = []
  const { end, packetsWithoutTimestamp, keyFrames, frameCount } = measured
  const margin = Math.max(1, end * 0.02)
  if (headerDuration !== null && Math.abs(headerDuration - end) > margin) {
    doubts.push(`the header claims ${headerDuration.toFixed(3)} s, the last frame ends at ${end.toFixed(3)} s`)
  }
  if (packetsWithoutTimestamp > 0) doubts.push(`${packetsWithoutTimestamp} packets have no presentation timestamp`)
  if (keyFrames === 0 && frameCount > 0) doubts.push('no packet is marked as a key frame')
  if (isCutOff) doubts.push('the file ends before its last packet: it is cut off')
  return doubts
}

function text(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value
}

function positive(value: number): number | null {
  return value > 0 ? value : null
}

function rate({ num, den }: Rational): number | null {
  return num > 0 && den > 0 ? num / den : null
}
