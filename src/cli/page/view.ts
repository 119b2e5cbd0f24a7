// Owns which part of the time is on screen, and where: the one place where seconds become pixels.

const deepestZoom = 64

export class View {
  readonly start: number
  readonly end: number
  /** Pixels of the part that is on screen. */
  width = 1
  /** How many screens wide the whole is. */
  zoom = 1
  /** Pixels of the whole that lie to the left of the screen. */
  left = 0

  constructor(start: number, end: number) {
    this.start = start
    this.end = end
  }

  /** Pixels of the whole. */
  get extent(): number {
    return this.width * this.zoom
  }

  get pixelsPerSecond(): number {
    return this.extent / (this.end - this.start)
  }

  /** Pixels from the left of the screen. */
  xOf(time: number): number {
    return (time - this.start) * this.pixelsPerSecond - this.left
  }

  /** The time at so many pixels from the left of the screen, held within the range. */
  timeAt(x: number): number {
    return Math.min(this.end, Math.max(this.start, this.start + (x + this.left) / this.pixelsPerSecond))
  }

  /** Times at the edges of the screen. */
  get shown(): { readonly from: number; readonly to: number } {
    return { from: this.timeAt(0), to: this.timeAt(this.width) }
  }

  /** Zooms by `factor`; what is at `x` stays there. */
  zoomBy(factor: number, x: number): void {
    const time = this.timeAt(x)
    this.zoom = Math.min(deepestZoom, Math.max(1, this.zoom * factor))
    this.left += this.xOf(time) - x
    this.scrollTo(this.left)
  }

  /** Puts pixel `left` of the whole at the left of the screen, as far as there is more. */
  scrollTo(left: number): void {
    this.left = Math.min(this.extent - this.width, Math.max(0, left))
  }

  /** Scrolls so far that `time` is on screen. */
  reveal(time: number): void {
    const x = this.xOf(time)
    if (x < 0 || x > this.width) this.scrollTo(this.left + x - this.width / 2)
  }
}
