// Owns the two steps whose cost grows with the length of a video: its packet index, and the plan of sampling it.
// @ts-check
import { createHash } from 'node:crypto'
import { resolveSampleOptions } from '../dist/options/sample.js'
import { planPicture } from '../dist/plan/geometry.js'
import { planSampling } from '../dist/plan/sampling.js'
import { PacketIndex } from '../dist/source/packet-index.js'
import { Timeline } from '../dist/source/timeline.js'
import { filmRate, ticksPerFrame } from './long-film.mjs'

export const samplingRate = 2
const request = resolveSampleOptions({ fps: samplingRate, width: 640 })
const timeBase = { num: 1, den: filmRate * ticksPerFrame }

/** @param {import('../dist/source-types.js').PacketTable} packets */
export function indexFilm(packets) {
  return new PacketIndex(new Timeline(timeBase, 0), packets, null)
}

/** What an engine with two workers plans for samplingRate frames per second, 640 wide. @param {PacketIndex} index */
export function planFilm(index) {
  return planSampling({
    ...request,
    source: { name: 'film.mp4', url: 'file:/film.mp4', protocols: 'file', allowPlaylists: false, identity: '/film.mp4' },
    stream,
    index,
    span: request,
    output: planPicture(request.picture, stream, null),
    engine: { maxPixels: 2 ** 28, workers: 2, codecThreads: 'auto', cpuBudget: 2 },
    slotLimit: 388, // pictures of 640x360 in the 256 MiB a job takes
  })
}

/** The same for equal plans. @param {import('../dist/plan/sampling.js').SamplingPlan} plan */
export function digestOf(plan) {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex')
}

/** @type {import('../dist/native/binding.js').NativeStreamFacts} */
const stream = {
  index: 0,
  type: 'video',
  codec: 'h264',
  codecLongName: '',
  codecTag: 'avc1',
  profile: 'High',
  hasDecoder: true,
  timeBase,
  startTicks: 0,
  durationTicks: null,
  bitRate: 0,
  frameCount: 0,
  isDefault: true,
  isAttachedPicture: false,
  tags: {},
  width: 1920,
  height: 1080,
  sampleAspectRatio: { num: 1, den: 1 },
  displayMatrix: [],
  averageFrameRate: { num: filmRate, den: 1 },
  nominalFrameRate: { num: filmRate, den: 1 },
  pixelFormat: 'yuv420p',
  bitDepth: 8,
  reorderFrames: 2,
  fieldOrder: 'progressive',
  colorPrimaries: 'bt709',
  colorTransfer: 'bt709',
  colorMatrix: 'bt709',
  colorRange: 'tv',
  hasDolbyVision: false,
  maxContentNits: null,
  masteringNits: null,
  channels: 0,
  channelLayout: '',
  sampleRate: 0,
  sampleFormat: '',
}
