// Owns SMPTE timecode: which rate a list of edits counts in, which frame of it is on at a time, and how that frame is written.

/** Frames per second, as a fraction. */
export interface FrameRate {
  readonly num: number
  readonly den: number
}

/** A rate that timecode can count. */
export interface EditRate extends FrameRate {
  /** Frames that the timecode counts in a second: 30 for 30000/1001. */
  readonly nominal: number
  /** 30000/1001 and 60000/1001: labels are left out, so that the timecode stays with the clock (SMPTE ST 12-1). */
  readonly isDropFrame: boolean
}

/** NTSC's rates lie one part in 1001 below the whole ones; half of that tells the two apart. */
const tolerance = 1 / 2002 / 2
/** What image sequences are taken to have. */
const unknownRate = 25
const nominalNtscRates = [24, 30, 48, 60, 120]

/**
 * The rate in which edits of a stream are counted: the standard rate that its average is meant to be, else the nearest whole one. Of a
 * stream with a variable rate the frames of an edit are then steps of its timeline, not its own frames. 25 where the rate is not known.
 */
export function editRateOf(rate: FrameRate | null): EditRate {
  const average = rate !== null && rate.num > 0 && rate.den > 0 ? rate.num / rate.den : unknownRate
  const ntsc = nominalNtscRates.find((nominal) => Math.abs((average * 1001) / (nominal * 1000) - 1) < tolerance)
  if (ntsc !== undefined) return { num: ntsc * 1000, den: 1001, nominal: ntsc, isDropFrame: ntsc === 30 || ntsc === 60 }
  const nominal = Math.max(1, Math.round(average))
  return { num: nominal, den: 1, nominal, isDropFrame: false }
}

/** The frame that begins at `seconds`, to the nearest: containers round their timestamps. */
export function frameAt(seconds: number, { num, den }: FrameRate): number {
  return Math.max(0, Math.round((seconds * num) / den))
}

/** `HH:MM:SS:FF`, with `;` before the frames where labels are dropped; begins anew after 24 hours. */
export function timecodeOf(frame: number, { nominal, isDropFrame }: EditRate): string {
  const label = (isDropFrame ? frame + droppedBefore(frame, nominal) : frame) % (nominal * 86_400)
  const seconds = Math.floor(label / nominal)
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits).join(':')
  return `${clock}${isDropFrame ? ';' : ':'}${twoDigits(label % nominal)}`
}

/** The first labels of every minute are left out, but for each tenth: two of 30, four of 60. */
function droppedBefore(frame: number, nominal: number): number {
  const dropped = nominal / 15
  const inMinute = nominal * 60 - dropped
  const inTenMinutes = inMinute * 10 + dropped
  const minutes = Math.floor(((frame % inTenMinutes) - dropped) / inMinute)
  return dropped * (9 * Math.floor(frame / inTenMinutes) + Math.max(0, minutes))
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
