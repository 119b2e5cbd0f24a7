// Owns the verdict that a clip is not to be cut smartly.

/** A smart cut that turned out not to be sound, or not to be possible: encoding is the way out. */
export class SmartDoubt extends Error {
  override readonly name = 'SmartDoubt'
}
