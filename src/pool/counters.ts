// Owns what is counted: work done by tasks, added up per run and per engine.

/** Work that tasks did. */
export interface Counters {
  readonly packetsRead: number
  readonly framesDecoded: number
  /** Read but never decoded: no other frame refers to them, and nobody asked for them. */
  readonly framesSkipped: number
  /** Scaled or converted; a frame asked for twice counts once. */
  readonly framesConverted: number
  readonly seeks: number
  readonly framesEncoded: number
  /** Packets of pictures that were written as they are. */
  readonly packetsCopied: number
  /** Decoder runs repeated plainly after trouble. */
  readonly redone: number
  /** Tasks that found their source open in their worker. */
  readonly readerHits: number
  /** Tasks that had to open it. */
  readonly readerOpens: number
  /** Milliseconds that workers waited for a slot, which is for the consumer. */
  readonly slotWaitMs: number
}

/** Counters that are being added up. */
export type Tally = { -readonly [Key in keyof Counters]: number }

export function noCounts(): Tally {
  return {
    packetsRead: 0,
    framesDecoded: 0,
    framesSkipped: 0,
    framesConverted: 0,
    seeks: 0,
    framesEncoded: 0,
    packetsCopied: 0,
    redone: 0,
    readerHits: 0,
    readerOpens: 0,
    slotWaitMs: 0,
  }
}

export function addCounts(total: Tally, counts: Counters): void {
  total.packetsRead += counts.packetsRead
  total.framesDecoded += counts.framesDecoded
  total.framesSkipped += counts.framesSkipped
  total.framesConverted += counts.framesConverted
  total.seeks += counts.seeks
  total.framesEncoded += counts.framesEncoded
  total.packetsCopied += counts.packetsCopied
  total.redone += counts.redone
  total.readerHits += counts.readerHits
  total.readerOpens += counts.readerOpens
  total.slotWaitMs += counts.slotWaitMs
}
