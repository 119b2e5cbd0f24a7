// Owns laying one file over another: by how much they are shifted, and how much of what they then show at the same time is the same.
import { distance, type HashTrack } from './hash-track.js'
import { lastUpTo } from './step-curve.js'

export interface Alignment {
  /** Seconds: what the first file shows at t, the second shows at t + offset. */
  readonly offset: number
  /** Seconds compared: both show a picture that says something. */
  readonly overlap: number
  /** Share of them in which the pictures are the same, 0 to 1. */
  readonly similarity: number
  /** Bits in which the pictures compared differ on average. */
  readonly distance: number
}

/** Shifts that are tried, of those that most pictures vote for. */
const mostCandidates = 4

/** A shift and what speaks for it. */
interface Trial extends Alignment {
  /** Seconds in which the pictures are the same, each counting for more the fewer bits differ: where little moves, many shifts will do. */
  readonly support: number
}

/** The best of the shifts that `votes` tell, in seconds. null without votes, or where nothing lies over anything. */
export function align(first: HashTrack, second: HashTrack, votes: readonly number[], maxDistance: number): Alignment | null {
  const step = Math.max(first.spacing, second.spacing, 0.01)
  let best: Trial | null = null
  for (const centre of candidates(votes, step)) {
    // Shots are voted for by their first analysed frames, which may be a frame late in either file.
    for (let quarters = -4; quarters <= 4; quarters++) {
      const aligned = compare(first, second, centre + (quarters * step) / 4, maxDistance)
      if (aligned !== null && (best === null || isBetter(aligned, best))) best = aligned
    }
  }
  if (best === null) return null
  const { offset, overlap, similarity, distance: bits } = best
  return { offset, overlap, similarity, distance: bits }
}

/**
 * Where votes lie closest together, most first: at most {@link mostCandidates}, and no two within a step. And none at all: where every shift
 * has votes, as of a camera that stands still, files most likely begin together.
 */
function candidates(votes: readonly number[], step: number): number[] {
  const sorted = Float64Array.from(votes).sort()
  const dense = Array.from(sorted, (vote, i) => {
    const count = lastUpTo(sorted, vote + step) - i + 1
    return { offset: sorted[i + (count >> 1)] ?? vote, count }
  }).sort((a, b) => b.count - a.count || Math.abs(a.offset) - Math.abs(b.offset))
  const taken: number[] = []
  for (const { offset } of dense) {
    if (taken.length === mostCandidates) break
    if (taken.every((other) => Math.abs(other - offset) > step)) taken.push(offset)
  }
  return taken.every((other) => Math.abs(other) > step) ? [...taken, 0] : taken
}

/** The better supported; of equal ones the smaller shift. */
function isBetter(one: Trial, other: Trial): boolean {
  if (Math.abs(one.support - other.support) > 1e-6) return one.support > other.support
  return Math.abs(one.offset) < Math.abs(other.offset)
}

/**
 * The file with fewer frames a second is walked through, and each of its pictures compared with the two that the other one has around that
 * time: analysed frames of two files need not fall on the same moments.
 */
function compare(first: HashTrack, second: HashTrack, offset: number, maxDistance: number): Trial | null {
  const isSwapped = second.spacing > first.spacing
  const [walked, other, shift] = isSwapped ? [second, first, -offset] : [first, second, offset]
  let [overlap, same, bits, support] = [0, 0, 0, 0]
  for (const [i, time] of walked.times.entries()) {
    const at = lastUpTo(other.times, time + shift + 1e-6)
    let nearest = Infinity
    for (const k of [at, at + 1]) {
      const isNear = Math.abs((other.times[k] ?? Infinity) - time - shift) <= Math.max(walked.spacing, other.shown[k] ?? 0)
      if (isNear) nearest = Math.min(nearest, distance(walked.words, i, other.words, k))
    }
    if (nearest === Infinity) continue
    const seconds = walked.shown[i] ?? 0
    overlap += seconds
    bits += nearest * seconds
    if (nearest > maxDistance) continue
    same += seconds
    support += seconds * (1 - nearest / (maxDistance + 1))
  }
  return overlap > 0 ? { offset, overlap, similarity: same / overlap, distance: bits / overlap, support } : null
}
