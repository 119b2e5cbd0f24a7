// The public API; exports only.
export { histogramBins, layoutBytes, pictureColumns, soundColumns, soundWindowSeconds } from './analysis/series.js'
export type { Analysis, AnalysisGap, PictureColumn, PictureSeries, SoundColumn, SoundSeries } from './analysis/series.js'
export { detectScenes, type Scene, type SceneKind } from './analysis/scenes.js'
export type {
  AdaptiveSceneOptions,
  CommonSceneOptions,
  ContentSceneOptions,
  ContentWeights,
  FilterMode,
  HashSceneOptions,
  HistogramSceneOptions,
  SceneDetector,
  SceneLength,
  SceneOptions,
  ScoreOptions,
  StepSceneOptions,
  ThresholdMethod,
  ThresholdSceneOptions,
} from './options/scenes.js'
export { detectBeats, type Beats } from './analysis/beats.js'
export { detectBlack } from './analysis/black.js'
export { findDuplicates, type DuplicateGroup, type DuplicateItem, type DuplicatePair } from './analysis/duplicates.js'
export { detectFreeze } from './analysis/freeze.js'
export type { HashedPictures } from './analysis/hash-track.js'
export { findHighlights, type Highlight } from './analysis/highlights.js'
export { detectSilence } from './analysis/silence.js'
export { scenesToChapters, type ChapterFormat } from './analysis/scene-chapters.js'
export { scenesToCsv } from './analysis/scene-csv.js'
export { scenesToEdl } from './analysis/scene-edl.js'
export type { SceneListInfo } from './analysis/scene-list.js'
export { scenesToOtio, type OtioListInfo } from './analysis/scene-otio.js'
export type { FrameRate } from './analysis/timecode.js'
export { Engine, type EngineStats } from './engine.js'
export { VideoError, type VideoErrorCode, type VideoErrorDetail } from './errors.js'
export type { SceneReport } from './jobs/detect-scenes.js'
export type { ProbeOptions } from './jobs/probe.js'
export type { BatchData, SampleBatch } from './jobs/sample-batch.js'
export type { BeatOptions } from './options/beats.js'
export { jobNames, type BenchmarkOptions, type BenchmarkProgress, type JobName } from './options/benchmark.js'
export type { DetectScenesOptions, SceneJobOptions, SceneStrategy } from './options/detect-scenes.js'
export type { AnalyzeOptions, AnalyzeProgress } from './options/analyze.js'
export type { BlackOptions, FreezeOptions, SilenceOptions } from './options/detections.js'
export type { DuplicateOptions } from './options/duplicates.js'
export type { EngineOptions, Logger } from './options/engine.js'
export { defaultHighlightWeights, highlightComponents } from './options/highlights.js'
export type { HighlightComponent, HighlightOptions, HighlightWeights } from './options/highlights.js'
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
export type {
  AudioEncoding,
  Clip,
  ClipReport,
  ClipSettings,
  ClipStatus,
  Container,
  ExistingFile,
  ExportMode,
  ExportOptions,
  ExportProgress,
  ExportReport,
  TranscodeOptions,
  VideoEncoding,
} from './options/export-types.js'
export type { TimeRange } from './options/time-range.js'
export type { FrameFit, ImageOverlay, TextOverlay, Transform } from './options/transform.js'
export type { Frame, FrameFacts, OwnedFrame } from './pool/frame.js'
export type { HdrKind } from './source/display.js'
export type { SourceInput } from './source/location.js'
export type { VideoMeasurements } from './source/measurements.js'
export type { AudioStreamInfo, OtherStreamInfo, ProbeResult, StreamInfo, VideoStreamInfo } from './source/probe-result.js'
export type { Rational } from './source-types.js'
export type { Counters } from './pool/counters.js'
export { recommendWorkers, type RecommendOptions } from './recommend-workers.js'
export type { GoalAnswer, Recommendation } from './tune/benchmark.js'
export type { Bottleneck, BottleneckKind } from './tune/bottleneck.js'
export type { Configuration } from './tune/configuration.js'
export type { HostLimits } from './tune/host-limits.js'
export type { HostTopology } from './tune/host-topology.js'
export type { Measurement } from './tune/measurement.js'
export type { HostPrediction, ModelCheck, ScalingModel } from './tune/model.js'
export type { GoalRecommendation, StepOff, TooLarge } from './tune/recommendation.js'
export { uslThroughput, type UslModel } from './tune/usl.js'
