// Made-up measurements of pictures, for tests of what is answered from them: by what happens at a time, at any rate of frames.
import { histogramBins, layoutBytes, type PictureSeries } from '../../src/analysis/series.ts'

export interface MadePictures {
  readonly start?: number
  readonly seconds: number
  /** Analysed frames a second. */
  readonly fps: number
  readonly isEveryFrame?: boolean
  /** Widths of the picture per second at a time; by default 0. */
  readonly speed?: (time: number) => number
  /** Times at which the scene changes. */
  readonly cuts?: readonly number[]
  /** Share of black pixels at a time. */
  readonly black?: (time: number) => number
  /** Mean luma at a time. The layout is a plain one of it in the first scene, and different in each of the others. */
  readonly luma?: (time: number) => number
  /** Mean absolute difference of luma to the frame before, at a time. By default that of mean luma, or as motion makes it. */
  readonly difference?: (time: number) => number
  /** By default different for every frame. */
  readonly hash?: (time: number) => bigint
  readonly contrast?: (time: number) => number
}

/** Frames at start + i / fps. */
export function madePictures(made: MadePictures): PictureSeries {
  const { start = 0, seconds, fps, isEveryFrame = false, cuts = [], speed = () => 0, black = () => 0, luma = () => 128 } = made
  const { contrast = () => 50, hash = (time) => BigInt(Math.round(time * 1000)) * 0x9e3779b97f4a7c15n } = made
  const count = Math.max(1, Math.round(seconds * fps))
  const at = (i: number): number => start + i / fps
  const column = (value: (time: number, i: number) => number): Float32Array =>
    Float32Array.from({ length: count }, (_, i) => value(at(i), i))
  // What has a frame before it.
  const change = (value: (time: number, i: number) => number): Float32Array => column((time, i) => (i === 0 ? NaN : value(time, i)))
  const isCut = (i: number): boolean => cuts.some((cut) => cut > at(i - 1) + 1e-9 && cut <= at(i) + 1e-9)
  const scenes = Array.from({ length: count }, (_, i) => cuts.filter((cut) => cut <= at(i) + 1e-9).length)
  const moved = change((time, i) => (isCut(i) ? 0.4 : speed(time - 0.5 / fps) / fps))
  const moving = (time: number): number => 60 * Math.sqrt(Math.max(0, speed(time - 0.5 / fps)) / fps)
  const difference = made.difference ?? ((time: number) => Math.max(Math.abs(luma(time) - luma(time - 1 / fps)), moving(time)))
  return {
    count,
    timestamp: Float64Array.from({ length: count }, (_, i) => at(i)),
    frame: Uint32Array.from({ length: count }, (_, i) => i),
    end: start + seconds,
    isEveryFrame,
    luma: column(luma),
    brightness: column(luma),
    deltaHue: change((_, i) => (isCut(i) ? 40 : 2)),
    deltaSat: change((_, i) => (isCut(i) ? 40 : 2)),
    deltaLum: change((_, i) => (isCut(i) ? 50 : 4)),
    deltaEdges: column(() => NaN),
    difference: change((time, i) => (isCut(i) ? 50 : difference(time))),
    histogramCorrelation: change((_, i) => (isCut(i) ? 0.2 : 0.98)),
    hashDistance: change((_, i) => (isCut(i) ? 0.45 : 0.05)),
    motion: moved,
    panX: change(() => 0),
    panY: change(() => 0),
    zoom: change(() => 0),
    objectMotion: moved.slice(),
    sharpness: column(() => 100),
    contrast: column(contrast),
    colorfulness: column(() => 20),
    black: column(black),
    white: column(() => 0),
    histogram: new Uint16Array(count * histogramBins),
    layout: Uint8Array.from({ length: count * layoutBytes }, (_, k) => {
      const i = Math.floor(k / layoutBytes)
      return Math.round(luma(at(i)) + shade(scenes[i] ?? 0, k % layoutBytes))
    }),
    hash: BigUint64Array.from({ length: count }, (_, i) => BigInt.asUintN(64, hash(at(i)))),
  }
}

/** What a place is brighter or darker by in a scene: any fixed numbers that differ from scene to scene. */
function shade(scene: number, place: number): number {
  return scene === 0 ? 0 : ((scene * 37 + place * 53 + scene * place * 11) % 81) - 40
}

/** The same pictures with those rows lost: every column NaN, their hash 0. */
export function withLost(pictures: PictureSeries, isLost: (i: number) => boolean): PictureSeries {
  const copy = structuredClone(pictures)
  for (let i = 0; i < copy.count; i++) {
    if (!isLost(i)) continue
    for (const column of Object.values(copy)) if (column instanceof Float32Array) column[i] = NaN
    copy.hash[i] = 0n
  }
  return copy
}
