// What tests of the border pass to it: sources, outputs and segments with every key set.
import type { NativeBinding, NativeOutput, NativeSampler, NativeSegment, NativeSource } from '../../dist/native/binding.js'

export function sourceOf(path: string): NativeSource {
  return { url: `file:${path}`, protocols: 'file', allowPlaylists: false }
}

export const asDecoded: NativeOutput = {
  pixelFormat: '',
  width: 0,
  height: 0,
  imageX: 0,
  imageY: 0,
  imageWidth: 0,
  imageHeight: 0,
  cropX: 0,
  cropY: 0,
  cropWidth: 1,
  cropHeight: 1,
  scaleFilter: 'bicubic',
  toneMap: false,
  transpose: false,
  mirrorX: false,
  mirrorY: false,
  tensor: false,
  float32: false,
  channelsFirst: false,
  mean: [0, 0, 0, 0],
  deviation: [1, 1, 1, 1],
}

/** A picture of that size that fills its canvas, but for what is given. */
export function filling(pixelFormat: string, width: number, height: number, more: Partial<NativeOutput> = {}): NativeOutput {
  return { ...asDecoded, pixelFormat, width, height, imageWidth: width, imageHeight: height, ...more }
}

/** Every frame from the first packet on. */
export const everything: NativeSegment = {
  startPts: NaN,
  startDts: NaN,
  fromStreamStart: true,
  nearDts: NaN,
  skipUnreferenced: false,
  plain: true,
  showPrevious: false,
  byOrdinal: false,
  targets: new Float64Array(0),
  until: NaN,
}

export function openSampler(binding: NativeBinding, path: string, codecThreads = 1): NativeSampler {
  return new binding.Sampler({ ...sourceOf(path), streamIndex: 0, codecThreads, maxPixels: 1e9 })
}
