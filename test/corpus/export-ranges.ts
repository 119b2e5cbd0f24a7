// Owns which parts of which real clips are exported: those that the corpus's list calls everyday, and seeded random ranges of each.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomTimes } from '../oracle/frame-choice.js'
import type { ClipFacts } from '../oracle/clip-facts.js'
import { toNumber } from '../oracle/fraction.js'
import { secondsOf } from '../oracle/ffmpeg-oracle.js'

export interface CorpusClip {
  readonly name: string
  readonly path: string
}

export interface Range {
  readonly start: number
  readonly end: number
}

const notClips = /\.(tsv|txt|md|json|ya?ml)$|SHA256SUMS$/
/** Pixels that a range holds at most, so that large pictures take no longer than small ones. */
const mostPixels = 2.5e7
const [shortest, longest] = [0.5, 3]

/** The clips of the set "everyday" in the folder's MANIFEST.tsv (columns file and set); all clips of a folder that has none. */
export function everydayClips(folder: string): CorpusClip[] {
  const list = join(folder, 'MANIFEST.tsv')
  const rows = existsSync(list)
    ? readFileSync(list, 'utf8')
        .split('\n')
        .map((line) => line.split('\t'))
    : []
  const [file, set] = ['file', 'set'].map((column) => rows[0]?.indexOf(column) ?? -1)
  const everyday = new Set(rows.filter((row) => row[set ?? -1] === 'everyday').map((row) => row[file ?? -1]))
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !notClips.test(entry.name) && (everyday.size === 0 || everyday.has(entry.name)))
    .map((entry) => ({ name: entry.name, path: join(entry.parentPath, entry.name) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Pixels that are decoded before a range at most, where only a few ranges are asked for: the rest are for the long run. */
const mostPixelsBefore = 1e9
const fewRanges = 4

/**
 * `count` ranges of a clip, the same for the same seed. Every other one has a key frame in it (where the clip has more than the first), so
 * that there is something to copy without hiding anything.
 */
export function randomRanges(facts: ClipFacts, count: number, seed: number): Range[] {
  const shown = facts.packets.filter(({ ptsTicks, isDiscarded }) => ptsTicks !== undefined && !isDiscarded)
  const times = shown.map(({ ptsTicks = 0 }) => secondsOf(ptsTicks, facts)).sort((a, b) => a - b)
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0]
  const keys = shown.filter(({ isKey }) => isKey).map(({ ptsTicks = 0 }) => secondsOf(ptsTicks, facts))
  const laterKeys = keys.filter((time) => time > first + toNumber(facts.timeBase))
  const rate = times.length / (last - first)
  const most = Math.min(longest, last - first, Math.max(shortest, mostPixels / (facts.width * facts.height * rate)))
  const shares = randomTimes(3 * count, 0.75, seed) // each below 1
  return Array.from({ length: count }, (_, number) => {
    const [a = 0, b = 0, c = 0] = shares.slice(3 * number, 3 * number + 3)
    const length = Math.min(most, shortest + a * (most - shortest))
    const key = laterKeys[Math.floor(b * laterKeys.length)]
    const wanted = number % 2 === 0 && key !== undefined ? key - length * (0.1 + 0.5 * c) : first + b * (last - first - length)
    const isCostly = (time: number): boolean => {
      const from = keys.findLast((each) => each <= time) ?? first
      return (time - from) * rate * facts.width * facts.height > mostPixelsBefore
    }
    const near = count <= fewRanges && isCostly(wanted) ? first + b : wanted
    const start = Math.min(Math.max(first, near), last - length)
    // To the microsecond: what people write is never a frame's own time.
    return { start: Math.round(start * 1e6) / 1e6, end: Math.round((start + length) * 1e6) / 1e6 }
  })
}
