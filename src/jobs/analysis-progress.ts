// Owns how far an analysis is: pictures and sound as one fraction.
import type { AnalyzeProgress } from '../options/analyze.js'

/** What sound takes of the work beside pictures: about a tenth of it for two frames a second at 1080p. */
const usualSoundShare = 0.1

export class AnalysisProgress {
  readonly #tell: (progress: AnalyzeProgress) => void
  #soundShare = 0
  #sourceSeconds = 0
  /** The part of the pictures' work that is measured now, of 0 to 1. */
  #part = { from: 0, to: 1 }
  #frames = 0
  #framesTotal = 0
  #sound = 0

  constructor(tell: (progress: AnalyzeProgress) => void) {
    this.#tell = tell
  }

  /** What will be measured, and of how many seconds. */
  begin(hasPictures: boolean, hasSound: boolean, sourceSeconds: number): void {
    this.#soundShare = !hasSound ? 0 : hasPictures ? usualSoundShare : 1
    this.#sourceSeconds = sourceSeconds
  }

  /** Pictures that are measured in several goes: what comes now. */
  beginPart(from: number, to: number): void {
    this.#part = { from, to }
    this.#frames = this.#framesTotal = 0
  }

  readonly onIndexing = (fraction: number): void => {
    this.#tell({ phase: 'index', fraction, frames: 0, framesTotal: 0, sourceSeconds: 0 })
  }

  readonly onFrames = (done: number, total: number): void => {
    this.#frames = done
    this.#framesTotal = total
    this.#report()
  }

  readonly onSound = (fraction: number): void => {
    this.#sound = fraction
    this.#report()
  }

  #report(): void {
    const { from, to } = this.#part
    const pictures = from + (this.#framesTotal === 0 ? 0 : (this.#frames / this.#framesTotal) * (to - from))
    this.#tell({
      phase: 'analyze',
      fraction: Math.min(1, pictures * (1 - this.#soundShare) + this.#sound * this.#soundShare),
      frames: this.#frames,
      framesTotal: this.#framesTotal,
      sourceSeconds: this.#sourceSeconds,
    })
  }
}
