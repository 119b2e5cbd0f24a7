// Owns `--raw`: the pixels of all frames one after the other, to stdout or to a file.
import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { SampleReport } from '../index.js'
import type { Output, SampledFrame } from './output.js'
import { StagedFile, writing } from './staged-file.js'
import type { Stdout } from './stdout.js'

/** Frames straight from their slots to stdout; a slow reader holds them, and with them the decoding. */
export class RawStdoutOutput implements Output {
  readonly #stdout: Stdout

  constructor(stdout: Stdout) {
    this.#stdout = stdout
  }

  accept(frame: SampledFrame): Promise<void> {
    return this.#stdout.bytes(frame.data)
  }

  async finish(_report: SampleReport): Promise<undefined> {}

  async discard(): Promise<void> {}
}

/** A regular file appears under its name when whole. A device or FIFO is written in place: renaming over it would replace it. */
export class RawFileOutput implements Output {
  readonly #path: string
  #target: Promise<{ readonly handle: FileHandle; readonly staged: StagedFile | undefined }> | undefined
  #written: Promise<void> = Promise.resolve()
  #bytes = 0

  constructor(path: string) {
    this.#path = path
  }

  accept(frame: SampledFrame): Promise<void> {
    this.#written = Promise.all([this.#open(), this.#written]).then(async ([{ handle }]) => {
      await writing(this.#path, () => handle.writeFile(frame.data))
      this.#bytes += frame.data.byteLength
    })
    return this.#written
  }

  async finish(report: SampleReport): Promise<string | undefined> {
    const { handle, staged } = await this.#open()
    await writing(this.#path, () => handle.close())
    await staged?.commit()
    return `wrote ${this.#path} (${this.#bytes.toLocaleString('en-US')} bytes, ${report.frames} frames)`
  }

  async discard(): Promise<void> {
    const target = await this.#target?.catch(() => undefined)
    await target?.handle.close().catch(() => undefined)
    await target?.staged?.discard().catch(() => undefined)
  }

  #open(): Promise<{ readonly handle: FileHandle; readonly staged: StagedFile | undefined }> {
    return (this.#target ??= writing(this.#path, async () => {
      const found = await stat(this.#path).catch(() => undefined)
      const staged = found === undefined || found.isFile() ? new StagedFile(this.#path) : undefined
      return { handle: await open(staged?.temporaryPath ?? this.#path, 'w'), staged }
    }))
  }
}
