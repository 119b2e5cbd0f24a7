// Owns measurements of nothing: what options are tried on before there are any.
import type { PictureSeries, SoundSeries } from '../index.js'

const none = new Float32Array(0)

export const noPictures: PictureSeries = {
  count: 0,
  timestamp: new Float64Array(0),
  frame: new Uint32Array(0),
  end: 0,
  isEveryFrame: true,
  histogram: new Uint16Array(0),
  layout: new Uint8Array(0),
  hash: new BigUint64Array(0),
  luma: none,
  brightness: none,
  deltaHue: none,
  deltaSat: none,
  deltaLum: none,
  deltaEdges: none,
  difference: none,
  histogramCorrelation: none,
  hashDistance: none,
  motion: none,
  panX: none,
  panY: none,
  zoom: none,
  objectMotion: none,
  sharpness: none,
  contrast: none,
  colorfulness: none,
  black: none,
  white: none,
}

export const noSound: SoundSeries = {
  count: 0,
  start: 0,
  windowSeconds: 0.01,
  rms: none,
  peak: none,
  loudness: none,
  zeroCrossings: none,
  centroid: none,
  flux: none,
}
