// Owns finding alike hashes among those of many files, without comparing every one with every other.
import { distance, type HashTrack } from './hash-track.js'

/** A picture of one file that is like one of another file. */
export interface HashMatch {
  /** Position of the other file. */
  readonly track: number
  /** Seconds from the other file's time to this one's. */
  readonly offset: number
}

const bands = 4
const bandBits = 16
/** Pictures of one file with the same band that are kept: of a camera that stands still nearly all are, and each would be compared with each. */
const mostAlike = 16

/**
 * Hashes by their four 16-bit bands. Two hashes that differ in up to seven bits have a band that differs in at most one: so every hash is
 * looked up in each band as it is, and with each of its bits turned. Of those farther apart most are found too.
 */
export class HashIndex {
  readonly #tracks: HashTrack[] = []
  /** For each band and its value, pairs of a file's position and a picture's. */
  readonly #entries = new Map<number, number[]>()

  /** Pictures of the files added so far that are like those of `track`, which is then added. */
  matchThenAdd(track: HashTrack, maxDistance: number): HashMatch[] {
    const matches = track.marks.flatMap((mark) => this.#matchesOf(track, mark, maxDistance))
    const position = this.#tracks.push(track) - 1
    for (const mark of track.marks) {
      for (let band = 0; band < bands; band++) {
        const key = bandKey(track, mark, band)
        const entries = this.#entries.get(key)
        if (entries === undefined) this.#entries.set(key, [position, mark])
        // The file's own entries are the last.
        else if (entries[entries.length - 2 * mostAlike] !== position) entries.push(position, mark)
      }
    }
    return matches
  }

  #matchesOf(track: HashTrack, mark: number, maxDistance: number): HashMatch[] {
    const matches: HashMatch[] = []
    const consider = (key: number): void => {
      const entries = this.#entries.get(key) ?? []
      for (let i = 0; i < entries.length; i += 2) {
        const [other, at] = [entries[i] ?? 0, entries[i + 1] ?? 0]
        const otherTrack = this.#tracks[other]
        if (otherTrack === undefined || distance(track.words, mark, otherTrack.words, at) > maxDistance) continue
        matches.push({ track: other, offset: (track.times[mark] ?? NaN) - (otherTrack.times[at] ?? NaN) })
      }
    }
    for (let band = 0; band < bands; band++) {
      const key = bandKey(track, mark, band)
      consider(key)
      for (let bit = 0; bit < bandBits; bit++) consider(key ^ (1 << bit))
    }
    return matches
  }
}

function bandKey({ words }: HashTrack, mark: number, band: number): number {
  const word = words[2 * mark + (band >> 1)] ?? 0
  return (band << bandBits) | ((word >>> (bandBits * (band & 1))) & 0xffff)
}
