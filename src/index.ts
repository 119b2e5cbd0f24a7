// The public API; exports only.
export { Engine, type EngineStats } from './engine.js'
export { VideoError, type VideoErrorCode, type VideoErrorDetail } from './errors.js'
export type { ProbeOptions } from './jobs/probe.js'
export type { BatchData, SampleBatch } from './jobs/sample-batch.js'
export type { EngineOptions, Logger } from './options/engine.js'
export type {
  Accuracy,
  BatchOptions,
  Fit,
  GridOptions,
  PictureOptions,
  PixelFormat,
  SampleOptions,
  SampleProgress,
  SampleReport,
  ScaleFilter,
  SourceOptions,
} from './options/sample.js'
export type { Frame, FrameFacts, OwnedFrame } from './pool/frame.js'
export type { HdrKind } from './source/display.js'
export type { SourceInput } from './source/location.js'
export type { VideoMeasurements } from './source/measurements.js'
export type { AudioStreamInfo, OtherStreamInfo, ProbeResult, StreamInfo, VideoStreamInfo } from './source/probe-result.js'
export type { Rational } from './source-types.js'
export type { Counters } from './pool/counters.js'
