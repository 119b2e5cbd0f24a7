// Owns the order of the lane words that native code reads and writes. native/av/control.h has the same list.

/** Int32 positions at the start of every lane. */
export const NativeLaneWord = {
  /** Written by the main thread: not 0 ends the task as soon as native code looks. */
  cancel: 0,
  /** Milliseconds without any progress after which a read gives up; 0 is never. */
  stallMs: 1,
  packetsRead: 2,
  framesDecoded: 3,
  framesSkipped: 4,
  framesConverted: 5,
  seeks: 6,
  /** Where a task without slots stands, in thousandths. */
  progressPermille: 7,
  framesEncoded: 8,
  packetsCopied: 9,
} as const

export const nativeLaneWordCount = 10
