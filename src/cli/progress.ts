// Owns what stderr shows while work goes on: a bar on a terminal, a line every five seconds elsewhere.
import { SingleBar } from 'cli-progress'
import { clockTime } from './times.js'

/** How far a piece of work is, whatever is counted. */
export interface Phase {
  /** What it is doing: `sampling`. */
  readonly name: string
  readonly done: number
  /** 0 while it is not known. */
  readonly total: number
}

/** What a job says of itself while it works. */
export interface ShownProgress extends Phase {
  /** For work counted in frames: seconds of the source that the total spans; null for other work. */
  readonly sourceSeconds: number | null
}

export interface ProgressDisplay<Shown extends Phase = ShownProgress> {
  update(progress: Shown): void
  /** Takes a bar off the screen, so that what follows starts on a clean line. */
  stop(): void
}

/** The line about `progress`; `columns` is 0 where there is no terminal. */
export type ProgressText<Shown> = (progress: Shown, elapsedSeconds: number, columns?: number) => string

const widestBar = 26
const lineIntervalMs = 5000

export const silent: ProgressDisplay<Phase> = { update: () => undefined, stop: () => undefined }

export function showProgress<Shown extends Phase>(stderr: NodeJS.WriteStream, text: ProgressText<Shown>): ProgressDisplay<Shown> {
  return stderr.isTTY ? new ProgressBar(stderr, text) : new ProgressLines(stderr, text)
}

class ProgressBar<Shown extends Phase> implements ProgressDisplay<Shown> {
  readonly #clock: PhaseClock<Shown>
  readonly #bar: SingleBar

  constructor(stderr: NodeJS.WriteStream, text: ProgressText<Shown>) {
    this.#clock = new PhaseClock(text)
    this.#bar = new SingleBar({
      format: () => this.#clock.text(stderr.columns),
      stream: stderr,
      clearOnComplete: true,
      // A kill must leave the terminal as it was: the cursor stays shown, line wrapping on (the bar is cut to the width instead).
      hideCursor: false,
      linewrap: true,
      gracefulExit: false,
    })
  }

  update(progress: Shown): void {
    if (!this.#clock.started) this.#bar.start(Math.max(1, progress.total), 0)
    this.#clock.update(progress)
    this.#bar.setTotal(Math.max(1, progress.total))
    this.#bar.update(progress.done)
  }

  stop(): void {
    if (this.#clock.started) this.#bar.stop()
  }
}

class ProgressLines<Shown extends Phase> implements ProgressDisplay<Shown> {
  readonly #clock: PhaseClock<Shown>
  readonly #timer: NodeJS.Timeout

  constructor(stderr: NodeJS.WriteStream, text: ProgressText<Shown>) {
    this.#clock = new PhaseClock(text)
    this.#timer = setInterval(() => {
      if (this.#clock.started) stderr.write(`${this.#clock.text()}\n`)
    }, lineIntervalMs).unref()
  }

  update(progress: Shown): void {
    this.#clock.update(progress)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

/** The latest progress and how long its phase has been going. */
class PhaseClock<Shown extends Phase> {
  readonly #text: ProgressText<Shown>
  #progress: Shown | undefined
  #since = 0

  constructor(text: ProgressText<Shown>) {
    this.#text = text
  }

  get started(): boolean {
    return this.#progress !== undefined
  }

  update(progress: Shown): void {
    if (progress.name !== this.#progress?.name) this.#since = performance.now()
    this.#progress = progress
  }

  text(columns = 0): string {
    return this.#progress === undefined ? '' : this.#text(this.#progress, (performance.now() - this.#since) / 1000, columns)
  }
}

/** `sampling  ####------  64 %  77/120  93 frames/s  46x realtime  ETA 0:00`. */
export function progressText(progress: ShownProgress, elapsedSeconds: number, columns = 0): string {
  const { name, done, total, sourceSeconds } = progress
  const part = total > 0 ? Math.min(1, done / total) : undefined
  const words: string[] = []
  if (sourceSeconds !== null) {
    words.push(total > 0 ? `${done}/${total}` : String(done))
    if (elapsedSeconds > 0) {
      words.push(`${shortNumber(done / elapsedSeconds)} frames/s`)
      if (part !== undefined) words.push(`${shortNumber((sourceSeconds * part) / elapsedSeconds)}x realtime`)
    }
  }
  return progressLine({ name, part, words, elapsedSeconds }, columns)
}

/** What a line is made of. */
export interface LineParts {
  readonly name: string
  /** 0 to 1; undefined while it is not known. */
  readonly part: number | undefined
  readonly words: readonly string[]
  readonly elapsedSeconds: number
  /** Said last. */
  readonly aside?: string
}

/** The part done, the words, what is left, the aside. A bar takes what is left of `columns`; without it there is no bar. */
export function progressLine({ name, part, words, elapsedSeconds, aside = '' }: LineParts, columns: number): string {
  const said = [
    ...(part === undefined ? [] : [`${String(Math.floor(part * 100)).padStart(3)} %`]),
    ...words,
    ...(part !== undefined && part > 0 && part < 1 ? [`ETA ${clockTime((elapsedSeconds * (1 - part)) / part)}`] : []),
    ...(aside === '' ? [] : [aside]),
  ]
  const width = Math.min(widestBar, columns - [name, ...said].join('  ').length - 2)
  const bar = part === undefined || width < 5 ? [] : ['#'.repeat(Math.round(part * width)).padEnd(width, '-')]
  return [name, ...bar, ...said].join('  ')
}

/** One decimal below ten, none above. */
export function shortNumber(value: number): string {
  return value < 9.95 ? String(Math.round(value * 10) / 10) : Math.round(value).toLocaleString('en-US')
}
