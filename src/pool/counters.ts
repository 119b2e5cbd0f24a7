// Owns what is counted: work done by tasks, added up per run and per engine.
import type { LaneCounters } from './lane.js'

export type Counters = { -readonly [Key in keyof LaneCounters]: number }

export function noCounts(): Counters {
  return { packetsRead: 0, framesDecoded: 0, framesSkipped: 0, framesConverted: 0, seeks: 0, redone: 0, readerHits: 0, readerOpens: 0 }
}

export function addCounts(total: Counters, counts: LaneCounters): void {
  total.packetsRead += counts.packetsRead
  total.framesDecoded += counts.framesDecoded
  total.framesSkipped += counts.framesSkipped
  total.framesConverted += counts.framesConverted
  total.seeks += counts.seeks
  total.redone += counts.redone
  total.readerHits += counts.readerHits
  total.readerOpens += counts.readerOpens
}
