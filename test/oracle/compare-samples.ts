// Asks the engine for every kind of grid and compares what it gives, frame by frame, with what ffmpeg shows.
import type { Engine, Frame, SampleOptions } from '../../dist/index.js'
import type { ClipOracle } from './ffmpeg-oracle.js'
import { atTimes, centres, eachNth, fpsTimes, keyFrames, randomTimes, type ExpectedFrame } from './frame-choice.js'

export interface Grid {
  readonly name: string
  readonly options: SampleOptions
  readonly expected: readonly ExpectedFrame[]
}

/** Timestamps closer than this are the same: FFmpeg itself rounds a container's start to whole microseconds. */
const timestampToleranceSeconds = 1e-6
const mostDifferencesShown = 5

/** The grids every clip is judged by. Where ffprobe cannot tell the clip's end, an end is asked for. */
export function gridsFor(oracle: ClipOracle): Grid[] {
  const last = oracle.frames.at(-1)?.seconds ?? 0
  const end = oracle.end ?? last + 0.04
  const range = oracle.end === undefined ? { end } : {}
  const random = randomTimes(50, end, 20240229)
  return [
    { name: 'fps 2', options: { fps: 2, ...range }, expected: atTimes(oracle, fpsTimes(2, end)) },
    { name: 'count 10', options: { count: 10, ...range }, expected: atTimes(oracle, centres(10, end)) },
    { name: 'every 7th frame', options: { everyFrames: 7 }, expected: eachNth(oracle, 7) },
    { name: 'key frames', options: { keyframes: true }, expected: keyFrames(oracle) },
    { name: 'all frames', options: { all: true }, expected: eachNth(oracle, 1) },
    { name: '50 random timestamps', options: { timestamps: random }, expected: atTimes(oracle, random) },
  ]
}

/** Samples the clip by each grid. Returns a sentence for each difference, the first few of each grid; none means exact. */
export async function differencesFromFfmpeg(engine: Engine, oracle: ClipOracle): Promise<string[]> {
  const differences: string[] = []
  for (const grid of gridsFor(oracle)) {
    const found = await gridDifferences(engine, oracle, grid)
    differences.push(...found.slice(0, mostDifferencesShown).map((sentence) => `${grid.name}: ${sentence}`))
    if (found.length > mostDifferencesShown) differences.push(`${grid.name}: ${found.length} differences in all`)
  }
  return differences
}

async function gridDifferences(engine: Engine, oracle: ClipOracle, grid: Grid): Promise<string[]> {
  const differences: string[] = []
  const delivered = new Set<number>()
  let previous = -Infinity
  for await (const frame of engine.sample(oracle.path, { ...grid.options, pixelFormat: 'source', autorotate: false })) {
    if (frame.timestamp < previous) differences.push(`frame ${frame.number} at ${frame.timestamp} s comes after one at ${previous} s`)
    if (delivered.has(frame.number)) differences.push(`frame ${frame.number} comes twice`)
    previous = frame.timestamp
    delivered.add(frame.number)
    differences.push(...frameDifferences(frame, grid, oracle))
  }
  const missing = grid.expected.flatMap((_, number) => (delivered.has(number) ? [] : [number]))
  if (missing.length > 0) differences.push(`frames ${missing.join(', ')} of ${grid.expected.length} do not come`)
  return differences
}

function frameDifferences(frame: Frame, grid: Grid, oracle: ClipOracle): string[] {
  const expected = grid.expected[frame.number]
  if (expected === undefined) return [`frame ${frame.number} is one too many (of ${grid.expected.length})`]
  const differences: string[] = []
  const name = `frame ${frame.number} (asked for ${expected.requested ?? expected.frame.seconds} s)`
  const isSame = (a: number, b: number): boolean => Math.abs(a - b) < timestampToleranceSeconds
  if (expected.requested !== undefined && !isSame(frame.requestedTimestamp, expected.requested)) {
    differences.push(`${name} claims to be asked for ${frame.requestedTimestamp} s`)
  }
  if (!isSame(frame.timestamp, expected.frame.seconds)) {
    differences.push(`${name} has timestamp ${frame.timestamp} s, ffmpeg's has ${expected.frame.seconds} s`)
  }
  if (frame.isKeyFrame !== expected.frame.isKey) differences.push(`${name} is ${frame.isKeyFrame ? 'a' : 'no'} key frame, unlike ffmpeg's`)
  if (frame.isDamaged && oracle.errorLines.length === 0)
    differences.push(`${name} is called damaged, yet ffmpeg decodes the clip without complaint`)
  if (!frame.isDamaged && frame.data.byteLength !== expected.frame.byteLength) {
    differences.push(`${name} has ${frame.data.byteLength} bytes, ffmpeg's has ${expected.frame.byteLength}`)
  } else if (!frame.isDamaged && oracle.digestOf(frame.data) !== expected.frame.digest) {
    differences.push(`${name} has other pixels than ffmpeg's at ${expected.frame.seconds} s`)
  }
  return differences
}
