// Facts of a stream as native code gives them, for tests that need some of them to be true.
import type { NativeStreamFacts } from '../../src/native/binding.ts'

const video: NativeStreamFacts = {
  index: 0,
  type: 'video',
  codec: 'h264',
  codecLongName: '',
  codecTag: '',
  profile: '',
  hasDecoder: true,
  timeBase: { num: 1, den: 10 },
  startTicks: 0,
  durationTicks: null,
  bitRate: 0,
  frameCount: 0,
  isDefault: true,
  isAttachedPicture: false,
  tags: {},
  width: 320,
  height: 180,
  sampleAspectRatio: { num: 0, den: 1 },
  displayMatrix: [],
  averageFrameRate: { num: 10, den: 1 },
  nominalFrameRate: { num: 10, den: 1 },
  pixelFormat: 'yuv420p',
  bitDepth: 8,
  reorderFrames: 0,
  fieldOrder: 'progressive',
  colorPrimaries: '',
  colorTransfer: '',
  colorMatrix: '',
  colorRange: '',
  hasDolbyVision: false,
  maxContentNits: null,
  masteringNits: null,
  channels: 0,
  channelLayout: '',
  sampleRate: 0,
  sampleFormat: '',
}

/** A progressive H.264 stream of 320x180 but for what is given. */
export function streamFacts(given: Partial<NativeStreamFacts> = {}): NativeStreamFacts {
  return { ...video, ...given }
}
