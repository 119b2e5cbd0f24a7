// What tests of the border pass to its encoders and writers: specs with every key set, and the shortest way to a finished file.
import type {
  NativeBinding,
  NativePacketRun,
  NativePictureOutput,
  NativeRemux,
  NativeSegment,
  NativeSound,
  NativeTrack,
  NativeTranscoder,
} from '../../dist/native/binding.js'
import { Outcome } from '../../dist/native/binding.js'
import { everything, sourceOf } from './samplers.js'

export function pictureOutput(path: string, more: Partial<NativePictureOutput> = {}): NativePictureOutput {
  return {
    path,
    filter: '',
    encoder: 'libx264',
    pixelFormat: '',
    timeBase: { num: 1, den: 15_360 },
    frameRate: { num: 30, den: 1 },
    end: NaN,
    threads: 1,
    options: ['preset', 'ultrafast', 'bf', '0'],
    ...more,
  }
}

export function openTranscoder(binding: NativeBinding, path: string, output: NativePictureOutput, origin = 0): NativeTranscoder {
  const decoding = { ...sourceOf(path), streamIndex: 0, codecThreads: 1, maxPixels: 1e9, hardware: '' }
  return new binding.Transcoder({ ...decoding, origin, outputs: [output] })
}

/** A run of the decoder from the first packet on. */
export function segmentFor(targets: readonly number[]): NativeSegment {
  return { ...everything, plain: false, targets: Float64Array.from(targets) }
}

/** Encodes the frames of these timestamps into a spool; the first becomes zero. How many there are. */
export function encodeFrames(binding: NativeBinding, path: string, output: NativePictureOutput, targets: readonly number[]): number {
  const transcoder = openTranscoder(binding, path, output, targets[0] ?? 0)
  transcoder.begin(segmentFor(targets))
  while (transcoder.step(8) === Outcome.frame);
  return transcoder.finish()[0]?.frames ?? 0
}

export function soundOf(path: string, more: Partial<NativeSound> = {}): NativeSound {
  return {
    streamIndex: 0,
    timeBase: { num: 1, den: 48_000 },
    start: 0,
    end: 48_000,
    filter: '',
    path,
    encoder: 'aac',
    sampleRate: 0,
    channels: 0,
    options: [],
    ...more,
  }
}

export function remuxOf(path: string, more: Partial<NativeRemux> = {}): NativeRemux {
  return { path, format: 'mp4', options: [], tags: [], chapters: [], ...more }
}

export function trackOf(more: Partial<NativeTrack> = {}): NativeTrack {
  return { streamIndex: 0, spool: '', edges: '', keepSideData: true, ...more }
}

export function runOf(more: Partial<NativePacketRun> = {}): NativePacketRun {
  return {
    kind: 'indexed',
    track: 0,
    origin: 0,
    startPts: NaN,
    startDts: NaN,
    fromStreamStart: false,
    count: 0,
    dropped: new Float64Array(0),
    from: NaN,
    to: NaN,
    timeBase: { num: 1, den: 1 },
    preroll: 0,
    path: '',
    delay: 0,
    endsSequence: false,
    ...more,
  }
}

/** Writes a file of one track. */
export function writeFile(
  binding: NativeBinding,
  source: string,
  file: NativeRemux,
  track: NativeTrack,
  runs: readonly NativePacketRun[],
): void {
  const remuxer = new binding.Remuxer({ ...sourceOf(source), ...file })
  remuxer.addTrack(track)
  for (const run of runs) remuxer.addRun(run)
  while (remuxer.step(64));
  remuxer.finish()
}
