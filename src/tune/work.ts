// Owns how much work a round of measuring does: enough to be above the clock's and the scheduler's noise, spread over the files given. Pure.
import type { OpenedSource, Part, Work } from './measuring.js'

/** A source and how fast one worker gets through it. */
export interface PacedSource extends OpenedSource {
  /** Seconds of video per second. */
  readonly pace: number
}

/** A round uses at least so many GOPs for each worker, where the file has them: with fewer, chance decides which worker is idle at its end. */
const gopsPerWorker = 4
/** A window grows at most so many times beyond its time to hold them. */
const mostGrowth = 2
const mostRepeats = 50

/** One file after the other, as one user waits for them; about `seconds` for one worker. */
export function latencyWork(sources: readonly PacedSource[], seconds: number, cpuBudget: number): Work {
  const each = seconds / sources.length
  const parts = sources.map((source) => partOf(source, each, cpuBudget * gopsPerWorker))
  return [repeated(parts, sources, seconds)]
}

/** Many files at once, as a server has them: several jobs for every CPU. About `seconds` for one worker. */
export function throughputWork(sources: readonly PacedSource[], seconds: number, cpuBudget: number): Work {
  const rows = Math.max(sources.length, cpuBudget + Math.min(cpuBudget, 4))
  return Array.from({ length: rows }, (_, row) => {
    const source = sources[row % sources.length]
    return source === undefined ? [] : repeated([partOf(source, seconds / rows, 0)], [source], seconds / rows)
  })
}

function partOf({ file, seconds, gopSeconds, pace }: PacedSource, workSeconds: number, gops: number): Part {
  const wanted = workSeconds * pace
  const forGops = Math.min(gops * gopSeconds, mostGrowth * wanted)
  return { file, start: 0, end: Math.min(seconds, Math.max(wanted, forGops)) }
}

/** Short files again and again, until it is work enough. */
function repeated(parts: readonly Part[], sources: readonly PacedSource[], seconds: number): Part[] {
  const once = parts.reduce((sum, { end }, i) => sum + end / (sources[i]?.pace ?? Infinity), 0)
  const times = once > 0 ? Math.min(mostRepeats, Math.max(1, Math.round(seconds / once))) : 1
  return Array.from({ length: times }, () => parts).flat()
}
