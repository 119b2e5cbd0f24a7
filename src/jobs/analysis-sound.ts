// Owns analysing sound: which stream, its one task, and rows into columns.
import { soundColumns, soundWindowSeconds, type SoundSeries } from '../analysis/series.js'
import { VideoError } from '../errors.js'
import type { NativeStreamFacts } from '../native/binding.js'
import { chooseSound } from '../plan/clip-sound.js'
import type { Source } from '../source/sources.js'
import type { Measured } from './analysis-store.js'
import type { EngineCore } from './engine-core.js'
import { allocateSound } from './series-memory.js'

/** Ticks of sound are microseconds, as the container's start is. */
const microseconds = { num: 1, den: 1_000_000 }

/**
 * The stream of index `wanted`, or the one that players choose; null where there is none.
 * @throws VideoError ERR_UNSUPPORTED when `wanted` is no sound
 */
export function soundStreamOf({ location, facts }: Source, wanted: number | null): NativeStreamFacts | null {
  if (wanted === null) return chooseSound(facts.streams)
  const stream = chooseSound(facts.streams.filter(({ index }) => index === wanted))
  if (stream !== null) return stream
  const type = facts.streams.find(({ index }) => index === wanted)?.type
  const why =
    type === undefined ? `it has no stream ${wanted}` : `stream ${wanted} is ${type === 'audio' ? 'sound without channels' : type}`
  throw new VideoError('ERR_UNSUPPORTED', `Cannot analyze the sound of "${location.name}": ${why}`, { path: location.name })
}

/** Seconds. Clocks of milliseconds and blocks of two lengths leave holes that are none, delays of encoders and whole packets later beginnings. */
const leastGap = 0.05
const leastGapAtStart = 0.1

export interface SoundOptions {
  /** Seconds on the timeline. */
  readonly start: number
  /** Infinity: the end of the stream. */
  readonly end: number
  readonly signal: AbortSignal
  readonly onFraction: (fraction: number) => void
}

/** @throws VideoError; the signal's reason */
export async function analyzeSound(
  engine: EngineCore,
  { location, facts }: Source,
  stream: NativeStreamFacts,
  { start, end, signal, onFraction }: SoundOptions,
): Promise<Measured<SoundSeries>> {
  const zero = facts.startMicros ?? 0
  const ticks = (seconds: number): number => (Number.isFinite(seconds) ? Math.round(zero + seconds * 1e6) : NaN)
  const sound = { streamIndex: stream.index, timeBase: microseconds, start: ticks(start), end: ticks(end) }
  const { windows, gaps } = await engine.scheduler.once(
    { kind: 'analyze-sound', source: location.task, sound },
    { signal, onProgress: (permille) => onFraction(permille / 1000) },
  )
  onFraction(1)
  const real = gaps.filter((gap) => gap.end - gap.start >= (gap.start > 0 ? leastGap : leastGapAtStart))
  const width = soundColumns.length
  const count = windows.length / width
  const columns = allocateSound(count)
  for (const [i, name] of soundColumns.entries()) {
    const column = columns[name]
    for (let window = 0; window < count; window++) column[window] = windows[window * width + i] ?? NaN
  }
  return {
    series: { ...columns, count, start, windowSeconds: soundWindowSeconds },
    gaps: real.map((gap) => ({ kind: 'audio', start: start + gap.start, end: start + gap.end, reason: gap.reason })),
  }
}
