// Owns `--json`: one JSON object a line on stdout. The shape of these lines is public.
import type { SampleReport } from '../index.js'
import { pixelsMd5 } from './output-list.js'
import type { Output, SampledFrame } from './output.js'
import type { Stdout } from './stdout.js'
import { roundToMilliseconds } from './times.js'

export class JsonOutput implements Output {
  readonly #stdout: Stdout
  readonly #md5: boolean

  constructor(stdout: Stdout, options: { readonly md5: boolean }) {
    this.#stdout = stdout
    this.#md5 = options.md5
  }

  accept(frame: SampledFrame): Promise<void> | undefined {
    return this.#stdout.line(frameLine(frame, this.#md5 ? pixelsMd5(frame) : undefined))
  }

  async finish(report: SampleReport): Promise<undefined> {
    for (const line of closingLines(report)) await this.#stdout.line(line)
  }

  async discard(): Promise<void> {}
}

/** `isDamaged` is there only when true, `md5` only when asked for. */
export function frameLine(frame: SampledFrame, md5: string | undefined): string {
  const { number, requestedTimestamp, timestamp, pts, width, height, isKeyFrame } = frame
  return JSON.stringify({
    type: 'frame',
    number,
    requestedTimestamp,
    timestamp,
    pts,
    width,
    height,
    isKeyFrame,
    ...(frame.isDamaged && { isDamaged: true }),
    ...(md5 !== undefined && { md5 }),
  })
}

/** A line for each frame that could not be had, then the summary. */
export function closingLines(report: SampleReport): string[] {
  const { frames, packetsRead, framesDecoded, framesSkipped, seeks, workers, codecThreads } = report
  const missing = report.missing.map(({ requestedTimestamp, reason }) => ({ type: 'missing', requestedTimestamp, reason }))
  const summary = {
    type: 'summary',
    frames,
    packetsRead,
    framesDecoded,
    framesSkipped,
    seeks,
    workers,
    codecThreads,
    wallSeconds: roundToMilliseconds(report.wallSeconds),
    cpuSeconds: roundToMilliseconds(report.cpuSeconds),
  }
  const lost = report.lost === null ? [] : [{ type: 'lost', ...report.lost }]
  return [...missing, ...lost, summary].map((line) => JSON.stringify(line))
}
