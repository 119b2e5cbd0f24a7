// Owns the list of frames on stdout, for people: what is printed when nothing else is asked for.
import { createHash } from 'node:crypto'
import type { SampleReport } from '../index.js'
import type { Output, SampledFrame } from './output.js'
import type { Stdout } from './stdout.js'
import { clockTime } from './times.js'

export class ListOutput implements Output {
  readonly #stdout: Stdout
  readonly #md5: boolean

  constructor(stdout: Stdout, options: { readonly md5: boolean }) {
    this.#stdout = stdout
    this.#md5 = options.md5
  }

  accept(frame: SampledFrame): Promise<void> | undefined {
    return this.#stdout.line(listLine(frame, this.#md5 ? pixelsMd5(frame) : undefined))
  }

  async finish(_report: SampleReport): Promise<undefined> {}

  async discard(): Promise<void> {}
}

/** `    12  0:05.500  pts 165165  640x360 rgb24  key` and, where true or asked for, `damaged` and the md5. */
export function listLine(frame: SampledFrame, md5: string | undefined): string {
  const columns = [
    String(frame.number).padStart(6),
    clockTime(frame.timestamp, 3).padStart(11),
    `pts ${frame.pts}`.padEnd(14),
    `${frame.width}x${frame.height} ${frame.pixelFormat}`,
    ...(md5 === undefined ? [] : [md5]),
    ...(frame.isKeyFrame ? ['key'] : []),
    ...(frame.isDamaged ? ['damaged'] : []),
  ]
  return columns.join('  ')
}

/** The md5 of the tightly packed pixels, as `ffmpeg -f framemd5` prints it. */
export function pixelsMd5(frame: SampledFrame): string {
  return createHash('md5').update(frame.data).digest('hex')
}
