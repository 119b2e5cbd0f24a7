// Owns findDuplicates(): which of many files are the same video, by the perceptual hashes of their pictures.
import { expected } from '../errors.js'
import { resolveDuplicateOptions, type DuplicateOptions, type ResolvedDuplicates } from '../options/duplicates.js'
import { align, type Alignment } from './hash-alignment.js'
import { HashIndex, type HashMatch } from './hash-index.js'
import { hashTrack, type HashedPictures, type HashTrack } from './hash-track.js'

/** A file to compare with others. */
export interface DuplicateItem {
  /** As answers name it; no two are the same. */
  readonly name: string
  readonly pictures: HashedPictures
}

/** Two files that are the same video, and why. */
export interface DuplicatePair {
  readonly first: string
  readonly second: string
  /** Seconds: what the first file shows at t, the second shows at t + offset. */
  readonly offset: number
  /** Seconds that were compared. */
  readonly overlap: number
  /** Share of them in which the pictures are the same, 0 to 1. */
  readonly similarity: number
  /** Bits of 64 in which the pictures differ on average. */
  readonly distance: number
  /** In words, with figures. */
  readonly reason: string
}

/** Files that are the same video: each is in a pair with at least one other of them. */
export interface DuplicateGroup {
  /** In the order of the items. */
  readonly names: readonly string[]
  readonly pairs: readonly DuplicatePair[]
}

/**
 * Groups of files that are the same video, in the order of the items: encoded anew, scaled, or with a part cut off. One that is a part of
 * another is the same video; sharing an opening, or less than `minOverlap` of the shorter file, is not enough.
 * @throws TypeError, RangeError naming the option, or for a name that two items have
 */
export function findDuplicates(items: readonly DuplicateItem[], options: DuplicateOptions = {}): DuplicateGroup[] {
  const request = resolveDuplicateOptions(options)
  checkNames(items)
  const index = new HashIndex()
  const tracks: HashTrack[] = []
  const pairs: { readonly members: readonly [number, number]; readonly pair: DuplicatePair }[] = []
  for (const [second, item] of items.entries()) {
    const track = hashTrack(item.pictures, request.minContrast)
    for (const [first, votes] of votesByTrack(index.matchThenAdd(track, request.maxDistance))) {
      const [other, otherItem] = [tracks[first], items[first]]
      if (other === undefined || otherItem === undefined) continue
      const alignment = align(other, track, votes, request.maxDistance)
      if (alignment === null || !isSameVideo(alignment, other, track, request)) continue
      pairs.push({ members: [first, second], pair: described(otherItem.name, item.name, alignment, request) })
    }
    tracks.push(track)
  }
  return grouped(items, pairs)
}

function checkNames(items: readonly DuplicateItem[]): void {
  const seen = new Set<string>()
  for (const [i, { name }] of items.entries()) {
    if (seen.has(name)) throw new RangeError(expected('a name that no other item has', `items.${i}.name`, name))
    seen.add(name)
  }
}

/** Shifts in seconds that pictures vote for, by the file that they are like; files in order. */
function votesByTrack(matches: readonly HashMatch[]): [number, number[]][] {
  const votes = new Map<number, number[]>()
  for (const { track, offset } of matches) {
    const offsets = votes.get(track)
    if (offsets === undefined) votes.set(track, [offset])
    else offsets.push(offset)
  }
  return [...votes].sort(([a], [b]) => a - b)
}

function isSameVideo(alignment: Alignment, one: HashTrack, other: HashTrack, request: ResolvedDuplicates): boolean {
  const shorter = Math.min(one.seconds, other.seconds)
  return alignment.similarity >= request.minSimilarity && alignment.overlap >= request.minOverlap * shorter - 1e-6
}

function described(first: string, second: string, alignment: Alignment, { maxDistance }: ResolvedDuplicates): DuplicatePair {
  const { offset, overlap, similarity } = alignment
  const shift = Math.abs(offset) < 0.005 ? 'at the same time' : `${Math.abs(offset).toFixed(2)} s ${offset > 0 ? 'later' : 'earlier'}`
  const share = `${Math.floor(similarity * 1000) / 10} % of ${overlap.toFixed(1)} s`
  const reason = `shows ${shift} the same pictures in ${share} (${alignment.distance.toFixed(1)} of 64 bits differ, ${maxDistance} may)`
  return { first, second, ...alignment, reason }
}

/** Files that pairs join, directly or through others. */
function grouped(
  items: readonly DuplicateItem[],
  pairs: readonly { readonly members: readonly [number, number]; readonly pair: DuplicatePair }[],
): DuplicateGroup[] {
  const leader = items.map((_, i) => i)
  const leaderOf = (i: number): number => {
    const next = leader[i] ?? i
    return next === i ? i : (leader[i] = leaderOf(next))
  }
  for (const { members } of pairs) {
    const [a, b] = [leaderOf(members[0]), leaderOf(members[1])]
    leader[Math.max(a, b)] = Math.min(a, b)
  }
  const groups = new Map<number, { names: string[]; pairs: DuplicatePair[] }>()
  for (const { members, pair } of pairs) {
    const group = groups.get(leaderOf(members[0])) ?? { names: [], pairs: [] }
    group.pairs.push(pair)
    groups.set(leaderOf(members[0]), group)
  }
  for (const [i, { name }] of items.entries()) groups.get(leaderOf(i))?.names.push(name)
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group)
}
